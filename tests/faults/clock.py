"""A clock that a test sets for the processes of a portal, or for its database, by libfaketime."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.embedded import accounts
from tests.faults.portal import PROJECT

LIBRARY = next(iter(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")), None)
#: Seconds after which a process reads again where the clock stands.
READ_AGAIN = 1
_AT_START = Path(__file__).parent / "clock_of_process"


class Clock:
    """Processes that are started in these ``surroundings`` go by it."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self.stand_at(dt.datetime.now(dt.UTC))

    @property
    def surroundings(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self._place),
            "FAKETIME_CACHE_DURATION": str(READ_AGAIN),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "PYTHONPATH": os.pathsep.join((str(_AT_START), str(PROJECT))),
        }

    @contextmanager
    def of_databases(self) -> Iterator[None]:
        """Servers of PostgreSQL that are started within go by it, for as long as they run."""
        of_server = accounts._ENVIRONMENT
        before = dict(of_server)
        of_server.update(self.surroundings)
        try:
            yield
        finally:
            of_server.clear()
            of_server.update(before)

    def stand_at(self, moment: dt.datetime) -> None:
        """Set it; it runs on from there."""
        ahead = (moment - dt.datetime.now(dt.UTC)).total_seconds()
        self._place.write_text(f"{ahead:+.0f}\n", encoding="utf-8")
