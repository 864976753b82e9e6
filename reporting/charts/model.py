"""What a chart shows: categories, series of values, and the words that stand where there is no value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from territory.figure import (
    Cell,
    Qualifier,
    Status,
    print_figure_vi,
    print_number_en,
    print_number_vi,
    print_status_vi,
)

#: Each kind and what it asks of its categories and series.
KINDS: Mapping[str, str] = {
    "bars": "a group of bars for each category, one bar a series; the second series is the same period before",
    "trend": "a line for each series over the categories, which are in the order of time",
    "pipeline": "stages from the tip to the verdict; a second series holds the days each stage took",
    "shares": "one bar a series, divided into its categories",
    "spark": "one small line without axes, its last value named",
    "heat": "a grid: series are rows, categories are columns; each value has a state or a number",
    "map": "a tile for each category, placed by its latitude and longitude",
    "ranking": "bars of one series, the longest first, those without a value last",
}

#: What a cell of a heat map can be about a filing: its letter, its name, and the look it is drawn with.
STATES: Mapping[str, tuple[str, str, str, str]] = {
    "accepted": ("Đ", "đã duyệt, đúng hạn", "accepted, on time", "full"),
    "accepted_late": ("T", "đã duyệt, trễ hạn", "accepted, late", "rising"),
    "submitted": ("G", "đã gửi, chờ duyệt", "submitted", "dots"),
    "returned": ("L", "bị trả lại", "returned", "crossed"),
    "draft": ("N", "đang nhập", "draft", "lines"),
    "nil": ("K", "xác nhận không phát sinh", "nil confirmed", "tint"),
    "missing": ("C", "chưa báo cáo", "missing", "hatched"),
    "not_due": ("–", "chưa đến hạn", "not due", "empty"),
    "excused": ("M", "được miễn", "excused", "falling"),
}

#: Statuses of a value that has no number of its own to draw.
SILENT = frozenset({Status.MISSING, Status.NOT_DUE, Status.SUPPRESSED})

MOST_CATEGORIES = {"trend": 40, "pipeline": 10, "shares": 12, "spark": 60, "heat": 24}
MOST_SERIES = {
    "bars": 3, "trend": 4, "pipeline": 2, "shares": 12, "spark": 1, "heat": 800, "map": 1, "ranking": 1,
}  # fmt: skip
MOST_ROWS = 100


class ChartError(ValueError):
    """The chart cannot be drawn; the message says what does not fit."""


@dataclass(frozen=True)
class Words:
    """The words of a chart that are not its data, in one language, and how it writes a number of an axis."""

    missing: str
    not_due: str
    suppressed: str
    not_comparable: str
    qualified: str
    unit: str
    source: str
    item: str
    share: str
    about: str
    number: Callable[..., str]
    language: str


VI = Words(
    missing="chưa có số liệu",
    not_due="chưa đến hạn",
    suppressed="không công bố",
    not_comparable="không so sánh được",
    qualified="số liệu ước lượng, không chính xác đến đơn vị",
    unit="Đơn vị tính",
    source="Nguồn",
    item="Nội dung",
    share="Tỷ lệ",
    about="khoảng",
    number=print_number_vi,
    language="vi",
)
EN = Words(
    missing="no data",
    not_due="not due",
    suppressed="not published",
    not_comparable="not comparable",
    qualified="not an exact number",
    unit="Unit",
    source="Source",
    item="Item",
    share="Share",
    about="about",
    number=print_number_en,
    language="en",
)


@dataclass(frozen=True)
class Value:
    """One value: the number that is drawn, the words that are printed beside it, and what is known of it.

    `number` is None where there is none to draw; then `printed` says why ("chưa báo cáo"). A figure in words
    ("hàng trăm") is reported and has no number: its words stand beside an empty box. A qualified value is drawn
    by its nominal number with a broken edge. `state` is for heat maps: one of STATES.
    """

    number: Decimal | None
    printed: str
    status: Status = Status.REPORTED
    qualifier: Qualifier = Qualifier.EXACT
    state: str = ""

    def __post_init__(self) -> None:
        if self.status in SILENT and self.number is not None:
            raise ChartError(f"A value that is {self.status} has no number to draw.")
        if self.number is not None and (not self.number.is_finite() or self.number < 0):
            raise ChartError("Only finite numbers from zero up are drawn.")
        if self.state and self.state not in STATES:
            raise ChartError(f"The state must be one of {', '.join(STATES)}.")

    @classmethod
    def of(cls, cell: Cell, *, unit: str | None = None, nil: str = "chưa phát hiện") -> Value:
        """What a table shows of a cell, ready to be drawn. Without a `unit` only the number is printed."""
        if cell.figure is None:
            number = Decimal(0) if cell.status is Status.CONFIRMED_NIL else None
            return cls(number, print_status_vi(cell.status, nil), cell.status)
        figure = cell.figure
        printed = print_figure_vi(figure, unit=unit)
        if cell.status is Status.CONFIRMED_NIL:
            printed = print_status_vi(cell.status, nil)
        return cls(figure.nominal, printed, cell.status, figure.qualifier)

    @property
    def is_silent(self) -> bool:
        """Whether there is nothing to draw."""
        return self.number is None

    @property
    def is_in_words(self) -> bool:
        """Whether something was reported that no number can show."""
        return self.number is None and self.status is Status.REPORTED

    @property
    def is_qualified(self) -> bool:
        """Whether the number drawn is not exactly what happened."""
        return self.qualifier is not Qualifier.EXACT


@dataclass(frozen=True)
class Category:
    """One thing the values are about: a unit, a stage, a year. Places of a map carry their position in degrees."""

    label: str
    latitude: Decimal | None = None
    longitude: Decimal | None = None


@dataclass(frozen=True)
class Series:
    """Values of one name, one for each category."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Chart:
    """A chart with everything that must stand beside it. See KINDS for what each kind asks.

    `unit` is the unit of counting, never mixed within a chart except in a pipeline, whose printed values
    carry their own units. `alt` replaces the alternative text that `describe` makes of the values.
    Raises ChartError.
    """

    kind: str
    title: str
    unit: str
    period: str
    source: str
    categories: tuple[Category, ...]
    series: tuple[Series, ...]
    alt: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ChartError(f"The kind must be one of {', '.join(KINDS)}.")
        if not self.title.strip():
            raise ChartError("A chart has a title.")
        if not self.categories or not self.series:
            raise ChartError("A chart has at least one category and one series.")
        if len(self.categories) > MOST_CATEGORIES.get(self.kind, MOST_ROWS):
            raise ChartError(f"A chart of the kind {self.kind} has too many categories to be read.")
        if len(self.series) > MOST_SERIES[self.kind]:
            raise ChartError(f"A chart of the kind {self.kind} has too many series to be read.")
        for series in self.series:
            if len(series.values) != len(self.categories):
                raise ChartError(
                    f"The series {series.name} holds {len(series.values)} values"
                    f" for {len(self.categories)} categories."
                )
        if self.kind == "map":
            for category in self.categories:
                if category.latitude is None or category.longitude is None:
                    raise ChartError(f"{category.label} has no position on the map.")

    @classmethod
    def of_block(cls, block: Mapping[str, Any]) -> Chart:
        """The chart that a report's snapshot keeps as plain JSON. Raises ChartError."""
        return cls(
            kind=block["kind"],
            title=block["title"],
            unit=block["unit"],
            period=block["period"],
            source=block["source"],
            categories=tuple(
                Category(one["label"], _decimal(one.get("latitude")), _decimal(one.get("longitude")))
                for one in block["categories"]
            ),
            series=tuple(
                Series(
                    one["name"],
                    tuple(
                        Value(
                            _decimal(value["number"]),
                            value["printed"],
                            Status(value["status"]),
                            Qualifier(value.get("qualifier") or "exact"),
                            value.get("state") or "",
                        )
                        for value in one["values"]
                    ),
                )
                for one in block["series"]
            ),
            alt=block["alt"],
        )

    def as_block(self) -> dict[str, Any]:
        """The chart as a block of a report's snapshot: plain JSON, numbers as text."""
        return {
            "type": "chart",
            "kind": self.kind,
            "title": self.title,
            "unit": self.unit,
            "period": self.period,
            "source": self.source,
            "categories": [
                {"label": one.label, "latitude": _text(one.latitude), "longitude": _text(one.longitude)}
                for one in self.categories
            ],
            "series": [
                {
                    "name": one.name,
                    "values": [
                        {
                            "number": _text(value.number),
                            "printed": value.printed,
                            "status": value.status.value,
                            "qualifier": value.qualifier.value,
                            "state": value.state,
                        }
                        for value in one.values
                    ],
                }
                for one in self.series
            ],
            "alt": self.alt,
        }


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _text(number: Decimal | None) -> str | None:
    return None if number is None else format(number, "f")
