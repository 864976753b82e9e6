"""The forms of an administrator who keeps people and their roles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from accounts.people.rights import agencies_given_by, areas_given_by
from accounts.people.services import Wanted
from territory.days import DayField
from territory.models import Agency, Area
from territory.text import NarrativeField, TextField


def _named(row: Agency | Area) -> str:
    """The name of an agency or area, with its last day where it has ended."""
    if row.valid_to is None or row.valid_to >= timezone.localdate():
        return row.name
    return gettext("%(name)s (until %(day)s)") % {"name": row.name, "day": f"{row.valid_to:%d/%m/%Y}"}


class RoleForm(forms.Form):
    """Which role, where, from when until when, and why. Only what the administrator may give can be chosen."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=Role.choices,
        help_text=_("Head of unit, case worker, investigator and administrator take a second administrator."),
    )
    agency = forms.ModelChoiceField(
        label=_("Agency"), queryset=Agency.objects.none(), empty_label=_("Choose …")
    )
    area = forms.ModelChoiceField(
        label=_("Area"),
        queryset=Area.objects.none(),
        required=False,
        empty_label=_("The area of the agency"),
        help_text=_("The role reaches records of this area and what lies in it."),
    )
    valid_from = DayField(label=_("From"))
    valid_to = DayField(
        label=_("Until"), required=False, help_text=_("Last day. Empty: until further notice.")
    )
    reason = NarrativeField(
        label=_("Reason"),
        required=False,
        max_length=500,
        rows=2,
        help_text=_("Needed where a second administrator agrees, who decides by it."),
    )

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agency, area = self.fields["agency"], self.fields["area"]
        agency.queryset = agencies_given_by(actor)  # type: ignore[attr-defined]
        agency.label_from_instance = lambda row: f"{_named(row)} · {row.area.name}"  # type: ignore[attr-defined]
        area.queryset = areas_given_by(actor)  # type: ignore[attr-defined]
        area.label_from_instance = _named  # type: ignore[attr-defined]
        self.fields["valid_from"].initial = timezone.localdate()

    def wanted(self) -> Wanted:
        """What a valid form asks for."""
        given = self.cleaned_data
        return Wanted(
            role=given["role"],
            agency=given["agency"],
            area=given["area"] or given["agency"].area,
            valid_from=given["valid_from"],
            valid_to=given["valid_to"],
            reason=given["reason"],
        )


class InvitationForm(RoleForm):
    """A person with the first role."""

    email = forms.EmailField(
        label=_("E-mail"), max_length=254, help_text=_("The link to set a password goes there.")
    )
    full_name = TextField(label=_("Full name"), max_length=120)

    field_order = ("full_name", "email", "role", "agency", "area", "valid_from", "valid_to", "reason")


class EndForm(forms.Form):
    """With which day a role ends."""

    last_day = DayField(label=_("Last day"), help_text=_("Yesterday ends the role at once."))


class DecisionForm(forms.Form):
    """What the second administrator says."""

    answer = NarrativeField(
        label=_("Answer"), required=False, max_length=500, rows=2, help_text=_("Needed to refuse.")
    )
