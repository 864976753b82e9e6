"""Grids: who reported when, and areas as tiles where they lie."""

from __future__ import annotations

import math
from decimal import Decimal

from reporting.charts.ink import (
    BLUE,
    GREEN,
    GREY,
    INK,
    LINE,
    SIZE,
    SMALL,
    SOFT,
    TINTS,
    VERMILION,
    Sheet,
    width_of,
    wrap,
)
from reporting.charts.legend import HATCHED, Look, draw_legend, draw_nothing, silences
from reporting.charts.model import STATES, Chart, Value, Words

ROW = 22.0

_STATE_COLOURS = {
    "accepted": "#a6cbe3", "accepted_late": BLUE, "submitted": GREEN, "returned": VERMILION, "draft": GREY,
    "nil": BLUE, "missing": GREY, "not_due": GREY, "excused": GREY,
}  # fmt: skip


def look_of(state: str) -> Look:
    """Colour and pattern of a state; the letter is drawn over both."""
    return _STATE_COLOURS[state], STATES[state][3]


def draw_heat(sheet: Sheet, chart: Chart, words: Words) -> None:
    """Series down, categories across. A cell has the letter and pattern of its state, or its number on a tint."""
    used = [
        state for state in STATES if any(value.state == state for one in chart.series for value in one.values)
    ]
    entries: list[tuple[str, Look]] = []
    for state in used:
        letter, vietnamese, english, _ = STATES[state]
        entries.append((f"{letter}: {english if words.language == 'en' else vietnamese}", look_of(state)))
    told = silences((value for one in chart.series for value in one.values if not value.state), words)
    if told:
        entries.append((told, HATCHED))
    y = draw_legend(sheet, entries)
    names = min(max(width_of(one.name) for one in chart.series) + 10, 190.0)
    pitch = min((sheet.width - names) / len(chart.categories), 90.0)
    heads = [wrap(category.label, pitch - 4, SMALL) for category in chart.categories]
    tallest = max(len(lines) for lines in heads)
    for at, lines in enumerate(heads):
        sheet.lines(
            lines, names + at * pitch + pitch / 2, y + 10 + (tallest - len(lines)) * SMALL * LINE,
            size=SMALL, anchor="middle",
        )  # fmt: skip
    y += tallest * SMALL * LINE + 4
    levels = Levels([value for one in chart.series for value in one.values])
    for one in chart.series:
        lines = wrap(one.name, names - 6, SIZE)
        height = max(ROW, len(lines) * SIZE * LINE + 4)
        sheet.lines(lines, 0, y + height / 2 + 4 - (len(lines) - 1) * SIZE * LINE / 2)
        for at, value in enumerate(one.values):
            _draw_cell(sheet, names + at * pitch, y, pitch - 2, height - 2, value, levels)
        y += height
    sheet.reach(y + 2)


def _draw_cell(
    sheet: Sheet, x: float, y: float, width: float, height: float, value: Value, levels: Levels
) -> None:
    centre, base = x + width / 2, y + height / 2 + 4
    if value.state:
        sheet.box(x, y, width, height, look_of(value.state))
        letter = STATES[value.state][0]
        # A white ground keeps the letter legible over lines.
        sheet.add("rect", x=centre - 7, y=base - 11, width=14.0, height=14.0, fill="#ffffff", rx=2.0)
        sheet.text(letter, centre, base, anchor="middle", bold=True)
    elif value.is_silent:
        draw_nothing(sheet, x, y, width, height, value)
        if value.is_in_words:
            sheet.text(value.printed, centre, base, size=SMALL, anchor="middle")
    else:
        ground, ink = levels.tint(value)
        sheet.add(
            "rect", x=x, y=y, width=width, height=height, fill=ground, stroke=SOFT, stroke_width=0.7,
            **({"stroke_dasharray": "4 3"} if value.is_qualified else {}),
        )  # fmt: skip
        sheet.text(value.printed, centre, base, size=SMALL, anchor="middle", fill=ink)


class Levels:
    """Amounts in four steps from the smallest above zero to the largest; zero has the ground of the paper."""

    def __init__(self, values: list[Value]) -> None:
        self.largest = max((value.number for value in values if value.number is not None), default=Decimal(0))

    def tint(self, value: Value) -> tuple[str, str]:
        """The ground for a value and the ink that is legible on it."""
        if not value.number or not self.largest:
            return TINTS[0]
        return TINTS[min(1 + int(4 * value.number / self.largest), 4)]


def draw_map(sheet: Sheet, chart: Chart, words: Words) -> None:
    """A tile for each area, north above and west at the left, with its name and printed value.

    Tiles keep the areas' order, not their shapes: no area is too small to be read.
    """
    values = chart.series[0].values
    places = arrange([(float(one.latitude or 0), float(one.longitude or 0)) for one in chart.categories])
    columns = max(column for _, column in places) + 1
    pitch = min(sheet.width / columns, 150.0)
    left = (sheet.width - pitch * columns) / 2
    told = silences(values, words)
    top = draw_legend(sheet, [(told, HATCHED)] if told else [])
    names = [wrap(category.label, pitch - 10, SMALL) for category in chart.categories]
    printed = [wrap(value.printed or words.missing, pitch - 10, SMALL) for value in values]
    height = max(len(a) + len(b) for a, b in zip(names, printed, strict=True)) * SMALL * LINE + 12
    levels = Levels(list(values))
    for (row, column), value, name, figure in zip(places, values, names, printed, strict=True):
        x, y = left + column * pitch, top + row * (height + 4)
        ground, ink = levels.tint(value)
        if value.is_silent:
            draw_nothing(sheet, x, y, pitch - 4, height, value)
            sheet.add("rect", x=x + 3, y=y + 3, width=pitch - 10, height=height - 6, fill="#ffffff")
        else:
            sheet.add(
                "rect", x=x, y=y, width=pitch - 4, height=height, fill=ground, stroke=SOFT, stroke_width=0.7,
                **({"stroke_dasharray": "4 3"} if value.is_qualified else {}),
            )  # fmt: skip
        centre = x + (pitch - 4) / 2
        sheet.lines(name, centre, y + SMALL + 4, size=SMALL, anchor="middle", fill=ink)
        below = y + SMALL + 4 + len(name) * SMALL * LINE
        for at, line in enumerate(figure):
            sheet.text(
                line, centre, below + at * SMALL * LINE, size=SMALL, anchor="middle",
                fill=INK if value.is_silent else ink, bold=not value.is_silent, italic=value.is_silent,
            )  # fmt: skip
    sheet.reach(top + (max(row for row, _ in places) + 1) * (height + 4))


def arrange(points: list[tuple[float, float]]) -> list[tuple[int, int]]:
    """A row and a column for each (latitude, longitude), near where it lies and none twice.

    Deterministic: the northernmost is placed first; a taken place gives way to the nearest free one.
    """
    norths = [north for north, _ in points]
    easts = [east for _, east in points]
    tall = max((max(norths) - min(norths)), 0.01)
    wide = max((max(easts) - min(easts)) * math.cos(math.radians(sum(norths) / len(norths))), 0.01)
    columns = min(
        max(round(math.sqrt(len(points) * 1.5 * wide / tall)), 3 if len(points) > 2 else len(points)), 7
    )
    rows = max(-(-len(points) * 3 // (2 * columns)), 1)
    taken: dict[int, tuple[int, int]] = {}
    free = {(row, column) for row in range(rows + len(points)) for column in range(columns)}
    for at in sorted(range(len(points)), key=lambda at: (-points[at][0], points[at][1], at)):
        north, east = points[at]
        row = (max(norths) - north) / tall * (rows - 1)
        column = (east - min(easts)) / max(max(easts) - min(easts), 0.01) * (columns - 1)
        best = min(free, key=lambda place: ((place[0] - row) ** 2 + (place[1] - column) ** 2, place))
        free.remove(best)
        taken[at] = best
    used = sorted({row for row, _ in taken.values()})
    return [(used.index(taken[at][0]), taken[at][1]) for at in range(len(points))]
