"""The charts of a table: one for each unit of counting, since a chart never mixes units."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from reporting.charts import Category, Chart, Series, Value, draw
from reporting.dashboard.block import span_of
from reporting.dashboard.wording import chart_words, short_period, short_value, value
from reporting.explore.look import Dimension
from reporting.explore.pivot import TOTAL, Member, Pivot
from reporting.templatetags.humane import period_name
from territory.figure import Status

#: Charts of one page; bars and lines that one chart holds so that it can still be read.
MOST_CHARTS = 3
MOST_BARS = 20
MOST_SIDE_BY_SIDE = 3
MOST_LINES = 4
MOST_TIMES = 24

Place = tuple[Member, ...]


@dataclass(frozen=True)
class Drawn:
    """A chart, and what of the table it does not show."""

    chart: Chart
    note: str
    for_print: bool = False

    @property
    def picture(self) -> SafeString:
        # Every text in it was escaped when it was drawn.
        return mark_safe(draw(self.chart, chart_words(), for_print=self.for_print))  # noqa: S308


class _Plan(NamedTuple):
    """What lies along a chart and what beside each other in it, in the order of these dimensions; most of each."""

    order: tuple[Dimension, ...]
    over: list[Place]
    beside: list[Place]
    most_over: int
    most_beside: int


def charts_of(pivot: Pivot, *, for_print: bool = False) -> list[Drawn]:
    """The charts that the address asks for. A unit of which nothing above nil is known has none."""
    if pivot.look.chart == "none":
        return []
    units: dict[str, list[Member]] = {}
    for indicator in pivot.members[Dimension.INDICATOR]:
        units.setdefault(indicator.note, []).append(indicator)
    found = (_Drawing(pivot, unit, indicators, for_print).drawn for unit, indicators in units.items())
    return [each for each in found if each is not None][:MOST_CHARTS]


class _Drawing:
    """One chart over the members of the table, sums left out, with the indicators of one unit."""

    def __init__(self, pivot: Pivot, unit: str, indicators: list[Member], for_print: bool) -> None:
        self.pivot, self.unit, self.for_print = pivot, unit, for_print
        self.members = {
            each: [member for member in members if member.key != TOTAL]
            for each, members in pivot.members.items()
        }
        self.members[Dimension.INDICATOR] = indicators
        self.is_compared = pivot.look.question.is_compared

    @property
    def drawn(self) -> Drawn | None:
        """The chart; None where nothing above nil is known."""
        plan = self._times() if self.pivot.look.chart == "trend" else self._bars()
        over, beside = plan.over[: plan.most_over], plan.beside[: plan.most_beside]
        times = (False, True) if self.is_compared else (False,)
        series = tuple(
            Series(
                self._series_name(other, is_before),
                tuple(self._value(plan.order, (*one, *other), is_before) for one in over),
            )
            for other in beside
            for is_before in times
        )
        if not any(each.number for one in series for each in one.values):
            return None
        chart = Chart(
            kind=self.pivot.look.chart,
            title=self._title,
            unit=self.unit,
            period=self._span,
            source=_("records and reports of units"),
            categories=tuple(Category(self._label(one)) for one in over),
            series=series,
        )
        left = len(plan.over) * len(plan.beside) - len(over) * len(beside)
        note = _("The chart leaves out %(count)d figures of the table.") % {"count": left} if left else ""
        return Drawn(chart, note, self.for_print)

    def _times(self) -> "_Plan":
        """Periods in the order of time, and a line for all else that is told apart."""
        starts = {each.code: (each.start, each.end) for each in self.pivot.look.question.periods}
        periods = sorted(self.members[Dimension.PERIOD], key=lambda each: starts[each.key])
        rest = [each for each in self._varied() if each is not Dimension.PERIOD]
        order = (Dimension.PERIOD, *rest)
        return _Plan(
            order, [(each,) for each in periods], self._spread(rest), MOST_TIMES, self._most(MOST_LINES)
        )

    def _bars(self) -> "_Plan":
        """Rows as groups and columns as bars within; where there are many columns, a bar for each cell."""
        varied = self._varied()
        down = [each for each in self.pivot.look.rows if each in varied]
        across = [each for each in self.pivot.look.columns if each in varied]
        beside = self._spread(across)
        most = self._most(MOST_SIDE_BY_SIDE)
        if len(beside) > most:
            down, across, beside = [*down, *across], [], [()]
        return _Plan((*down, *across), self._spread(down), beside, MOST_BARS, most)

    def _most(self, most: int) -> int:
        """How many things stand side by side where each stands beside its figure of the year before."""
        return most // 2 if self.is_compared else most

    def _series_name(self, place: Place, is_before: bool) -> str:
        if not self.is_compared:
            return _named(place)
        return " · ".join(filter(None, (_named(place), _("Same period") if is_before else _("This period"))))

    def _varied(self) -> list[Dimension]:
        return [each for each in Dimension if len(self.members[each]) > 1]

    def _spread(self, dimensions: Iterable[Dimension]) -> list[Place]:
        return list(product(*(self.members[each] for each in dimensions)))

    def _value(self, order: Sequence[Dimension], place: Place, is_before: bool) -> Value:
        row = self.pivot.row_at(dict(zip(order, place, strict=True)) | self._alone(order))
        shown = None if row is None else row.before if is_before else row.shown
        if shown is None:
            return Value(None, "–", Status.NOT_COMPARABLE)
        return (short_value if self.pivot.look.chart == "trend" else value)(shown.answer)

    def _alone(self, order: Sequence[Dimension]) -> dict[Dimension, Member]:
        """The members that are the only ones of their dimension in this chart."""
        return {each: self.members[each][0] for each in Dimension if each not in order}

    def _label(self, place: Place) -> str:
        if self.pivot.look.chart == "trend":
            return short_period(place[0].key)
        return _named(place) or self._title

    @property
    def _title(self) -> str:
        names = "; ".join(each.name for each in self.members[Dimension.INDICATOR][:MOST_LINES])
        areas = self.members[Dimension.AREA]
        return f"{names}: {areas[0].name}" if len(areas) == 1 else names

    @property
    def _span(self) -> str:
        """The periods in words: from the first to the last, else each."""
        periods = sorted(self.pivot.look.question.periods, key=lambda each: each.start)
        if len({each.kind for each in periods}) == 1:
            return span_of(periods)
        return ", ".join(period_name(each.code) for each in periods)


def _named(place: Place) -> str:
    return " · ".join(each.name for each in place)
