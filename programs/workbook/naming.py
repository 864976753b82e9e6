"""Areas and agencies by the names that stand in a workbook.

A name that several have at the same time is told apart by what they lie in ("Xã Tân Tiến, Huyện A"), and if that is
not enough by their code. Of those with one name at different times, the last day of the activity decides.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

from territory.collation import fold
from territory.models import Agency, Area
from territory.text import normalise

D = TypeVar("D", Agency, Area)


class NotNamed(LookupError):
    """No record has this name."""


class NamedTwice(LookupError):
    """Several have this name; ``labels`` are the names that tell them apart."""

    def __init__(self, labels: list[str]) -> None:
        super().__init__(labels)
        self.labels = labels


class Named(Generic[D]):
    """Records that can be called by a label, and found by one."""

    def __init__(self, records: Iterable[D], *, within: Callable[[D], str]) -> None:
        """``within`` names what a record lies in, or nothing."""
        self.records: dict[int, D] = {record.pk: record for record in records}
        self._within: Callable[[D], str] = within
        by_name: dict[str, list[D]] = defaultdict(list)
        for record in self.records.values():
            by_name[_key(record.name)].append(record)
        self._labels: dict[int, str] = {
            record.pk: self._label(record, by_name) for record in self.records.values()
        }
        self._exact: dict[str, dict[int, D]] = defaultdict(dict)
        self._folded: dict[str, dict[int, D]] = defaultdict(dict)
        for record in self.records.values():
            for label in (record.name, self._longer(record), self._longest(record)):
                self._exact[_key(label)][record.pk] = record
                self._folded[fold(_key(label))][record.pk] = record

    @property
    def labels(self) -> list[str]:
        """All labels once, in the order of the records."""
        return list(dict.fromkeys(self._labels.values()))

    def label(self, record: D) -> str:
        """What the record is called in a workbook, also when it is not one of these."""
        return self._labels.get(record.pk) or _plain(record.name)

    def find(self, text: str, *, day: dt.date | None, within: str = "") -> D:
        """The record that is called so, on that day. Raises NotNamed or NamedTwice."""
        wanted = _key(text)
        found = list((self._exact.get(wanted) or self._folded.get(fold(wanted)) or {}).values())
        if not found:
            raise NotNamed(text)
        if len(found) > 1 and day is not None:
            found = [record for record in found if record.held_on(day)] or found
        if len(found) > 1 and within:
            lies_in = fold(_key(within))
            found = [record for record in found if fold(_key(self._within(record))) == lies_in] or found
        if len(found) > 1:
            raise NamedTwice(sorted({self._labels[record.pk] for record in found}))
        return found[0]

    def _label(self, record: D, by_name: dict[str, list[D]]) -> str:
        rivals = [
            other for other in by_name[_key(record.name)] if other.pk != record.pk and _meet(other, record)
        ]
        if not rivals:
            return _plain(record.name)
        if any(_key(self._within(other)) == _key(self._within(record)) for other in rivals):
            return self._longest(record)
        return self._longer(record)

    def _longer(self, record: D) -> str:
        within = self._within(record)
        return _plain(f"{record.name}, {within}" if within else record.name)

    def _longest(self, record: D) -> str:
        return f"{self._longer(record)} [{record.code}]"


def _plain(name: str) -> str:
    """A name that can stand among others parted by semicolons."""
    return " ".join(name.replace(";", ",").split())


def _key(name: str) -> str:
    return _plain(normalise(name)).casefold()


def _meet(one: D, other: D) -> bool:
    """Whether there is a day on which both exist."""
    starts = max(one.valid_from, other.valid_from)
    ends = [record.valid_to for record in (one, other) if record.valid_to is not None]
    return not ends or starts <= min(ends)


def split_names(text: str, parting: str) -> Sequence[str]:
    """The names in a cell that holds several."""
    return [name for name in (piece.strip() for piece in text.split(parting)) if name]
