"""The page forms that make and change a form: everything is ticked or picked, nothing is written as code."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.validators import validate_slug
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reporting.breakdowns import label_of
from reporting.forms_catalogue import asked_indicators
from reporting.models import CutOffRule, Form, FormKind, Indicator, Section
from reporting.services.forms import COLUMNS, AskedIndicator, AskedSection
from territory.days import DayField
from territory.models import AgencyKind, Level
from territory.text import TextField

#: Of the nation nobody files: reports go up to it.
FILING_LEVELS = (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE)
_SEP = ":"


class _SectionForm(forms.Form):
    """One section: whether the form has it, its place, and whether a text is needed."""

    is_asked = forms.BooleanField(label=pgettext_lazy("a section of a form", "asked"), required=False)
    order = forms.IntegerField(
        label=_("Order"),
        required=False,
        min_value=1,
        max_value=99,
        widget=forms.NumberInput(attrs={"class": "input-figure"}),
    )
    is_narrative_required = forms.BooleanField(label=_("a text is required"), required=False)
    title = TextField(label=_("Other title"), required=False, max_length=160)

    def __init__(self, *args: Any, section: Section, **kwargs: Any) -> None:
        self.section = section
        super().__init__(*args, **kwargs)


@dataclass(frozen=True)
class IndicatorChoice:
    """An indicator as the page offers it, with the breakdowns it has."""

    indicator: Indicator
    is_chosen: bool
    breakdowns: list[tuple[str, Any, bool]]


class FormChangeForm(forms.Form):
    """All of a form that the administrator changes."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = TextField(label=_("Name"), max_length=160)
    name_en = TextField(label=_("Name in English"), max_length=160)
    kind = forms.ChoiceField(label=_("Kind"), choices=FormKind.choices)
    cut_off = forms.ChoiceField(label=_("Cut-off rule"), choices=CutOffRule.choices)
    due_after_days = forms.IntegerField(
        label=_("Due, days after the period"),
        min_value=1,
        max_value=365,
        help_text=_("Decree 09/2019 asks for at least one working day."),
    )
    opens_before_days = forms.IntegerField(
        label=_("Opens, days before the period ends"), min_value=0, max_value=365
    )
    may_be_nil = forms.BooleanField(label=_("A unit may confirm that there was nothing"), required=False)
    is_scheduled = forms.BooleanField(
        label=_("Opened by the clock"),
        required=False,
        help_text=_("Otherwise a coordinator opens each period by hand."),
    )
    valid_to = DayField(
        label=_("Valid to"),
        required=False,
        help_text=_(
            "Last day. Empty: still valid. No period that ends later is opened; reports already asked for stay."
        ),
    )
    indicators = forms.MultipleChoiceField(label=_("Indicators"), required=False)
    breakdowns = forms.MultipleChoiceField(label=_("Breakdowns"), required=False)
    filers = forms.MultipleChoiceField(
        label=_("Who files"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, form: Form | None) -> None:
        self.catalogue = asked_indicators()
        self.kinds = {kind.pk: kind for kind in AgencyKind.objects.all()}
        super().__init__(data, initial=self._initial_from(form))
        fields: dict[str, Any] = self.fields
        fields["indicators"].choices = [(one.code, one.name) for one in self.catalogue]
        fields["breakdowns"].choices = [
            (f"{one.code}{_SEP}{name}", label_of(name)) for one in self.catalogue for name in one.breakdowns
        ]
        fields["filers"].choices = [
            (f"{kind.pk}{_SEP}{level.value}", f"{kind.name} · {level.label}")
            for kind in self.kinds.values()
            for level in FILING_LEVELS
        ]
        rows = {row.section: row for row in form.sections.all()} if form else {}
        self.section_forms = [
            _SectionForm(
                data,
                prefix=section.value,
                section=section,
                initial=_initial_of(rows.get(section.value), place),
            )
            for place, section in enumerate(Section, start=1)
        ]

    def _initial_from(self, form: Form | None) -> dict[str, Any]:
        """What the form holds; of a new one that copies none, nothing is ticked."""
        if form is None:
            return {
                "indicators": [],
                "breakdowns": [],
                "filers": [],
                "opens_before_days": 30,
                "may_be_nil": True,
            }
        held = list(form.indicators.all())
        return {
            **{name: getattr(form, name) for name in (*COLUMNS, "version")},
            "indicators": [row.indicator for row in held],
            "breakdowns": [f"{row.indicator}{_SEP}{name}" for row in held for name in row.breakdowns],
            "filers": [f"{row.agency_kind_id}{_SEP}{row.level}" for row in form.filers.all()],
        }

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(each.is_valid() for each in self.section_forms)])

    @cached_property
    def _chosen(self) -> dict[str, set[str]]:
        """What is ticked: as it was sent, else as it is stored."""
        if self.is_bound:
            sent: Any = self.data
            return {name: set(sent.getlist(name)) for name in ("indicators", "breakdowns", "filers")}
        return {name: set(self.initial[name]) for name in ("indicators", "breakdowns", "filers")}

    @property
    def indicator_choices(self) -> list[tuple[str, list[IndicatorChoice]]]:
        """The catalogue, section by section, as the page offers it."""
        groups: dict[str, list[IndicatorChoice]] = {str(section.label): [] for section in Section}
        for one in self.catalogue:
            names = [
                (name, label_of(name), f"{one.code}{_SEP}{name}" in self._chosen["breakdowns"])
                for name in one.breakdowns
            ]
            choice = IndicatorChoice(one, one.code in self._chosen["indicators"], names)
            groups[str(Section(one.section).label)].append(choice)
        return [(label, choices) for label, choices in groups.items() if choices]

    @property
    def filer_rows(self) -> list[tuple[AgencyKind, list[tuple[str, str, bool]]]]:
        """Kinds of agency, each with the levels at which it may file."""
        return [
            (
                kind,
                [
                    (
                        value := f"{kind.pk}{_SEP}{level.value}",
                        str(level.label),
                        value in self._chosen["filers"],
                    )
                    for level in FILING_LEVELS
                ],
            )
            for kind in self.kinds.values()
        ]

    @property
    def sections(self) -> list[AskedSection]:
        asked = [each for each in self.section_forms if each.cleaned_data["is_asked"]]
        asked.sort(key=lambda each: each.cleaned_data["order"] or 99)
        return [
            AskedSection(each.section, each.cleaned_data["is_narrative_required"], each.cleaned_data["title"])
            for each in asked
        ]

    @property
    def asked(self) -> list[AskedIndicator]:
        broken: dict[str, list[str]] = {}
        for pair in self.cleaned_data["breakdowns"]:
            code, _sep, name = pair.partition(_SEP)
            broken.setdefault(code, []).append(name)
        return [AskedIndicator(code, tuple(broken.get(code, ()))) for code in self.cleaned_data["indicators"]]

    @property
    def filing(self) -> list[tuple[AgencyKind, Level]]:
        pairs = (pair.split(_SEP) for pair in self.cleaned_data["filers"])
        return [(self.kinds[int(kind)], Level(level)) for kind, level in pairs]


class NewFormForm(FormChangeForm):
    """A new form, empty or beginning as a copy of another: besides, its code and its first day."""

    version = None  # type: ignore[assignment]
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        validators=[validate_slug],
        help_text=_("Small letters, digits and underscores, such as quarterly_victims. It never changes."),
    )
    valid_from = DayField(label=_("Valid from"), help_text=_("First day. Earlier periods cannot be opened."))
    field_order = ("code",)

    def __init__(self, data: Any = None, *, source: Form | None) -> None:
        super().__init__(data, form=source)

    def _initial_from(self, form: Form | None) -> dict[str, Any]:
        initial = super()._initial_from(form)
        return {**initial, "valid_to": None, "is_scheduled": False}


def _initial_of(row: Any, place: int) -> dict[str, Any]:
    if row is None:
        return {"order": place}
    return {
        "is_asked": True,
        "order": row.order,
        "is_narrative_required": row.is_narrative_required,
        "title": row.title,
    }
