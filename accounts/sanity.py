"""Checks of what is stored, by every app: each says what is wrong, where, and how bad that is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db import connection

from accounts.row_scope import PROTECTED_TABLES
from accounts.sealing import broken_seals


class Level(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be. Holds no personal data."""

    level: Level
    check: str
    message: str


Check = Callable[[], Iterator[Finding]]
#: The checks in the order in which they run, by name. Apps add theirs when they are ready (``AppConfig.ready``).
CHECKS: dict[str, Check] = {}


def sanity_check(name: str) -> Callable[[Check], Check]:
    """Register a check under a name."""

    def register(check: Check) -> Check:
        CHECKS[name] = check
        return check

    return register


def findings() -> Iterator[Finding]:
    """What all checks find, one after the other."""
    for check in CHECKS.values():
        yield from check()


@sanity_check("logs")
def check_logs() -> Iterator[Finding]:
    """The read log and the audit log are as they were sealed."""
    for broken in broken_seals():
        yield Finding(Level.ERROR, "logs", str(broken))


@sanity_check("row security")
def check_row_security() -> Iterator[Finding]:
    """Every protected table has row-level security and a policy for each command."""
    with connection.cursor() as cursor:
        for table in PROTECTED_TABLES:
            cursor.execute(
                "SELECT c.relrowsecurity, array(SELECT DISTINCT polcmd::text FROM pg_policy WHERE polrelid = c.oid)"
                " FROM pg_class c WHERE c.oid = to_regclass(%s)",
                [table],
            )
            row = cursor.fetchone()
            if row is None:
                yield Finding(Level.ERROR, "row security", f"{table} is missing")
                continue
            is_on, commands = row
            if not is_on:
                yield Finding(Level.ERROR, "row security", f"{table} has no row-level security")
            missing = {"r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE"}
            if "*" not in commands and (
                without := [word for code, word in missing.items() if code not in commands]
            ):
                # A command without a policy is refused altogether, which hides nothing but stops the portal.
                yield Finding(
                    Level.WARNING, "row security", f"{table} has no policy for {', '.join(without)}"
                )
