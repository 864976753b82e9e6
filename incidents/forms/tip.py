"""The forms of tips: taking one in, and each thing that is done with it."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from incidents.forms.fields import (
    NO_NAMES,
    AreaChoice,
    IncidentForm,
    KeyedForm,
    choice,
    note_field,
    number_field,
    record,
    unit_fields,
)
from incidents.models import Channel, NoProsecution, Offence, Tip, TipKind, TipUrgency
from incidents.services.tip import investigators_of
from territory.days import DayField
from territory.models import Agency, Area
from territory.text import NarrativeField, TextField


class TipForm(KeyedForm):
    """A tip as it is told. Agency and area are chosen once, when it comes in."""

    kind = choice(_("Kind"), TipKind.choices)
    channel = choice(_("How it came"), Channel.choices)
    received_on = DayField(label=_("Received on"), help_text=_("The time limit runs from this day."))
    received_time = forms.TimeField(
        label=_("at"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    agency = record(_("Received by"), Agency.objects.none())
    area = record(
        _("Area"),
        Area.objects.none(),
        field=AreaChoice,
        help_text=_("Where it happened, as the map was then."),
    )
    urgency = choice(_("Urgency"), TipUrgency.choices, initial=TipUrgency.NORMAL)
    offence = record(_("Offence suspected"), Offence.objects.all(), required=False)
    text = NarrativeField(label=_("What was told"), rows=8, help_text=NO_NAMES)

    def __init__(
        self, *args: Any, units: list[tuple[Agency, Area]], tip: Tip | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if tip is None:
            unit_fields(self, units)
            return
        for name in ("agency", "area", "submission_key"):
            del self.fields[name]
        names = ("kind", "channel", "received_on", "received_time", "urgency", "text", "version")
        self.initial = {name: getattr(tip, name) for name in names} | {"offence": tip.offence_id}


class AssignForm(IncidentForm):
    """Who verifies a tip."""

    to = record(_("Investigator"), User.objects.none())
    on = DayField(label=_("Date"), initial=timezone.localdate)
    note = note_field()

    def __init__(self, *args: Any, tip: Tip, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = investigators_of(tip.agency, on=timezone.localdate())
        field = self.fields["to"]
        field.queryset = User.objects.filter(pk__in=[user.pk for user in people])  # type: ignore[attr-defined]
        field.initial = tip.assigned_to_id
        self.fields["version"].initial = tip.version


class ActForm(IncidentForm):
    """An act with its day, its decision and a note: extending, suspending, resuming."""

    on = DayField(label=_("Date of the decision"), initial=timezone.localdate)
    document_number = number_field()
    note = note_field()

    def __init__(self, *args: Any, tip: Tip, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = tip.version


class SuspendForm(ActForm):
    note = note_field(_("Reason"), required=True)


class ForwardForm(ActForm):
    """Where a tip is sent."""

    document_number = number_field(_("Letter, number"), required=False)
    forwarded_to = TextField(
        label=_("Agency"),
        max_length=160,
        help_text=_("The agency that is competent, by its name and province."),
    )
    field_order = ("version", "forwarded_to", "on", "document_number")


class RefuseForm(ActForm):
    """The decision not to prosecute."""

    ground = choice(
        _("Ground"), NoProsecution.choices, help_text=_("After Article 157 of the procedure code.")
    )
    field_order = ("version", "ground", "on", "document_number")


class OpenCaseForm(ActForm):
    """The decision to prosecute."""

    offences = forms.ModelMultipleChoiceField(
        Offence.objects.all(),
        label=_("Offences"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one offence.")},
    )
    field_order = ("version", "offences", "on", "document_number")

    def __init__(self, *args: Any, tip: Tip, **kwargs: Any) -> None:
        super().__init__(*args, tip=tip, **kwargs)
        field = self.fields["offences"]
        field.queryset = Offence.objects.valid_on(tip.received_on)  # type: ignore[attr-defined]
        field.initial = [tip.offence_id] if tip.offence_id else []
