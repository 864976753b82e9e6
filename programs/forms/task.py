"""The forms in which tasks are cut from a document and given to units."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from programs.forms.fields import FigureField, RecordField, RecordsField
from programs.models import Comparison, Document
from programs.selectors.task import areas_of_units, receiving_units
from programs.services.task import TASKS_LIMIT, CutTask, Unit, read_numbered_list
from territory.days import DayField
from territory.models import Agency, Area
from territory.text import NarrativeField, TextField

#: So many tasks are cut in one sitting; more go into a second one. A page of a hundred rows is no page to check.
SITTING_LIMIT = 40
PREFIX = "tasks"
_LONGEST_TASK = 4_000
_TOO_LONG = _("The text has %(show_value)d characters; at most %(limit_value)d fit. Shorten it.")
_NOTHING_READ = _("There is no task in the text. Begin each with its number: “1. …”.")
_DUE_BEFORE_START = _("The task is due before it starts.")


def _text(label: Any, limit: int, **kwargs: Any) -> TextField:
    return TextField(
        label=label,
        max_length=limit,
        error_messages={"max_length": _TOO_LONG, **kwargs.pop("messages", {})},
        **kwargs,
    )


def _uncut(form: forms.Form) -> None:
    # A browser cuts pasted text at maxlength without a word; the form says how much is too much instead.
    for field in form.fields.values():
        field.widget.attrs.pop("maxlength", None)


def _judge_days(form: forms.Form) -> None:
    first, last = form.cleaned_data.get("starts_on"), form.cleaned_data.get("due_on")
    if first and last and last < first:
        form.add_error("due_on", ValidationError(_DUE_BEFORE_START, code="in_order"))


def _lead_choices(agencies: Iterable[Agency]) -> list[tuple[str, Any]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for agency in agencies:
        groups.setdefault(agency.area.name, []).append((str(agency.pk), agency.name))
    return [("", _("not named")), *groups.items()]


class ListForm(forms.Form):
    """The first step: the numbered list as it was pasted, and what holds for all of its tasks."""

    pasted = NarrativeField(
        label=_("The numbered list"),
        rows=14,
        help_text=_("Begin each task with its number as printed: “1. …”, “2) …”, “a) …” or “- …”."),
        error_messages={"max_length": _TOO_LONG, "required": _("Paste or type the list of tasks here.")},
    )
    starts_on = DayField(
        label=_("From"), required=False, help_text=_("For all tasks. It can be changed for each one.")
    )
    due_on = DayField(label=_("Due"), required=False)
    lead: RecordField[Agency] = RecordField(label=_("Lead agency"), required=False)

    def __init__(self, data: Any = None, *, agencies: list[Agency], have: int) -> None:
        super().__init__(data)
        self.have = have
        self.read: list[CutTask] = []
        _uncut(self)
        self.fields["lead"].offer(agencies, _lead_choices(agencies))  # type: ignore[attr-defined]

    def clean_pasted(self) -> str:
        pasted: str = self.cleaned_data["pasted"]
        self.read = read_numbered_list(pasted)
        if not self.read:
            raise ValidationError(_NOTHING_READ, code="no_task")
        if len(self.read) > SITTING_LIMIT:
            message = _("The list has %(count)d tasks. Cut at most %(limit)d at a time, the rest after them.")
            params = {"count": len(self.read), "limit": SITTING_LIMIT}
            raise ValidationError(message, code="too_many", params=params)
        if self.have + len(self.read) > TASKS_LIMIT:
            message = _("A document has at most %(limit)s tasks.")
            raise ValidationError(message, code="too_many", params={"limit": TASKS_LIMIT})
        return pasted

    def clean(self) -> dict[str, Any]:
        _judge_days(self)
        return self.cleaned_data

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What the rows of the second step begin with."""
        lead = self.cleaned_data["lead"]
        for_all = {
            "starts_on": self.cleaned_data["starts_on"],
            "due_on": self.cleaned_data["due_on"],
            "lead": str(lead.pk) if lead else "",
        }
        return [{"number": task.number, "text": task.text, **for_all} for task in self.read]


class TaskRowForm(forms.Form):
    """One task as it was read, to be corrected and completed. A row without number and text says nothing."""

    number = _text(_("Number"), 10, required=False)
    text = _text(_("Task"), _LONGEST_TASK, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    lead: RecordField[Agency] = RecordField(label=_("Lead agency"), required=False)
    partners: RecordsField[Agency] = RecordsField(
        label=_("Cooperating agencies"), required=False, widget=forms.CheckboxSelectMultiple
    )
    starts_on = DayField(label=_("From"), required=False)
    due_on = DayField(label=_("Due"), required=False)
    measure_words = _text(_("Measure of success, in words"), 300, required=False)
    measure_indicator = forms.SlugField(
        label=_("or the code of an indicator"),
        required=False,
        max_length=60,
        error_messages={"invalid": _("A code has letters, figures, “-” and “_” only.")},
    )
    measure_comparison = forms.ChoiceField(
        label=_("is"), required=False, choices=[("", _("Choose …")), *Comparison.choices]
    )
    measure_value = FigureField(
        label=_("Value"), required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )

    cut: CutTask | None = None

    def __init__(self, *args: Any, agencies: list[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _uncut(self)
        self.fields["lead"].offer(agencies, _lead_choices(agencies))  # type: ignore[attr-defined]
        self.fields["partners"].offer(agencies)  # type: ignore[attr-defined]

    @property
    def has_details(self) -> bool:
        """Whether something is in the part that is folded."""
        names = ("partners", "measure_words", "measure_indicator", "measure_comparison", "measure_value")
        return any(self[name].value() or (self.is_bound and self[name].errors) for name in names)

    @property
    def is_removed(self) -> bool:
        return bool(self.is_bound and self["DELETE"].value())

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("DELETE") or self._is_empty:
            return given
        if not given.get("text") and "text" not in self.errors:
            self.add_error("text", _("Type the task, or leave the row out."))
        if not given.get("number") and "number" not in self.errors:
            self.add_error("number", _("Type the number as printed."))
        _judge_days(self)
        self._judge_measure()
        if not self.errors:
            self.cut = CutTask(
                **{
                    name: given[name]
                    for name in ("number", "text", "lead", "partners", "starts_on", "due_on")
                },
                measure_words=given["measure_words"],
                measure_indicator=given["measure_indicator"],
                measure_comparison=given["measure_comparison"],
                measure_value=given["measure_value"].low if given["measure_value"] else None,
            )
        return given

    @property
    def _is_empty(self) -> bool:
        return not any(str(self[name].value() or "").strip() for name in ("number", "text", "measure_words"))

    def _judge_measure(self) -> None:
        given = self.cleaned_data
        value = given.get("measure_value")
        if value is not None and (value.low is None or value.low != value.high):
            self.add_error("measure_value", _("Type one exact number, for example 90 or 1.250."))
        parts = {
            name: given.get(name) for name in ("measure_indicator", "measure_comparison", "measure_value")
        }
        messages = {
            "measure_indicator": _("Type the code of the indicator."),
            "measure_comparison": _("Choose how the value is compared."),
            "measure_value": _("Type the value that is aimed at."),
        }
        if any(part not in (None, "") for part in parts.values()):
            for name, part in parts.items():
                if part in (None, "") and name not in self.errors:
                    self.add_error(name, messages[name])

    def _post_clean(self) -> None:
        # A row that is left out is not judged.
        if self.cleaned_data.get("DELETE") or self._is_empty:
            self.cut = None
            self.errors.clear()


class BaseTaskFormSet(forms.BaseFormSet):  # type: ignore[type-arg]
    forms: list[TaskRowForm]

    def initial_form_count(self) -> int:
        """None: a row that was read and one that was added are judged alike."""
        return 0

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "empty_permitted": False}

    def clean(self) -> None:
        if not any(self.errors) and not self.cut:
            raise ValidationError(_("No task is left. Type at least one."), code="no_task")

    @property
    def cut(self) -> list[CutTask]:
        return [row.cut for row in self.forms if row.cut is not None]


TaskFormSet = forms.formset_factory(
    TaskRowForm,
    formset=BaseTaskFormSet,
    can_delete=True,
    extra=0,
    max_num=SITTING_LIMIT,
    absolute_max=SITTING_LIMIT + 10,
    validate_max=True,
)


def task_rows(data: Any = None, *, agencies: list[Agency], rows: list[dict[str, Any]] | None = None) -> Any:
    """The rows of the second step: as sent (``data``), or as they begin (``rows``)."""
    formset: Any = TaskFormSet(data, prefix=PREFIX, initial=rows, form_kwargs={"agencies": agencies})
    formset.extra = len(rows or [])
    return formset


def typed_rows(data: Any, *, blank: int = 0) -> list[dict[str, Any]]:
    """The rows as they were typed, not yet judged, without those left out, and some blank ones."""
    try:
        total = min(int(data.get(f"{PREFIX}-TOTAL_FORMS") or 0), TaskFormSet.absolute_max)
    except ValueError:
        total = 0
    rows = []
    for number in range(total):
        if data.get(f"{PREFIX}-{number}-DELETE"):
            continue
        row: dict[str, Any] = {
            name: data.get(f"{PREFIX}-{number}-{name}") or "" for name in TaskRowForm.base_fields
        }
        row["partners"] = data.getlist(f"{PREFIX}-{number}-partners")
        rows.append(row)
    return [*rows, *({} for _row in range(blank))]


class _UnitsField(forms.MultipleChoiceField):
    """Units out of those the person may give tasks to; cleans to a list of Unit."""

    default_error_messages = RecordField.default_error_messages
    units: dict[str, Unit]

    def clean(self, value: Any) -> Any:
        return [self.units[chosen] for chosen in super().clean(value)]


class UnitsForm(forms.Form):
    """Who receives the tasks: units one by one, and all agencies of some kinds in some areas."""

    units = _UnitsField(label=_("Units"), required=False, widget=forms.CheckboxSelectMultiple)
    kinds = forms.MultipleChoiceField(
        label=_("All agencies of these kinds"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=RecordField.default_error_messages,
    )
    areas: RecordsField[Area] = RecordsField(
        label=_("in these areas, with all areas in them"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, actor: User, document: Document, needs_one: bool = False) -> None:
        super().__init__(data)
        self.needs_one = needs_one
        self.on_offer = receiving_units(actor, document, timezone.localdate())
        field = self.fields["units"]
        assert isinstance(field, _UnitsField)
        field.units = {_unit_key(unit): unit for unit in self.on_offer}
        groups: dict[int, tuple[str, list[tuple[str, str]]]] = {}
        for key, unit in field.units.items():
            groups.setdefault(unit.area.pk, (unit.area.name, []))[1].append((key, unit.agency.name))
        field.choices = list(groups.values())
        kinds = {unit.agency.kind_id: unit.agency.kind for unit in self.on_offer}
        in_order = sorted(kinds.values(), key=lambda kind: (kind.order, kind.code))
        self.fields["kinds"].choices = [  # type: ignore[attr-defined]
            (str(kind.pk), kind.name_en if get_language() == "en" else kind.name) for kind in in_order
        ]
        self.fields["areas"].offer(areas_of_units(actor, self.on_offer))  # type: ignore[attr-defined]

    @property
    def has_choice(self) -> bool:
        """Whether there are enough units for choosing by kind to be of use."""
        return len(self.on_offer) > 3

    @property
    def groups(self) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        """Areas with their units: key, name, and whether it is ticked."""
        ticked = {str(key) for key in self["units"].value() or ()}
        choices: Any = self.fields["units"].choices  # type: ignore[attr-defined]
        return [(area, [(key, name, key in ticked) for key, name in units]) for area, units in choices]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        kinds, areas = given.get("kinds") or [], given.get("areas") or []
        if kinds and not areas and "areas" not in self.errors:
            self.add_error("areas", _("Choose the areas as well."))
        if areas and not kinds and "kinds" not in self.errors:
            self.add_error("kinds", _("Choose the kinds of agency as well."))
        if kinds and areas and not self._by_kind:
            self.add_error("kinds", _("There is no agency of these kinds in the areas you chose."))
        if self.needs_one and not self.errors and not self.chosen:
            self.add_error("units", _("Choose at least one unit."))
        return given

    @property
    def _by_kind(self) -> list[Unit]:
        kinds = self.cleaned_data.get("kinds") or []
        areas = self.cleaned_data.get("areas") or []
        return [
            unit
            for unit in self.on_offer
            if str(unit.agency.kind_id) in kinds and any(area.contains(unit.area) for area in areas)
        ]

    @property
    def chosen(self) -> list[Unit]:
        """Every unit once, however it was chosen."""
        ticked = self.cleaned_data.get("units") or []
        return list({_unit_key(unit): unit for unit in [*ticked, *self._by_kind]}.values())


def _unit_key(unit: Unit) -> str:
    return f"{unit.agency.pk}-{unit.area.pk}"
