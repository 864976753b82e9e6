"""The one place that answers: how much, where, when. Pages, reports, exports and the API ask here.

An answer comes from the facts where they are kept (a district, a province, the nation; whole half-months),
from the records themselves where marks wait, where a period cuts through a half-month, or for a commune, so a
reader always sees own writes. What units reported in their own words is added where their records say nothing, and
stands in the place of their records where a person decided so (`reporting.figures.words`). Nothing is ever shown as
zero that nobody reported or confirmed.

Sums may be read by who must not read the records behind them: the view over the records runs with the rights of
its owner. So nothing here hands out a record but `records_of` and `records_counted`, which give
names of rows; a page shows those that ``visible_to`` gives its reader.
"""

from reporting.figures.answers import (
    Answer,
    Answered,
    Asking,
    Place,
    Question,
    answer,
    answer_many,
)
from reporting.figures.asked import Whose, agencies_of
from reporting.figures.grounds import Ground, MapBasis, areas_below, grounds_of
from reporting.figures.known import SAID
from reporting.figures.ratio import Span, percent, share, span_of
from reporting.figures.reports import coverage_of, is_silent, silent_units, submissions_of
from reporting.figures.sources import records_counted, records_of, units_replaced
from reporting.figures.words import Hearing, Unit, Way, Word

__all__ = [
    "SAID",
    "Answer",
    "Answered",
    "Asking",
    "Ground",
    "Hearing",
    "MapBasis",
    "Place",
    "Question",
    "Span",
    "Unit",
    "Way",
    "Whose",
    "Word",
    "agencies_of",
    "answer",
    "answer_many",
    "areas_below",
    "coverage_of",
    "grounds_of",
    "is_silent",
    "percent",
    "records_counted",
    "records_of",
    "share",
    "silent_units",
    "span_of",
    "submissions_of",
    "units_replaced",
]
