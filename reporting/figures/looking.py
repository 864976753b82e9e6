"""Looking whether anything has changed: the versions of some places and the marks that wait there, at one moment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import DEFAULT_DB_ALIAS

from accounts.together import Statement
from reporting.figures.grounds import Ground
from reporting.figures.known import in_order
from reporting.models import WordMark
from territory.models import Level
from territory.replica import connection_to_read

#: Versions come with the transaction that wrote them: once a backup was brought back, a number is given again.
_SEEN = """
SELECT 'version' AS kind, place AS number, version, to_jsonb(xmin::text) AS told
FROM reporting_figureversion
WHERE (%(is_everywhere)s AND (place >= 0 OR %(with_standing)s)) OR place = ANY (%(places)s)
UNION ALL
SELECT 'mark', place, NULL, NULL FROM (
    SELECT DISTINCT province_id AS place FROM reporting_factmark
    WHERE %(is_everywhere)s OR province_id = ANY (%(places)s)
    UNION
    SELECT place FROM reporting_wordmark
    WHERE (%(is_everywhere)s AND (place >= 0 OR %(with_standing)s)) OR place = ANY (%(places)s)
) m
UNION ALL
SELECT 'replica', 0, NULL, NULL WHERE pg_is_in_recovery()
"""
_KEPT = """
UNION ALL
SELECT 'kept', c.number, k.version, k.tallies
FROM unnest(%(numbers)s::int[], %(areas)s::bigint[], %(sheets)s::text[], %(codes)s::text[], %(rules)s::text[],
            %(grounds)s::text[]) AS c (number, area_id, sheet, period_code, period_rule, ground)
JOIN reporting_kepttally k USING (area_id, sheet, period_code, period_rule, ground)
"""
#: Rows of a look among those of another list.
_BESIDE = "UNION ALL SELECT 'look', jsonb_build_array(kind, number, version, told) FROM ({look}) l"

#: Versions by place, each with the transaction that wrote it.
State = frozenset[tuple[int, int, str]]


@dataclass
class Look:
    """What one statement saw: versions and waiting marks by place, and what is kept of which cell."""

    versions: dict[int, int] = field(default_factory=dict)
    marked: set[int] = field(default_factory=set)
    kept: dict[int, tuple[int, Any]] = field(default_factory=dict)
    is_of_replica: bool = False
    written: set[tuple[int, int, str]] = field(default_factory=set)

    @classmethod
    def of(cls, rows: Iterable[Any]) -> Look:
        look = cls()
        for kind, number, version, told in rows:
            if kind == "version":
                look.versions[number] = version
                look.written.add((number, version, told))
            elif kind == "mark":
                look.marked.add(number)
            elif kind == "replica":
                look.is_of_replica = True
            else:
                look.kept[number] = version, told
        return look

    @property
    def state(self) -> State | None:
        """What stays the same as long as no figure of the places changes; None while a mark waits in any."""
        return None if self.marked else frozenset(self.written)

    @property
    def is_before_counting(self) -> bool:
        """Whether what is counted now cannot be older than what was seen."""
        return self.is_of_replica or connection_to_read().alias == DEFAULT_DB_ALIAS

    def version_to_store(self, ground: Ground) -> int | None:
        """The version under which may be kept what is counted now; None where it may not be kept."""
        return self.version(ground) if self.is_before_counting else None

    def version(self, ground: Ground) -> int | None:
        """The version of what lies on a ground; None while a mark waits there."""
        everywhere = {WordMark.EVERYWHERE}
        if is_nation(ground):
            return None if self.marked else max(self.versions.values(), default=0)
        places = everywhere | {member.province for member in ground.members}
        if not places.isdisjoint(self.marked):
            return None
        return max(self.versions.get(place or 0, 0) for place in places)


class Looking:
    """A look at all that some grounds lie in; ``with_standing`` also at how obligations and tasks stand there."""

    def __init__(
        self, grounds: Sequence[Ground], *, is_everywhere: bool = False, with_standing: bool = False
    ) -> None:
        provinces = {member.province for ground in grounds for member in ground.members}
        places = sorted(pk for pk in provinces if pk is not None)
        self._asked: dict[str, Any] = {
            "is_everywhere": is_everywhere or any(is_nation(ground) for ground in grounds),
            "with_standing": with_standing,
            "places": [WordMark.EVERYWHERE, *places, *(-pk for pk in places if with_standing)],
        }

    @cached_property
    def statement(self) -> Statement:
        """The look alone; `Look.of` reads its rows."""
        return Statement(*in_order(_SEEN, self._asked))

    def with_kept(self, keys: dict[str, list[Any]]) -> Statement:
        """The look with what is kept under some keys, which are numbered."""
        numbers = list(range(len(keys["areas"])))
        return Statement(*in_order(_SEEN + _KEPT, {**self._asked, **keys, "numbers": numbers}))

    def beside(self, known: Statement) -> Statement:
        """A list whose rows have a kind and JSON, with the look; `told_apart` tells them apart."""
        look = self.statement
        return Statement(known.text + _BESIDE.format(look=look.text), [*known.values, *look.values])


def told_apart(rows: Iterable[Any]) -> tuple[Look, list[Any]]:
    """The look and the other rows of a list that was read beside it."""
    seen: list[Any] = []
    others: list[Any] = []
    for row in rows:
        (seen if row[0] == "look" else others).append(row)
    return Look.of(each for _kind, each in seen), others


def is_nation(ground: Ground) -> bool:
    return ground.area.level == Level.NATION
