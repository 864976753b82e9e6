"""What records add up to: for many grounds, periods and measures at once, from the facts where these can answer.

Facts answer for districts, provinces and the nation over whole half-months. Half-months in which marks wait are
taken from the records, and so is everything the facts are not kept for. Three statements, whatever is asked.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from reporting.figures.grounds import Ground, Member
from reporting.measures import source_of
from territory.figure import Total
from territory.models import Agency
from territory.period import Period, bucket_of

#: A cell is a ground in a period: where it stands in the two sequences asked for.
Cell = tuple[int, int]


@dataclass
class Sums:
    """Totals by measure and part, and the number of records behind each."""

    totals: dict[tuple[str, str], Total] = field(default_factory=dict)
    records: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, key: tuple[str, str], total: Total, records: int) -> None:
        self.totals[key] = self.totals.get(key, Total.empty()) + total
        self.records[key] = self.records.get(key, 0) + records

    def of(self, measures: Iterable[str], part: str) -> tuple[Total, int]:
        keys = [(measure, part) for measure in measures]
        total = sum((self.totals[key] for key in keys if key in self.totals), Total.empty())
        return total, sum(self.records.get(key, 0) for key in keys)


@dataclass
class Amounts:
    """What was found: sums of what happened, sums up to the end, and the cells answered by facts alone."""

    flows: dict[Cell, Sums] = field(default_factory=dict)
    stocks: dict[Cell, Sums] = field(default_factory=dict)
    from_facts: set[Cell] = field(default_factory=set)

    def flows_in(self, cell: Cell) -> Sums:
        return self.flows.get(cell, _NOTHING)

    def stocks_in(self, cell: Cell) -> Sums:
        return self.stocks.get(cell, _NOTHING)


_NOTHING = Sums()


@dataclass(frozen=True)
class _Ask:
    """One member of a ground over the days of one period; ``of_marks`` limits it to the half-months with marks."""

    cell: int
    member: Member
    since: dt.date
    until: dt.date
    is_stock: bool
    of_marks: bool = False


_SUM_COLUMNS = "sum({0}low), sum({0}high), sum({0}nominal), bit_or({0}flags)"
_WORDS = "CASE WHEN count(*) FILTER (WHERE {0}flags <> 0 OR {0}high <> 0) = 1 THEN max({0}words) END"

_FACTS = f"""
WITH cell AS (
    SELECT * FROM unnest(%(cells)s::int[], %(areas)s::bigint[], %(provinces)s::bigint[], %(since)s::date[],
                         %(until)s::date[], %(stocks)s::bool[])
    AS c (cell, area_id, province_id, since, until, is_stock)
), wanted AS (
    SELECT * FROM unnest(%(measures)s::text[], %(measure_stocks)s::bool[]) AS m (measure, is_stock)
), marked AS (
    SELECT * FROM unnest(%(marked_provinces)s::bigint[], %(marked_buckets)s::date[]) AS k (province_id, bucket)
)
SELECT c.cell, c.is_stock, f.measure, f.part, {_SUM_COLUMNS.format("f.")}, {_WORDS.format("f.")},
       sum(f.parts), sum(f.records)
FROM cell c
JOIN wanted m ON m.is_stock = c.is_stock
JOIN reporting_fact f ON f.area_id = c.area_id AND f.measure = m.measure
     AND f.bucket BETWEEN c.since AND c.until AND f.from_bucket >= c.since
WHERE f.part = ANY (%(parts)s) AND (%(agency)s::bigint IS NULL OR f.agency_id = %(agency)s)
      AND NOT EXISTS (SELECT FROM marked k WHERE k.bucket = f.bucket
                      AND (c.province_id IS NULL OR k.province_id = c.province_id))
GROUP BY 1, 2, 3, 4
"""

_RECORDS = f"""
SELECT c.cell, c.is_stock, r.measure, r.part, {_SUM_COLUMNS.format("r.")}, {_WORDS.format("r.")},
       count(*), count(DISTINCT r.record)
FROM (
    SELECT * FROM reporting_measure
    WHERE source = ANY (%s) AND measure = ANY (%s) AND part = ANY (%s) AND day BETWEEN %s AND %s
          AND (%s::bigint IS NULL OR agency_id = %s) AND {{held}}
) r
JOIN unnest(%s::int[], %s::bigint[], %s::date[], %s::date[], %s::bool[])
     AS c (cell, area_id, since, until, is_stock)
     ON {{joined}} AND r.day BETWEEN c.since AND c.until AND r.from_day >= c.since
JOIN unnest(%s::text[], %s::bool[]) AS m (measure, is_stock)
     ON m.measure = r.measure AND m.is_stock = c.is_stock
{{marks}}
GROUP BY 1, 2, 3, 4
"""

#: Facts that were gathered over more than a half-month and reach into a period; there are few in all.
_REACHING = """
SELECT DISTINCT c.cell
FROM unnest(%s::int[], %s::bigint[], %s::date[]) AS c (cell, area_id, since)
JOIN reporting_fact f ON f.area_id = c.area_id AND f.from_bucket < c.since AND f.bucket >= c.since
WHERE f.from_bucket < f.bucket AND f.measure = ANY (%s)
"""

_LEFT_OUT = """
SELECT DISTINCT c.cell, r.measure, r.record
FROM (
    SELECT * FROM reporting_measure
    WHERE source = ANY (%s) AND measure = ANY (%s) AND day >= %s AND from_day < day
          AND (%s::bigint IS NULL OR agency_id = %s) AND {held}
) r
JOIN unnest(%s::int[], %s::bigint[], %s::date[]) AS c (cell, area_id, since)
     ON {joined} AND r.from_day < c.since AND r.day >= c.since
"""


def amounts(
    grounds: Sequence[Ground],
    periods: Sequence[Period],
    *,
    flows: Collection[str],
    stocks: Collection[str],
    parts: Collection[str],
    agency: Agency | None,
) -> tuple[Amounts, dict[Cell, dict[str, set[str]]]]:
    """The sums of every ground in every period, and the records that reach into a period without lying in it.

    The latter belong to no part of the period; they are told by cell and measure.
    """
    found = Amounts()
    if not (flows or stocks):
        return found, {}
    cells = [(g, p) for g in range(len(grounds)) for p in range(len(periods))]
    marks = _marks(grounds)
    by_facts: list[_Ask] = []
    by_records: list[_Ask] = []
    unsure: set[int] = set()
    for number, (g, p) in enumerate(cells):
        period = periods[p]
        for member in grounds[g].members:
            for is_stock, since in ((False, period.start), (True, dt.date.min)):
                if not (stocks if is_stock else flows):
                    continue
                ask = _Ask(number, member, since, period.end, is_stock)
                has_facts = member.has_facts and _is_aligned(since, period.end)
                if not has_facts or (agency is not None and not member.column):
                    by_records.append(ask)
                    unsure.add(number)
                    continue
                by_facts.append(ask)
                if _waits(marks, member, since, period.end):
                    by_records.append(_Ask(number, member, since, period.end, is_stock, of_marks=True))
                    unsure.add(number)
    measures = [*((m, False) for m in sorted(flows)), *((m, True) for m in sorted(stocks))]
    rows = [*_from_facts(by_facts, measures, parts, agency, marks)]
    rows += _from_records(by_records, measures, parts, agency, marks)
    for number, is_stock, measure, part, low, high, nominal, flags, words, count, records in rows:
        sums = (found.stocks if is_stock else found.flows).setdefault(cells[number], Sums())
        total = Total.from_columns(
            low=low, high=high, nominal=nominal, flags=flags, words=words, parts=int(count)
        )
        sums.add((measure, part), total, int(records))
    found.from_facts = {cell for number, cell in enumerate(cells) if number not in unsure}
    waiting = {ask.cell for ask in by_facts if _waits(marks, ask.member, ask.since, dt.date.max)}
    left_out = _left_out([*by_facts, *by_records], unsure | waiting, sorted(flows), agency)
    return found, {cells[number]: told for number, told in left_out.items()}


def _is_aligned(start: dt.date, end: dt.date) -> bool:
    """Whether whole half-months make up the days, so that facts can answer."""
    return end == bucket_of(end).end and start.day in (1, 15)


def _marks(grounds: Sequence[Ground]) -> set[tuple[int, dt.date]]:
    """The provinces and half-months whose facts wait to be summed again."""
    provinces = {member.province for ground in grounds for member in ground.members}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT province_id, bucket FROM reporting_factmark WHERE %s OR province_id = ANY (%s)",
            [None in provinces, sorted(pk for pk in provinces if pk is not None)],
        )
        return set(cursor.fetchall())


def _waits(marks: set[tuple[int, dt.date]], member: Member, since: dt.date, until: dt.date) -> bool:
    return any(since <= bucket <= until and member.province in (None, province) for province, bucket in marks)


def _from_facts(
    asks: Sequence[_Ask],
    measures: Sequence[tuple[str, bool]],
    parts: Collection[str],
    agency: Agency | None,
    marks: set[tuple[int, dt.date]],
) -> list[Any]:
    if not asks:
        return []
    ordered = sorted(marks)
    with connection.cursor() as cursor:
        cursor.execute(
            _FACTS,
            {
                "cells": [ask.cell for ask in asks],
                "areas": [ask.member.area for ask in asks],
                "provinces": [ask.member.province for ask in asks],
                "since": [ask.since for ask in asks],
                "until": [ask.until for ask in asks],
                "stocks": [ask.is_stock for ask in asks],
                "measures": [measure for measure, _ in measures],
                "measure_stocks": [is_stock for _, is_stock in measures],
                "parts": sorted(parts),
                "agency": agency.pk if agency else None,
                "marked_provinces": [province for province, _ in ordered],
                "marked_buckets": [bucket for _, bucket in ordered],
            },
        )
        rows: list[Any] = cursor.fetchall()
    return rows


def _groups(asks: Iterable[_Ask]) -> dict[tuple[str, bool], list[_Ask]]:
    """What is asked of records, by the column that names the member and whether only marked half-months count.

    Each group is one branch of the statement, whose conditions the database can take to the tables.
    """
    groups: dict[tuple[str, bool], list[_Ask]] = {}
    for ask in asks:
        groups.setdefault((ask.member.column, ask.of_marks), []).append(ask)
    return groups


def _from_records(
    asks: Sequence[_Ask],
    measures: Sequence[tuple[str, bool]],
    parts: Collection[str],
    agency: Agency | None,
    marks: set[tuple[int, dt.date]],
) -> list[Any]:
    if not asks:
        return []
    key = agency.pk if agency else None
    ordered = sorted(marks)
    branches, values = [], []
    for (column, of_marks), group in _groups(asks).items():
        areas = sorted({ask.member.area for ask in group})
        kinds = {ask.is_stock for ask in group}
        names = [measure for measure, is_stock in measures if is_stock in kinds]
        first, last = min(ask.since for ask in group), max(ask.until for ask in group)
        if of_marks:
            first = max(first, min(bucket for _, bucket in ordered))
            last = min(last, bucket_of(max(bucket for _, bucket in ordered)).end)
        held = f"{column} = ANY (%s)" if column else "%s IS NOT NULL"
        joined = f"c.area_id = r.{column}" if column else "TRUE"
        in_marks = (
            "WHERE (r.province_id, half_month(r.day)) IN (SELECT * FROM unnest(%s::bigint[], %s::date[]))"
            if of_marks
            else ""
        )
        branches.append(_RECORDS.format(held=held, joined=joined, marks=in_marks))
        values += [sorted({source_of(name) for name in names}), names, sorted(parts), first, last, key, key]
        values += [
            areas,
            [ask.cell for ask in group],
            [ask.member.area for ask in group],
            [ask.since for ask in group],
            [ask.until for ask in group],
            [ask.is_stock for ask in group],
            [measure for measure, _ in measures],
            [is_stock for _, is_stock in measures],
        ]
        if of_marks:
            values += [[province for province, _ in ordered], [bucket for _, bucket in ordered]]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(branches), values)
        rows: list[Any] = cursor.fetchall()
    return rows


def _left_out(
    asks: Sequence[_Ask], unsure: set[int], flows: Sequence[str], agency: Agency | None
) -> dict[int, dict[str, set[str]]]:
    """The records gathered over a longer time that reach into a period without lying in it.

    Facts tell where there is one; the records are only asked there, and where facts cannot tell.
    """
    once = {(ask.cell, ask.member): ask for ask in asks if not ask.is_stock}
    flowing = list(once.values())
    if not flowing:
        return {}
    with connection.cursor() as cursor:
        columns = (
            [ask.cell for ask in flowing],
            [ask.member.area for ask in flowing],
            [ask.since for ask in flowing],
        )
        cursor.execute(_REACHING, [*columns, flows])
        asked = unsure | {number for (number,) in cursor.fetchall()}
        branches, values = [], []
        key = agency.pk if agency else None
        reaching = [ask for ask in flowing if ask.cell in asked]
        for column, group in _by_column(reaching).items():
            held = f"{column} = ANY (%s)" if column else "%s IS NOT NULL"
            joined = f"c.area_id = r.{column}" if column else "TRUE"
            branches.append(_LEFT_OUT.format(held=held, joined=joined))
            values += [sorted({source_of(name) for name in flows}), flows, min(ask.since for ask in group)]
            values += [key, key, sorted({ask.member.area for ask in group})]
            values += [
                [ask.cell for ask in group],
                [ask.member.area for ask in group],
                [ask.since for ask in group],
            ]
        if not branches:
            return {}
        cursor.execute(" UNION ALL ".join(branches), values)
        found: dict[int, dict[str, set[str]]] = {}
        for number, measure, record in cursor.fetchall():
            found.setdefault(number, {}).setdefault(measure, set()).add(record)
    return found


def _by_column(asks: Iterable[_Ask]) -> dict[str, list[_Ask]]:
    found: dict[str, list[_Ask]] = {}
    for ask in asks:
        found.setdefault(ask.member.column, []).append(ask)
    return found
