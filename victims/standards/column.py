"""A column of a file: where it comes from, how our words become those of the standard, and how it is made coarser."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_noop

#: In the place of a value that tells too much at every level.
WITHHELD = "*"
#: Between several values of one field.
SEPARATOR = ";"

Coarser = Callable[[str], str]


@dataclass(frozen=True)
class Step:
    """One level of making a column coarser: what a value becomes, and how the loss is told, a message of the pages."""

    name: str
    coarser: Coarser


#: The last level of every column.
WITHHOLD = Step(gettext_noop("withheld"), lambda _value: WITHHELD)


@dataclass(frozen=True)
class Column:
    """One field of a standard.

    ``reads`` is the field of a `PersonRecord`; ``words`` gives for each of its values the one of the standard. A value
    without one is left out. ``steps`` make it coarser one after another, before it is withheld. ``is_sensitive`` tells
    what was done to the person from what others know of them.
    """

    name: str
    reads: str
    words: Mapping[str, str] | None = None
    steps: tuple[Step, ...] = field(default=())
    is_sensitive: bool = False

    @property
    def ladder(self) -> tuple[Step, ...]:
        return (*self.steps, WITHHOLD)

    def value_of(self, record: Any) -> str:
        """The value of a record in the words of the standard; several in alphabetical order."""
        held = getattr(record, self.reads)
        if isinstance(held, tuple):
            return SEPARATOR.join(sorted({word for each in held if (word := self._word(each))}))
        return self._word(held)

    def _word(self, value: str) -> str:
        return value if self.words is None else self.words.get(value, "")


def by_group(groups: Mapping[str, str], *, otherwise: str = "Other") -> Coarser:
    """Each value by the group it belongs to; several values of one group are that group, others are "Several"."""

    def coarser(value: str) -> str:
        if not value:
            return ""
        found = {groups.get(each, otherwise) for each in value.split(SEPARATOR)}
        return found.pop() if len(found) == 1 else "Several"

    return coarser


def by_span(years: int) -> Coarser:
    """A year by the span of years it lies in: 2021 is "2020-2024" for five."""

    def coarser(value: str) -> str:
        start = int(value) // years * years
        return f"{start}-{start + years - 1}"

    return coarser


def or_abroad(home: str) -> Coarser:
    """A country as the own one, or as another."""
    return lambda value: value if value in ("", home) else "Other"
