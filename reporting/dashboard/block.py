"""A block of a dashboard: a chart where there is something to draw, and the table of what it shows."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from reporting.charts import Category, Chart, Series, draw
from reporting.dashboard.asked import Asked
from reporting.dashboard.wording import chart_words, printed_cell, short_value, unit_of, value
from reporting.figures import Answer
from reporting.templatetags.humane import period_name
from territory.figure import Cell, Qualifier, Status
from territory.period import Period

_SHAPES = {
    Status.MISSING: "missing",
    Status.NOT_DUE: "not_due",
    Status.CONFIRMED_NIL: "nil",
    Status.NOT_COMPARABLE: "not_comparable",
}


@dataclass(frozen=True)
class Entry:
    """One cell: its words, where they lead, and the number where it is exactly known.

    ``shape`` is a badge's; ``letter`` stands for the words where there is no room.
    """

    text: str
    url: str = ""
    number: Decimal | None = None
    shape: str = ""
    letter: str = ""
    is_figure: bool = False

    @property
    def is_of_numbers(self) -> bool:
        """Whether it stands in a column of numbers, even where it says in words why there is none."""
        return self.number is not None or self.is_figure

    @classmethod
    def of(cls, found: Answer, url: str, *, with_unit: bool = False) -> "Entry":
        return cls.of_cell(found.cell, url, unit=unit_of(found.indicator) if with_unit else "")

    @classmethod
    def of_cell(cls, cell: Cell, url: str = "", *, unit: str = "") -> "Entry":
        is_exact = cell.figure is not None and cell.figure.qualifier is Qualifier.EXACT
        number = cell.figure.low if cell.figure is not None and is_exact else None
        return cls(printed_cell(cell, unit), url, number, _SHAPES.get(cell.status, ""), is_figure=True)

    @property
    def written(self) -> str:
        """What stands in the cell of a page, escaped."""
        text, url, shape = escape(self.text), escape(self.url), escape(self.shape)
        if self.letter:
            shown = f'<span aria-hidden="true">{escape(self.letter)}</span><span class="visually-hidden">{text}</span>'
            name, link = ("a", f' href="{url}"') if url else ("span", "")
            return f'<{name} class="heat" data-state="{shape}"{link} title="{text}">{shown}</{name}>'
        if url:
            return f'<a href="{url}">{text}</a>'
        if shape in ("up", "down"):
            return f'<span class="dash-move" data-direction="{shape}">{text}</span>'
        return text


_NUMBERS = ' class="num"'


@dataclass(frozen=True)
class Block:
    """``is_table`` where the table itself is what is looked at; else it stands behind the chart."""

    code: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Entry]]
    chart: Chart | None = None
    note: str = ""
    is_table: bool = False
    empty: str = ""
    links: Sequence[Entry] = field(default_factory=tuple)

    @property
    def headed(self) -> list[tuple[str, bool]]:
        """The columns, each with whether it is one of numbers."""
        return [
            (column, place > 0 and any(row[place].is_of_numbers for row in self.rows))
            for place, column in enumerate(self.columns)
        ]

    @property
    def written(self) -> SafeString:
        """Head and rows of the table of a page: a template for each of a thousand cells takes longer than all else."""
        pin = ' class="pin"' if self.code == "compliance" else ""
        heads = [
            f'<th scope="col"{pin if not place else _NUMBERS if is_of_numbers else ""}>{escape(column)}</th>'
            for place, (column, is_of_numbers) in enumerate(self.headed)
        ]
        rows = [
            f'<tr><th scope="row"{pin}>{first.written}</th>'
            + "".join(f"<td{_NUMBERS if each.is_of_numbers else ''}>{each.written}</td>" for each in rest)
            + "</tr>\n  "
            for first, *rest in self.rows
        ]
        body = f"<thead><tr>{''.join(heads)}</tr></thead>\n  <tbody>{''.join(rows)}</tbody>"
        return mark_safe(body)  # noqa: S308 - all is escaped

    @property
    def filled(self) -> "Block":
        """The same without columns that say nothing in any row."""
        kept = [place for place in range(len(self.columns)) if any(row[place].text for row in self.rows)]
        return replace(
            self,
            columns=[self.columns[place] for place in kept],
            rows=[[row[place] for place in kept] for row in self.rows],
        )

    @property
    def picture(self) -> SafeString:
        """The chart for a page. Every text in it was escaped when it was drawn."""
        return mark_safe(draw(self.chart, chart_words())) if self.chart else mark_safe("")  # noqa: S308

    @property
    def printed_picture(self) -> SafeString:
        """The chart for paper."""
        drawn = draw(self.chart, chart_words(), for_print=True) if self.chart else ""
        return mark_safe(drawn)  # noqa: S308 - as above


def span_of(periods: Sequence[Period]) -> str:
    """The periods of a line over time in words."""
    first, last = period_name(periods[0].code), period_name(periods[-1].code)
    return first if first == last else f"{first} – {last}"


def drawn(
    asked: Asked,
    kind: str,
    title: str,
    unit: str,
    categories: Sequence[Category],
    series: Sequence[tuple[str, Sequence[Answer]]],
    *,
    period: str = "",
) -> Chart | None:
    """A chart of answers; None where none of them holds a number above nil."""
    draws = short_value if kind == "trend" else value
    found = [Series(name, tuple(draws(each) for each in answers)) for name, answers in series]
    if not categories or not any(each.number for one in found for each in one.values):
        return None
    return Chart(
        kind=kind,
        title=f"{title}: {asked.area.name}",
        unit=unit,
        period=period or period_name(asked.period.code),
        source=_("records and reports of units"),
        categories=tuple(categories),
        series=tuple(found),
    )
