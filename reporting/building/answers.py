"""The answers a report asks for: now, in the same period before, year by year, unit by unit. Each asked once."""

from collections.abc import Sequence
from functools import cached_property

from reporting.figures import Answer, MapBasis, Place, answer_many, areas_below
from reporting.models import Indicator
from territory.figure import Status
from territory.models import Area, Level
from territory.period import Period, PeriodKind

#: How many periods of one kind a trend goes back, the present one included.
TREND = 5


def is_silent(found: Answer) -> bool:
    """Whether nobody said anything: not reported, or not due yet."""
    return found.status in (Status.MISSING, Status.NOT_DUE)


class Answers:
    """What is known of the indicators in the area and period of a report, and around them. Each asked once, in bulk."""

    def __init__(
        self, indicators: list[Indicator], area: Area, period: Period, basis: MapBasis = MapBasis.THEN
    ) -> None:
        self.indicators = indicators
        self.area = area
        self.period = period
        self.basis = basis

    @cached_property
    def now(self) -> dict[str, Answer]:
        return self._at(self.period)

    @cached_property
    def before(self) -> dict[str, Answer]:
        """The answers for the same period of the year before."""
        return self._at(self.period.same_period_last_year())

    @cached_property
    def periods(self) -> list[Period]:
        """The periods of a trend: the years of a phase, else the same period of some years up to this one."""
        if self.period.kind is PeriodKind.PHASE:
            return list(self.period.years())
        if self.period.kind is PeriodKind.EXPLICIT:
            return []
        found = [self.period]
        while len(found) < TREND:
            found.insert(0, found[0].same_period_last_year())
        return found

    @cached_property
    def units(self) -> list[Area]:
        """The areas just below, on the map of the report."""
        below = {
            Level.NATION: [Level.PROVINCE],
            Level.PROVINCE: [Level.DISTRICT, Level.COMMUNE],
            Level.DISTRICT: [Level.COMMUNE],
        }
        for level in below.get(Level(self.area.level), []):
            if found := list(areas_below(self.area, level, self.period, self.basis)):
                return found
        return []

    def over_time(self, indicator: Indicator) -> list[Answer]:
        """The answers of one indicator over the periods of the trend."""
        return [self._history[Place(indicator.code, self.area.pk, period)] for period in self.periods]

    def by_unit(self, indicator: Indicator) -> list[Answer]:
        """The answers of one indicator for each of the units, in their order."""
        return [self._units[Place(indicator.code, unit.pk, self.period)] for unit in self.units]

    def by_part(self, indicators: Sequence[Indicator], parts: Sequence[str]) -> dict[Place, Answer]:
        """The answers of indicators for parts of their breakdowns."""
        return answer_many(
            indicators, areas=[self.area], periods=[self.period], parts=parts, basis=self.basis
        )

    def _at(self, period: Period) -> dict[str, Answer]:
        found = answer_many(self.indicators, areas=[self.area], periods=[period], basis=self.basis)
        return {place.indicator: each for place, each in found.items()}

    @cached_property
    def _history(self) -> dict[Place, Answer]:
        return answer_many(self.indicators, areas=[self.area], periods=self.periods, basis=self.basis)

    @cached_property
    def _units(self) -> dict[Place, Answer]:
        return answer_many(self.indicators, areas=self.units, periods=[self.period], basis=self.basis)
