"""Lists that only a ground and a period decide, kept under versions as tallies are.

What records decide follows the versions of figures. How obligations and tasks stand has versions of its own, those of
places below zero (`reporting.models.WordMark`).

What is kept is read with whatever else a page reads first, unless the process remembers it. Where nothing is that
holds, a second statement makes the list: it sees version, marks and records at the same moment, so what it made may be
kept under that version (`reporting.figures.keeping`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from accounts.together import Asked, Statement, read_together
from reporting.figures.grounds import Ground
from reporting.figures.keeping import Row, keep
from reporting.figures.known import in_order
from reporting.figures.looking import Look, Looking
from reporting.figures.remembering import Memory
from reporting.figures.sheets import ground_key
from reporting.models import WordMark
from territory.models import Level
from territory.period import Period

_LOOK = """
WITH seen AS MATERIALIZED (
    SELECT coalesce(
               (SELECT max(version) FROM reporting_figureversion
                WHERE %(sign)s * place >= 0 AND (%(places)s::bigint[] IS NULL OR place = ANY (%(places)s))), 0
           ) AS version,
           NOT EXISTS (SELECT FROM reporting_factmark
                       WHERE %(sign)s > 0 AND (%(places)s::bigint[] IS NULL OR province_id = ANY (%(places)s)))
           AND NOT EXISTS (SELECT FROM reporting_wordmark
                           WHERE %(sign)s * place >= 0
                                 AND (%(places)s::bigint[] IS NULL OR place = ANY (%(places)s))) AS is_still
), kept AS MATERIALIZED (
    SELECT k.tallies::json AS list FROM reporting_kepttally k JOIN seen ON seen.is_still AND k.version = seen.version
    WHERE k.area_id = %(area)s AND k.sheet = %(sheet)s AND k.period_code = %(code)s AND k.period_rule = %(rule)s
          AND k.ground = %(ground)s
)
"""
_ONLY_KEPT = "SELECT version, is_still, (SELECT list FROM kept) AS list FROM seen"
#: The planner takes longer over what makes a list than it takes to read what is kept.
_MADE = """
SELECT version, is_still, (SELECT coalesce(json_agg(row_to_json(q)), '[]') FROM ({made}) q) AS list FROM seen
"""


#: Rows of all lists that a process remembers.
_MOST_REMEMBERED = 5_000


@dataclass(frozen=True)
class KeptList:
    """A list by the statement that makes it, by which it is known as well. Of single agencies nothing is kept.

    ``is_of_standing`` where obligations or tasks make it, and no record.
    """

    ground: Ground
    period: Period
    made: Statement | Asked
    is_of_standing: bool = False

    @property
    def statement(self) -> Statement:
        """What is kept of the list, if that holds; `lists` reads its rows."""
        return Statement(*in_order(_LOOK + _ONLY_KEPT, self._values))

    @property
    def counted(self) -> Statement:
        """The list as it is now, with the version it may be kept under."""
        look, values = in_order(_LOOK, self._values)
        return Statement(look + _MADE.format(made=self.made.text), [*values, *self.made.values])

    def told(self, rows: Iterable[list[Any]]) -> list[Any]:
        """The rows as those of ``made`` are."""
        return [tuple(row) if isinstance(self.made, Statement) else self.made.row(row) for row in rows]

    @cached_property
    def _sheet(self) -> str:
        return hashlib.sha256(repr((self.made.text, list(self.made.values))).encode()).hexdigest()

    @cached_property
    def _values(self) -> dict[str, Any]:
        sign = -1 if self.is_of_standing else 1
        provinces = {sign * (member.province or WordMark.EVERYWHERE) for member in self.ground.members}
        is_nation = self.ground.area.level == Level.NATION
        return {
            "sign": sign,
            "places": None if is_nation else sorted({WordMark.EVERYWHERE, *provinces}),
            "area": self.ground.area.pk,
            "sheet": self._sheet,
            "code": self.period.code,
            "rule": self.period.rule.value,
            "ground": ground_key(self.ground),
        }

    @property
    def key(self) -> Hashable:
        """All that tells the list from others."""
        of = self._values
        return of["area"], of["sheet"], of["code"], of["rule"], of["ground"], of["sign"]

    def row(self, version: int, written: Sequence[Any]) -> Row:
        of, told = self._values, json.dumps(written, default=str)
        return Row(of["area"], of["sheet"], of["code"], of["rule"], of["ground"], version, told)


class KeptLists:
    """Some lists of one ground that are read together. With ``remembers`` the process tells them again while nothing of
    any has changed (`reporting.figures.remembering`)."""

    def __init__(self, kept: Sequence[KeptList], *, remembers: bool) -> None:
        self.kept = kept
        self._looking = Looking([each.ground for each in kept], with_standing=True)
        self._key: Hashable = tuple(each.key for each in kept)
        self._remembers = remembers
        self._only_looks = remembers and REMEMBERED.holds(self._key)

    @property
    def statements(self) -> list[Statement]:
        """Whether anything has changed, and unless all is remembered, what is kept of each."""
        kept = [] if self._only_looks else [each.statement for each in self.kept]
        return [self._looking.statement, *kept]

    def rows(self, seen: Iterable[Any], *found: Iterable[Any]) -> list[list[Any]]:
        """The rows of the lists, by those of the statements. One query where what is remembered holds no more; two make
        and keep those that were not kept."""
        look = Look.of(seen)
        written = REMEMBERED.told(self._key, look.state) if self._only_looks else None
        if written is None:
            if self._only_looks:
                found = tuple(read_together(*(each.statement for each in self.kept)))
            written = _written(self.kept, found)
            if self._remembers and look.is_before_counting and (state := look.state) is not None:
                REMEMBERED.keep(self._key, state, written, size=sum(map(len, written)))
        return [each.told(rows) for each, rows in zip(self.kept, written, strict=True)]


def _written(kept: Sequence[KeptList], read: Iterable[Iterable[Any]]) -> list[list[Any]]:
    """What the rows of lists are made of, by those of their statements; those that were not kept are, from then on."""
    found = [told for ((_version, _is_still, told),) in read]
    missing = [number for number, told in enumerate(found) if told is None]
    if missing:
        made: list[Row] = []
        for number, rows in zip(
            missing, read_together(*(kept[number].counted for number in missing)), strict=True
        ):
            ((version, is_still, told),) = rows
            found[number] = [list(row.values()) for row in told]
            if is_still:
                made.append(kept[number].row(version, found[number]))
        keep(made)
    return found


def differing(kept: Sequence[KeptList]) -> list[str]:
    """One line for each of the lists that is kept, holds, and is not what it is made of at the same moment."""
    found = read_together(*(statement for each in kept for statement in (each.statement, each.counted)))
    differences = []
    for each, ((_, _, told),), ((_, _, made),) in zip(kept, found[::2], found[1::2], strict=True):
        rows = json.loads(each.row(0, [list(row.values()) for row in made]).tallies)
        if told is not None and json.loads(json.dumps(told, default=str)) != rows:
            differences.append(f"{each.ground.area} {each.period.code}: {told} is kept, {rows} was counted")
    return differences


#: What the process remembers.
REMEMBERED: Memory[list[list[Any]]] = Memory(_MOST_REMEMBERED)
