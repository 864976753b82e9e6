"""A source: one model in which is searched, what of it a person may see, and how a hit is shown."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import CharField, DateField, F, IntegerField, Q, Value
from django.db.models.functions import Cast
from django.utils.functional import Promise

from accounts.models import User
from reporting.search.typed import Typed
from territory.collation import ViWords

#: So many hits of a kind can be paged through; more are only said to be more, so that a search has a bounded cost.
MOST = 100
EXACT, WHOLE, BEGUN = range(3)


@dataclass(frozen=True)
class Hit:
    """A record as the results show it. Without an address it has no page of its own."""

    title: str
    about: str
    url: str = ""
    day: dt.date | None = None
    label: str | Promise = ""


class Source:
    """Where is searched. ``kind`` is the tab its hits come under, ``name`` is its own among all sources."""

    kind: ClassVar[str]
    name: ClassVar[str]
    #: Whether showing a record of it goes into the read log.
    is_protected: ClassVar[bool] = False
    #: The searchable words of a row; None where only codes are searched.
    words: ClassVar[Any] = ViWords("search_text")
    #: The day by which the newest comes first; None where there is none.
    day: ClassVar[str | None] = None

    def visible(self, user: User) -> Any:
        """The rows this person may find."""
        raise NotImplementedError

    def exact(self, typed: Typed) -> Q | None:
        """The condition for the record whose code or number was typed; None where none was."""
        return None

    def alike(self, typed: Typed) -> Q | None:
        """The condition for records whose code holds what was typed, in sources that have no words."""
        return None

    def shown(self, rows: Any) -> Any:
        """The rows with what a hit shows of them."""
        return rows

    def hit(self, record: Any) -> Hit:
        raise NotImplementedError

    def keys(self, user: User, typed: Typed) -> Iterator[Any]:
        """For each rank a query for the newest keys of it: (source, rank, day, key)."""
        rows = self.visible(user)
        exact = self.exact(typed)
        if exact is not None:
            yield self._newest(rows.filter(exact), EXACT)
        if self.words is not None:
            worded = rows.alias(_words=self.words)
            yield self._newest(worded.filter(_words=typed.whole), WHOLE)
            for begun in self.begun(rows, worded.filter(_words=typed.begun), typed):
                yield self._newest(begun, BEGUN)
        else:
            alike = self.alike(typed)
            if alike is not None:
                yield self._newest(rows.filter(alike), WHOLE)

    def begun(self, rows: Any, found: Any, typed: Typed) -> Iterator[Any]:
        """The queries for what is found among the rows for words that begin as those typed; each row is in one."""
        yield found

    def read(self, user: User, keys: Iterable[int]) -> dict[int, Any]:
        """The records with these keys, as far as the person may see them. One query and its prefetches."""
        return {record.pk: record for record in self.shown(self.visible(user).filter(pk__in=keys))}

    def _newest(self, rows: Any, rank: int) -> Any:
        order: list[Any] = []
        if self.day:
            # Where a day is never missing, the plain order is that of an index, which gives the newest at once.
            may_miss = rows.model._meta.get_field(self.day).null
            order = [F(self.day).desc(nulls_last=True)] if may_miss else [f"-{self.day}"]
        day = Cast(self.day or Value(None), DateField())
        return (
            rows.order_by(*order, "-pk")
            .annotate(
                _source=Value(self.name, output_field=CharField()),
                _rank=Value(rank, output_field=IntegerField()),
                _day=day,
            )
            .values_list("_source", "_rank", "_day", "pk")[: MOST + 1]
        )
