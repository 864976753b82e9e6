"""What the records of each agency add up to in an area: who did how much. Records alone, no words of units."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from accounts.together import Statement
from reporting.figures.grounds import Ground
from reporting.figures.known import in_order
from reporting.measures import source_of
from reporting.models import Indicator
from territory.figure import Figure, Total
from territory.period import Period

_BY_AGENCY = """
SELECT a.code, a.name, done.* FROM (
    SELECT r.agency_id, r.measure, sum(r.low), sum(r.high), sum(r.nominal), bit_or(r.flags),
           CASE WHEN count(*) FILTER (WHERE r.flags <> 0 OR r.high <> 0) = 1 THEN max(r.words) END, count(*)
    FROM reporting_measure r
    WHERE r.source = ANY (%(sources)s) AND r.measure = ANY (%(measures)s) AND r.part = ''
          AND r.day BETWEEN %(start)s AND %(end)s AND r.from_day >= %(start)s
          AND (%(agencies)s::bigint[] IS NULL OR r.agency_id = ANY (%(agencies)s)) AND ({held})
    GROUP BY 1, 2
) AS done (agency_id, measure, low, high, nominal, flags, words, parts)
JOIN territory_agency a ON a.id = done.agency_id JOIN territory_agencykind k ON k.id = a.kind_id
ORDER BY k."order", a.sort_key, a.id, done.measure
"""


@dataclass
class Done:
    """What one agency's records say, by the code of the indicator; an indicator they say nothing of is absent."""

    code: str
    name: str
    totals: dict[str, Total] = field(default_factory=dict)

    def figure(self, code: str) -> Figure | None:
        return self.totals[code].figure() if code in self.totals else None


def sums_by_agency(
    indicators: Collection[Indicator], *, ground: Ground, period: Period, agencies: list[int] | None
) -> Statement:
    """The sums of every agency with records that an indicator adds up; `done_by_agency` tells what they say."""
    held, values = ground.held("r")
    measures = sorted(_codes(indicators))
    asked: dict[str, Any] = {
        "sources": sorted({source_of(measure) for measure in measures}),
        "measures": measures,
        "start": period.start,
        "end": period.end,
        "agencies": agencies,
    }
    return Statement(*in_order(_BY_AGENCY.format(held=held), asked | values))


def done_by_agency(indicators: Collection[Indicator], rows: Iterable[Any]) -> list[Done]:
    """What the rows of `sums_by_agency` say, the agencies in the order of their kinds."""
    codes = _codes(indicators)
    found: dict[int, Done] = {}
    for code, name, key, measure, low, high, nominal, flags, words, parts in rows:
        totals = found.setdefault(key, Done(code, name)).totals
        total = Total.from_columns(
            low=Decimal(low),
            high=Decimal(high),
            nominal=Decimal(nominal),
            flags=flags,
            words=words,
            parts=int(parts),
        )
        for counted in codes[measure]:
            totals[counted] = totals.get(counted, Total.empty()) + total
    return list(found.values())


def _codes(indicators: Collection[Indicator]) -> dict[str, list[str]]:
    """The codes of the indicators that add up each measure."""
    codes: dict[str, list[str]] = {}
    for indicator in indicators:
        for measure in indicator.rule.get("sum", ()):
            codes.setdefault(measure, []).append(indicator.code)
    return codes
