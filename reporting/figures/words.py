"""What units reported in their own words, and how much of it counts beside the records or in place of them.

A figure speaks for a unit, or for a whole area where its standing agency gives it, over some days. What the records of
that unit and those days say is the same thing told twice, so only one of the two counts: the records, unless there are
none or a person decided that the report stands. What other units' records say is counted besides. Of figures that
speak for the same, the one over more days wins, and of those the one for more of the area: none is counted twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from territory.figure import Figure, Total
from territory.models import Level

Days = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Unit:
    """Whose records a figure speaks for: an agency's, or everybody's (no ``agency``), in an area, over some days."""

    agency: int | None
    area: int
    province: int | None
    district: int | None
    level: Level
    days: Days


class Way(StrEnum):
    """How a reported figure counts: besides the records, in place of the unit's, not, or as part of another one."""

    ADDED = "added"
    INSTEAD = "instead"
    UNDECIDED = "undecided"
    WITHIN = "within"


@dataclass(frozen=True)
class Word:
    """One figure of a submission. ``stands`` where a person decided that it does, whatever the records say."""

    submission: int
    agency: int
    path: str
    is_total: bool
    days: Days
    figure: Figure
    stands: bool
    unit: Unit


@dataclass(frozen=True)
class Hearing:
    """A word and how it counts."""

    word: Word
    way: Way


@dataclass
class Said:
    """What counts of the words of a cell: their total, the days they speak for, and whose records they replace."""

    total: Total = field(default_factory=Total.empty)
    days: set[Days] = field(default_factory=set)
    units: set[Unit] = field(default_factory=set)
    hearings: list[Hearing] = field(default_factory=list)

    @property
    def figures(self) -> int:
        return sum(hearing.way in (Way.ADDED, Way.INSTEAD) for hearing in self.hearings)

    @property
    def is_undecided(self) -> bool:
        return any(hearing.way is Way.UNDECIDED for hearing in self.hearings)


def hear(words: Sequence[Word], is_recorded: Callable[[Unit], bool]) -> Said:
    """What counts of the words, the ones that speak for more first, where some units' records speak as well."""
    heard = _Heard()
    for word in words:
        has_records = is_recorded(word.unit)
        if has_records and not word.stands:
            heard.said.hearings.append(Hearing(word, Way.UNDECIDED))
        else:
            heard.hear(word, Way.INSTEAD if has_records else Way.ADDED)
    return heard.said


@dataclass
class _Heard:
    """Words heard so far; what they speak for already is not heard again."""

    said: Said = field(default_factory=Said)
    by_unit: dict[tuple[int, str], list[Days]] = field(default_factory=dict)
    for_area: dict[str, list[Days]] = field(default_factory=dict)
    within: dict[str, list[Days]] = field(default_factory=dict)

    def hear(self, word: Word, way: Way) -> None:
        unit, path, days = (word.agency, word.path), word.path, word.days
        around = list(_areas_around(path))
        wider = around[:-1] if word.is_total else around
        taken = [self.by_unit.get(unit, []), *(self.for_area.get(each, []) for each in wider)]
        if word.is_total:
            taken.append(self.within.get(path, []))
        if any(_overlap(days, other) for others in taken for other in others):
            self.said.hearings.append(Hearing(word, Way.WITHIN))
            return
        self.said.total += Total.of(word.figure)
        self.said.days.add(days)
        self.said.units.add(word.unit)
        self.said.hearings.append(Hearing(word, way))
        self.by_unit.setdefault(unit, []).append(days)
        if word.is_total:
            self.for_area.setdefault(path, []).append(days)
        for each in wider:
            self.within.setdefault(each, []).append(days)


def _overlap(one: Days, other: Days) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _areas_around(path: str) -> Iterator[str]:
    """The paths of an area and of all it lies in, the widest first."""
    return (path[: place + 1] for place, character in enumerate(path) if character == "/")
