"""After a crash with much to repair the embedded server is waited for, and never stopped half way."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config import embedded
from config.embedded import server as embedded_server
from config.embedded.places import Places
from config.embedded.server import servers
from tests.postmaster import postmaster_pid, repairing
from tests.setup.test_embedded import ask, place, wait_until

__all__ = ["place"]
#: How long an impatient start waits, and for how much longer the slow disk below holds the repair up.
SOON, LONGER = 1.0, 2.5
ROWS = 100_000


@pytest.fixture
def crashed(place: Path) -> Iterator[Path]:
    """The directory of a server that was killed with -9 and had written much since its last checkpoint."""
    data = place / "pgdata"
    server = embedded.ensure_running(data)
    connection = server.connect()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE kept AS SELECT n, repeat('x', 200) FROM generate_series(1, %s) n", [ROWS]
        )
        cursor.execute("CREATE INDEX ON kept (n)")
    connection.commit()
    connection.close()
    os.kill(postmaster_pid(data), signal.SIGKILL)
    wait_until(lambda: not server.is_running(), "the server is gone")
    servers.pop(data, None)
    yield data


@contextmanager
def slow_disk(data: Path) -> Iterator[None]:
    """The process that repairs is held up as soon as it is there, and goes on after ``LONGER``."""
    over = threading.Event()

    def hold_up() -> None:
        while not (found := repairing(data)) and not over.wait(0.001):
            pass
        for process in found:
            os.kill(process, signal.SIGSTOP)
        over.wait(LONGER)
        for process in found:
            os.kill(process, signal.SIGCONT)

    holding = threading.Thread(target=hold_up)
    holding.start()
    try:
        yield
    finally:
        over.set()
        holding.join()


def test_a_long_repair_is_waited_for_and_not_begun_anew(
    crashed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_server, "START_SECONDS", SOON)
    log = Places(crashed).log
    before, begun = log.stat().st_size, time.monotonic()

    with slow_disk(crashed):
        server = embedded.ensure_running(crashed)

    told = log.read_bytes()[before:].decode()
    assert "redo done" in told, "there was nothing to repair"
    assert time.monotonic() - begun > SOON, "there was nothing to wait for"
    assert told.count("starting PostgreSQL") == 1
    assert ask(server, "SELECT count(*) FROM kept") == ROWS


def test_a_repair_that_takes_too_long_is_told_and_left_to_itself(
    crashed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as impatient, slow_disk(crashed):
        impatient.setattr(embedded_server, "START_SECONDS", SOON)
        impatient.setattr(embedded_server, "RECOVERY_SECONDS", SOON)
        with pytest.raises(embedded.EmbeddedDatabaseError, match="still repairs what a crash left") as told:
            embedded.ensure_running(crashed)
    assert "leave it alone" in str(told.value)
    repairer = postmaster_pid(crashed)

    server = embedded.ensure_running(crashed)

    assert postmaster_pid(crashed) == repairer
    assert ask(server, "SELECT count(*) FROM kept") == ROWS
