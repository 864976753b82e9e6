"""What records and units say, added up by hand, for the machine of `test_rollup_machine.py`."""

from __future__ import annotations

from reporting.figures import Unit
from reporting.models import MeasureRow
from territory.figure import Figure, Qualifier, Total
from territory.models import Area, Level
from territory.period import Period, parse_period
from tests.reporting.records import H1

#: Aligned with half-months, from the first to the last day on which something can happen.
PERIODS = [
    H1,
    parse_period("2020-H2"),
    parse_period("2020-01-15..2020-02-29"),
    parse_period("2019-11-15..2020-07-14"),
]

#: Sums of records that units may report as well.
SPOKEN = ["training_people", "tips_received", "cases_prosecuted"]


def rows_in(area: Area, period: Period) -> list[MeasureRow]:
    rows = MeasureRow.objects.filter(
        day__range=(period.start, period.end), from_day__gte=period.start
    ).select_related("area")
    return [row for row in rows if area.contains(row.area)]


def is_of(row: MeasureRow, unit: Unit) -> bool:
    """Whether a record is one of those a unit's figure speaks for."""
    is_there = unit.level == Level.NATION or unit.area in (row.area_id, row.district_id, row.province_id)
    is_then = unit.days[0] <= row.from_day and row.day <= unit.days[1]
    return is_there and is_then and unit.agency in (None, row.agency_id)


def total_of(row: MeasureRow) -> Total:
    return Total.from_columns(
        low=row.low, high=row.high, nominal=row.nominal, flags=row.flags, words=row.words, parts=1
    )


def within(said: Figure, part: int | None) -> int | None:
    """A part as the database takes it: of an exact figure at most the whole."""
    if part is None or said.low is None or said.qualifier is not Qualifier.EXACT:
        return part
    return min(part, int(said.low))
