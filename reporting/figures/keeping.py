"""Tallies that are kept, so that what nobody changed is not read and heard again.

A kept tally may never be shown when anything it is made of has changed. What it is made of lies in one or more
provinces, and each change there (of a record, of what a unit said or owes, of a decision) brings a mark in its own
transaction. A worker takes marks and gives the province a new version in one transaction (`reporting.rollup`); a change
of the map or of duties does so for everywhere. From this follows when one may be used and when one may be stored:

* **Used**: one statement reads the kept tally, the versions and the marks. If its version is the latest and no mark
  waits, nothing has changed since it was counted: of a change that this statement sees, it would see the mark as well,
  or the version that took the mark's place.
* **Stored**: with the version that was read *before* the counting, and only if no mark waited then. A change that was
  committed before that is in what is counted. One that is committed later, whether or not the counting saw some of it,
  brings its mark and then a new version, so that what is stored under the old one is not used. A writer who has not
  committed yet is such a change, however long it takes.
* **A replica** shows the past of the primary, in the order in which it was committed; there both hold for that past.
  Only after a look at the primary nothing is stored that was counted on a replica.

Storing never waits: while one process stores, another does without. What is kept names nobody and is the same for all
readers; who may see what of it is decided later (`reporting.disclosure`). It is not kept for single agencies.

The nation is the sum of its provinces, and of what lies in none: after a change only the provinces it touched are
counted anew. Where an authority of the nation reports a figure of its own, it has to be heard against all others, and
the indicator is counted as a whole.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from django.db import connection, transaction

from accounts.together import Statement, read_together
from reporting.figures.asked import Asked, Cell, cells_of
from reporting.figures.counting import Counting
from reporting.figures.grounds import Ground, itself
from reporting.figures.known import known_first, known_of
from reporting.figures.looking import Look, Looking, is_nation
from reporting.figures.sheets import Filled, Filling, Kept, Sheet, Sheets, Waiting, ground_key, sheet_of
from reporting.figures.tallies import NOTHING, Sent, Tally, Told
from territory.models import Area, Level

#: Any number will do; it must only be the same everywhere.
_LOCK = 138_002

#: One that was counted under a later version stays.
_STORE = """
WITH may AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(%(lock)s) AS store), sheet AS (
    INSERT INTO reporting_keptsheet (sheet, asked)
    SELECT s.sheet, s.asked::jsonb FROM unnest(%(names)s::text[], %(asked)s::text[]) AS s (sheet, asked), may
    WHERE may.store ON CONFLICT DO NOTHING
)
INSERT INTO reporting_kepttally (area_id, sheet, period_code, period_rule, ground, version, tallies)
SELECT k.area_id, k.sheet, k.period_code, k.period_rule, k.ground, k.version, k.tallies::jsonb
FROM unnest(%(areas)s::bigint[], %(sheets)s::text[], %(codes)s::text[], %(rules)s::text[], %(grounds)s::text[],
            %(versions)s::bigint[], %(tallies)s::text[])
     AS k (area_id, sheet, period_code, period_rule, ground, version, tallies), may
WHERE may.store
ON CONFLICT (area_id, sheet, period_code, period_rule, ground) DO UPDATE
SET version = EXCLUDED.version, tallies = EXCLUDED.tallies, kept_at = now()
WHERE reporting_kepttally.version <= EXCLUDED.version
"""

#: What nobody counted anew for so long is forgotten, and of the rest what is beyond so many.
_DAYS_KEPT, _MOST_KEPT = 30, 100_000
_FORGET = """
DELETE FROM reporting_kepttally WHERE kept_at < now() - make_interval(days => %s) OR id IN (
    SELECT id FROM reporting_kepttally ORDER BY kept_at DESC OFFSET %s)
"""
_FORGET_SHEETS = """
DELETE FROM reporting_keptsheet s WHERE NOT EXISTS (SELECT FROM reporting_kepttally k WHERE k.sheet = s.sheet)
"""

#: Provinces of the nation that are counted together, and then kept.
_AT_ONCE = 4


class Row(NamedTuple):
    """A row to be kept; ``tallies`` as text."""

    area: int
    sheet: str
    period_code: str
    period_rule: str
    ground: str
    version: int
    tallies: str


def keep(rows: Sequence[Row], sheets: Collection[Sheet] = ()) -> None:
    """Keep rows, unless another process is keeping some; and tell what their sheets ask for."""
    if not rows:
        return
    columns = [list(column) for column in zip(*rows, strict=True)]
    values: dict[str, Any] = {
        "lock": _LOCK,
        "names": [sheet.name for sheet in sheets],
        "asked": [json.dumps(sheet.asked) for sheet in sheets],
        **dict(
            zip(("areas", "sheets", "codes", "rules", "grounds", "versions", "tallies"), columns, strict=True)
        ),
    }
    with connection.cursor() as cursor:
        cursor.execute(_STORE, values)


class _OfNobody:
    """What lies in no province, by which the nation is more than its provinces; of its cells alone.

    An indicator of which an authority of the nation reported a figure is counted as a whole.
    """

    def __init__(self, questions: Sequence[Asked]) -> None:
        alone = [
            Asked(
                each.indicators,
                [_without_provinces(ground) for ground in each.grounds],
                each.periods,
                each.parts,
            )
            for each in questions
        ]
        (rows,) = read_together(known_first(alone, None))
        self._known = known_of(alone, rows)
        self._heard = {(cell, code) for cell, code, _part in self._known.words}
        codes = {(cell.question, code) for cell, code in self._heard}
        self._whole = None
        if codes:
            heard = [
                replace(asked, indicators=[each for each in asked.indicators if (number, each.code) in codes])
                for number, asked in enumerate(questions)
            ]
            self._whole = counted(heard)

    def with_parts(self, sheet: Sheet, cell: Cell, parts: Sequence[Filling]) -> Filled:
        """The sheet of the nation, filled in with what its provinces have."""
        nothing = Sent()
        told = Told(self._known.sent.get(cell, nothing), self._known.own_sums.get(cell, nothing))
        for part in parts:
            told = part.told.within(told)
        rows = []
        for line, indicator in enumerate(sheet.indicators):
            if self._whole is not None and (cell, indicator.code) in self._heard:
                rows.append([self._whole.tally(indicator, cell, part)[0] for part in sheet.parts])
            else:
                rows.append([_sum(part.at(line, n) for part in parts) for n in range(len(sheet.parts))])
        return Filled(sheet, told, rows)


class Keeping:
    """The sheets of some questions: those that are kept, and the others counted, and kept from then on."""

    def __init__(self, questions: Sequence[Asked], *, looks_everywhere: bool = False) -> None:
        self._questions = questions
        self._cells = cells_of(questions)
        grounds = [ground for asked in questions for ground in asked.grounds]
        self._looking = Looking(grounds, is_everywhere=looks_everywhere)
        self._sheets = [sheet_of(asked) for asked in questions]
        self._grounds = [[ground_key(ground) for ground in asked.grounds] for asked in questions]

    @property
    def statement(self) -> Statement:
        """What is kept of the cells, and what tells whether it holds; `Look.of` reads its rows."""
        return self._looking.with_kept(self._keys(self._cells))

    def sheets(self, look: Look) -> Sheets:
        """The sheets by what the statement saw. No query where all of them are kept."""
        held, missing = self._held(look)
        found: dict[Cell, Filling] = {cell: kept for cell, (_, kept) in held.items()}
        nations = [cell for cell in missing if is_nation(self._ground(cell))]
        found |= self._counted([cell for cell in missing if cell not in set(nations)], look)
        if nations:
            found |= self._composed(nations)
        return Sheets(found)

    def held(self) -> dict[Cell, tuple[int, Kept]]:
        """What is kept and holds, with its version. One query."""
        (rows,) = read_together(self.statement)
        return self._held(Look.of(rows))[0]

    def _held(self, look: Look) -> tuple[dict[Cell, tuple[int, Kept]], list[Cell]]:
        """What is kept and holds, and the cells of which nothing is."""
        held: dict[Cell, tuple[int, Kept]] = {}
        missing = []
        for number, cell in enumerate(self._cells):
            version, written = look.kept.get(number, (None, []))
            if version is not None and version == look.version(self._ground(cell)):
                held[cell] = version, Kept(self._sheets[cell.question], written)
            else:
                missing.append(cell)
        return held, missing

    def _counted(self, cells: Sequence[Cell], look: Look) -> dict[Cell, Filling]:
        """Cells that are not kept, counted in two statements, at times three; one more stores them."""
        if not cells:
            return {}
        questions, places = self._rest(cells)
        counting = counted(questions)
        found: dict[Cell, Filling] = {}
        stored: dict[Cell, tuple[int, Filled]] = {}
        for cell in cells:
            sheet, version = self._sheets[cell.question], look.version_to_store(self._ground(cell))
            if version is None:
                found[cell] = Waiting(sheet, counting, places[cell])
                continue
            filled = found[cell] = sheet.counted(counting, places[cell])
            stored[cell] = version, filled
        self._store(stored)
        return found

    def _composed(self, cells: Sequence[Cell]) -> dict[Cell, Filling]:
        """Cells of the nation: of each the sum of what its provinces have, and of what lies in none of them."""
        questions, places = self._rest(cells)
        provinces = [Ground(area, (itself(area),)) for area in Area.objects.filter(level=Level.PROVINCE)]
        parts = Keeping(
            [Asked(each.indicators, provinces, each.periods, each.parts) for each in questions],
            looks_everywhere=True,
        )
        (rows,) = read_together(parts.statement)
        look = Look.of(rows)
        held, missing = parts._held(look)
        of_provinces: dict[Cell, Filling] = {cell: kept for cell, (_, kept) in held.items()}
        for lot in _lots(missing):
            of_provinces |= parts._counted(lot, look)
        rest = _OfNobody(questions)
        found: dict[Cell, Filling] = {}
        stored: dict[Cell, tuple[int, Filled]] = {}
        for cell in cells:
            question, _, period = places[cell]
            of_parts = [of_provinces[Cell(question, g, period)] for g in range(len(provinces))]
            filled = found[cell] = rest.with_parts(self._sheets[cell.question], places[cell], of_parts)
            version = look.version_to_store(self._ground(cell))
            if version is not None:
                stored[cell] = version, filled
        self._store(stored)
        return found

    def _rest(self, cells: Sequence[Cell]) -> tuple[list[Asked], dict[Cell, Cell]]:
        """Questions that ask for some cells and for no others, and where each cell stands in them."""
        periods: dict[tuple[int, int], list[int]] = {}
        for cell in cells:
            periods.setdefault((cell.question, cell.ground), []).append(cell.period)
        alike: dict[tuple[int, tuple[int, ...]], list[int]] = {}
        for (question, ground), asked in periods.items():
            alike.setdefault((question, tuple(asked)), []).append(ground)
        questions, places = [], {}
        for number, ((question, wanted), grounds) in enumerate(alike.items()):
            whole = self._questions[question]
            questions.append(
                Asked(
                    whole.indicators,
                    [whole.grounds[ground] for ground in grounds],
                    [whole.periods[period] for period in wanted],
                    whole.parts,
                )
            )
            for g, ground in enumerate(grounds):
                for p, period in enumerate(wanted):
                    places[Cell(question, ground, period)] = Cell(number, g, p)
        return questions, places

    def _store(self, filled: Mapping[Cell, tuple[int, Filled]]) -> None:
        keys = self._keys(filled)
        rows = [
            Row._make((*key, version, json.dumps(each.as_json())))
            for key, (version, each) in zip(zip(*keys.values(), strict=True), filled.values(), strict=True)
        ]
        keep(rows, {self._sheets[cell.question] for cell in filled})

    def _keys(self, cells: Iterable[Cell]) -> dict[str, list[Any]]:
        """The keys of what is kept of some cells, as columns of a table."""
        columns: dict[str, list[Any]] = {"areas": [], "sheets": [], "codes": [], "rules": [], "grounds": []}
        for cell in cells:
            period = self._questions[cell.question].periods[cell.period]
            columns["areas"].append(self._ground(cell).area.pk)
            columns["sheets"].append(self._sheets[cell.question].name)
            columns["codes"].append(period.code)
            columns["rules"].append(period.rule.value)
            columns["grounds"].append(self._grounds[cell.question][cell.ground])
        return columns

    def _ground(self, cell: Cell) -> Ground:
        return self._questions[cell.question].grounds[cell.ground]


def counted(questions: Sequence[Asked]) -> Counting:
    """What everybody's records and words say now. Two statements, at times three."""
    (rows,) = read_together(known_first(questions, None))
    return Counting(questions, known_of(questions, rows), None)


def forget_kept(most: int = _MOST_KEPT) -> None:
    """Remove what was kept long ago, or is too much. Nobody stores meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(_FORGET, [_DAYS_KEPT, most])
        cursor.execute(_FORGET_SHEETS)


def _without_provinces(nation: Ground) -> Ground:
    """What was filed for the nation itself."""
    return replace(nation, members=tuple(replace(member, is_whole=False) for member in nation.members))


def _lots(cells: Iterable[Cell]) -> Iterator[list[Cell]]:
    """The cells of a few grounds at a time."""
    by_ground: dict[int, list[Cell]] = {}
    for cell in cells:
        by_ground.setdefault(cell.ground, []).append(cell)
    grounds = list(by_ground.values())
    for start in range(0, len(grounds), _AT_ONCE):
        yield [cell for lot in grounds[start : start + _AT_ONCE] for cell in lot]


def _sum(tallies: Iterable[Tally]) -> Tally:
    found = NOTHING
    for each in tallies:
        found = found + each
    return found
