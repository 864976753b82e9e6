"""What a page shows of a history: who, when, and each thing that changed."""

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property

from accounts.models import User
from programs.selectors.history.words import LONG, Piece, difference


@dataclass(frozen=True)
class ChangedField:
    """One thing that changed, readable. ``before`` and ``after`` are empty where there was or is nothing."""

    label: str
    before: str = ""
    after: str = ""

    @cached_property
    def pieces(self) -> list[Piece]:
        """The difference word by word where both texts are long; else nothing."""
        if self.before and self.after and max(len(self.before), len(self.after)) > LONG:
            return difference(self.before, self.after)
        return []


@dataclass
class HistoryEntry:
    """All that one person changed in one go."""

    when: dt.datetime
    who: User | None
    is_first: bool
    changes: list[ChangedField] = field(default_factory=list)
