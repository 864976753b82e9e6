"""Checks of `sanity_check`: the logs are what was sealed."""

from collections.abc import Iterator

from accounts.findings import Finding, Level
from accounts.sealing import find_breaches, heads


def logs_are_sealed() -> Iterator[Finding]:
    for breach in find_breaches():
        where = breach.log if breach.row is None else f"{breach.log}:{breach.row}"
        yield Finding(Level.ERROR, breach.what, where)
    for log, head in heads().items():
        yield Finding(Level.INFO, f"last seal {head}", log)


CHECKS = [logs_are_sealed]
