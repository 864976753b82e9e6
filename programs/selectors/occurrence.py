"""Occurrences of an activity as values: read from rows, printed as lines, and added up."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from programs.models import ActivityOccurrence, Measure
from territory.models import Area

#: How many times one activity may have taken place.
MOST_OCCURRENCES = 300


@dataclass(frozen=True)
class Occurrence:
    """Once that an activity took place. ``attendances`` are attendances, not people; None is not known."""

    venue: str
    held_on: dt.date | None = None
    sessions: int | None = None
    attendances: int | None = None
    women: int | None = None
    area: Area | None = None

    @classmethod
    def of(cls, row: ActivityOccurrence) -> "Occurrence":
        return cls(row.venue, row.held_on, row.sessions, row.attendances, row.women, row.area)

    def as_columns(self) -> dict[str, Any]:
        """The columns of ActivityOccurrence besides its activity and order."""
        names = ("venue", "held_on", "sessions", "attendances", "women", "area")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class OccurrenceSums:
    """What the occurrences add up to; None where none of them says."""

    sessions: int | None = None
    attendances: int | None = None
    women: int | None = None
    #: Whether every occurrence that tells its attendances also tells how many were women.
    has_all_women: bool = False

    @classmethod
    def of(cls, occurrences: Sequence[Occurrence]) -> "OccurrenceSums":
        attended = [each for each in occurrences if each.attendances is not None]
        return cls(
            _sum(each.sessions for each in occurrences),
            _sum(each.attendances for each in occurrences),
            _sum(each.women for each in occurrences),
            bool(attended) and all(each.women is not None for each in attended),
        )

    @property
    def by_measure(self) -> dict[str, int]:
        """The sums that can be held against a quantity of the activity."""
        sums = {Measure.SESSIONS: self.sessions, Measure.ATTENDANCES: self.attendances}
        return {str(measure): value for measure, value in sums.items() if value is not None}


def _sum(numbers: Iterable[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None
