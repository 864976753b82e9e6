"""From the texts of one row to an activity, by the same rules as the form, each fault beside its cell."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.forms.fields import FigureField, WholeNumberField
from programs.models import Funding, Measure
from programs.models.activity import MEASURES_OF_PERSONS
from programs.selectors.quantity import PARTS, Quantity
from programs.services import ActivityFields
from programs.services.rules import broken_parts, broken_rules
from programs.workbook.choices import Choices, audiences, kinds, yes_or_no
from programs.workbook.columns import PARTING, REQUIRED
from programs.workbook.naming import D, Named, NamedTwice, NotNamed, split_names
from programs.workbook.reading import told_problem
from territory.days import DayField
from territory.text import NARRATIVE_LIMIT, NarrativeField, TextField

_LARGEST_PART = 2_147_483_647
_LARGEST_COST = 10**15 - 1
_TEXT_LIMITS = {"title": 300, "integrated_with": 200, "other_partners": 300}
_YES_NO = ("is_cumulative", "is_integrated")


@dataclass
class ParsedRow:
    """What a row says, as far as it could be read. ``errors`` holds messages by key of the column."""

    fields: dict[str, Any] = field(default_factory=dict)
    quantities: list[Quantity] = field(default_factory=list)
    costs: dict[str, Decimal] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)

    @property
    def activity_fields(self) -> ActivityFields:
        """The fields for the service. Only of a row without errors."""
        return self.fields  # type: ignore[return-value]

    @property
    def sameness(self) -> tuple[Any, ...]:
        """What makes two rows look like the same activity. Only of a row without errors."""
        given = self.fields
        return (
            given["agency"].pk,
            given["area"].pk,
            given["kind"],
            given["title"],
            given["started_on"],
            given["ended_on"],
        )

    def refuse(self, key: str, message: Any) -> None:
        self.errors.setdefault(key, []).append(str(message))


class RowReader:
    """Reads rows for one person. The words of its messages are those of the language in force."""

    def __init__(self, choices: Choices) -> None:
        self.choices = choices
        self.kinds, self.audiences = kinds(), audiences()
        self.today = timezone.localdate()
        self.day = DayField(required=False)
        self.figure = FigureField(required=False)
        self.part = WholeNumberField(required=False, most=_LARGEST_PART)
        self.cost = WholeNumberField(required=False, most=_LARGEST_COST)
        too_long = {
            "max_length": _(
                "The text has %(show_value)d characters; at most %(limit_value)d fit. Shorten it."
            )
        }
        self.texts: dict[str, TextField] = {
            name: TextField(required=False, max_length=limit, error_messages=too_long)
            for name, limit in _TEXT_LIMITS.items()
        }
        self.texts["narrative"] = NarrativeField(
            required=False, max_length=NARRATIVE_LIMIT, error_messages=too_long
        )

    def read(self, values: dict[str, str], problems: dict[str, str] | None = None) -> ParsedRow:
        """The row with everything that is wrong with it."""
        row = ParsedRow()
        for key, problem in (problems or {}).items():
            row.refuse(key, told_problem(problem, values.get(key, "")))
        readable = {key: text for key, text in values.items() if key not in row.errors}
        self._read_required(row, readable)
        self._read_texts(row, readable)
        self._read_days(row, readable)
        self._read_choices(row, readable)
        self._read_records(row, readable)
        self._read_figures(row, readable)
        self._read_costs(row, readable)
        self._judge(row)
        return row

    @staticmethod
    def _read_required(row: ParsedRow, values: dict[str, str]) -> None:
        for key in REQUIRED:
            if not values.get(key) and key not in row.errors:
                row.refuse(key, _("This cell is empty, and it is needed."))

    def _cleaned(self, row: ParsedRow, key: str, clean: Callable[[str], Any], text: str) -> Any:
        try:
            return clean(text)
        except ValidationError as error:
            for message in error.messages:
                row.refuse(key, message)
            return None

    def _read_texts(self, row: ParsedRow, values: dict[str, str]) -> None:
        for name, text_field in self.texts.items():
            text = self._cleaned(row, name, text_field.clean, values.get(name, ""))
            if text is not None:
                row.fields[name] = text.strip()

    def _read_days(self, row: ParsedRow, values: dict[str, str]) -> None:
        for name in ("started_on", "ended_on"):
            day = self._cleaned(row, name, self.day.clean, values.get(name, ""))
            if day is not None:
                row.fields[name] = day

    def _read_choices(self, row: ParsedRow, values: dict[str, str]) -> None:
        if text := values.get("kind"):
            kind = self.kinds.find(text)
            if kind is None:
                row.refuse("kind", not_on_the_lists(text))
            else:
                row.fields["kind"] = kind
        for name in _YES_NO:
            said = yes_or_no(values[name]) if values.get(name) else False
            if said is None:
                row.refuse(name, _("Write yes or no, or leave the cell empty."))
            else:
                row.fields[name] = said
        self._read_integration(row, values)
        chosen = []
        for name in split_names(values.get("audience", ""), PARTING):
            value = self.audiences.find(name)
            if value is None:
                row.refuse("audience", not_on_the_lists(name))
            else:
                chosen.append(value)
        row.fields["audience"] = list(dict.fromkeys(chosen))

    @staticmethod
    def _read_integration(row: ParsedRow, values: dict[str, str]) -> None:
        """What it was integrated with says by itself that it was."""
        if not values.get("integrated_with"):
            return
        if not values.get("is_integrated"):
            row.fields["is_integrated"] = True
        elif row.fields.get("is_integrated") is False:
            row.refuse(
                "integrated_with",
                _("The cell before says that it was not integrated. Empty one of the two cells."),
            )

    def _read_records(self, row: ParsedRow, values: dict[str, str]) -> None:
        day = row.fields.get("ended_on")
        within = values.get("district", "")
        for key, named in (("agency", self.choices.agencies), ("area", self.choices.areas)):
            if text := values.get(key):
                found: Any = found_by_name(row, key, named, text, day, within if key == "area" else "")
                if found is not None:
                    row.fields[key] = found
        partners: dict[int, Any] = {}
        for text in split_names(values.get("partner_agencies", ""), PARTING):
            partner: Any = found_by_name(row, "partner_agencies", self.choices.partners, text, day, "")
            if partner is not None:
                partners[partner.pk] = partner
        row.fields["partner_agencies"] = list(partners.values())

    def _read_figures(self, row: ParsedRow, values: dict[str, str]) -> None:
        for measure in Measure:
            key = f"figure.{measure.value}"
            figure = self._cleaned(row, key, self.figure.clean, values.get(key, ""))
            parts: dict[str, int | None] = {}
            if measure in MEASURES_OF_PERSONS:
                for part in PARTS:
                    place = f"{part}.{measure.value}"
                    parts[part] = self._cleaned(row, place, self.part.clean, values.get(place, ""))
            if figure is not None:
                quantity = Quantity(measure.value, figure, **parts)
                row.quantities.append(quantity)
                for part, errors in broken_parts(quantity).items():
                    for error in errors:
                        row.refuse(f"{part}.{measure.value}", _told(error))
            elif key not in row.errors and any(value is not None for value in parts.values()):
                row.refuse(key, _("Type the whole figure here, since parts of it are given."))

    def _read_costs(self, row: ParsedRow, values: dict[str, str]) -> None:
        for source in Funding:
            key = f"cost.{source.value}"
            amount = self._cleaned(row, key, self.cost.clean, values.get(key, ""))
            if amount is not None:
                row.costs[source.value] = Decimal(amount)

    def _judge(self, row: ParsedRow) -> None:
        judged = {name: value for name, value in row.fields.items() if name not in row.errors}
        if not any(key.startswith("figure.") for key in row.errors):
            judged["quantities"] = row.quantities
        for name, errors in broken_rules(judged, today=self.today).items():
            for error in errors:
                row.refuse(name, _told(error))
        agency, area = row.fields.get("agency"), row.fields.get("area")
        if agency is not None and area is not None and not self.choices.reaches(agency, area):
            row.refuse(
                "area",
                _("You do not file for %(agency)s in %(area)s. Choose another area or agency.")
                % {"agency": agency.name, "area": area.name},
            )


class Refusable(Protocol):
    """A row that can be told what is wrong with it."""

    def refuse(self, key: str, message: Any) -> None: ...


def found_by_name(
    row: Refusable, key: str, named: Named[D], text: str, day: dt.date | None, within: str
) -> D | None:
    """The record a cell names, or None: the row is then told why."""
    try:
        return named.find(text, day=day, within=within)
    except NotNamed:
        row.refuse(key, not_on_the_lists(text))
    except NamedTwice as several:
        message = _("Several are called so: %(labels)s. Write the one that is meant.")
        row.refuse(key, message % {"labels": f"{PARTING} ".join(several.labels[:5])})
    return None


def not_on_the_lists(text: str) -> str:
    message = _("“%(text)s” is not on the sheet of lists. Choose one of those that stand there.")
    return message % {"text": text[:100]}


def _told(error: ValidationError) -> str:
    return " ".join(error.messages)
