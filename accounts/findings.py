"""What `sanity_check` finds: typed messages. An app's checks stand in its module ``sanity``, in the list ``CHECKS``."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """ERROR makes the command fail."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Finding:
    """One thing found: how bad, what, and where, as "accounts_readevent:12". Never personal data."""

    level: Level
    what: str
    where: str
