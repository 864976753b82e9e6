"""The columns of the workbook of activities, one for each thing that can be typed about one.

A column is known by its key, which stands in the hidden first row, so a sheet made for a Vietnamese reader can be
read back for an English one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from programs.models import Funding, Measure
from programs.models.activity import MEASURES_OF_PERSONS
from programs.selectors.quantity import PARTS

KEY_ROW, HEAD_ROW, FIRST_ROW = 1, 2, 3
#: The column of the rows given back that says what is wrong. It is not read.
FAULTS = "faults"
#: Parts several names in one cell.
PARTING = ";"


class Shape(Enum):
    """How a cell is typed and shown."""

    NOTE = "note"
    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    DAY = "day"
    YES_NO = "yes_no"
    FIGURE = "figure"
    WHOLE = "whole"


@dataclass(frozen=True)
class Column:
    """One column: ``name``, ``help`` and ``example`` are English and shown in the reader's language."""

    key: str
    name: str
    shape: Shape
    help: str
    example: str = ""
    width: int = 16
    is_required: bool = False
    measure: str = ""
    part: str = ""
    source: str = ""

    @property
    def title(self) -> str:
        """What the head cell says, in the reader's language."""
        if self.part:
            return _("%(measure)s: %(part)s") % {
                "measure": self._measure_label(),
                "part": _PART_LABELS[self.part](),
            }
        if self.measure:
            return self._measure_label()
        if self.source:
            return _("Cost: %(source)s") % {"source": Funding(self.source).label}
        return _(self.name)

    @property
    def explanation(self) -> str:
        return _(self.help)

    @property
    def shown_example(self) -> str:
        return _(self.example) if self.example else ""

    def _measure_label(self) -> str:
        label = str(Measure(self.measure).label)
        return label[:1].upper() + label[1:]


_PART_LABELS: dict[str, Any] = {
    "women": lambda: _("of them women"),
    "children": lambda: _("of them children"),
    "ethnic_minority": lambda: _("of them ethnic minority"),
}

_FIGURE_HELP = gettext_noop(
    "The figure as it was reported, with a dot between thousands: 6.770, trên 6.770, gần 31.000, khoảng 500,"
    " 100 - 200 or hàng trăm. Leave empty what was not counted."
)
_PART_HELP = gettext_noop(
    "A whole number, not larger than the figure it is part of. Leave empty what is not known."
)
_COST_HELP = gettext_noop("In đồng, a whole number. Leave empty what is not known.")


def _typed_columns() -> list[Column]:
    return [
        Column(
            "number",
            gettext_noop("No."),
            Shape.NOTE,
            gettext_noop("For your own counting. The portal does not read it."),
            "1",
            7,
        ),
        Column(
            "kind",
            gettext_noop("Kind"),
            Shape.CHOICE,
            gettext_noop("Choose the kind of activity from the list."),
            width=26,
            is_required=True,
        ),
        Column(
            "title",
            gettext_noop("Title"),
            Shape.TEXT,
            gettext_noop("What was done and on what, in at most 300 characters."),
            gettext_noop("Talk on safe migration in Đăk Môn"),
            48,
            is_required=True,
        ),
        Column(
            "agency",
            gettext_noop("Agency"),
            Shape.CHOICE,
            gettext_noop("Choose your agency from the list."),
            width=30,
            is_required=True,
        ),
        Column(
            "area",
            gettext_noop("Area"),
            Shape.CHOICE,
            gettext_noop(
                "The smallest unit that holds all of it, by its name on the last day: a commune, a district or"
                " the whole province."
            ),
            width=28,
            is_required=True,
        ),
        Column(
            "district",
            gettext_noop("District"),
            Shape.TEXT,
            gettext_noop("Only needed where two areas have the same name: the district the area lies in."),
            width=22,
        ),
        Column(
            "started_on",
            gettext_noop("First day"),
            Shape.DAY,
            gettext_noop("Day/month/year."),
            "05/03/2020",
            13,
            is_required=True,
        ),
        Column(
            "ended_on",
            gettext_noop("Last day"),
            Shape.DAY,
            gettext_noop("Day/month/year. The activity counts in the reporting period of this day."),
            "05/03/2020",
            13,
            is_required=True,
        ),
        Column(
            "is_cumulative",
            gettext_noop("Figures of the whole time"),
            Shape.YES_NO,
            gettext_noop(
                "Yes only for figures gathered over more than half a year, such as a total since 2013."
            ),
            width=14,
        ),
        Column(
            "is_integrated",
            gettext_noop("Integrated"),
            Shape.YES_NO,
            gettext_noop("Yes when it was part of another programme or meeting."),
            width=12,
        ),
        Column(
            "integrated_with",
            gettext_noop("Integrated with"),
            Shape.TEXT,
            gettext_noop("Which programme or meeting, in at most 200 characters."),
            gettext_noop("campaign against drugs in border communes"),
            28,
        ),
        Column(
            "audience",
            gettext_noop("Audience"),
            Shape.TEXT,
            gettext_noop("One or several of those on the sheet of lists, parted by semicolons."),
            width=28,
        ),
        Column(
            "partner_agencies",
            gettext_noop("Partner agencies"),
            Shape.TEXT,
            gettext_noop("One or several of those on the sheet of lists, parted by semicolons."),
            width=34,
        ),
        Column(
            "other_partners",
            gettext_noop("Other partners"),
            Shape.TEXT,
            gettext_noop("Who is not on the sheet of lists, in at most 300 characters."),
            width=28,
        ),
        Column(
            "narrative",
            gettext_noop("Narrative"),
            Shape.LONG_TEXT,
            gettext_noop(
                "How it went, for the report. No names of victims or suspects. At most 20.000 characters."
                " Needed where no figure is given."
            ),
            width=60,
        ),
    ]


def _columns() -> tuple[Column, ...]:
    columns = _typed_columns()
    for measure in Measure:
        columns.append(
            Column(
                f"figure.{measure.value}", "", Shape.FIGURE, _FIGURE_HELP, "trên 6.770", measure=measure.value
            )
        )
        if measure in MEASURES_OF_PERSONS:
            columns += [
                Column(
                    f"{part}.{measure.value}",
                    "",
                    Shape.WHOLE,
                    _PART_HELP,
                    "120",
                    12,
                    False,
                    measure.value,
                    part,
                )
                for part in PARTS
            ]
    columns += [
        Column(f"cost.{source.value}", "", Shape.WHOLE, _COST_HELP, "12.500.000", source=source.value)
        for source in Funding
    ]
    return tuple(columns)


@dataclass(frozen=True)
class Layout:
    """A sheet of one kind, in one version, with its columns in order."""

    kind: str
    version: int
    columns: tuple[Column, ...]

    @property
    def mark(self) -> str:
        """What stands in the first cell."""
        return f"{self.kind}/{self.version}"

    @property
    def by_key(self) -> Mapping[str, Column]:
        return {column.key: column for column in self.columns}

    @property
    def required(self) -> list[str]:
        return [column.key for column in self.columns if column.is_required]


def faults_column() -> Column:
    """The column of a sheet that is given back: what is wrong in each row."""
    return Column(
        FAULTS,
        gettext_noop("Fault"),
        Shape.NOTE,
        gettext_noop("What must be corrected. The portal does not read this column."),
        width=50,
    )


COLUMNS = _columns()
BY_KEY = {column.key: column for column in COLUMNS}
#: The sheet of activities.
ACTIVITY_SHEET = Layout("pcmbn-activities", 1, COLUMNS)
REQUIRED = tuple(ACTIVITY_SHEET.required)


def title_of(key: str) -> str:
    """What the column of a key is called in the reader's language."""
    return BY_KEY[key].title if key in BY_KEY else key
