"""What the records of each agency add up to in an area: who did how much. Records alone, no words of units."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from reporting.figures.grounds import MapBasis, grounds_of
from reporting.measures import source_of
from reporting.models import Indicator
from territory.figure import Figure, Total
from territory.models import Agency, Area
from territory.period import Period

_BY_AGENCY = """
SELECT r.agency_id, r.measure, sum(r.low), sum(r.high), sum(r.nominal), bit_or(r.flags),
       CASE WHEN count(*) FILTER (WHERE r.flags <> 0 OR r.high <> 0) = 1 THEN max(r.words) END, count(*)
FROM reporting_measure r
WHERE r.source = ANY (%(sources)s) AND r.measure = ANY (%(measures)s) AND r.part = ''
      AND r.day BETWEEN %(start)s AND %(end)s AND r.from_day >= %(start)s
      AND (%(agency)s::bigint IS NULL OR r.agency_id = %(agency)s) AND ({held})
GROUP BY 1, 2
"""


@dataclass
class Done:
    """What one agency's records say, by the code of the indicator; an indicator they say nothing of is absent."""

    agency: Agency
    totals: dict[str, Total] = field(default_factory=dict)

    def figure(self, code: str) -> Figure | None:
        return self.totals[code].figure() if code in self.totals else None


def done_by_agency(
    indicators: Collection[Indicator],
    *,
    area: Area,
    period: Period,
    agency: Agency | None = None,
    basis: MapBasis = MapBasis.THEN,
) -> list[Done]:
    """Every agency with records that an indicator adds up, in the order of kinds. Sums only; two statements."""
    codes: dict[str, list[str]] = {}
    for indicator in indicators:
        for measure in indicator.rule.get("sum", ()):
            codes.setdefault(measure, []).append(indicator.code)
    rows = _sums(sorted(codes), area, period, agency, basis) if codes else []
    agencies = Agency.objects.filter(pk__in={row[0] for row in rows}).select_related("kind", "area")
    found = {each.pk: Done(each) for each in agencies.order_by("kind__order", "sort_key", "pk")}
    for key, measure, low, high, nominal, flags, words, parts in rows:
        total = Total.from_columns(
            low=low, high=high, nominal=nominal, flags=flags, words=words, parts=int(parts)
        )
        for code in codes[measure]:
            held = found[key].totals
            held[code] = held.get(code, Total.empty()) + total
    return list(found.values())


def _sums(
    measures: Sequence[str], area: Area, period: Period, agency: Agency | None, basis: MapBasis
) -> list[Any]:
    asked: dict[str, Any] = {
        "sources": sorted({source_of(measure) for measure in measures}),
        "measures": list(measures),
        "start": period.start,
        "end": period.end,
        "agency": agency.pk if agency else None,
    }
    held = []
    for number, member in enumerate(grounds_of([area], basis)[0].members):
        held.append(f"r.{member.column} = %(area_{number})s" if member.column else "TRUE")
        asked[f"area_{number}"] = member.area
    with connection.cursor() as cursor:
        cursor.execute(_BY_AGENCY.format(held=" OR ".join(held)), asked)
        rows: list[Any] = cursor.fetchall()
    return rows
