"""What records add up to: for many grounds, periods and measures at once, from the facts where these can answer.

Facts answer for districts, provinces and the nation over whole half-months. Half-months in which marks wait are
taken from the records, and so is everything the facts are not kept for. Three statements, whatever is asked.

Where units reported figures of their own, the sums are kept apart by the units whose records they are, so that these
can be left out where a report stands in their place.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from reporting.figures import statements
from reporting.figures.grounds import Ground, Member
from reporting.figures.words import Unit
from reporting.measures import source_of
from territory.figure import Total
from territory.models import Agency
from territory.period import Period, bucket_of

#: A cell is a ground in a period: where it stands in the two sequences asked for.
Cell = tuple[int, int]

_NO_UNITS: frozenset[Unit] = frozenset()


@dataclass
class Sums:
    """Totals by measure and part, and the number of records behind each, apart by the units whose records they are."""

    found: dict[tuple[str, str], dict[frozenset[Unit], tuple[Total, int]]] = field(default_factory=dict)

    def add(self, key: tuple[str, str], units: frozenset[Unit], total: Total, records: int) -> None:
        by_units = self.found.setdefault(key, {})
        before, count = by_units.get(units, (Total.empty(), 0))
        by_units[units] = before + total, count + records

    def of(
        self, measures: Iterable[str], part: str, without: Collection[Unit] = _NO_UNITS
    ) -> tuple[Total, int]:
        """What the measures add up to, without the records of some units."""
        total, records = Total.empty(), 0
        for units, (each, count) in self._parts(measures, part):
            if units.isdisjoint(without):
                total, records = total + each, records + count
        return total, records

    def units(self, measures: Iterable[str], part: str) -> set[Unit]:
        """The units whose records say something of the measures."""
        return {unit for units, (total, _) in self._parts(measures, part) if total.parts for unit in units}

    def _parts(
        self, measures: Iterable[str], part: str
    ) -> Iterator[tuple[frozenset[Unit], tuple[Total, int]]]:
        for measure in measures:
            yield from self.found.get((measure, part), {}).items()


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


@dataclass(frozen=True)
class Spoken:
    """The units that reported figures of their own in some cells, and the measures that tell of the same there."""

    units: Mapping[Cell, Sequence[Unit]] = field(default_factory=dict)
    measures: Mapping[Cell, Collection[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Question:
    """What is asked of every cell, and what is known before: the marks that wait and the units that spoke."""

    cells: Sequence[Cell]
    measures: Sequence[tuple[str, bool]]
    parts: Sequence[str]
    agency: int | None
    marks: Sequence[tuple[int, dt.date]]
    spoken: Spoken
    units: Sequence[tuple[int, Unit]]

    def unit_columns(self) -> dict[str, list[Any]]:
        """The units that spoke as columns of a table; their numbers are their places in ``units``."""
        return {
            "unit_numbers": list(range(len(self.units))),
            "unit_cells": [cell for cell, _ in self.units],
            "unit_agencies": [unit.agency for _, unit in self.units],
            "unit_areas": [unit.area for _, unit in self.units],
            "unit_provinces": [unit.province for _, unit in self.units],
            "unit_districts": [unit.district for _, unit in self.units],
            "unit_levels": [str(unit.level) for _, unit in self.units],
            "unit_since": [unit.days[0] for _, unit in self.units],
            "unit_until": [unit.days[1] for _, unit in self.units],
        }


def amounts(
    grounds: Sequence[Ground],
    periods: Sequence[Period],
    *,
    flows: Collection[str],
    stocks: Collection[str],
    parts: Collection[str],
    agency: Agency | None,
    spoken: Spoken,
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
    asked = _Question(
        cells,
        [*((m, False) for m in sorted(flows)), *((m, True) for m in sorted(stocks))],
        sorted(parts),
        agency.pk if agency else None,
        sorted(marks),
        spoken,
        [(number, unit) for number, cell in enumerate(cells) for unit in spoken.units.get(cell, ())],
    )
    rows, mixed = _from_facts(by_facts, asked)
    rows += _from_records(by_records, mixed, asked)
    for number, is_stock, measure, part, units, low, high, nominal, flags, words, count, records in rows:
        sums = (found.stocks if is_stock else found.flows).setdefault(cells[number], Sums())
        total = Total.from_columns(
            low=low, high=high, nominal=nominal, flags=flags, words=words, parts=int(count)
        )
        whose = frozenset(asked.units[unit][1] for unit in units or ())
        sums.add((measure, part), whose, total, int(records))
    without_facts = unsure | {key.cell for key in mixed}
    found.from_facts = {cell for number, cell in enumerate(cells) if number not in without_facts}
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


@dataclass(frozen=True)
class _Mixed:
    """A fact that holds records of a unit that spoke and others' as well: its records are read to tell them apart."""

    cell: int
    is_stock: bool
    measure: str
    part: str
    area: int
    agency: int
    bucket: dt.date
    from_bucket: dt.date


def _from_facts(asks: Sequence[_Ask], asked: _Question) -> tuple[list[Any], list[_Mixed]]:
    """The sums by measure, part and units, and the facts that cannot tell whose records they hold."""
    if not asks:
        return [], []
    values: dict[str, Any] = {
        "cells": [ask.cell for ask in asks],
        "areas": [ask.member.area for ask in asks],
        "provinces": [ask.member.province for ask in asks],
        "since": [ask.since for ask in asks],
        "until": [ask.until for ask in asks],
        "stocks": [ask.is_stock for ask in asks],
        "measures": [measure for measure, _ in asked.measures],
        "measure_stocks": [is_stock for _, is_stock in asked.measures],
        "parts": list(asked.parts),
        "agency": asked.agency,
        "marked_provinces": [province for province, _ in asked.marks],
        "marked_buckets": [bucket for _, bucket in asked.marks],
    }
    is_split = any(asked.units)
    spoken = [
        (number, measure)
        for number, cell in enumerate(asked.cells)
        if asked.spoken.units.get(cell)
        for measure in asked.spoken.measures.get(cell, ())
    ]
    values |= {"spoken_cells": [cell for cell, _ in spoken], "spoken_measures": [name for _, name in spoken]}
    has_nation = any(ask.member.province is None for ask in asks)
    held = statements.facts(by_province=has_nation and bool(is_split or asked.marks))
    if is_split:
        values |= asked.unit_columns()
    rows: list[Any] = []
    mixed: list[_Mixed] = []
    with connection.cursor() as cursor:
        cursor.execute(held + (statements.APART if is_split else statements.TOGETHER), values)
        for (
            cell,
            is_stock,
            measure,
            part,
            units,
            area,
            agency,
            bucket,
            from_bucket,
            *sums,
        ) in cursor.fetchall():
            if area is None:
                rows.append((cell, is_stock, measure, part, units, *sums))
            else:
                mixed.append(_Mixed(cell, is_stock, measure, part, area, agency, bucket, from_bucket))
    return rows, mixed


def _groups(asks: Iterable[_Ask]) -> dict[tuple[str, bool], list[_Ask]]:
    """What is asked of records, by the column that names the member and whether only marked half-months count.

    Each group is one branch of the statement, whose conditions the database can take to the tables.
    """
    groups: dict[tuple[str, bool], list[_Ask]] = {}
    for ask in asks:
        groups.setdefault((ask.member.column, ask.of_marks), []).append(ask)
    return groups


def _from_records(asks: Sequence[_Ask], mixed: Sequence[_Mixed], asked: _Question) -> list[Any]:
    if not (asks or mixed):
        return []
    key = asked.agency
    branches: list[str] = []
    values: list[Any] = []
    whose, units = statements.WHOSE_RECORDS, list(asked.unit_columns().values())
    if not asked.units:
        whose, units = statements.NOBODYS_RECORDS, []
    for (column, of_marks), group in _groups(asks).items():
        areas = sorted({ask.member.area for ask in group})
        kinds = {ask.is_stock for ask in group}
        names = [measure for measure, is_stock in asked.measures if is_stock in kinds]
        first, last = min(ask.since for ask in group), max(ask.until for ask in group)
        if of_marks:
            first = max(first, min(bucket for _, bucket in asked.marks))
            last = min(last, bucket_of(max(bucket for _, bucket in asked.marks)).end)
        held = f"{column} = ANY (%s)" if column else "%s IS NOT NULL"
        joined = f"c.area_id = r.{column}" if column else "TRUE"
        in_marks = (
            "WHERE (r.province_id, half_month(r.day)) IN (SELECT * FROM unnest(%s::bigint[], %s::date[]))"
            if of_marks
            else ""
        )
        branches.append(statements.RECORDS.format(held=held, joined=joined, marks=in_marks, whose=whose))
        values += [
            sorted({source_of(name) for name in names}),
            names,
            list(asked.parts),
            first,
            last,
            key,
            key,
        ]
        values += [
            areas,
            [ask.cell for ask in group],
            [ask.member.area for ask in group],
            [ask.since for ask in group],
            [ask.until for ask in group],
            [ask.is_stock for ask in group],
            [measure for measure, _ in asked.measures],
            [is_stock for _, is_stock in asked.measures],
            *units,
        ]
        if of_marks:
            values += [[province for province, _ in asked.marks], [bucket for _, bucket in asked.marks]]
    if mixed:
        branches.append(statements.RECORDS_OF_FACTS.format(whose=whose))
        values += _values_of_mixed(mixed) + units
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(branches), values)
        rows: list[Any] = cursor.fetchall()
    return rows


def _values_of_mixed(mixed: Sequence[_Mixed]) -> list[Any]:
    """What the records of facts are looked for by, then the facts as columns of a table."""
    names = sorted({each.measure for each in mixed})
    return [
        sorted({source_of(name) for name in names}),
        names,
        sorted({each.part for each in mixed}),
        min(each.bucket for each in mixed),
        bucket_of(max(each.bucket for each in mixed)).end,
        sorted({each.agency for each in mixed}),
        [each.cell for each in mixed],
        [each.is_stock for each in mixed],
        [each.measure for each in mixed],
        [each.part for each in mixed],
        [each.area for each in mixed],
        [each.agency for each in mixed],
        [each.bucket for each in mixed],
        [each.from_bucket for each in mixed],
    ]


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
        cursor.execute(statements.REACHING, [*columns, list(flows)])
        asked = unsure | {number for (number,) in cursor.fetchall()}
        branches: list[str] = []
        values: list[Any] = []
        key = agency.pk if agency else None
        reaching = [ask for ask in flowing if ask.cell in asked]
        for column, group in _by_column(reaching).items():
            held = f"{column} = ANY (%s)" if column else "%s IS NOT NULL"
            joined = f"c.area_id = r.{column}" if column else "TRUE"
            branches.append(statements.LEFT_OUT.format(held=held, joined=joined))
            values += [
                sorted({source_of(name) for name in flows}),
                list(flows),
                min(ask.since for ask in group),
            ]
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
