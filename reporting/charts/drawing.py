"""A chart as one SVG element."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from reporting.charts.bars import draw_bars, draw_ranking
from reporting.charts.grids import draw_heat, draw_map
from reporting.charts.ink import PAPER, Sheet, number
from reporting.charts.lines import draw_spark, draw_trend
from reporting.charts.model import VI, Chart, Words
from reporting.charts.reading import describe
from reporting.charts.stages import draw_pipeline, draw_shares

PRINT_FONT = "Liberation Serif"

_DRAWN_BY: dict[str, Callable[[Sheet, Chart, Words], None]] = {
    "bars": draw_bars,
    "trend": draw_trend,
    "pipeline": draw_pipeline,
    "shares": draw_shares,
    "spark": draw_spark,
    "heat": draw_heat,
    "map": draw_map,
    "ranking": draw_ranking,
}


def draw(chart: Chart, words: Words = VI, *, for_print: bool = False) -> str:
    """The chart as an SVG element. The same chart gives the same text.

    Title, unit, period and source are not drawn: they stand as text beside the picture (see
    templates/reports/blocks/chart.html). On a page the picture takes the font of its surroundings. With
    `for_print` it names the report's font, and its title is the whole alternative text, since the PDF takes
    the text for a figure from there.
    """
    sheet = Sheet()
    if chart.kind == "spark":
        sheet.width = 170.0
    _DRAWN_BY[chart.kind](sheet, chart, words)
    told = describe(chart, words)
    name = (
        f"<title>{escape(told)}</title>"
        if for_print
        else f"<title>{escape(chart.title)}</title><desc>{escape(told)}</desc>"
    )
    font = f' font-family="{PRINT_FONT}"' if for_print else ""
    # A little more room around, for edges that lie on the border of the sheet.
    width, height = number(sheet.width + 2), number(sheet.height + 2)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" class="ch ch-{chart.kind}" lang="{words.language}"'
        f' viewBox="-1 -1 {width} {height}" width="{width}" height="{height}"{font}>{name}'
        f'<rect x="-1" y="-1" width="{width}" height="{height}" fill="{PAPER}"/>{sheet.written()}</svg>'
    )
