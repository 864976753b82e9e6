"""Bars beside each other, and bars in their rank."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reporting.charts.ink import INK, LINE, SERIES, SIZE, SMALL, SOFT, Sheet, width_of, wrap
from reporting.charts.legend import draw_legend, draw_nothing, what_is_marked
from reporting.charts.model import Category, Chart, Series, Value, Words

NAMES = 168.0
BAR = 13.0
GAP = 9.0


def draw_bars(sheet: Sheet, chart: Chart, words: Words) -> None:
    """A group for each category: its name at the left, a bar for each series, the printed value at its end."""
    many = len(chart.series) > 1
    entries = [(one.name, SERIES[at]) for at, one in enumerate(chart.series)] if many else []
    top = draw_legend(sheet, [*entries, *what_is_marked(chart, words)])
    labels = [wrap(category.label, NAMES - 8, SIZE) for category in chart.categories]
    values = [[one.values[at] for one in chart.series] for at in range(len(chart.categories))]
    _draw_groups(sheet, top, labels, values, words)


def draw_ranking(sheet: Sheet, chart: Chart, words: Words) -> None:
    """One series, the longest bar first; places without a value stand last, without a rank."""
    ordered = ranked(chart)
    top = draw_legend(sheet, what_is_marked(chart, words))
    labels, values, rank, before = [], [], 0, None
    for at, (category, value) in enumerate(ordered, start=1):
        if value.number is None:
            labels.append(wrap(f"– {category.label}", NAMES - 8, SIZE))
        else:
            rank = rank if value.number == before else at
            before = value.number
            labels.append(wrap(f"{rank}. {category.label}", NAMES - 8, SIZE))
        values.append([value])
    _draw_groups(sheet, top, labels, values, words)


def ranked(chart: Chart) -> list[tuple[Category, Value]]:
    """The categories with their values, the largest first, in their given order where equal."""
    pairs = list(zip(chart.categories, chart.series[0].values, strict=True))
    return sorted(pairs, key=lambda pair: Decimal(1) if pair[1].number is None else -pair[1].number)


def as_ranked(chart: Chart) -> Chart:
    """The chart with its categories in the order in which a ranking shows them."""
    pairs = ranked(chart)
    only = chart.series[0]
    return replace(
        chart,
        categories=tuple(category for category, _ in pairs),
        series=(Series(only.name, tuple(value for _, value in pairs)),),
    )


def _draw_groups(
    sheet: Sheet, top: float, labels: list[list[str]], values: list[list[Value]], words: Words
) -> None:
    known = [value.number for group in values for value in group if value.number is not None]
    largest = max(known, default=Decimal(0)) or Decimal(1)
    printed = max((width_of(_beside(value, words)) for group in values for value in group), default=0.0)
    room = sheet.width - NAMES - min(printed, 230.0) - 14
    y = top + 4
    for lines, group in zip(labels, values, strict=True):
        bars = len(group) * (BAR + 2)
        height = max(bars, len(lines) * SIZE * LINE)
        sheet.lines(lines, 0, y + (height - len(lines) * SIZE * LINE) / 2 + SIZE)
        at = y + (height - bars) / 2 + 1
        for series, value in enumerate(group):
            _draw_bar(
                sheet, at, value, SERIES[series], float(room) * float((value.number or 0) / largest), words
            )
            at += BAR + 2
        y += height + GAP
    sheet.line(NAMES, top, NAMES, y - GAP / 2, stroke=SOFT)
    sheet.reach(y)


def _draw_bar(
    sheet: Sheet, y: float, value: Value, look: tuple[str, str], length: float, words: Words
) -> None:
    if value.is_silent:
        draw_nothing(sheet, NAMES, y, 26, BAR, value)
        sheet.text(_beside(value, words), NAMES + 32, y + BAR - 2.5, size=SMALL, fill=SOFT, italic=True)
        return
    if value.number:
        sheet.box(NAMES, y, length, BAR, look, broken=value.is_qualified)
    else:
        sheet.line(NAMES, y, NAMES, y + BAR, stroke=INK, width=3)
        length = 2.0
    sheet.text(_beside(value, words), NAMES + length + 6, y + BAR - 2, size=SIZE)


def _beside(value: Value, words: Words) -> str:
    return value.printed or words.missing
