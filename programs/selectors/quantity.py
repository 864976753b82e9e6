"""Quantities as figures: from columns and back, printed, and summed by the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import BitOr
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, JSONObject, Round
from django.utils.translation import get_language

from programs.models import ActivityQuantity, Measure
from territory.figure import (
    Figure,
    Qualifier,
    Total,
    TotalFlags,
    print_figure_en,
    print_figure_vi,
    print_number_en,
    print_number_vi,
)
from territory.figure_columns import FigureColumns

#: The columns of ActivityQuantity that hold its figure.
FIGURE_COLUMNS = ("low", "high", "qualifier", "word", "words")
PARTS = ("women", "children", "ethnic_minority")


@dataclass(frozen=True)
class Quantity:
    """What was counted and how much, with the parts that were told apart (of persons and attendances)."""

    measure: str
    figure: Figure
    women: int | None = None
    children: int | None = None
    ethnic_minority: int | None = None

    @classmethod
    def from_columns(cls, row: Mapping[str, Any]) -> "Quantity":
        """The quantity a row of ActivityQuantity holds; numbers may be Decimal or text."""
        figure = Figure(
            _decimal(row["low"]),
            _decimal(row["high"]),
            Qualifier(row["qualifier"]),
            row["words"] or None,
            row["word"] or None,
        )
        return cls(row["measure"], figure, *(row.get(part) for part in PARTS))

    @classmethod
    def of(cls, row: ActivityQuantity) -> "Quantity":
        return cls.from_columns(
            {name: getattr(row, name) for name in ("measure", *FIGURE_COLUMNS, *PARTS)},
        )

    def as_columns(self) -> dict[str, Any]:
        """The columns of ActivityQuantity besides its activity."""
        return {
            "measure": str(self.measure),
            **FigureColumns.columns(self.figure),
            **{part: getattr(self, part) for part in PARTS},
        }

    @property
    def unit(self) -> str:
        return str(Measure(self.measure).label)

    @property
    def bound(self) -> Decimal | None:
        """What no part may exceed: the upper bound, else the lower; None where words set no bound."""
        return self.figure.low if self.figure.high is None else self.figure.high

    def __str__(self) -> str:
        """As reported, with its unit: "trên 6.770 người"."""
        return print_figure(self.figure, self.unit)


def print_figure(figure: Figure, unit: str | None = None) -> str:
    """A figure in the reader's language, as it was reported."""
    if (get_language() or "vi").startswith("en"):
        return print_figure_en(figure, unit)
    return print_figure_vi(figure, unit=unit)


def print_number(value: Decimal | int) -> str:
    """A number in the reader's language."""
    return print_number_en(value) if (get_language() or "vi").startswith("en") else print_number_vi(value)


def _decimal(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def quantities_subquery() -> ArraySubquery:
    """The quantities of each activity as an array of JSON, to be read with ``Quantity.from_columns``."""
    columns: dict[str, Any] = {name: F(name) for name in ("measure", "qualifier", "word", "words", *PARTS)}
    columns |= {name: Cast(name, TextField()) for name in ("low", "high")}
    rows = ActivityQuantity.objects.filter(activity=OuterRef("pk")).order_by("id")
    return ArraySubquery(rows.values(row=JSONObject(**columns)))


# One row's share of a Total, column by column; the same rules as territory.figure.Total.of.
_LOW = Coalesce(F("low"), Decimal(0))
_HIGH = Coalesce(F("high"), F("low"), Decimal(0))
# The middle of a range has the three decimal places of a figure, as in the view of the roll-up.
_MIDDLE = Round((_LOW + _HIGH) / Decimal(2), precision=3)
_NOMINAL = Case(When(qualifier=Qualifier.NEARLY, then=_HIGH), default=_MIDDLE)


def _flag(flags: int) -> Value:
    return Value(int(flags), output_field=IntegerField())


_FLAGS = Case(
    When(qualifier=Qualifier.ABOUT, then=_flag(TotalFlags.ABOUT)),
    When(qualifier=Qualifier.OVER, word="trên", then=_flag(TotalFlags.OPEN_ABOVE | TotalFlags.SAID_TREN)),
    When(qualifier=Qualifier.OVER, then=_flag(TotalFlags.OPEN_ABOVE | TotalFlags.SAID_HON)),
    When(qualifier=Qualifier.NEARLY, then=_flag(TotalFlags.OPEN_BELOW)),
    When(qualifier=Qualifier.RANGE, then=_flag(TotalFlags.SPREAD)),
    When(qualifier=Qualifier.WORDS, high=None, then=_flag(TotalFlags.IN_WORDS | TotalFlags.OPEN_ABOVE)),
    When(
        Q(qualifier=Qualifier.WORDS) & (Q(low=None, high__gt=0) | Q(low__lt=F("high"))),
        then=_flag(TotalFlags.IN_WORDS | TotalFlags.SPREAD),
    ),
    When(qualifier=Qualifier.WORDS, then=_flag(TotalFlags.IN_WORDS)),
    default=_flag(TotalFlags.NONE),
)
_IS_SOMETHING = ~Q(qualifier=Qualifier.EXACT) | Q(high__gt=0)

#: Aggregates over ActivityQuantity that together make a Total.
TOTAL_AGGREGATES: dict[str, Any] = {
    "parts": Count("id"),
    "least": Sum(_LOW),
    "most": Sum(_HIGH),
    "nominal": Sum(_NOMINAL),
    "flags": BitOr(_FLAGS),
    "something": Count("id", filter=_IS_SOMETHING),
    "said": Max("words"),
}


def total_of(row: Mapping[str, Any]) -> Total:
    """The Total that a row of ``TOTAL_AGGREGATES`` stands for: as qualified as its parts."""
    # Words are printed only while every other part is an exact zero.
    words = row["said"] if row["something"] == 1 and row["said"] else None
    return Total.from_columns(
        low=row["least"],
        high=row["most"],
        nominal=row["nominal"],
        flags=row["flags"],
        words=words,
        parts=row["parts"],
    )


def sums_by_measure(quantities: "QuerySet[ActivityQuantity]") -> Any:
    """One row a measure with the columns of ``TOTAL_AGGREGATES``."""
    return quantities.order_by().values("measure").annotate(**TOTAL_AGGREGATES)
