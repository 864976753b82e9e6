"""What must be known before anything is added up, in one statement: what units said, how many of them, which facts
wait to be summed again, and where figures gathered over a longer time reach into a period.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from accounts.together import Statement, read_together
from reporting.figures.asked import Asked, Cell, first_days, members_of
from reporting.figures.grounds import Ground
from reporting.figures.tallies import Sent
from reporting.figures.words import Days, Unit, Word
from reporting.models import Indicator, SubmissionState
from territory.figure import Coverage, Figure, Qualifier
from territory.models import Duty, Level
from territory.period import Period

#: A submission counts once the unit has sent it; a returned one is being mended and does not.
SAID = (SubmissionState.SUBMITTED, SubmissionState.ACCEPTED)


_NAMED = re.compile(r"%\((\w+)\)s")


@dataclass
class Known:
    """``words`` by cell, code and part, those that speak for more first; ``sent`` without the cells nobody owes
    anything for, ``own_sums`` what the standing agency owes for a ground as a whole, which counts in no coverage of it;
    ``marks`` are provinces and half-months, ``reaching`` numbers of cells."""

    words: dict[tuple[Cell, str, str], list[Word]] = field(default_factory=dict)
    sent: dict[Cell, Sent] = field(default_factory=dict)
    own_sums: dict[Cell, Sent] = field(default_factory=dict)
    marks: set[tuple[int, dt.date]] = field(default_factory=set)
    reaching: set[int] = field(default_factory=set)


#: The obligations that lie on each ground, with what was sent. `span` has a row for every step of every cell, `held`
#: one for an obligation and every area around it.
_OWED = """
WITH member AS (
    SELECT * FROM unnest(%(member_questions)s::int[], %(grounds)s::int[], %(areas)s::bigint[], %(wholes)s::bool[])
    AS m (question, ground, area_id, is_whole)
), span AS (
    SELECT * FROM unnest(%(span_questions)s::int[], %(periods)s::int[], %(ranks)s::int[], %(starts)s::date[],
                         %(ends)s::date[])
    AS s (question, period, rank, period_start, period_end)
), held AS MATERIALIZED (
    SELECT o.id, o.agency_id, o.area_id, o.due_on, o.period_start, o.period_end, a.path, a.level, a.province_id,
           a.district_id, unnest(string_to_array(rtrim(a.path, '/'), '/')::bigint[]) AS around
    FROM reporting_obligation o JOIN territory_area a ON a.id = o.area_id
    WHERE o.period_start = ANY (%(starts)s) AND o.excused_at IS NULL
      AND (%(owing_provinces)s::bigint[] IS NULL OR o.area_id = ANY (ARRAY(
          SELECT id FROM territory_area WHERE province_id = ANY (%(owing_provinces)s) OR id = ANY (%(areas)s))))
      AND (%(agencies)s::bigint[] IS NULL OR o.agency_id = ANY (%(agencies)s))
), owed AS (
    SELECT m.question, m.ground, s.period, s.rank, o.*, sub.id AS submission_id,
           sub.state = ANY (%(said)s) AS is_sent, sub.is_nil,
           EXISTS (SELECT FROM territory_agencyduty d
                   WHERE d.agency_id = o.agency_id AND d.duty = %(standing)s) AS is_standing,
           o.area_id = m.area_id AS is_its_own
    FROM span s
    JOIN held o ON o.period_start = s.period_start AND o.period_end = s.period_end
    JOIN member m ON m.area_id = o.around AND m.question = s.question AND (m.is_whole OR m.area_id = o.area_id)
    LEFT JOIN reporting_submission sub ON sub.obligation_id = o.id
)
"""

#: The obligations that count: those of the period itself, and of its years and halves where nobody owes it as such.
_COUNTING = (
    _OWED
    + """
SELECT id FROM (SELECT id, rank, min(rank) OVER (PARTITION BY agency_id, area_id) AS best FROM owed) o
WHERE rank = 0 OR best > 0
"""
)

#: A part of a figure goes as its whole was decided, unless it was decided for itself. A unit that owes the period
#: itself is judged by that; of others each year counts by its own report or its halves'.
_KNOWN = (
    _OWED
    + """
, judged AS (
    SELECT owed.*, min(rank) OVER (PARTITION BY question, ground, period, agency_id, area_id) AS best,
           CASE WHEN rank = 0 THEN owed.id END AS own, extract(year FROM owed.period_end) AS year,
           is_standing AND is_its_own AS is_sum
    FROM owed
), by_year AS (
    SELECT question, ground, period, is_sum, agency_id, area_id, own, year,
           coalesce(bool_or(is_sent) FILTER (WHERE rank < 2), false)
               OR coalesce(bool_and(coalesce(is_sent, false)) FILTER (WHERE rank = 2), false) AS is_sent,
           bool_and(coalesce(is_nil, false)) FILTER (WHERE is_sent) AS is_nil,
           count(*) FILTER (WHERE is_sent AND is_nil) AS nils, min(due_on) AS first_due,
           array_agg(DISTINCT period_start::text || ' ' || period_end::text) FILTER (WHERE is_sent AND is_nil)
               AS nil_days
    FROM judged WHERE rank = 0 OR best > 0
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
), unit AS (
    SELECT question, ground, period, is_sum, bool_and(is_sent) AS is_sent, coalesce(bool_and(is_nil), false) AS is_nil,
           sum(nils) AS nils, min(first_due) AS first_due,
           string_agg(array_to_string(nil_days, ','), ',') AS nil_days
    FROM by_year GROUP BY question, ground, period, is_sum, agency_id, area_id, own
), reported AS MATERIALIZED (
    -- The figures of each submission are looked for once, not once for each of the codes that are asked for.
    SELECT owed.*, i.code, f.indicator_id, f.part, f.stands, f.low, f.high, f.qualifier, f.words, f.word
    FROM owed JOIN reporting_reportedfigure f ON f.submission_id = owed.submission_id AND f.source = 'reported'
    JOIN reporting_indicator i ON i.id = f.indicator_id
    WHERE owed.is_sent
)
SELECT 'sent' AS kind, jsonb_build_array(
    question, ground, period, is_sum, count(*), count(*) FILTER (WHERE is_sent),
    count(*) FILTER (WHERE is_sent AND is_nil), min(first_due), sum(nils), string_agg(DISTINCT nil_days, ',')) AS told
FROM unit GROUP BY question, ground, period, is_sum
UNION ALL
SELECT 'word', jsonb_build_array(
    row_number() OVER (ORDER BY f.rank, f.is_standing DESC, length(f.path), f.path, f.id),
    f.question, f.ground, f.period, f.code, f.part, f.submission_id, f.agency_id, f.area_id, f.province_id,
    f.district_id, f.level, f.path, f.is_standing, f.period_start, f.period_end, d.stands, f.low, f.high, f.qualifier,
    f.words, f.word)
FROM reported f
JOIN unnest(%(code_questions)s::int[], %(codes)s::text[]) AS w (question, code)
     ON w.question = f.question AND w.code = f.code
JOIN unnest(%(part_questions)s::int[], %(parts)s::text[]) AS t (question, part)
     ON t.question = f.question AND t.part = f.part
CROSS JOIN LATERAL (
    SELECT CASE WHEN f.part = '' OR f.stands <> '' THEN f.stands ELSE coalesce((
        SELECT whole.stands FROM reporting_reportedfigure whole
        WHERE whole.submission_id = f.submission_id AND whole.indicator_id = f.indicator_id AND whole.part = ''
    ), '') END AS stands
) d
WHERE d.stands <> 'records'
UNION ALL
SELECT 'mark', jsonb_build_array(province_id, bucket) FROM (
    SELECT DISTINCT province_id, bucket FROM reporting_factmark
    WHERE %(is_everywhere)s OR province_id = ANY (%(provinces)s)
) k
UNION ALL
SELECT 'reaching', to_jsonb(cell) FROM (
    SELECT DISTINCT c.cell
    FROM unnest(%(cells)s::int[], %(cell_areas)s::bigint[], %(since)s::date[]) AS c (cell, area_id, since)
    JOIN reporting_fact f ON f.area_id = c.area_id AND f.from_bucket < c.since AND f.bucket >= c.since
    WHERE f.from_bucket < f.bucket AND f.measure = ANY (%(flows)s)
) r
"""
)


def steps_of(period: Period) -> list[list[Period]]:
    """The period itself, then the years of a phase, then the halves of its years: what it may be made of."""
    years = period.years() or ((period,) if period.half_years() else ())
    halves = [half for year in years for half in year.half_years()]
    return [[period], list(period.years()), halves]


def known_first(questions: Sequence[Asked], agencies: Sequence[int] | None) -> Statement:
    """The statement of what must be known before anything is added up; `known_of` reads its rows."""
    return Statement(*in_order(_KNOWN, _of_owed(questions, agencies) | _of_sums(questions)))


def known_of(questions: Sequence[Asked], rows: Iterable[Any]) -> Known:
    """What is known before anything is added up, by the rows of `known_first`.

    Of a last value only what speaks for the end of the period counts, and then for all of it. An indicator is known
    by its code: a later wording of it holds what was reported under an earlier one.
    """
    found = Known()
    words: list[Any] = []
    for kind, row in rows:
        if kind == "sent":
            cell, is_sum, sent = _sent(*row)
            (found.own_sums if is_sum else found.sent)[cell] = sent
        elif kind == "word":
            words.append(row)
        elif kind == "mark":
            found.marks.add((row[0], dt.date.fromisoformat(row[1])))
        else:
            found.reaching.add(row)
    by_code = [{each.code: each for each in asked.indicators} for asked in questions]
    for _number, question, ground, period, code, part, *row in sorted(words, key=lambda word: int(word[0])):
        word = _word(row, questions[question].periods[period], by_code[question][code])
        if word is not None:
            found.words.setdefault((Cell(question, ground, period), code, part), []).append(word)
    return found


def sent(
    grounds: Sequence[Ground], periods: Sequence[Period], agencies: Sequence[int] | None = None
) -> dict[Cell, Sent]:
    """How far the reports came in, by cell; cells nobody owes anything for are missing. One query."""
    asked = [Asked([], grounds, periods)]
    (rows,) = read_together(known_first(asked, agencies))
    return known_of(asked, rows).sent


def owed_of(grounds: Sequence[Ground], period: Period) -> tuple[str, list[Any]]:
    """The keys of the obligations that count on some grounds in a period, as a statement and its values in order."""
    return in_order(_COUNTING, _of_owed([Asked([], grounds, [period])], None))


def in_order(statement: str, values: dict[str, Any]) -> tuple[str, list[Any]]:
    """A statement whose values have names, as one that takes them in order."""
    names: list[str] = _NAMED.findall(statement)
    return _NAMED.sub("%s", statement), [values[name] for name in names]


def _of_owed(questions: Sequence[Asked], agencies: Sequence[int] | None) -> dict[str, Any]:
    members = list(members_of(questions))
    spans = [
        (q, number, rank, step.start, step.end)
        for q, asked in enumerate(questions)
        for number, period in enumerate(asked.periods)
        for rank, steps in enumerate(steps_of(period))
        for step in steps
    ]
    is_everywhere = any(member.province is None and member.is_whole for _, _, member in members)
    provinces = {member.province for _, _, member in members if member.province is not None}
    return {
        # Without them each obligation of the nation would be held against each ground.
        "owing_provinces": None if is_everywhere else sorted(provinces),
        "member_questions": [question for question, _, _ in members],
        "grounds": [ground for _, ground, _ in members],
        "areas": [member.area for _, _, member in members],
        "wholes": [member.is_whole for _, _, member in members],
        "span_questions": [span[0] for span in spans],
        "periods": [span[1] for span in spans],
        "ranks": [span[2] for span in spans],
        "starts": [span[3] for span in spans],
        "ends": [span[4] for span in spans],
        "said": [str(state) for state in SAID],
        "standing": str(Duty.STANDING),
        "agencies": agencies,
    }


def _of_sums(questions: Sequence[Asked]) -> dict[str, Any]:
    codes = [(q, each.code) for q, asked in enumerate(questions) for each in asked.indicators]
    parts = [(q, part) for q, asked in enumerate(questions) for part in asked.parts]
    provinces = {member.province for _, _, member in members_of(questions)}
    flows = {measure for asked in questions for measure in asked.flows}
    starts = list(first_days(questions)) if flows else []
    return {
        "code_questions": [question for question, _ in dict.fromkeys(codes)],
        "codes": [code for _, code in dict.fromkeys(codes)],
        "part_questions": [question for question, _ in dict.fromkeys(parts)],
        "parts": [part for _, part in dict.fromkeys(parts)],
        "is_everywhere": None in provinces,
        "provinces": sorted(pk for pk in provinces if pk is not None),
        "cells": [number for number, _, _ in starts],
        "cell_areas": [member.area for _, member, _ in starts],
        "since": [day for _, _, day in starts],
        "flows": sorted(flows),
    }


def _sent(
    question: int,
    ground: int,
    period: int,
    is_sum: bool,
    expected: int,
    reported: int,
    nil: int,
    first_due: str,
    nils: int,
    nil_days: str | None,
) -> tuple[Cell, bool, Sent]:
    days = frozenset(_days(text) for text in (nil_days or "").split(",") if text)
    due = dt.date.fromisoformat(first_due)
    told = Sent(Coverage(expected, reported, nil), due, int(nils), days)
    return Cell(question, ground, period), is_sum, told


def _days(text: str) -> Days:
    start, end = text.split(" ")
    return dt.date.fromisoformat(start), dt.date.fromisoformat(end)


def _word(row: Sequence[Any], period: Period, indicator: Indicator) -> Word | None:
    submission, agency, area, province, district, level, path, is_total, start, end, stands, *columns = row
    days, whole = _days(f"{start} {end}"), (period.start, period.end)
    is_last = indicator.is_last_value
    if is_last and days[1] != whole[1]:
        return None
    whose = None if is_total else agency
    unit = Unit(whose, area, province, district, Level(level), whole if is_last else days)
    return Word(submission, agency, path, is_total, days, _figure(*columns), stands == "reported", unit)


@lru_cache(maxsize=4096)
def _figure(low: Any, high: Any, qualifier: str, words: str | None, word: str | None) -> Figure:
    least, most = (None if value is None else Decimal(value) for value in (low, high))
    return Figure(least, most, Qualifier(qualifier), words or None, word or None)
