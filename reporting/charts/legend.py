"""The line above a chart that says what each look stands for."""

from __future__ import annotations

from collections.abc import Iterable

from reporting.charts.ink import GREY, SMALL, Sheet, width_of
from reporting.charts.model import Chart, Value, Words
from territory.figure import Status

Look = tuple[str, str]

HATCHED: Look = (GREY, "hatched")
EMPTY: Look = (GREY, "empty")
ROW = 18.0


def draw_legend(sheet: Sheet, entries: list[tuple[str, Look]], top: float = 0.0) -> float:
    """Swatches with their names, as many to a line as fit. Returns where the chart itself can begin."""
    if not entries:
        return top
    x, y = 0.0, top
    for name, look in entries:
        needed = 24 + width_of(name, SMALL)
        if x and x + needed > sheet.width:
            x, y = 0.0, y + ROW
        sheet.box(x, y + 2, 18, 11, look, broken=look[1] == "empty")
        sheet.text(name, x + 23, y + 11.5, size=SMALL)
        x += needed + 16
    sheet.reach(y + ROW)
    return y + ROW + 4


def what_is_marked(chart: Chart, words: Words) -> list[tuple[str, Look]]:
    """Entries for what is drawn apart: places without a value, and values that are not exact."""
    values = [value for one in chart.series for value in one.values if not value.state]
    told = silences(values, words)
    entries: list[tuple[str, Look]] = [(told, HATCHED)] if told else []
    if any(value.is_qualified or value.is_in_words for value in values):
        entries.append((words.qualified, EMPTY))
    return entries


def silences(values: Iterable[Value], words: Words) -> str:
    """Why some of the values are not drawn: "chưa có số liệu, không công bố"; empty when all are."""
    named = {
        Status.MISSING: words.missing,
        Status.NOT_DUE: words.not_due,
        Status.SUPPRESSED: words.suppressed,
        Status.NOT_COMPARABLE: words.not_comparable,
    }
    silent = {value.status for value in values if value.is_silent}
    return ", ".join(name for status, name in named.items() if status in silent)


def draw_nothing(sheet: Sheet, x: float, y: float, width: float, height: float, value: Value) -> None:
    """What stands in the place of a value without a number: hatched where nothing is known, empty for words."""
    sheet.box(x, y, width, height, EMPTY if value.is_in_words else HATCHED, broken=value.is_in_words)
