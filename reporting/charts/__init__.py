"""Charts as SVG made on the server, the same for a page and for print: no script, no inline style.

chart = Chart(kind="bars", title=..., unit="vụ", period=..., source=..., categories=..., series=...)
draw(chart)       the picture, to be put into a page (mark it safe: every text in it is escaped)
draw(chart, for_print=True)   the same in the report's font, with the whole alternative text as its title
describe(chart)   the alternative text: title, period, unit and every value in words
tabulate(chart)   the table of its values
"""

from reporting.charts.drawing import draw
from reporting.charts.model import EN, KINDS, STATES, VI, Category, Chart, ChartError, Series, Value, Words
from reporting.charts.reading import Tabulated, describe, split, tabulate

__all__ = [
    "EN",
    "KINDS",
    "STATES",
    "VI",
    "Category",
    "Chart",
    "ChartError",
    "Series",
    "Tabulated",
    "Value",
    "Words",
    "describe",
    "draw",
    "split",
    "tabulate",
]
