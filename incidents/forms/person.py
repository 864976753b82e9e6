"""The forms of persons in a case, of wanted persons and of campaigns."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from incidents.forms.case import PartForm
from incidents.forms.fields import AreaChoice, KeyedForm, choice, number_field, record, unit_fields, whole
from incidents.models import (
    AgeBand,
    Campaign,
    Case,
    CaseOffence,
    Country,
    Group,
    GroupRole,
    Occupation,
    PersonInCase,
    Sex,
    Stage,
    StageKind,
    Standing,
    Verdict,
    WantedPerson,
)
from territory.days import DayField
from territory.models import Agency, Area, Level
from territory.text import TextField

NEW_GROUP = "new"
_YES_NO = {"": None, "yes": True, "no": False}


class PersonForm(PartForm):
    """What is known about a person, without who it is."""

    standing = choice(_("Standing"), Standing.choices, initial=Standing.SUSPECT)
    since = DayField(label=_("since"))
    document_number = number_field(required=False)
    sex = choice(_("Sex"), Sex.choices, required=False)
    birth_year = whole(_("Year of birth"), most=2100, least=1900)
    age_band = choice(
        _("Age at the time of the act"),
        AgeBand.choices,
        required=False,
        help_text=_("Where no year is known."),
    )
    is_ethnic_minority = choice(_("Ethnic minority"), [("yes", _("yes")), ("no", _("no"))], required=False)
    occupation = choice(_("Occupation"), Occupation.choices, required=False)
    nationality = choice(_("Nationality"), Country.choices, required=False, initial=Country.VN)
    group = forms.ChoiceField(label=_("Group or ring"), required=False)
    group_role = choice(_("Role in the group"), GroupRole.choices, required=False)

    def offer(self, case: Case, actor: User) -> None:
        groups = Group.objects.visible_to(actor).filter(agency=case.agency_id)
        self.groups = {str(group.pk): group for group in groups}
        self.fields["group"].choices = [  # type: ignore[attr-defined]
            ("", _("none")),
            (NEW_GROUP, _("a new group")),
            *((pk, group.code) for pk, group in self.groups.items()),
        ]

    def begin_with(self, person: PersonInCase) -> None:
        """Show a person that exists. Standing has a form of its own."""
        for name in ("standing", "since", "document_number"):
            del self.fields[name]
        names = ("sex", "birth_year", "age_band", "occupation", "nationality", "group_role")
        self.initial = {name: getattr(person, name) for name in names} | {
            "is_ethnic_minority": {None: "", True: "yes", False: "no"}[person.is_ethnic_minority],
            "group": str(person.group_id or ""),
        }

    def clean_is_ethnic_minority(self) -> bool | None:
        return _YES_NO[self.cleaned_data["is_ethnic_minority"]]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        chosen = given.get("group") or ""
        given["in_new_group"] = chosen == NEW_GROUP
        given["group"] = self.groups.get(chosen)
        if given.get("group_role") and not chosen:
            self.add_error("group", ValidationError(_("Choose the group, or “a new group”.")))
        return given


class StandingForm(PartForm):
    """The next standing of a person."""

    standing = choice(_("Standing"), Standing.choices)
    since = DayField(label=_("since"), initial=timezone.localdate)
    document_number = number_field(required=False)


class VerdictForm(PartForm):
    """What a court decided about a person."""

    stage = record(_("Trial"), Stage.objects.none())
    offence = record(_("Article"), CaseOffence.objects.none(), required=False)
    sentence = choice(_("Sentence"), Verdict.Sentence.choices)
    months = whole(
        _("Months"),
        most=480,
        least=1,
        help_text=_("Of imprisonment, of a suspended sentence or of non-custodial reform: 7 years are 84."),
    )
    probation_months = whole(
        _("Probation, months"), most=60, least=1, help_text=_("Of a suspended sentence only.")
    )

    def offer(self, case: Case, actor: User) -> None:
        trials = case.stages.filter(kind__in=[StageKind.TRIED, StageKind.APPEAL])
        self.fields["stage"].queryset = trials  # type: ignore[attr-defined]
        self.fields["offence"].queryset = case.offences.all()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        timed = given.get("sentence") in ("imprisonment", "probation", "non_custodial")
        if timed and given.get("months") is None and "months" not in self.errors:
            self.add_error("months", ValidationError(_("Give the months of the sentence.")))
        if given.get("sentence") and not timed and given.get("months") is not None:
            self.add_error(
                "months", ValidationError(_("This sentence has no months. Leave the field empty."))
            )
        return given


class WantedForm(PartForm):
    """A warrant."""

    level = choice(_("Level"), WantedPerson.Level.choices)
    since = DayField(label=_("Wanted since"))
    document_number = number_field(_("Warrant, number"))


class EndSearchForm(PartForm):
    """The end of a search."""

    ended_by = choice(_("How it ended"), WantedPerson.End.choices)
    until = DayField(label=_("Date"), initial=timezone.localdate)


class CampaignForm(KeyedForm):
    """A campaign or a special operation."""

    kind = choice(_("Kind"), Campaign.Kind.choices)
    name = TextField(
        label=_("Name"),
        max_length=160,
        help_text=_("The public name. No code name of a classified operation."),
    )
    document_number = number_field(_("Plan, number"), required=False)
    agency = record(_("Agency"), Agency.objects.none())
    area = record(_("Area"), Area.objects.none(), field=AreaChoice)
    starts_on = DayField(label=_("From"))
    ends_on = DayField(label=_("Until"), required=False)
    areas = forms.ModelMultipleChoiceField(
        Area.objects.none(),
        label=_("Focus areas"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(
        self, *args: Any, units: list[tuple[Agency, Area]], campaign: Campaign | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        reach = [campaign.area] if campaign else [area for _agency, area in units]
        districts = Area.objects.none()
        for area in reach:
            districts = districts | Area.objects.within(area).filter(level=Level.DISTRICT)
        self.fields["areas"].queryset = districts  # type: ignore[attr-defined]
        if campaign is None:
            unit_fields(self, units)
            return
        for name in ("agency", "area", "submission_key"):
            del self.fields[name]
        names = ("kind", "name", "document_number", "starts_on", "ends_on", "version")
        self.initial = {name: getattr(campaign, name) for name in names} | {
            "areas": list(campaign.areas.values_list("pk", flat=True))
        }

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", ValidationError(_("The campaign ends before it starts.")))
        return self.cleaned_data
