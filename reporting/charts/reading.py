"""A chart in words and as a table: for those who do not see it, and for those who want the numbers."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from reporting.charts.bars import as_ranked
from reporting.charts.model import STATES, VI, Chart, Series, Value, Words

#: Values told one by one in the alternative text; what is beyond is told by the table.
MOST_TOLD = 120


class Tabulated(NamedTuple):
    """A table of a chart's values: the first cell of a row names it."""

    columns: list[str]
    rows: list[list[str]]


def said(value: Value, words: Words = VI) -> str:
    """What a value says in a cell: its printed words, or its state."""
    if value.state:
        _, vietnamese, english, _ = STATES[value.state]
        name = english if words.language == "en" else vietnamese
        return f"{name}: {value.printed}" if value.printed else name
    return value.printed or words.missing


def tabulate(chart: Chart, words: Words = VI) -> Tabulated:
    """The values of a chart: categories down and series across; a heat map as it lies."""
    if chart.kind == "ranking":
        chart = as_ranked(chart)
    if chart.kind == "heat":
        return Tabulated(
            [words.item, *(category.label for category in chart.categories)],
            [[one.name, *(said(value, words) for value in one.values)] for one in chart.series],
        )
    columns = [words.item, *(one.name or chart.unit for one in chart.series)]
    rows = [
        [category.label, *(said(one.values[at], words) for one in chart.series)]
        for at, category in enumerate(chart.categories)
    ]
    if chart.kind == "shares":
        told = [percents(one, words) for one in chart.series]
        columns = [words.item]
        for one in chart.series:
            columns += [one.name or chart.unit, words.share]
        rows = [
            [
                category.label,
                *(
                    cell
                    for one, share in zip(chart.series, told, strict=True)
                    for cell in (said(one.values[at], words), share[at])
                ),
            ]
            for at, category in enumerate(chart.categories)
        ]
    return Tabulated(columns, rows)


def percents(series: Series, words: Words = VI) -> list[str]:
    """Each value's share of the sum of those that are known; "–" where there is none."""
    total = sum((value.number for value in series.values if value.number is not None), Decimal(0))
    is_rough = any(value.is_qualified or value.is_silent for value in series.values)
    found = []
    for value in series.values:
        if value.number is None or not total:
            found.append("–")
            continue
        share = f"{words.number(100 * value.number / total, 1)}%"
        found.append(f"{words.about} {share}" if is_rough else share)
    return found


def describe(chart: Chart, words: Words = VI) -> str:
    """The alternative text: what the chart is about, and its values in words."""
    head = f"{chart.title}. {chart.period}."
    if chart.unit:
        head += f" {words.unit}: {chart.unit}."
    if chart.alt:
        return f"{head} {chart.alt}"
    columns, rows = tabulate(chart, words)
    told = []
    room = MOST_TOLD
    for row in rows:
        cells = list(zip(columns[1:], row[1:], strict=True))
        if len(cells) == 1:
            told.append(f"{row[0]}: {cells[0][1]}")
        else:
            told.append(
                f"{row[0]} – " + ", ".join(f"{name}: {cell}" if name else cell for name, cell in cells)
            )
        room -= len(cells)
        if room <= 0:
            told.append("…")
            break
    return f"{head} {'; '.join(told)}."


def split(chart: Chart, rows: int = 26) -> list[Chart]:
    """A tall heat map as several that each fit a page; any other chart as it is."""
    if chart.kind != "heat" or len(chart.series) <= rows:
        return [chart]
    return [replace(chart, series=chart.series[at : at + rows]) for at in range(0, len(chart.series), rows)]
