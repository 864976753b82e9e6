"""Lines over time: the trend over a phase, and the small line beside a number."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_CEILING, Decimal

from reporting.charts.ink import (
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
from reporting.charts.model import Chart, Series, Words

HEIGHT = 190.0
DASHES = ("", "7 4", "2 3", "9 3 2 3")


def draw_trend(sheet: Sheet, chart: Chart, words: Words) -> None:
    """A line for each series, each with its own dash and mark, every value printed; a gap where there is none."""
    top = draw_legend(sheet, [(name, look) for name, look in what_is_marked(chart, words) if look == HATCHED])
    top = _draw_names(sheet, chart, top, words) + 20
    known = [value.number for one in chart.series for value in one.values if value.number is not None]
    ticks = _ticks(known)
    ceiling = ticks[-1]
    left = max(width_of(words.number(tick), SMALL) for tick in ticks) + 8
    # Room at both ends for a value printed over the first and the last mark.
    inner = left + 26
    reach = sheet.width - inner - 30
    gap = reach / max(len(chart.categories) - 1, 1)
    bottom = top + HEIGHT

    def height(value: Decimal) -> float:
        return bottom - HEIGHT * float(value / ceiling)

    for tick in ticks:
        sheet.line(left, height(tick), sheet.width, height(tick), stroke=SOFT if not tick else GRID)
        sheet.text(words.number(tick), left - 5, height(tick) + 3.5, size=SMALL, anchor="end", fill=SOFT)
    places = [
        inner + at * gap if len(chart.categories) > 1 else inner + reach / 2
        for at in range(len(chart.categories))
    ]
    lowest = _draw_times(sheet, chart, places, min(gap, 120.0) if len(places) > 1 else 120.0, bottom)
    for at, one in enumerate(chart.series):
        _draw_line(sheet, one, at, places, height, bottom)
    for where, place in enumerate(places):
        points = [
            (height(one.values[where].number or Decimal(0)), one.values[where].printed)
            for one in chart.series
            if not one.values[where].is_silent
        ]
        _draw_values(sheet, place, sorted(points), bottom)
    sheet.reach(lowest)


def draw_spark(sheet: Sheet, chart: Chart, words: Words) -> None:
    """A small line; only the last value is printed, the rest is in the table."""
    one = chart.series[0]
    known = [value.number for value in one.values if value.number is not None]
    largest = max(known, default=Decimal(0)) or Decimal(1)
    top, bottom = 6.0, 34.0
    reach = 96.0
    gap = reach / max(len(one.values) - 1, 1)
    places = [4 + at * gap for at in range(len(one.values))]
    sheet.line(2, bottom, reach + 6, bottom)

    def height(value: Decimal) -> float:
        return bottom - (bottom - top) * float(value / largest)

    _draw_line(sheet, one, 0, places, height, bottom, mark_last=True)
    last = one.values[-1]
    sheet.text(
        last.printed or words.missing,
        reach + 12,
        bottom - 8,
        size=SIZE,
        bold=not last.is_silent,
        italic=last.is_silent,
    )
    sheet.width = max(sheet.width, reach + 16 + width_of(last.printed or words.missing))
    sheet.reach(38)


def _draw_line(
    sheet: Sheet,
    one: Series,
    at: int,
    places: list[float],
    height: Callable[[Decimal], float],
    bottom: float,
    *,
    mark_last: bool = False,
) -> None:
    """A series: its runs of known values as lines, a hatched box where there is none, a mark at each value."""
    run: list[tuple[float, float]] = []
    runs = [run]
    for place, value in zip(places, one.values, strict=True):
        if value.number is None:
            run = []
            runs.append(run)
            draw_nothing(sheet, place - 5, bottom - 12 - at * 14, 10, 11, value)
            if value.is_in_words:
                sheet.text(value.printed, place + 8, bottom - 3 - at * 14, size=SMALL)
            continue
        run.append((place, height(value.number)))
    for points in runs:
        if len(points) > 1:
            _draw_stroke(sheet, at, "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points))
    last = len(one.values) - 1
    for where, (place, value) in enumerate(zip(places, one.values, strict=True)):
        if value.number is not None and (not mark_last or where == last):
            _draw_mark(sheet, at, place, height(value.number), hollow=value.is_qualified)


def _draw_mark(sheet: Sheet, at: int, x: float, y: float, *, hollow: bool = False) -> None:
    """A circle, square, triangle or diamond; hollow for a value that is not exact."""
    colour = SERIES[at][0]
    look: dict[str, str | float] = {
        "fill": "#ffffff" if hollow else colour,
        "stroke": colour,
        "stroke_width": 1.6,
    }
    if at == 0:
        sheet.add("circle", cx=x, cy=y, r=4.0, **look)
        return
    shapes = {
        1: ((-4, -4), (4, -4), (4, 4), (-4, 4)),
        2: ((0, -5), (5, 4), (-5, 4)),
        3: ((0, -5), (5, 0), (0, 5), (-5, 0)),
    }
    points = " ".join(f"{number(x + dx)},{number(y + dy)}" for dx, dy in shapes[at])
    sheet.add("polygon", points=points, **look)


def _draw_names(sheet: Sheet, chart: Chart, top: float, words: Words) -> float:
    """Each series by a piece of its line and its mark, and what a hollow mark means."""
    entries = [(one.name, at) for at, one in enumerate(chart.series)] if len(chart.series) > 1 else []
    if any(value.is_qualified for one in chart.series for value in one.values):
        entries.append((words.qualified, -1))
    x = 0.0
    for name, at in entries:
        needed = 36 + width_of(name, SMALL)
        if x and x + needed > sheet.width:
            x, top = 0.0, top + 18
        if at < 0:
            _draw_mark(sheet, 0, x + 14, top + 8, hollow=True)
        else:
            _draw_stroke(sheet, at, f"M{number(x)} {number(top + 8)}h28")
            _draw_mark(sheet, at, x + 14, top + 8)
        sheet.text(name, x + 34, top + 11.5, size=SMALL)
        x += needed + 16
    return top + 22 if entries else top


def _draw_stroke(sheet: Sheet, at: int, path: str) -> None:
    dash = {"stroke_dasharray": DASHES[at]} if DASHES[at] else {}
    sheet.add("path", d=path, fill="none", stroke=SERIES[at][0], stroke_width=2.2, **dash)


def _draw_times(sheet: Sheet, chart: Chart, places: list[float], room: float, bottom: float) -> float:
    """The categories below the axis; every second, third ... where they would touch. Returns the lowest line."""
    widest = max(
        max(width_of(word, SMALL) for word in category.label.split()) for category in chart.categories
    )
    every = max(1, -(-int(widest + 6) // max(int(room), 1)))
    lowest = bottom
    for at, (category, place) in enumerate(zip(chart.categories, places, strict=True)):
        if at % every:
            continue
        lines = wrap(category.label, room * every - 4, SMALL)
        sheet.lines(lines, place, bottom + 15, size=SMALL, anchor="middle", fill=INK)
        lowest = max(lowest, bottom + 15 + len(lines) * SMALL * LINE)
    return lowest


def _draw_values(sheet: Sheet, x: float, points: list[tuple[float, str]], bottom: float) -> None:
    """The printed values of one time, from the top down, each near its mark and clear of the others.

    A value that several lines share is printed once.
    """
    marks = [y for y, _ in points]
    used: list[float] = []
    printed: set[tuple[float, str]] = set()
    for y, words in points:
        if (y, words) in printed:
            continue
        printed.add((y, words))
        # Middles of a line of text: above the mark, below it, then further away.
        for middle in (y - 12, y + 12, y - 24, y + 24, y - 36, y + 36, y - 48):
            clear = all(abs(middle - other) >= 12 for other in used)
            if clear and all(abs(middle - mark) >= 10 for mark in marks) and middle < bottom - 6:
                break
        used.append(middle)
        room = width_of(words, SMALL) * 0.9
        sheet.add("rect", x=x - room / 2, y=middle - 5.5, width=room, height=11.0, fill=PAPER)
        sheet.text(words, x, middle + 4, size=SMALL, anchor="middle")


def _ticks(known: list[Decimal]) -> list[Decimal]:
    """Where the axis has its lines: up to five steps of 1, 2 or 5 times a power of ten; of counts, whole ones."""
    largest = max(known, default=Decimal(0))
    if largest <= 0:
        return [Decimal(0), Decimal(1)]
    step = Decimal(10) ** (largest.adjusted() - 1)
    for factor in (1, 2, 5, 10, 20, 50):
        if largest / (step * factor) <= 5:
            step *= factor
            break
    if all(value == value.to_integral_value() for value in known):
        step = max(step, Decimal(1))
    lines = int((largest / step).to_integral_value(ROUND_CEILING))
    return [step * line for line in range(lines + 1)]
