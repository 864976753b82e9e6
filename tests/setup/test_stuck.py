"""An embedded server whose repair failed and that goes on no more is started again; one that repairs is left alone."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import psycopg2
import pytest
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from config import embedded
from config.embedded import server as embedded_server
from config.postgres.base import DatabaseWrapper
from tests.faults.disk import SmallDisk
from tests.postmaster import postmaster_pid, repairing
from tests.setup.test_embedded import ask, place, wait_until
from tests.setup.test_patience import ROWS, slow_disk

__all__ = ["place"]
#: How long nothing need be at work here; a repair is held up by ``slow_disk`` for longer.
SOON = 1.0
TRIES = 10


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_server, "IDLE_SECONDS", SOON)


@pytest.fixture
def server(place: Path) -> embedded.Server:
    made = embedded.ensure_running(place / "pgdata")
    with closing(made.connect()) as line, line.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 42 AS value")
        line.commit()
    return made


def crash(server: embedded.Server) -> None:
    """Kill one of its processes with -9: it ends the others, and repairs what they left."""
    with closing(server.connect()) as line:
        os.kill(line.info.backend_pid, signal.SIGKILL)


def get_stuck(server: embedded.Server, *, may_end: bool = False) -> None:
    """Let the repair fail before the server hears that it began. Where it was over sooner than that, once more.

    ``may_end``: without room a server may as well end by itself, and that will do.
    """

    def has_failed() -> bool:
        return server.is_stuck() or (may_end and not server.is_running())

    for _ in range(TRIES):
        postmaster = postmaster_pid(server.data_dir)
        crash(server)
        _cut_off_the_repair(server.data_dir, postmaster)
        wait_until(lambda: has_failed() or not _is_refused(server), "the repair has failed or is done")
        if has_failed():
            return
    pytest.fail("each repair was over too soon")


def _cut_off_the_repair(data: Path, postmaster: int) -> None:
    """Kill the process that repairs, if one is seen in time, while the server hears of nothing."""
    until = time.monotonic() + SOON
    while not (found := repairing(data)):
        if time.monotonic() > until:
            return
    with suppress(ProcessLookupError):  # it may have ended by itself
        os.kill(postmaster, signal.SIGSTOP)
        for process in found:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        os.kill(postmaster, signal.SIGCONT)


def test_a_server_whose_repair_failed_is_started_again_with_what_was_committed(
    server: embedded.Server, capfd: pytest.CaptureFixture[str]
) -> None:
    stuck = postmaster_pid(server.data_dir)
    get_stuck(server)
    with pytest.raises(psycopg2.OperationalError, match=r"in recovery mode|not yet accepting connections"):
        server.connect()

    embedded.doubt(server.data_dir)
    again = embedded.ensure_running(server.data_dir)

    assert postmaster_pid(server.data_dir) != stuck
    assert ask(again, "SELECT value FROM kept") == 42
    assert f"the server in {server.data_dir} could not repair what a crash left" in capfd.readouterr().err


def test_a_server_that_repairs_itself_after_a_crash_is_waited_for(server: embedded.Server) -> None:
    with closing(server.connect()) as line, line.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE much AS SELECT n, repeat('x', 200) FROM generate_series(1, %s) n", [ROWS]
        )
        line.commit()
    before, begun = postmaster_pid(server.data_dir), time.monotonic()
    with slow_disk(server.data_dir):
        crash(server)
        wait_until(lambda: repairing(server.data_dir), "the repair begins")
        assert not server.is_stuck()
        embedded.doubt(server.data_dir)
        again = embedded.ensure_running(server.data_dir)
        wait_until(lambda: not _is_refused(again), "the repair is done")

    assert time.monotonic() - begun > SOON, "there was nothing to wait for"
    assert postmaster_pid(server.data_dir) == before
    assert ask(again, "SELECT value FROM kept") == 42


def test_a_process_that_knows_the_server_comes_back_to_it_after_one_refusal(
    server: embedded.Server, django_db_blocker: DjangoDbBlocker
) -> None:
    get_stuck(server)
    told = {**connections.settings["default"], **server.django_settings("postgres")}
    wrapper = DatabaseWrapper({**told, "EMBEDDED_DATA_DIR": str(server.data_dir)}, "stuck")
    with django_db_blocker.unblock(), pytest.raises(psycopg2.OperationalError):
        wrapper.get_new_connection(wrapper.get_connection_params())

    with (
        django_db_blocker.unblock(),
        closing(wrapper.get_new_connection(wrapper.get_connection_params())) as line,
        line.cursor() as cursor,
    ):
        cursor.execute("SELECT value FROM kept")
        assert cursor.fetchone() == (42,)


@pytest.fixture
def log_disk(server: embedded.Server, place: Path) -> Iterator[SmallDisk]:
    """A small disk to which the server's write-ahead log was moved."""
    disk = SmallDisk(place / "disk", 96)
    if not disk.is_mounted:
        pytest.skip("a small disk is mounted by root only")
    server.stop()
    write_ahead = server.data_dir / "pg_wal"
    subprocess.run(["mv", write_ahead, disk.place / "pg_wal"], check=True)
    write_ahead.symlink_to(disk.place / "pg_wal")
    yield disk
    with suppress(embedded.EmbeddedDatabaseError):
        server.stop()
    disk.remove()


def test_while_the_disk_of_its_log_is_full_that_is_told_and_with_room_it_starts(log_disk: SmallDisk) -> None:
    server = embedded.ensure_running(log_disk.place.parent / "pgdata")
    log_disk.fill()
    get_stuck(server, may_end=True)
    embedded.doubt(server.data_dir)

    with pytest.raises(embedded.EmbeddedDatabaseError) as told:
        embedded.ensure_running(server.data_dir)
    assert f"The disk under {log_disk.place / 'pg_wal'} is full" in str(told.value)
    assert "free some space and start again" in str(told.value)

    log_disk.empty()
    again = embedded.ensure_running(server.data_dir)
    assert ask(again, "SELECT value FROM kept") == 42


def _is_refused(server: embedded.Server) -> bool:
    try:
        server.connect().close()
    except psycopg2.OperationalError:
        return True
    return False
