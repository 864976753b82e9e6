"""The way of a case through its stages, and a whole divided into parts."""

from __future__ import annotations

from decimal import Decimal

from reporting.charts.ink import (
    BLUE,
    GRID,
    INK,
    LINE,
    PAPER,
    SERIES,
    SIZE,
    SMALL,
    SOFT,
    Sheet,
    number,
    width_of,
    wrap,
)
from reporting.charts.legend import HATCHED, draw_legend, draw_nothing, what_is_marked
from reporting.charts.model import Chart, Value, Words
from reporting.charts.reading import percents

TALL = 110.0


def draw_pipeline(sheet: Sheet, chart: Chart, words: Words) -> None:
    """Stages from left to right, each as high as its number, with the days from one to the next between them."""
    top = draw_legend(sheet, what_is_marked(chart, words))
    counts = chart.series[0].values
    days = chart.series[1].values if len(chart.series) > 1 else ()
    known = [value.number for value in counts if value.number is not None]
    largest = max(known, default=Decimal(0)) or Decimal(1)
    pitch = sheet.width / len(counts)
    bar = pitch * 0.5
    printed = [wrap(value.printed or words.missing, pitch - 6, SIZE) for value in counts]
    above = max(len(lines) for lines in printed) * SIZE * LINE
    middle = top + above + 8 + TALL / 2
    heights = [TALL * float((value.number or 0) / largest) for value in counts]
    for at in range(len(counts) - 1):
        if counts[at].number is None or counts[at + 1].number is None:
            continue
        x1, x2 = at * pitch + (pitch + bar) / 2, (at + 1) * pitch + (pitch - bar) / 2
        h1, h2 = max(heights[at], 2) / 2, max(heights[at + 1], 2) / 2
        points = ((x1, middle - h1), (x2, middle - h2), (x2, middle + h2), (x1, middle + h1))
        sheet.add("polygon", points=" ".join(f"{number(x)},{number(y)}" for x, y in points), fill="#e6e6e6")
    for at, (value, lines) in enumerate(zip(counts, printed, strict=True)):
        x = at * pitch + (pitch - bar) / 2
        centre = at * pitch + pitch / 2
        if value.is_silent:
            draw_nothing(sheet, x, middle - 20, bar, 40, value)
            highest = middle - 20
        elif value.number:
            sheet.box(
                x,
                middle - heights[at] / 2,
                bar,
                max(heights[at], 2),
                (BLUE, "full"),
                broken=value.is_qualified,
            )
            highest = middle - heights[at] / 2
        else:
            sheet.line(x, middle, x + bar, middle, stroke=INK, width=3)
            highest = middle
        sheet.lines(
            lines, centre, highest - 6 - (len(lines) - 1) * SIZE * LINE, anchor="middle",
            fill=SOFT if value.is_silent else INK,
        )  # fmt: skip
    y = middle + TALL / 2 + 16
    names = [wrap(category.label, pitch - 8, SMALL) for category in chart.categories]
    for at, lines in enumerate(names):
        sheet.lines(lines, at * pitch + pitch / 2, y, size=SMALL, anchor="middle")
    y += max(len(lines) for lines in names) * SMALL * LINE + 6
    if days:
        y = _draw_days(sheet, chart, y, pitch, words)
    sheet.reach(y)


def _draw_days(sheet: Sheet, chart: Chart, y: float, pitch: float, words: Words) -> float:
    """The second series: how long each stage took, under its name."""
    series = chart.series[1]
    sheet.line(0, y, sheet.width, y)
    sheet.text(f"{series.name}:", 0, y + 14, size=SMALL, fill=SOFT)
    y += 28
    tallest = 1
    for at, value in enumerate(series.values):
        lines = wrap(value.printed or words.missing, pitch - 8, SMALL)
        tallest = max(tallest, len(lines))
        sheet.lines(
            lines,
            at * pitch + pitch / 2,
            y,
            size=SMALL,
            anchor="middle",
            fill=SOFT if value.is_silent else INK,
        )
    return y + tallest * SMALL * LINE


def draw_shares(sheet: Sheet, chart: Chart, words: Words) -> None:
    """One bar a series, divided into its parts; below it every part with its value and share."""
    y = draw_legend(sheet, what_is_marked(chart, words))
    for one in chart.series:
        if one.name:
            sheet.text(one.name, 0, y + 12, bold=True)
            y += 18
        total = sum((value.number for value in one.values if value.number is not None), Decimal(0))
        x = 0.0
        if not total:
            sheet.add("rect", x=0.5, y=y, width=sheet.width - 1, height=24.0, fill=PAPER, stroke=GRID)
        for at, value in enumerate(one.values):
            if value.number is None or not total:
                continue
            length = sheet.width * float(value.number / total)
            if length:
                sheet.box(x, y, length, 24, SERIES[at], broken=value.is_qualified)
            x += length
        y = _draw_parts(sheet, chart, one.values, percents(one, words), y + 32, words) + 12
    sheet.reach(y - 8)


def _draw_parts(
    sheet: Sheet, chart: Chart, values: tuple[Value, ...], shares: list[str], y: float, words: Words
) -> float:
    """The parts in two columns: swatch, name, printed value and share."""
    entries = []
    for category, value, share in zip(chart.categories, values, shares, strict=True):
        tail = value.printed or words.missing
        entries.append(f"{category.label}: {tail}" + ("" if share == "–" else f" ({share})"))
    columns = 2 if len(entries) > 2 and max(width_of(entry, SMALL) for entry in entries) < 250 else 1
    rows = -(-len(entries) // columns)
    column = sheet.width / columns
    heights = [0.0] * columns
    for at, entry in enumerate(entries):
        place = at // rows
        lines = wrap(entry, column - 30, SMALL)
        look = HATCHED if values[at].is_silent else SERIES[at]
        sheet.box(place * column, y + heights[place], 18, 11, look, broken=values[at].is_qualified)
        sheet.lines(lines, place * column + 24, y + heights[place] + 9.5, size=SMALL)
        heights[place] += len(lines) * SMALL * LINE + 5
    return y + max(heights)
