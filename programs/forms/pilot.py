"""The forms of pilots: starting one, its figures, its assessment, and making its tasks anew elsewhere."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from programs.forms.fields import FigureField, RecordField, RecordsField
from programs.models import Document, Occasion, Pilot
from programs.selectors.pilot import OCCASIONS, parts_of, plans_without_tasks, units_around
from programs.services.pilot import LONGEST_REASON
from programs.services.task import Unit
from territory.days import DayField
from territory.figure import Figure
from territory.models import Agency, AgencyKind, Area
from territory.text import NarrativeField, TextField

_EXAMPLE_DAY = _("For example 05/03/2020.")
_TOO_LONG = _("The text has %(show_value)d characters; at most %(limit_value)d fit. Shorten it.")
_MOST_ROWS = 60


def add_errors(form: forms.Form, error: ValidationError) -> None:
    """Show what a service refused beside the fields it is about; what no field shows goes to the top."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def document_day(document: Document) -> dt.date:
    """A day on which the areas and agencies that a document speaks of existed."""
    if document.issued_on:
        return document.issued_on
    return dt.date(document.year, 1, 1) if document.year else timezone.localdate()


def _with_end(name: str, valid_to: dt.date | None) -> str:
    if valid_to is None or valid_to >= timezone.localdate():
        return name
    return str(_("%(name)s (until %(day)s)") % {"name": name, "day": f"{valid_to:%d/%m/%Y}"})


class _AreasField(RecordsField[Area]):
    """Several areas; one that has ended says until when it was."""

    def offer(self, records: Any) -> None:
        super().offer(records)
        self.choices = [(key, _with_end(area.name, area.valid_to)) for key, area in self.records.items()]


class _PlanSearch(forms.Form):
    """A document by its number, as printed."""

    number = TextField(
        label=_("Number and symbol"),
        max_length=60,
        help_text=_("As printed on the plan, for example 125/KH-UBND."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    year = forms.IntegerField(
        label=_("Year"),
        required=False,
        min_value=1945,
        max_value=2100,
        help_text=_("Only where several documents bear this number."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def _plan(self, among: Any) -> Document | None:
        """The one document of that number, or None with the error put beside the field."""
        number, year = self.cleaned_data.get("number"), self.cleaned_data.get("year")
        if not number or "year" in self.errors:
            return None
        found = list(among.filter(number__iexact=number, **({"year": year} if year else {}))[:2])
        if not found:
            self.add_error(
                "number",
                _(
                    "Your register holds no document of this number that could be used here. Enter it there first."
                ),
            )
        elif len(found) > 1:
            self.add_error("year", _("Several documents bear this number. Give the year."))
        else:
            plan: Document = found[0]
            return plan
        return None


class PilotForm(forms.Form):
    """A pilot of one plan; with ``pilot``, as it is stored."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=10**9)
    name = TextField(
        label=_("Name"),
        max_length=300,
        help_text=_("As people call it, for example: Pilot in border communes"),
    )
    areas = _AreasField(
        label=_("Pilot areas"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one area.")},
    )
    starts_on = DayField(label=_("First day"), help_text=_EXAMPLE_DAY)
    ends_on = DayField(label=_("Last day"), help_text=_EXAMPLE_DAY)
    lead: RecordField[Agency] = RecordField(label=_("Lead agency"))
    partners: RecordsField[Agency] = RecordsField(
        label=_("Cooperating agencies"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, document: Document, pilot: Pilot | None = None) -> None:
        super().__init__(data, initial=_initial_of(pilot))
        since = document_day(document)
        agencies, areas = units_around(document.area, since), parts_of(document.area, since)
        if pilot is not None:  # what was chosen stays to be chosen, whatever was a unit when
            agencies = list(dict.fromkeys([*agencies, pilot.lead, *pilot.partners.select_related("area")]))
            areas = list(dict.fromkeys([*areas, *pilot.areas.all()]))
        self._field("areas").offer(areas or [document.area])
        choices = [("", _("Choose …")), *((str(each.pk), str(each)) for each in agencies)]
        self._field("lead").offer(agencies, choices)
        self._field("partners").offer(agencies)

    def _field(self, name: str) -> Any:
        return self.fields[name]

    def put(self, name: str, value: object) -> None:
        """Give a hidden field another value for when the form is shown again."""
        given: Any = self.data
        self.data = given.copy()
        self.data[name] = str(value)  # type: ignore[index]

    @property
    def pilot_fields(self) -> dict[str, Any]:
        """What was typed, for the services."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("starts_on"), given.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day lies before the first day."))
        gone = [area.name for area in given.get("areas") or () if first and not area.held_on(first)]
        if gone:
            message = _("Not a unit on the first day: %(areas)s.")
            self.add_error("areas", ValidationError(message, params={"areas": ", ".join(gone)}))
        lead = given.get("lead")
        if lead and first and not lead.held_on(first):
            self.add_error("lead", _("This agency did not exist on the first day."))
        return given


def _initial_of(pilot: Pilot | None) -> dict[str, Any]:
    if pilot is None:
        return {}
    initial: dict[str, Any] = {
        name: getattr(pilot, name) for name in ("version", "name", "starts_on", "ends_on")
    }
    initial["lead"] = pilot.lead_id
    initial["areas"] = [str(area.pk) for area in pilot.areas.all()]
    initial["partners"] = [str(agency.pk) for agency in pilot.partners.all()]
    return initial


class StopPilotForm(forms.Form):
    """The decision that a pilot goes no further."""

    open_tasks = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=10**6)
    decided_on = DayField(label=_("Decided on"), help_text=_EXAMPLE_DAY)
    reason = TextField(
        label=_("Why it is stopped"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "In a sentence or two: units read it as the reason why their tasks do not apply any more."
        ),
        error_messages={"required": _("Say why the pilot is stopped."), "max_length": _TOO_LONG},
    )
    unassessed_reason = TextField(
        label=_("Why there is no final assessment"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("A pilot is stopped after its final assessment, or for a reason given here."),
        error_messages={"max_length": _TOO_LONG},
    )
    agreed = forms.BooleanField(
        label=_("Close the open tasks for this reason"),
        error_messages={"required": _("Tick this to go on: the open tasks are closed with the pilot.")},
    )

    def __init__(self, data: Any = None, *, open_tasks: int, is_assessed: bool) -> None:
        super().__init__(data, initial={"open_tasks": open_tasks})
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)
        if not open_tasks:
            del self.fields["agreed"]
        if is_assessed:
            del self.fields["unassessed_reason"]
        else:
            self.fields["unassessed_reason"].required = True
            self.fields["unassessed_reason"].error_messages["required"] = _(
                "There is no final assessment. Write one first, or say why not."
            )

    def put(self, name: str, value: object) -> None:
        """Give a hidden field another value for when the form is shown again."""
        given: Any = self.data
        self.data = given.copy()
        self.data[name] = str(value)  # type: ignore[index]


class PlanForPilotForm(_PlanSearch):
    """Which plan a pilot is to be made of."""

    def __init__(self, data: Any = None, *, among: Any) -> None:
        super().__init__(data)
        self.among = among
        self.plan: Document | None = None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self.plan = self._plan(self.among)
        return given


class AssessmentForm(forms.Form):
    """What a pilot was found to be worth."""

    occasion = forms.ChoiceField(
        label=_("Occasion"),
        choices=[(each.value, each.label) for each in (Occasion.MIDTERM, Occasion.FINAL)],
        help_text=_("An assessment of the same occasion is replaced; its history stays."),
    )
    assessed_on = DayField(label=_("Date"), help_text=_EXAMPLE_DAY)
    text = NarrativeField(
        label=_("Assessment"),
        rows=10,
        help_text=_("What worked, what did not, and why. No names of victims or suspects."),
    )


class FigureRowForm(forms.Form):
    """One thing that is counted, at up to three moments. An empty row says nothing."""

    was = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200, strip=False)
    name = TextField(label=_("What is counted"), max_length=200, required=False)
    unit = TextField(label=_("Unit"), max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for occasion in OCCASIONS:
            field = FigureField(
                label=occasion.label,
                required=False,
                widget=forms.TextInput(attrs={"autocomplete": "off", "class": "input-figure"}),
            )
            stored = self.initial.get(occasion.value)
            field.stored = stored if isinstance(stored, Figure) else None
            self.fields[occasion.value] = field

    @property
    def figures(self) -> dict[Occasion, Figure]:
        found = {occasion: self.cleaned_data.get(occasion.value) for occasion in OCCASIONS}
        return {occasion: figure for occasion, figure in found.items() if figure is not None}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        has_figure = any(given.get(occasion.value) is not None for occasion in OCCASIONS)
        if has_figure and not given.get("name") and "name" not in self.errors:
            self.add_error("name", _("Say what is counted."))
        if has_figure and not given.get("unit") and "unit" not in self.errors:
            self.add_error("unit", _("Give the unit, for example people."))
        if given.get("name") and not has_figure and not given.get("was") and not self.errors:
            self.add_error(Occasion.BASELINE.value, _("Give at least one figure, or leave the row empty."))
        return given


class BaseFigureRows(forms.BaseFormSet):  # type: ignore[type-arg]
    """The rows; nothing is counted in two of them."""

    def initial_form_count(self) -> int:
        """None: rows that were stored and rows just typed are judged alike."""
        return 0

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "empty_permitted": False}

    def clean(self) -> None:
        seen: set[str] = set()
        for row in self.forms:
            name = row.cleaned_data.get("name") if hasattr(row, "cleaned_data") else ""
            if name and name in seen:
                row.add_error("name", _("This is counted in a row above already."))
            seen.add(name or "")

    def of(self, occasion: Occasion) -> dict[tuple[str, str], Figure]:
        """The figures of an occasion by what is counted and its unit."""
        return {
            (row.cleaned_data["name"], row.cleaned_data["unit"]): row.figures[occasion]
            for row in self.forms
            if occasion in row.figures
        }

    def removed(self, occasion: Occasion) -> list[str]:
        """What stood in these rows and is not counted on this occasion any more."""
        kept = {name for name, _unit in self.of(occasion)}
        return [
            row.cleaned_data["was"]
            for row in self.forms
            if row.cleaned_data["was"] and row.cleaned_data["was"] not in kept
        ]


FigureRows = forms.formset_factory(
    FigureRowForm,
    formset=BaseFigureRows,
    extra=0,
    max_num=_MOST_ROWS,
    absolute_max=_MOST_ROWS + 10,
    validate_max=True,
)


def figure_rows(pilot: Pilot, data: Any = None, *, blank_rows: int = 3) -> Any:
    """The rows of a pilot's figures as stored, and some empty ones."""
    rows: dict[str, dict[str, Any]] = {}
    for stored in pilot.figures.all():
        row = rows.setdefault(stored.name, {"was": stored.name, "name": stored.name, "unit": stored.unit})
        row[stored.occasion] = stored.figure
    formset = FigureRows(data, initial=list(rows.values()), prefix="figures")
    formset.extra = len(rows) + blank_rows
    return formset


class ReplicationForm(_PlanSearch):
    """Where the tasks of a pilot are made anew: a new plan, and the units of the chosen areas."""

    areas = _AreasField(
        label=_("Areas"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one area.")},
        help_text=_("Where the tasks are to be carried out."),
    )
    kind: RecordField[AgencyKind] = RecordField(
        label=_("Receiving units"), help_text=_("In each area, the agency of this kind receives the tasks.")
    )
    starts_on = DayField(label=_("Tasks start on"), help_text=_EXAMPLE_DAY)
    due_on = DayField(label=_("Tasks are due on"), help_text=_EXAMPLE_DAY)

    field_order = ("number", "year", "areas", "kind", "starts_on", "due_on")

    def __init__(self, data: Any = None, *, pilot: Pilot, actor: User) -> None:
        super().__init__(data)
        self.plans = plans_without_tasks(actor)
        agencies = units_around(pilot.area, pilot.starts_on)
        self.agencies = agencies
        areas = {agency.area_id: agency.area for agency in agencies}
        kinds = {agency.kind_id: agency.kind for agency in agencies}
        field: Any = self.fields["areas"]
        field.offer(sorted(areas.values(), key=lambda area: (len(area.path.split("/")), area.sort_key)))
        field = self.fields["kind"]
        ordered = sorted(kinds.values(), key=lambda kind: kind.order)
        field.offer(ordered, [("", _("Choose …")), *((str(kind.pk), kind.name) for kind in ordered)])
        self.document: Document | None = None
        self.units: list[Unit] = []

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self.document = self._plan(self.plans)
        first, due = given.get("starts_on"), given.get("due_on")
        if first and due and due < first:
            self.add_error("due_on", _("The tasks are due before they start."))
        areas, kind = given.get("areas"), given.get("kind")
        if not (areas and kind and first):
            return given
        without = []
        for area in areas:
            here = [
                agency
                for agency in self.agencies
                if agency.area_id == area.pk and agency.kind_id == kind.pk and agency.held_on(first)
            ]
            if here and area.held_on(first):
                self.units.extend(Unit(agency, area) for agency in here)
            else:
                without.append(area.name)
        if without:
            message = _("No agency of this kind on the day the tasks start: %(areas)s.")
            self.add_error("areas", ValidationError(message, params={"areas": ", ".join(without)}))
        return given
