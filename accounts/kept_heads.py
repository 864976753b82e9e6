"""The last seals of the logs, kept outside the database: what is cut off at the end of a log shows by them alone.

A chain of seals that lost its last ones is whole in itself, and so is one that was made anew. Each hour the last seals
are written to the portal's own log, which other machines may gather, and to ``SEALS_FILE`` where it is set.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from accounts.models import ReadSeal
from accounts.sealing import heads

logger = logging.getLogger("portal.security")


@dataclass(frozen=True)
class KeptHead:
    """The last seal of a log at a moment, as it was written outside the database."""

    at: str
    log: str
    number: int
    digest: str


def keep_heads() -> None:
    """Write down the last seal of each log. A file that cannot be written is told of, and stops nothing."""
    now = timezone.now().isoformat(timespec="seconds")
    lines = [f"{now} {log} {head}" for log, head in sorted(heads().items())]
    for line in lines:
        logger.info("last seal: %s", line)
    if not settings.SEALS_FILE:
        return
    try:
        with Path(settings.SEALS_FILE).open("a", encoding="ascii") as file:
            file.writelines(f"{line}\n" for line in lines)
    except OSError as error:
        logger.error("the last seals were not kept: %s", type(error).__name__)


def heads_not_found() -> Iterator[KeptHead]:
    """What was kept and is not in the database: the first such seal of each log."""
    told: set[str] = set()
    for kept in _kept():
        is_there = ReadSeal.objects.filter(log=kept.log, number=kept.number, digest=kept.digest).exists()
        if not is_there and kept.log not in told:
            told.add(kept.log)
            yield kept


def _kept() -> Iterator[KeptHead]:
    """The newest line of each day for each log: years of them are looked up in a moment."""
    if not settings.SEALS_FILE or not Path(settings.SEALS_FILE).is_file():
        return
    last: dict[tuple[str, str], KeptHead] = {}
    with Path(settings.SEALS_FILE).open(encoding="ascii") as file:
        for line in file:
            at, log, head = line.split()
            number, _colon, digest = head.partition(":")
            last[at[:10], log] = KeptHead(at, log, int(number), digest)
    yield from last.values()
