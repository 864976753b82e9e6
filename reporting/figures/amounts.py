"""What records add up to: for many grounds, periods and measures at once, from the facts where these can answer.

Facts answer for districts, provinces and the nation over whole half-months. Half-months in which marks wait are
taken from the records, and so is everything the facts are not kept for. One statement, whatever is asked; a second
where facts cannot tell the records of a unit that spoke from others'.

Where units reported figures of their own, the sums are kept apart by the units whose records they are, so that these
can be left out where a report stands in their place.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reporting.figures import statements
from reporting.figures.asked import Asked, Cell, cells_of
from reporting.figures.grounds import Member
from reporting.figures.known import Known
from reporting.figures.words import Unit
from reporting.measures import source_of
from territory.figure import Total
from territory.period import bucket_of
from territory.replica import connection_to_read

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
    """What was found: sums of what happened, sums up to the end, and the cells answered by facts alone.

    ``left_out`` are the records that reach into a period without lying in it, by cell and measure: they belong to no
    part of the period.
    """

    flows: dict[Cell, Sums] = field(default_factory=dict)
    stocks: dict[Cell, Sums] = field(default_factory=dict)
    from_facts: set[Cell] = field(default_factory=set)
    left_out: dict[Cell, dict[str, set[str]]] = field(default_factory=dict)

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


def amounts(
    questions: Sequence[Asked], known: Known, *, spoken: Spoken, agencies: Sequence[int] | None
) -> Amounts:
    """The sums of every ground in every period of every question."""
    return _Adding(questions, known, spoken, agencies).found()


def is_aligned(start: dt.date, end: dt.date) -> bool:
    """Whether whole half-months make up the days, so that facts can answer."""
    return end == bucket_of(end).end and start.day in (1, 15)


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


class _Adding:
    """Which facts and records answer each cell, the statement that asks them, and what it finds."""

    def __init__(
        self, questions: Sequence[Asked], known: Known, spoken: Spoken, agencies: Sequence[int] | None
    ) -> None:
        self._questions, self._known, self._spoken, self._agencies = questions, known, spoken, agencies
        self._cells = cells_of(questions)
        self._marks = sorted(known.marks)
        self._units = [
            (number, unit) for number, cell in enumerate(self._cells) for unit in spoken.units.get(cell, ())
        ]
        self._by_facts: list[_Ask] = []
        self._by_records: list[_Ask] = []
        self._unsure: set[int] = set()
        for number, cell in enumerate(self._cells):
            self._choose(number, cell)

    def _choose(self, number: int, cell: Cell) -> None:
        asked = self._questions[cell.question]
        period, marks = asked.periods[cell.period], self._known.marks
        for member in asked.grounds[cell.ground].members:
            for is_stock, since in ((False, period.start), (True, dt.date.min)):
                if not (asked.stocks if is_stock else asked.flows):
                    continue
                ask = _Ask(number, member, since, period.end, is_stock)
                has_facts = member.has_facts and is_aligned(since, period.end)
                if not has_facts or (self._agencies is not None and not member.column):
                    self._by_records.append(ask)
                    self._unsure.add(number)
                    continue
                self._by_facts.append(ask)
                if _waits(marks, member, since, period.end):
                    self._by_records.append(_Ask(number, member, since, period.end, is_stock, of_marks=True))
                    self._unsure.add(number)

    def found(self) -> Amounts:
        found = Amounts()
        tables, branches, values = self._statement()
        if not branches:
            return found
        rows: list[Any] = []
        mixed: list[_Mixed] = []
        with connection_to_read().cursor() as cursor:
            cursor.execute(f"{tables} {' UNION ALL '.join(f'({branch})' for branch in branches)}", values)
            for cell, is_stock, measure, part, units, area, agency, bucket, from_bucket, *sums in cursor:
                if is_stock is None:
                    told = found.left_out.setdefault(self._cells[cell], {})
                    told.setdefault(measure, set()).add(part)
                elif area is None:
                    rows.append((cell, is_stock, measure, part, units, *sums))
                else:
                    mixed.append(_Mixed(cell, is_stock, measure, part, area, agency, bucket, from_bucket))
            if mixed:
                cursor.execute(
                    statements.records_of_facts(), {**_values_of_mixed(mixed), **self._unit_columns()}
                )
                rows += [(*row[:5], *row[9:]) for row in cursor.fetchall()]
        for row in rows:
            self._add(found, *row)
        without_facts = self._unsure | {key.cell for key in mixed}
        found.from_facts = {cell for number, cell in enumerate(self._cells) if number not in without_facts}
        return found

    def _add(
        self, found: Amounts, number: int, is_stock: bool, measure: str, part: str, units: Any, *columns: Any
    ) -> None:
        low, high, nominal, flags, words, count, records = columns
        sums = (found.stocks if is_stock else found.flows).setdefault(self._cells[number], Sums())
        total = Total.from_columns(
            low=low, high=high, nominal=nominal, flags=flags, words=words, parts=int(count)
        )
        whose = frozenset(self._units[unit][1] for unit in units or ())
        sums.add((measure, part), whose, total, int(records))

    def _statement(self) -> tuple[str, list[str], dict[str, Any]]:
        """Common tables, branches and values of the one statement. Numbered values belong to a branch."""
        tables, branches = "", []
        values: dict[str, Any] = {
            "agencies": self._agencies,
            "marked_provinces": [province for province, _ in self._marks],
            "marked_buckets": [bucket for _, bucket in self._marks],
            **self._unit_columns(),
        }
        if self._by_facts:
            has_nation = any(ask.member.province is None for ask in self._by_facts)
            by_province = has_nation and bool(self._units or self._marks)
            tables, sums = statements.facts(
                by_province=by_province, apart=bool(self._units), has_marks=bool(self._marks)
            )
            branches.append(sums)
            values |= self._values_of_facts()
        for (question, column, of_marks), group in self._groups().items():
            number = len(branches)
            branches.append(statements.records(column, number, of_marks=of_marks, apart=bool(self._units)))
            values |= _numbered(self._values_of_records(question, group, of_marks=of_marks), number)
        for column, group in self._reaching().items():
            number = len(branches)
            branches.append(statements.left_out(column, number))
            values |= _numbered(self._values_of_left_out(group), number)
        return tables, branches, values

    def _unit_columns(self) -> dict[str, list[Any]]:
        """The units that spoke as columns of a table; their numbers are their places."""
        return {
            "unit_numbers": list(range(len(self._units))),
            "unit_cells": [cell for cell, _ in self._units],
            "unit_agencies": [unit.agency for _, unit in self._units],
            "unit_areas": [unit.area for _, unit in self._units],
            "unit_provinces": [unit.province for _, unit in self._units],
            "unit_districts": [unit.district for _, unit in self._units],
            "unit_levels": [str(unit.level) for _, unit in self._units],
            "unit_since": [unit.days[0] for _, unit in self._units],
            "unit_until": [unit.days[1] for _, unit in self._units],
        }

    def _measures(self, question: int) -> list[tuple[str, bool]]:
        asked = self._questions[question]
        return [
            *((name, False) for name in sorted(asked.flows)),
            *((name, True) for name in sorted(asked.stocks)),
        ]

    def _values_of_facts(self) -> dict[str, Any]:
        asks = self._by_facts
        measures = [(q, *each) for q in range(len(self._questions)) for each in self._measures(q)]
        parts = [
            (q, part) for q, asked in enumerate(self._questions) for part in sorted(asked.parts_of_measures)
        ]
        spoken = [
            (number, measure)
            for number, cell in enumerate(self._cells)
            if self._spoken.units.get(cell)
            for measure in self._spoken.measures.get(cell, ())
        ]
        return {
            **_columns(asks),
            "questions": [self._cells[ask.cell].question for ask in asks],
            "provinces": [ask.member.province for ask in asks],
            "measure_questions": [question for question, _, _ in measures],
            "measures": [measure for _, measure, _ in measures],
            "measure_stocks": [is_stock for _, _, is_stock in measures],
            "part_questions": [question for question, _ in parts],
            "parts": [part for _, part in parts],
            "spoken_cells": [cell for cell, _ in spoken],
            "spoken_measures": [name for _, name in spoken],
        }

    def _groups(self) -> dict[tuple[int, str, bool], list[_Ask]]:
        """What is asked of records, by question, by the column that names the member, and whether only marked
        half-months count. Each is one branch, whose conditions the database can take to the tables."""
        groups: dict[tuple[int, str, bool], list[_Ask]] = defaultdict(list)
        for ask in self._by_records:
            groups[self._cells[ask.cell].question, ask.member.column, ask.of_marks].append(ask)
        return groups

    def _values_of_records(self, question: int, group: Sequence[_Ask], *, of_marks: bool) -> dict[str, Any]:
        kinds = {ask.is_stock for ask in group}
        measures = [each for each in self._measures(question) if each[1] in kinds]
        first, last = min(ask.since for ask in group), max(ask.until for ask in group)
        if of_marks:
            first = max(first, min(bucket for _, bucket in self._marks))
            last = min(last, bucket_of(max(bucket for _, bucket in self._marks)).end)
        names = [name for name, _ in measures]
        return {
            **_columns(group),
            "held": sorted({ask.member.area for ask in group}),
            "sources": sorted({source_of(name) for name in names}),
            "names": names,
            "parts": sorted(self._questions[question].parts_of_measures),
            "first": first,
            "last": last,
            "measures": names,
            "measure_stocks": [is_stock for _, is_stock in measures],
        }

    def _reaching(self) -> dict[str, list[_Ask]]:
        """The asks whose records may reach in without lying in, by column: facts tell where there is one, and the
        records are only asked there, and where facts cannot tell."""
        waiting = {
            ask.cell
            for ask in self._by_facts
            if _waits(self._known.marks, ask.member, ask.since, dt.date.max)
        }
        asked = self._unsure | waiting | self._known.reaching
        once = {
            (ask.cell, ask.member): ask
            for ask in (*self._by_facts, *self._by_records)
            if not ask.is_stock and ask.cell in asked
        }
        groups: dict[str, list[_Ask]] = defaultdict(list)
        for ask in once.values():
            groups[ask.member.column].append(ask)
        return groups

    def _values_of_left_out(self, group: Sequence[_Ask]) -> dict[str, Any]:
        flows = sorted({name for asked in self._questions for name in asked.flows})
        return {
            **_columns(group),
            "held": sorted({ask.member.area for ask in group}),
            "sources": sorted({source_of(name) for name in flows}),
            "names": flows,
            "first": min(ask.since for ask in group),
        }


def _columns(asks: Sequence[_Ask]) -> dict[str, list[Any]]:
    return {
        "cells": [ask.cell for ask in asks],
        "areas": [ask.member.area for ask in asks],
        "since": [ask.since for ask in asks],
        "until": [ask.until for ask in asks],
        "stocks": [ask.is_stock for ask in asks],
    }


def _numbered(values: Mapping[str, Any], number: int) -> dict[str, Any]:
    return {f"{name}_{number}": value for name, value in values.items()}


def _values_of_mixed(mixed: Sequence[_Mixed]) -> dict[str, Any]:
    """What the records of facts are looked for by, and the facts as columns of a table."""
    names = sorted({each.measure for each in mixed})
    return {
        "sources": sorted({source_of(name) for name in names}),
        "names": names,
        "parts": sorted({each.part for each in mixed}),
        "first": min(each.bucket for each in mixed),
        "last": bucket_of(max(each.bucket for each in mixed)).end,
        "agency_keys": sorted({each.agency for each in mixed}),
        "cells": [each.cell for each in mixed],
        "stocks": [each.is_stock for each in mixed],
        "measures": [each.measure for each in mixed],
        "parts_of_facts": [each.part for each in mixed],
        "areas": [each.area for each in mixed],
        "agencies": [each.agency for each in mixed],
        "buckets": [each.bucket for each in mixed],
        "from_buckets": [each.from_bucket for each in mixed],
    }
