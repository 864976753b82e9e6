"""The file of a victim, in words of lists."""

import uuid
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.scoping import scope_of
from incidents.models import Case
from territory.days import DayField
from territory.text import TextField
from victims.models import Victim
from victims.selectors.victim import find_own, units_of
from victims.services.victim import Decision
from victims.value_lists import (
    Act,
    Answer,
    Arrival,
    Channel,
    Circle,
    Control,
    Country,
    Education,
    Means,
    Occupation,
    Purpose,
    RecruiterRelation,
    Sex,
    Status,
)

EXAMPLE_DAY = _("For example 05/03/2020.")
_NO_BROWSER_MEMORY = {"autocomplete": "off"}


def one_of(choices: Any, label: Any, *, initial: str = "", **more: Any) -> forms.ChoiceField:
    """One word of a list."""
    offered = choices.choices if initial else [("", _("Choose …")), *choices.choices]
    return forms.ChoiceField(label=label, choices=offered, initial=initial, **more)


def some_of(choices: Any, label: Any, **more: Any) -> forms.MultipleChoiceField:
    """Several words of a list, or none."""
    return forms.MultipleChoiceField(
        label=label,
        choices=choices.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        **more,
    )


def no_secrets() -> forms.BooleanField:
    """Nothing classified may be entered; whoever files says that nothing is."""
    return forms.BooleanField(
        label=_("What I enter contains no state secrets"),
        help_text=_("Nothing classified may be entered into this portal, whatever its level of secrecy."),
        error_messages={
            "required": _(
                "Confirm that nothing you enter is a state secret. What is classified does not belong here."
            )
        },
    )


class VictimForm(forms.Form):
    """A new file, or the change of one."""

    submission_key = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    unit = forms.ChoiceField(label=_("Your unit"))
    circle = one_of(Circle, _("Protected as"), initial=Circle.VICTIM)
    related_code = TextField(
        label=_("Belongs to"),
        max_length=9,
        required=False,
        help_text=_("For a relative or a person under 18 with them: the code of the victim."),
        widget=forms.TextInput(attrs=_NO_BROWSER_MEMORY),
    )
    status = one_of(Status, _("Status"))
    decided_on = DayField(label=_("Status since"), help_text=EXAMPLE_DAY)
    decision_number = TextField(
        label=_("Decision"), max_length=60, required=False, help_text=_("Number and symbol, if there is one.")
    )
    decision_body = TextField(label=_("Deciding body"), max_length=160, required=False)

    arrival = one_of(Arrival, _("How they came"))
    arrived_on = DayField(label=_("Arrived on"), help_text=EXAMPLE_DAY)
    sex = one_of(Sex, _("Sex"), initial=Sex.UNKNOWN)
    age = forms.IntegerField(
        label=_("Age on arrival"),
        required=False,
        min_value=0,
        max_value=120,
        help_text=_("In whole years. Empty: not known."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    minority = one_of(Answer, _("Ethnic minority"), initial=Answer.UNKNOWN)
    nationality = one_of(Country, _("Nationality"), initial=Country.VN)
    education = one_of(Education, _("Schooling"), initial=Education.UNKNOWN)
    occupation = one_of(Occupation, _("Occupation"), initial=Occupation.UNKNOWN)
    children_with_them = forms.IntegerField(
        label=_("Persons under 18 with them"), required=False, min_value=0, max_value=50, initial=0
    )

    acts = some_of(Act, _("Acts against the person"))
    means = some_of(
        Means, _("By which means"), help_text=_("Not needed for a person under 18 (Law 53/2024).")
    )
    purposes = some_of(Purpose, _("For which purposes"))
    recruiter_relation = one_of(
        RecruiterRelation, _("Relation to the recruiter"), initial=RecruiterRelation.UNKNOWN
    )
    channel = one_of(Channel, _("Way of recruitment"), initial=Channel.UNKNOWN)
    controls = some_of(Control, _("Ways of control"))
    case_code = TextField(
        label=_("Case"),
        max_length=30,
        required=False,
        help_text=_("Only of a case that you may see yourself."),
        widget=forms.TextInput(attrs=_NO_BROWSER_MEMORY),
    )
    no_secrets = no_secrets()

    GROUPS = (
        (_("Who is protected"), ("unit", "circle", "related_code")),
        (_("Status"), ("status", "decided_on", "decision_number", "decision_body")),
        (
            _("The person, without anything that names them"),
            (
                *("arrival", "arrived_on", "sex", "age", "minority", "nationality", "education"),
                *("occupation", "children_with_them"),
            ),
        ),
        (
            _("What happened"),
            ("acts", "means", "purposes", "recruiter_relation", "channel", "controls", "case_code"),
        ),
    )
    OF_NEW = ("unit", "status", "decided_on", "decision_number", "decision_body")

    def __init__(self, data: Any = None, *, actor: User, victim: Victim | None = None) -> None:
        cases = Case.objects.visible_to(actor)
        linked = cases.filter(pk=victim.case_id).first() if victim and victim.case_id else None
        initial = _stored(victim, linked) if victim else {"submission_key": uuid.uuid4()}
        super().__init__(data, initial=initial)
        self.actor, self.victim, self.linked = actor, victim, linked
        # What the actor may not see is neither shown nor taken away: a case, a victim in another agency's care.
        if not scope_of(actor).may("case.read") or (victim and victim.case_id and linked is None):
            del self.fields["case_code"]
        if victim and victim.related_to_id and not self._sees(victim.related_to_id):
            del self.fields["circle"], self.fields["related_code"]
        self.units = {f"{agency.pk}-{area.pk}": (agency, area) for agency, area in units_of(actor)}
        if victim is None:
            unit: Any = self.fields["unit"]
            unit.choices = [(key, f"{agency} · {area}") for key, (agency, area) in self.units.items()]
            return
        for name in self.OF_NEW:
            del self.fields[name]

    def groups(self) -> Iterator[tuple[Any, list[forms.BoundField]]]:
        """The fields under their headings; a heading without fields is left out."""
        for heading, names in self.GROUPS:
            fields = [self[name] for name in names if name in self.fields]
            if fields:
                yield heading, fields

    def put(self, name: str, value: object) -> None:
        """Change a hidden field of a form that is shown again."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data[name] = str(value)
        self.data = data

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "related_code" in self.fields:
            given["related_to"] = self._related(given.get("related_code", ""))
        if "case_code" in self.fields:
            given["case"] = self._case(given.get("case_code", ""))
        return given

    def _sees(self, victim_id: int) -> bool:
        return bool(Victim.objects.visible_to(self.actor).filter(pk=victim_id).exists())

    def _related(self, code: str) -> Victim | None:
        found = find_own(self.actor, code) if code else None
        if code and found is None:
            self.add_error("related_code", _("Your unit has no victim of this code in its care."))
        return found

    def _case(self, code: str) -> Case | None:
        if not code or (self.linked and self.linked.code == code):
            return self.linked if code else None
        found: Case | None = Case.objects.visible_to(self.actor).filter(code=code).first()
        if found is None:
            self.add_error("case_code", _("You see no case of this code. Leave it empty, or ask who does."))
        return found

    def fields_of_file(self) -> dict[str, Any]:
        """What the services take, whether the file is new or changed."""
        given = self.cleaned_data
        names = (
            *(
                "circle",
                "related_to",
                "case",
                "arrival",
                "arrived_on",
                "sex",
                "age",
                "minority",
                "nationality",
                "education",
            ),
            *("occupation", "acts", "means", "purposes", "recruiter_relation", "channel", "controls"),
        )
        return {
            **{name: given[name] for name in names if name in given},
            "children_with_them": given["children_with_them"] or 0,
        }

    def decision(self) -> Decision:
        given = self.cleaned_data
        return Decision(
            given["status"], given["decided_on"], given["decision_number"], given["decision_body"]
        )


def _stored(victim: Victim, linked: Case | None) -> dict[str, Any]:
    names = [name for name in VictimForm.base_fields if hasattr(victim, name)]
    return {
        **{name: getattr(victim, name) for name in names},
        "related_code": victim.related_to.code if victim.related_to else "",
        "case_code": linked.code if linked else "",
    }


class VictimFilterForm(forms.Form):
    """What of the own files a list shows. Only words of lists and a code: it stands in the address."""

    status = one_of(Status, _("Status"), required=False)
    sex = one_of(Sex, _("Sex"), required=False)
    support = forms.ChoiceField(
        label=_("Support"),
        required=False,
        choices=[
            ("", _("Choose …")),
            ("none", _("not begun")),
            ("open", _("open")),
            ("closure_asked", _("closure asked for")),
            ("closed", _("closed")),
        ],
    )
    code = forms.RegexField(
        r"(?i)^(NN-)?[A-Z0-9]{0,6}$", label=_("Code"), required=False, help_text=_("Never a name.")
    )

    def chosen(self, files: Any) -> Any:
        """The files that fit; what cannot be read narrows nothing."""
        self.is_valid()
        given = self.cleaned_data
        for name in ("status", "sex"):
            if given.get(name):
                files = files.filter(**{name: given[name]})
        if given.get("support") == "none":
            files = files.filter(support__isnull=True)
        elif given.get("support"):
            files = files.filter(support__state=given["support"])
        if given.get("code"):
            files = files.filter(code__contains=given["code"].upper())
        return files
