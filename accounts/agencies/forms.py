"""The forms of an administrator who keeps agencies."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.agencies.services import agencies_kept_by, areas_kept_by, kinds_today
from accounts.models import User
from territory.choosing import LongSelect
from territory.days import DayField
from territory.models import Agency, AgencyKind, Area, Duty
from territory.text import TextField


def _name_field(**more: Any) -> TextField:
    return TextField(label=_("Name"), max_length=160, **more)


def _symbol_field() -> TextField:
    return TextField(
        label=_("Symbol"),
        max_length=20,
        required=False,
        help_text=_("As written in document numbers, such as “CAT”."),
    )


class AgencySearchForm(forms.Form):
    """Which agencies the list shows."""

    q = TextField(label=_("Name or code"), max_length=80, required=False)
    kind = forms.ModelChoiceField(
        label=_("Kind"), queryset=AgencyKind.objects.all(), required=False, empty_label=_("Every kind")
    )
    area = forms.ModelChoiceField(
        label=_("Area"),
        queryset=Area.objects.none(),
        required=False,
        empty_label=_("Every area"),
        widget=LongSelect,
    )
    state = forms.ChoiceField(
        label=_("When"),
        required=False,
        choices=[("", _("existing today")), ("ended", _("ended")), ("all", _("all"))],
    )

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas_kept_by(actor)  # type: ignore[attr-defined]


class AgencyForm(forms.Form):
    """A new agency."""

    name = _name_field()
    kind = forms.ModelChoiceField(
        label=_("Kind"), queryset=AgencyKind.objects.none(), empty_label=_("Choose …")
    )
    area = forms.ModelChoiceField(
        label=_("Area"), queryset=Area.objects.none(), empty_label=_("Choose …"), widget=LongSelect
    )
    symbol = _symbol_field()
    on = DayField(label=_("First day"))
    duties = forms.MultipleChoiceField(
        label=_("Duties"), choices=Duty.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas_kept_by(actor)  # type: ignore[attr-defined]
        self.fields["kind"].queryset = kinds_today()  # type: ignore[attr-defined]


class CorrectionForm(forms.Form):
    """A name or symbol that was misspelt."""

    name = _name_field(help_text=_("For all days. A new name from a day on is another step: rename."))
    symbol = _symbol_field()


class RenamingForm(forms.Form):
    """A new name from a day on."""

    name = _name_field()
    on = DayField(label=_("From"), help_text=_("The first day of the new name."))


class MergingForm(forms.Form):
    """Which agency takes over, from which day on."""

    successor = forms.ModelChoiceField(
        label=_("Taken over by"), queryset=Agency.objects.none(), empty_label=_("Choose …"), widget=LongSelect
    )
    on = DayField(label=_("From"), help_text=_("The first day on which the other agency answers."))

    def __init__(self, *args: Any, actor: User, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = (
            agencies_kept_by(actor)
            .exclude(pk=agency.pk)
            .filter(Q(valid_to=None) | Q(valid_to__gt=agency.valid_from))
        )
        field = self.fields["successor"]
        field.queryset = others.order_by("area__path", "sort_key")  # type: ignore[attr-defined]
        field.label_from_instance = lambda row: f"{row.name} · {row.area.name}"  # type: ignore[attr-defined]


class ClosingForm(forms.Form):
    """With which day an agency ends."""

    on = DayField(label=_("Last day"), help_text=_("Nobody takes over. What the agency filed stays."))
