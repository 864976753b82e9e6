"""What units said: their figures for a period or for its years and halves, and who of them said anything."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet

from reporting.figures.amounts import Cell
from reporting.figures.grounds import Ground, MapBasis, grounds_of
from reporting.figures.words import Days, Unit, Word
from reporting.models import Indicator, Obligation, Submission, SubmissionState
from territory.figure import Coverage, Figure, Qualifier
from territory.models import Agency, Area, Duty, Level
from territory.period import Period

#: A submission counts once the unit has sent it; a returned one is being mended and does not.
SAID = (SubmissionState.SUBMITTED, SubmissionState.ACCEPTED)


def steps_of(period: Period) -> list[list[Period]]:
    """The period itself, then the years of a phase, then the halves of its years: what it may be made of."""
    years = period.years() or ((period,) if period.half_years() else ())
    halves = [half for year in years for half in year.half_years()]
    return [[period], list(period.years()), halves]


@dataclass
class Sent:
    """How far the reports of a cell came in: coverage, whether any is due, and the days confirmed as nil."""

    coverage: Coverage | None = None
    is_due: bool = True
    nils: int = 0
    nil_days: set[Days] = field(default_factory=set)


#: The obligations that lie on each ground, with what was sent. One row of `spans` for every step of every cell.
_OWED = """
WITH member AS (
    SELECT * FROM unnest(%(grounds)s::int[], %(areas)s::bigint[], %(wholes)s::bool[])
    AS m (ground, area_id, is_whole)
), span AS (
    SELECT * FROM unnest(%(periods)s::int[], %(ranks)s::int[], %(starts)s::date[], %(ends)s::date[])
    AS s (period, rank, period_start, period_end)
), owed AS (
    SELECT m.ground, s.period, s.rank, s.period_start, s.period_end, o.id, o.agency_id, o.area_id, o.due_on,
           a.path, a.level, a.province_id, a.district_id, sub.id AS submission_id,
           sub.state = ANY (%(said)s) AS is_sent, sub.is_nil,
           EXISTS (SELECT FROM territory_agencyduty d
                   WHERE d.agency_id = o.agency_id AND d.duty = %(standing)s) AS is_standing,
           o.area_id = m.area_id AS is_its_own
    FROM span s
    JOIN reporting_obligation o ON o.period_start = s.period_start AND o.period_end = s.period_end
    JOIN territory_area a ON a.id = o.area_id
    CROSS JOIN LATERAL unnest(string_to_array(rtrim(a.path, '/'), '/')::bigint[]) AS around (id)
    JOIN member m ON m.area_id = around.id AND (m.is_whole OR m.area_id = o.area_id)
    LEFT JOIN reporting_submission sub ON sub.obligation_id = o.id
    WHERE (%(agency)s::bigint IS NULL OR o.agency_id = %(agency)s) AND o.excused_at IS NULL
      AND (%(provinces)s::bigint[] IS NULL OR a.province_id = ANY (%(provinces)s))
)
"""

#: A part of a figure goes as its whole was decided, unless it was decided for itself.
_WORDS = (
    _OWED
    + """
SELECT owed.ground, owed.period, i.code, f.part, owed.submission_id, owed.agency_id, owed.area_id, owed.province_id,
       owed.district_id, owed.level, owed.path, owed.is_standing, owed.period_start, owed.period_end, d.stands,
       f.low, f.high, f.qualifier, f.words, f.word
FROM owed JOIN reporting_reportedfigure f ON f.submission_id = owed.submission_id
JOIN reporting_indicator i ON i.id = f.indicator_id
CROSS JOIN LATERAL (
    SELECT CASE WHEN f.part = '' OR f.stands <> '' THEN f.stands ELSE coalesce((
        SELECT whole.stands FROM reporting_reportedfigure whole
        WHERE whole.submission_id = f.submission_id AND whole.indicator_id = f.indicator_id AND whole.part = ''
    ), '') END AS stands
) d
WHERE owed.is_sent AND f.source = 'reported' AND d.stands <> 'records'
  AND i.code = ANY (%(codes)s) AND f.part = ANY (%(parts)s)
ORDER BY owed.rank, owed.is_standing DESC, length(owed.path), owed.path, owed.id
"""
)

#: A unit that owes the period itself is judged by that. Of others each year counts by its own report or its halves'.
_COVERAGE = (
    _OWED
    + """
, judged AS (
    SELECT owed.*, min(rank) OVER (PARTITION BY ground, period, agency_id, area_id) AS best,
           CASE WHEN rank = 0 THEN owed.id END AS own, extract(year FROM owed.period_end) AS year
    FROM owed WHERE NOT (is_standing AND is_its_own)
), by_year AS (
    SELECT ground, period, agency_id, area_id, own, year,
           coalesce(bool_or(is_sent) FILTER (WHERE rank < 2), false)
               OR coalesce(bool_and(coalesce(is_sent, false)) FILTER (WHERE rank = 2), false) AS is_sent,
           bool_and(coalesce(is_nil, false)) FILTER (WHERE is_sent) AS is_nil,
           count(*) FILTER (WHERE is_sent AND is_nil) AS nils, bool_or(due_on <= %(today)s) AS is_due,
           array_agg(DISTINCT period_start::text || ' ' || period_end::text) FILTER (WHERE is_sent AND is_nil)
               AS nil_days
    FROM judged WHERE rank = 0 OR best > 0
    GROUP BY 1, 2, 3, 4, 5, 6
), unit AS (
    SELECT ground, period, bool_and(is_sent) AS is_sent, coalesce(bool_and(is_nil), false) AS is_nil,
           sum(nils) AS nils, bool_or(is_due) AS is_due, string_agg(array_to_string(nil_days, ','), ',') AS nil_days
    FROM by_year GROUP BY ground, period, agency_id, area_id, own
)
SELECT ground, period, count(*), count(*) FILTER (WHERE is_sent), count(*) FILTER (WHERE is_sent AND is_nil),
       bool_or(is_due), sum(nils), string_agg(DISTINCT nil_days, ',')
FROM unit GROUP BY 1, 2
"""
)


def _asked(grounds: Sequence[Ground], periods: Sequence[Period], agency: Agency | None) -> dict[str, Any]:
    members = [(number, member) for number, ground in enumerate(grounds) for member in ground.members]
    spans = [
        (number, rank, step.start, step.end)
        for number, period in enumerate(periods)
        for rank, steps in enumerate(steps_of(period))
        for step in steps
    ]
    provinces = {member.province for _, member in members}
    return {
        # Without them each obligation of the nation would be held against each ground.
        "provinces": None if None in provinces else sorted(provinces),
        "grounds": [number for number, _ in members],
        "areas": [member.area for _, member in members],
        "wholes": [member.is_whole for _, member in members],
        "periods": [span[0] for span in spans],
        "ranks": [span[1] for span in spans],
        "starts": [span[2] for span in spans],
        "ends": [span[3] for span in spans],
        "said": [str(state) for state in SAID],
        "standing": str(Duty.STANDING),
        "agency": agency.pk if agency else None,
        "today": dt.date.today(),
    }


def sent(grounds: Sequence[Ground], periods: Sequence[Period], agency: Agency | None) -> dict[Cell, Sent]:
    """How far the reports came in, by cell; cells nobody owes anything for are missing. One query."""
    found: dict[Cell, Sent] = {}
    with connection.cursor() as cursor:
        cursor.execute(_COVERAGE, _asked(grounds, periods, agency))
        for ground, period, expected, reported, nil, is_due, nils, nil_days in cursor.fetchall():
            days = {_days(text) for text in (nil_days or "").split(",") if text}
            found[ground, period] = Sent(Coverage(expected, reported, nil), is_due, int(nils), days)
    return found


def _days(text: str) -> Days:
    start, end = text.split(" ")
    return dt.date.fromisoformat(start), dt.date.fromisoformat(end)


def words_of(
    indicators: Collection[Indicator],
    grounds: Sequence[Ground],
    periods: Sequence[Period],
    parts: Collection[str],
    agency: Agency | None,
) -> dict[tuple[Cell, str, str], list[Word]]:
    """What units reported, by cell, code and part, the words that speak for more first. One query.

    Of a last value only what speaks for the end of the period counts, and then for all of it. An indicator is known
    by its code: a later wording of it holds what was reported under an earlier one.
    """
    by_code = {indicator.code: indicator for indicator in indicators}
    asked = {**_asked(grounds, periods, agency), "codes": sorted(by_code), "parts": sorted(parts)}
    found: dict[tuple[Cell, str, str], list[Word]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_WORDS, asked)
        for ground, period, code, part, submission, agency_id, *row in cursor.fetchall():
            area, province, district, level, path, is_total, start, end, stands, *columns = row
            days, whole = (start, end), (periods[period].start, periods[period].end)
            is_last = by_code[code].is_last_value
            if is_last and end != whole[1]:
                continue
            whose = None if is_total else agency_id
            unit = Unit(whose, area, province, district, Level(level), whole if is_last else days)
            word = Word(
                submission, agency_id, path, is_total, days, _figure(*columns), stands == "reported", unit
            )
            found.setdefault(((ground, period), code, part), []).append(word)
    return found


@lru_cache(maxsize=4096)
def _figure(
    low: Decimal | None, high: Decimal | None, qualifier: str, words: str | None, word: str | None
) -> Figure:
    return Figure(low, high, Qualifier(qualifier), words or None, word or None)


def missing_in(period: Period, days: Iterable[Days], *, is_last: bool) -> tuple[Period, ...]:
    """The years of a phase, or halves of a year, that no figure speaks for; of a last value, only the last of them."""
    known = set(days)
    if (period.start, period.end) in known:
        return ()
    found: list[Period] = []
    for year in period.years() or (period,):
        halves = [half for half in year.half_years() if (half.start, half.end) not in known]
        if (year.start, year.end) in known or not halves:
            continue
        found += [year] if len(halves) == 2 and year != period else halves
    if is_last:
        found = [step for step in found if step.end == period.end]
    return tuple(found)


def coverage_of(
    area: Area, period: Period, agency: Agency | None = None, basis: MapBasis = MapBasis.THEN
) -> tuple[Coverage | None, bool]:
    """How many units owed this period within the area, how many said something, how many of them confirmed nil.

    A unit that owes only the years or halves of the period has said all of it when it sent every one of them. The
    second value tells whether the report of any unit is due. Without obligations there is no coverage.
    """
    found = sent(grounds_of([area], basis), [period], agency).get((0, 0), Sent())
    return found.coverage, found.is_due


def silent_units(area: Area, period: Period, basis: MapBasis = MapBasis.THEN) -> list[Obligation]:
    """The obligations on the ground that nobody has answered, in alphabetical order: of the period itself, or of
    its years and halves where nobody owes the period as such."""
    owed = _owed(area, period, basis).exclude(submission__state__in=SAID)
    unsaid = owed.exclude(area=area, agency__duties__duty=Duty.STANDING)
    return list(
        unsaid.select_related("agency", "area").order_by("area__sort_key", "agency__sort_key", "due_on")
    )


def submissions_of(area: Area, period: Period, basis: MapBasis = MapBasis.THEN) -> QuerySet[Submission]:
    """What was sent for the period, or for its years and halves, by units on the ground."""
    owed = _owed(area, period, basis)
    return (
        Submission.objects.filter(obligation__in=owed.values("pk"), state__in=SAID)
        .select_related("obligation__agency", "obligation__area")
        .order_by("obligation__period_start", F("obligation__area__sort_key"), "obligation__agency__sort_key")
    )


def _owed(area: Area, period: Period, basis: MapBasis) -> Any:
    asked = _asked(grounds_of([area], basis), [period], None)
    with connection.cursor() as cursor:
        cursor.execute(f"{_OWED} SELECT id, rank, agency_id, area_id FROM owed", asked)
        rows = cursor.fetchall()
    whole = {(agency, place) for _, rank, agency, place in rows if rank == 0}
    keys = [key for key, rank, agency, place in rows if rank == 0 or (agency, place) not in whole]
    every = Obligation.objects.unscoped("coverage tells how many units reported, not what")
    return every.filter(pk__in=keys)
