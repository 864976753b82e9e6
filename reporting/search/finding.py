"""What a search finds: the keys of all kinds in one query, then the records of a page."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from reporting.search.protected import Cases, Tips, Victims
from reporting.search.source import MOST, Hit, Source
from reporting.search.sources import Activities, Areas, Documents, People, Reports, Statements, Tasks
from reporting.search.typed import Typed

__all__ = ["KINDS", "MOST", "Found", "Hit", "find", "read"]

#: The kinds by the word they have in addresses, in the order of their tabs.
KINDS: dict[str, str | Promise] = {
    "document": _("Documents"),
    "task": _("Tasks"),
    "activity": _("Activities"),
    "statement": _("Difficulties and recommendations"),
    "report": _("Reports"),
    "tip": _("Tips"),
    "case": _("Cases"),
    "victim": _("Victims"),
    "person": _("Colleagues"),
    "area": _("Areas"),
}
_SOURCES: tuple[Source, ...] = (
    *(Documents(), Tasks(), Activities()),
    *(Statements(word) for word in ("difficulty", "recommendation", "direction")),
    *(Reports(), Tips(), Cases(), Victims(), People(), Areas()),
)
_BY_NAME = {source.name: source for source in _SOURCES}


class Key(NamedTuple):
    """A record that was found."""

    source: str
    pk: int


@dataclass(frozen=True)
class Found:
    """The keys of what was found by kind, the best first, at most one more than can be paged through."""

    keys: dict[str, list[Key]] = field(default_factory=dict)

    def of(self, kind: str) -> list[Key]:
        return self.keys.get(kind, [])[:MOST]

    def count(self, kind: str) -> str:
        """How many there are, as the tab says it."""
        number = len(self.keys.get(kind, []))
        return f"{MOST}+" if number > MOST else str(number)

    @property
    def total(self) -> int:
        return sum(len(keys) for keys in self.keys.values())


def find(user: User, typed: Typed) -> Found:
    """What the person may find. One query, whatever there is.

    First what has exactly this code or number, then what holds every word, then what holds words that begin so; the
    newest first. Rows under policies are only found within the reader's ``row_scope``.
    """
    first, *rest = (rows for source in _SOURCES for rows in source.keys(user, typed))
    ranked: dict[str, dict[Key, tuple[int, int]]] = {}
    for name, rank, day, pk in first.union(*rest, all=True):
        of_kind = ranked.setdefault(_BY_NAME[name].kind, {})
        key, place = Key(name, pk), (rank, -(day or dt.date.min).toordinal())
        of_kind[key] = min(place, of_kind.get(key, place))
    return Found(
        {
            kind: sorted(places, key=lambda key: (*places[key], -key.pk))[: MOST + 1]
            for kind, places in ranked.items()
        }
    )


def read(user: User, keys: Iterable[Key]) -> tuple[dict[Key, Hit], list[Any]]:
    """The hits with these keys, and those of their records whose showing is a read. One query a source."""
    wanted: dict[str, list[int]] = {}
    for key in keys:
        wanted.setdefault(key.source, []).append(key.pk)
    hits: dict[Key, Hit] = {}
    protected: list[Any] = []
    for name, pks in wanted.items():
        source = _BY_NAME[name]
        for pk, record in source.read(user, pks).items():
            hits[Key(name, pk)] = source.hit(record)
            if source.is_protected:
                protected.append(record)
    return hits, protected
