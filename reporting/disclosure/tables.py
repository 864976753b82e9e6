"""Which figures about people and cases leave their scope at all: a fixed list, and nothing asked for freely.

The tables of the list do not overlap: the nation and its provinces, by whole years that are closed, on the map of the
time, without breakdowns. No indicator of the list is a sum, a part or the twin of others in it (cases tried and
defendants tried are zero together), and none is a state at the end of a year, which flows would tell.
"""

import datetime as dt
from collections.abc import Iterable

from reporting.measures import source_of
from reporting.models import Indicator
from territory.period import CutOff, Period, PeriodKind, propose

#: Indicators about people and cases, by code.
OPEN_INDICATORS: tuple[str, ...] = (
    "cases_detected",
    "tips_received",
    "tips_resolved",
    "cases_prosecuted",
    "accused_prosecuted",
    "defendants_tried",
    "victims_received",
    "victims_confirmed",
    "victims_supported",
)

#: Percentages made of two published figures.
OPEN_SHARES: dict[str, tuple[str, str]] = {
    "tips_resolved_share": ("tips_resolved", "tips_received"),
    "cases_investigation_share": ("cases_prosecuted", "cases_detected"),
    "victims_confirmed_share": ("victims_confirmed", "victims_received"),
    "victims_supported_share": ("victims_supported", "victims_confirmed"),
}

#: A year is closed so many days after its end: by then late reports are in.
CLOSED_AFTER_DAYS = 90
#: So many closed years a release holds.
YEARS_RELEASED = 10

#: Records about people and cases; whatever is counted from them is protected.
_OF_PEOPLE = frozenset({"case", "tip", "victim"})


def closed_years(day: dt.date) -> list[Period]:
    """The years that are closed on a day, the latest first."""
    found = [propose(PeriodKind.YEAR, year) for year in range(day.year, day.year - YEARS_RELEASED - 2, -1)]
    closed = [year for year in found if year.end + dt.timedelta(days=CLOSED_AFTER_DAYS) <= day]
    return closed[:YEARS_RELEASED]


def may_be_released(period: Period) -> bool:
    """Whether the list knows periods of this kind: years by the rule of the decree."""
    return period.kind is PeriodKind.YEAR and period.rule is CutOff.ND09


def protected_codes(indicators: Iterable[Indicator]) -> set[str]:
    """The indicators that tell of people and cases, whatever the catalogue says they are about. One query at most.

    A percentage does where one of its sides does, or where a side is not known.
    """
    asked = list(indicators)
    sides = {
        side
        for each in asked
        if each.is_ratio
        for side in each.rule["ratio"].values()
        if isinstance(side, str)
    }
    rows = list(Indicator.objects.filter(code__in=sides)) if sides else []
    harmless = {row.code for row in rows} - {row.code for row in rows if _tells_of_people(row)}
    found = set()
    for each in asked:
        if not each.is_ratio:
            is_protected = _tells_of_people(each)
        else:
            is_protected = any(
                side not in harmless if isinstance(side, str) else _are_of_people(side)
                for side in each.rule["ratio"].values()
            )
        if is_protected:
            found.add(each.code)
    return found


def _tells_of_people(indicator: Indicator) -> bool:
    stock = indicator.rule.get("stock", {})
    measures = [*indicator.rule.get("sum", ()), *stock.get("in", ()), *stock.get("out", ())]
    return indicator.about == Indicator.About.PEOPLE or _are_of_people(measures)


def _are_of_people(measures: Iterable[str]) -> bool:
    return any(source_of(measure) in _OF_PEOPLE for measure in measures)
