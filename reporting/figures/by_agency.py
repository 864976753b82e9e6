"""What the records of each agency add up to in an area: who did how much. Records alone, no words of units."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from accounts.together import Statement
from reporting.figures.amounts import is_aligned
from reporting.figures.grounds import Ground
from reporting.figures.known import in_order
from reporting.measures import source_of
from reporting.models import Indicator
from territory.figure import Figure, Total
from territory.period import Period

#: From the facts, or from the records while marks wait in one of the provinces, or where there are no facts.
_BY_AGENCY = """
WITH done (agency_id, measure, low, high, nominal, flags, words, parts) AS (
    SELECT told.agency_id, told.measure, sum(told.low), sum(told.high), sum(told.nominal), bit_or(told.flags),
           CASE WHEN count(*) FILTER (WHERE told.flags <> 0 OR told.high <> 0) = 1 THEN max(told.words) END,
           sum(told.parts)
    FROM (
        SELECT f.agency_id, f.measure, f.low, f.high, f.nominal, f.flags, f.words, f.parts
        FROM reporting_fact f
        WHERE (SELECT {has_facts}) AND f.area_id = ANY (ARRAY({areas})) AND f.measure = ANY (%(measures)s)
              AND f.part = '' AND f.bucket BETWEEN %(start)s AND %(end)s AND f.from_bucket >= %(start)s
              AND (%(agencies)s::bigint[] IS NULL OR f.agency_id = ANY (%(agencies)s))
        UNION ALL
        SELECT r.agency_id, r.measure, r.low, r.high, r.nominal, r.flags, r.words, 1
        FROM reporting_measure r
        WHERE (SELECT NOT {has_facts}) AND r.source = ANY (%(sources)s) AND r.measure = ANY (%(measures)s)
              AND r.part = '' AND r.day BETWEEN %(start)s AND %(end)s AND r.from_day >= %(start)s
              AND (%(agencies)s::bigint[] IS NULL OR r.agency_id = ANY (%(agencies)s)) AND ({held})
    ) AS told
    GROUP BY 1, 2
), agency AS (
    SELECT a.id, a.code, a.name, row_number() OVER (ORDER BY k."order", a.sort_key, a.id) AS place,
           count(*) OVER () AS agencies
    FROM territory_agency a JOIN territory_agencykind k ON k.id = a.kind_id
    WHERE a.id IN (SELECT agency_id FROM done)
)
SELECT agency.code, agency.name, agency.agencies, done.*
FROM agency JOIN done ON done.agency_id = agency.id
WHERE agency.place <= %(most)s
ORDER BY agency.place, done.measure
"""
#: Agencies that are told; those beyond are counted.
_MOST_AGENCIES = 50
_NO_MARKS = """NOT EXISTS (SELECT FROM reporting_factmark k
                               WHERE %(provinces)s::bigint[] IS NULL OR k.province_id = ANY (%(provinces)s))"""
#: The nation's own facts do not tell agencies.
_PROVINCES = "SELECT id FROM territory_area WHERE level = 'province'"


@dataclass
class Done:
    """What one agency's records say, by the code of the indicator; an indicator they say nothing of is absent.

    ``agencies`` there are in all, more than are told.
    """

    code: str
    name: str
    agencies: int
    totals: dict[str, Total] = field(default_factory=dict)

    def figure(self, code: str) -> Figure | None:
        return self.totals[code].figure() if code in self.totals else None


def sums_by_agency(
    indicators: Collection[Indicator], *, ground: Ground, period: Period, agencies: list[int] | None
) -> Statement:
    """The sums of the agencies with records that an indicator adds up; `done_by_agency` tells what they say."""
    held, values = ground.held("r")
    is_of_nation = any(not member.column for member in ground.members)
    has_facts = is_aligned(period.start, period.end) and all(member.has_facts for member in ground.members)
    measures = sorted(_codes(indicators))
    asked: dict[str, Any] = {
        "sources": sorted({source_of(measure) for measure in measures}),
        "measures": measures,
        "start": period.start,
        "end": period.end,
        "agencies": agencies,
        "most": _MOST_AGENCIES,
        "provinces": None if is_of_nation else sorted({member.province or 0 for member in ground.members}),
        "areas": [member.area for member in ground.members],
    }
    statement = _BY_AGENCY.format(
        held=held,
        has_facts=_NO_MARKS if has_facts else "FALSE",
        areas=_PROVINCES if is_of_nation else "SELECT unnest(%(areas)s::bigint[])",
    )
    return Statement(*in_order(statement, asked | values))


def done_by_agency(indicators: Collection[Indicator], rows: Iterable[Any]) -> list[Done]:
    """What the rows of `sums_by_agency` say, the agencies in the order of their kinds."""
    codes = _codes(indicators)
    found: dict[int, Done] = {}
    for code, name, agencies, key, measure, low, high, nominal, flags, words, parts in rows:
        totals = found.setdefault(key, Done(code, name, agencies)).totals
        total = _total(low, high, nominal, flags, words, parts)
        for counted in codes[measure]:
            totals[counted] = totals[counted] + total if counted in totals else total
    return list(found.values())


@lru_cache(maxsize=8192)
def _total(low: Any, high: Any, nominal: Any, flags: int, words: str | None, parts: Any) -> Total:
    """A total by its columns, numbers as JSON or Decimal has them."""
    return Total.from_columns(
        low=Decimal(low),
        high=Decimal(high),
        nominal=Decimal(nominal),
        flags=flags,
        words=words,
        parts=int(parts),
    )


def _codes(indicators: Collection[Indicator]) -> dict[str, list[str]]:
    """The codes of the indicators that add up each measure."""
    codes: dict[str, list[str]] = {}
    for indicator in indicators:
        for measure in indicator.rule.get("sum", ()):
            codes.setdefault(measure, []).append(indicator.code)
    return codes
