"""What a process remembers of figures, so that what nobody changed is not put together again.

It may be told again as long as the provinces it is about have the very versions under which it was given, and no mark
waits there: the rule of `reporting.figures.keeping`, with the memory of the process in the place of a table. So free
questions, of which there is no end, leave no rows.

What is remembered is the same for all readers; who may see what of it is decided later.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, NamedTuple, TypeVar

from django.db import models

from reporting.figures.looking import State

T = TypeVar("T")


class _Kept(NamedTuple, Generic[T]):
    state: State
    told: T
    size: int


class Memory(Generic[T]):
    """The latest things of one kind, each under the state of the places it is about; ``most`` figures in all."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, _Kept[T]] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def holds(self, key: Hashable) -> bool:
        """Whether anything is remembered, which a look may find to hold no more."""
        return key in self._kept

    def told(self, key: Hashable, state: State | None) -> T | None:
        """What is remembered and holds; anything else is forgotten."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                return None
            if kept.state == state:
                self._kept.move_to_end(key)
                return kept.told
            self._forget(key)
            return None

    def keep(self, key: Hashable, state: State, told: T, *, size: int) -> None:
        """Remember something of so many figures, unless it is a large part of all that is remembered."""
        if size * 4 > self._most:
            return
        with self._lock:
            if key in self._kept:
                self._forget(key)
            self._kept[key] = _Kept(state, told, size)
            self._size += size
            while self._size > self._most:
                self._forget(next(iter(self._kept)))

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self._size = 0

    def _forget(self, key: Hashable) -> None:
        self._size -= self._kept.pop(key).size


def all_of(record: models.Model) -> str:
    """All that was read of a record, as text: two that are alike in it are alike."""
    return repr([(name, value) for name, value in record.__dict__.items() if name[0] != "_"])
