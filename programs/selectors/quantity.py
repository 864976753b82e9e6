"""Quantities as figures: from columns and back, printed, and summed by the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Sum, TextField, When
from django.db.models.functions import Cast
from django.utils.translation import get_language

from accounts.arrays import JSONRows
from programs.models import Activity, ActivityQuantity, Measure
from territory.figure import (
    Figure,
    Qualifier,
    Total,
    print_figure_en,
    print_figure_vi,
    print_number_en,
    print_number_vi,
)
from territory.figure.value import SMALLEST_STEP
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


#: The quantities of each activity as an array of JSON, to be read with ``Quantity.from_columns``.
QUANTITY_ROWS = JSONRows(
    Activity,
    ActivityQuantity.objects.filter(activity=OuterRef("pk")).order_by("id"),
    **{name: F(name) for name in ("measure", "qualifier", "word", "words", *PARTS)},
    **{name: Cast(name, TextField()) for name in ("low", "high")},
)


_IS_IN_WORDS = Q(qualifier=Qualifier.WORDS)


def _of_words(column: str) -> Case:
    """The column of figures in words, so that each wording is a group of its own; null for all others."""
    return Case(When(_IS_IN_WORDS, then=F(column)))


def sums_by_measure(quantities: "QuerySet[ActivityQuantity]") -> dict[str, Total]:
    """The total of each measure, as qualified as its parts. One query.

    The database adds up figures of the same qualifier, which costs it little; the few sums are joined here, by the
    rules of ``Total``.
    """
    rows = (
        quantities.order_by()
        .values("measure", "qualifier", "word")
        .annotate(said=_of_words("words"), said_low=_of_words("low"), said_high=_of_words("high"))
        .annotate(parts=Count("id"), lows=Sum("low"), highs=Sum("high"))
    )
    totals: dict[str, Total] = {}
    for row in rows:
        measure = row["measure"]
        totals[measure] = totals.get(measure, Total.empty()) + _total_of_group(row)
    return totals


def _total_of_group(row: Mapping[str, Any]) -> Total:
    """The total of figures that are alike in qualifier and word, and of those in words in their bounds as well."""
    parts, qualifier = row["parts"], Qualifier(row["qualifier"])
    if qualifier is Qualifier.WORDS:
        one = Total.of(Figure(row["said_low"], row["said_high"], qualifier, row["said"], None))
        columns = one.as_columns()
        low, high, nominal = (columns["low"] * parts, columns["high"] * parts, columns["nominal"] * parts)
        return Total(low, high, nominal, one.flags, one.words if parts == 1 else None, parts)
    low = row["lows"] or Decimal(0)
    high = low if row["highs"] is None else row["highs"]
    # The middle of a range has the three decimal places of a figure.
    nominal = high if qualifier is Qualifier.NEARLY else ((low + high) / 2).quantize(SMALLEST_STEP)
    # One figure of the kind says which flags its sum has; the bounds of 1 and 2 fit every qualifier.
    sample = {
        Qualifier.EXACT: Figure.exact(Decimal(1)),
        Qualifier.ABOUT: Figure.about(Decimal(1)),
        Qualifier.OVER: Figure.over(Decimal(1), row["word"] or None),
        Qualifier.NEARLY: Figure.nearly(Decimal(1)),
        Qualifier.RANGE: Figure.between(Decimal(1), Decimal(2)),
    }[qualifier]
    return Total(low, high, nominal, Total.of(sample).flags, None, parts)
