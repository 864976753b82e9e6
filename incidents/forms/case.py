"""The forms of cases and their parts."""

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
    number_field,
    record,
    unit_fields,
    whole,
)
from incidents.models import (
    Campaign,
    Case,
    CasePlace,
    Country,
    Discovery,
    Force,
    Offence,
    SeizedItem,
    StageKind,
)
from incidents.services.case import possible_readers
from incidents.services.tip import investigators_of
from territory.days import DayField
from territory.models import Agency, Area, Level
from territory.text import NarrativeField, TextField


class CaseForm(KeyedForm):
    """A case. Agency, area and first days are given once; later days are stages."""

    agency = record(_("Agency"), Agency.objects.none())
    area = record(
        _("Area"),
        Area.objects.none(),
        field=AreaChoice,
        help_text=_("Where it happened, as the map was then."),
    )
    detected_on = DayField(label=_("Found on"))
    prosecuted_on = DayField(
        label=_("Prosecuted on"), required=False, help_text=_("Empty while the case is not prosecuted.")
    )
    document_number = number_field(_("Decision to prosecute, number"), required=False)
    acts_since = DayField(
        label=_("First day of the acts"),
        required=False,
        help_text=_("Decides which criminal code applies. Empty: the day the case was found."),
    )
    offences = forms.ModelMultipleChoiceField(
        Offence.objects.all(),
        label=_("Offences"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one offence.")},
    )
    force = choice(_("Found by"), Force.choices, required=False)
    discovery = choice(_("How it was found"), Discovery.choices, required=False)
    campaign = record(_("In the campaign"), Campaign.objects.none(), required=False)
    investigator = record(_("Investigator in charge"), User.objects.none(), required=False)
    summary = NarrativeField(label=_("Summary"), rows=6, required=False, help_text=NO_NAMES)

    def __init__(
        self,
        *args: Any,
        actor: User,
        units: list[tuple[Agency, Area]],
        case: Case | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = Campaign.objects.visible_to(actor)  # type: ignore[attr-defined]
        agencies = [case.agency] if case else [agency for agency, _area in units]
        people = [
            user.pk for agency in agencies for user in investigators_of(agency, on=timezone.localdate())
        ]
        if case is not None and case.investigator_id:
            people.append(case.investigator_id)
        self.fields["investigator"].queryset = User.objects.filter(pk__in=people)  # type: ignore[attr-defined]
        if case is None:
            unit_fields(self, units)
            return
        for name in ("agency", "area", "detected_on", "prosecuted_on", "document_number", "submission_key"):
            del self.fields[name]
        held = {(one.criminal_code, one.article) for one in case.offences.all()}
        self.initial = {
            name: getattr(case, name) for name in ("acts_since", "force", "discovery", "summary", "version")
        } | {
            "campaign": case.campaign_id,
            "investigator": case.investigator_id,
            "offences": [o.pk for o in Offence.objects.all() if (o.criminal_code, o.article) in held],
        }


class PartForm(IncidentForm):
    """A form about a part of a case."""

    tells_in_words = False

    def __init__(self, *args: Any, case: Case, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        self.fields["version"].initial = case.version
        self.offer(case, actor)

    def offer(self, case: Case, actor: User) -> None:
        """Set what can be chosen."""


class StageForm(PartForm):
    """A stage with its day, who decided it, and its own counts."""

    kind = choice(_("Stage"), StageKind.choices)
    reached_on = DayField(label=_("Date"))
    agency = record(_("Deciding agency"), Agency.objects.none(), help_text=_("Police, procuracy or court."))
    document_number = number_field(_("Document, number"), required=False)
    persons = whole(_("Persons"), help_text=_("At this stage. Counts of different stages are never added."))
    victims = whole(_("Victims"), help_text=_("At this stage."))

    def offer(self, case: Case, actor: User) -> None:
        within = Agency.objects.filter(area__path__startswith=f"{_province_path(case)}")
        self.fields["agency"].queryset = within  # type: ignore[attr-defined]
        self.fields["agency"].initial = case.agency_id


class ExtensionForm(PartForm):
    """More time for an investigation."""

    decided_on = DayField(label=_("Date of the decision"), initial=timezone.localdate)
    document_number = number_field()
    due_on = DayField(label=_("New limit"))


class PlaceForm(PartForm):
    """A place of the route."""

    kind = choice(_("Part of the route"), CasePlace.Kind.choices)
    country = choice(_("Country"), Country.choices, initial=Country.VN)
    area = record(
        _("Area in Viet Nam"),
        Area.objects.none(),
        required=False,
        field=AreaChoice,
        help_text=_("A province or a district."),
    )

    def offer(self, case: Case, actor: User) -> None:
        province = Area.objects.filter(level=Level.PROVINCE)
        own = Area.objects.filter(level=Level.DISTRICT, province=case.province_id)
        self.fields["area"].queryset = (province | own).select_related("district")  # type: ignore[attr-defined]


class ItemForm(PartForm):
    """Something that was seized."""

    tells_in_words = True

    kind = choice(_("Kind"), SeizedItem.Kind.choices)
    description = TextField(
        label=_("Description"),
        max_length=200,
        required=False,
        help_text=_("No plate, paper or account numbers."),
    )
    quantity = forms.DecimalField(
        label=_("Quantity"), min_value=0, max_digits=14, decimal_places=2, required=False, localize=True
    )
    unit = TextField(label=_("Unit"), max_length=20, required=False)
    worth = whole(_("Worth, đồng"), most=10**15)
    seized_on = DayField(label=_("Seized on"), required=False)
    document_number = number_field(_("Record, number"), required=False)


class SealForm(PartForm):
    """Who may read a sealed case."""

    readers = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=_("People who may read it"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("You yourself stay among them. Nobody else of your unit learns that the case exists."),
    )

    def offer(self, case: Case, actor: User) -> None:
        people = [user.pk for user in possible_readers(case) if user != actor]
        self.fields["readers"].queryset = User.objects.filter(pk__in=people)  # type: ignore[attr-defined]
        self.fields["readers"].initial = list(case.readers.values_list("user", flat=True))


def _province_path(case: Case) -> str:
    return case.area.path if case.province_id is None else Area.objects.get(pk=case.province_id).path
