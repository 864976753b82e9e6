"""From a base backup and the archived log the database comes back: as it was at a moment, or with all there is."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.condition.archiving import LATE_SECONDS
from tests.operations.cluster import DEADLINE_SECONDS, Cluster

#: Seconds after which the log goes to the archive however little was written (60 in `docs/operations.md`), and how much
#: later it may be there on a machine with much to do.
ARCHIVE_TIMEOUT, SLACK = 2, 10


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    base = Path(tempfile.mkdtemp(prefix="pitr-"))
    made = Cluster(base)
    yield made
    for data in base.rglob("postmaster.pid"):
        made.stop(data.parent)
    shutil.rmtree(base, ignore_errors=True)


def test_a_table_dropped_by_mistake_comes_back_as_it_was_a_moment_before(cluster: Cluster) -> None:
    data = cluster.make(fsync="off")
    cluster.start(data)
    copy = cluster.back_up()
    cluster.ask("CREATE TABLE filed (title text); INSERT INTO filed VALUES ('before')")
    target = cluster.ask("SELECT clock_timestamp()")
    cluster.ask("INSERT INTO filed VALUES ('after')")
    cluster.ask("DROP TABLE filed")
    cluster.stop(data)  # a server that stops archives the rest of its log

    cluster.recover(copy, until=target)

    assert cluster.ask("SELECT string_agg(title, ',') FROM filed") == "before"


@pytest.mark.parametrize("pause", [0.01, 1.0], ids=["many writes", "few writes"])
def test_a_server_lost_with_its_disk_takes_no_more_with_it_than_the_last_seconds(
    cluster: Cluster, pause: float
) -> None:
    data = cluster.make(archive_timeout=ARCHIVE_TIMEOUT)
    cluster.start(data)
    copy = cluster.back_up()
    cluster.ask("CREATE TABLE filed (number int)")
    confirmed: list[float] = []
    begun = time.monotonic()
    while time.monotonic() - begun < 3 * ARCHIVE_TIMEOUT:
        cluster.ask(f"INSERT INTO filed VALUES ({len(confirmed)})")
        confirmed.append(time.monotonic())
        threading.Event().wait(pause)
    cluster.kill(data)
    lost_at = time.monotonic()
    shutil.rmtree(data)

    cluster.recover(copy)

    held = int(cluster.ask("SELECT count(*) FROM filed"))
    assert cluster.ask("SELECT coalesce(max(number), -1) FROM filed") == str(held - 1), "there is a gap"
    lost = lost_at - confirmed[held] if held < len(confirmed) else 0.0
    assert held > 0
    assert lost < ARCHIVE_TIMEOUT + SLACK, f"{len(confirmed) - held} of {len(confirmed)}, of {lost:.1f} s"


def test_an_archive_that_is_away_is_told_and_catches_up(cluster: Cluster) -> None:
    cluster.start(cluster.make(fsync="off"))
    cluster.ask("CREATE TABLE filed (number int)")
    archive, away = cluster.base / "wal", cluster.base / "away"
    _write_until(cluster, lambda late: late == 0)

    archive.rename(away)
    _write_until(cluster, lambda late: late > 1)
    waiting = cluster.ask("SELECT pg_walfile_name(pg_current_wal_lsn())")
    away.rename(archive)
    _write_until(cluster, lambda late: late == 0)

    assert waiting in {path.name for path in archive.iterdir()}


def _write_until(cluster: Cluster, holds: Callable[[float], bool]) -> None:
    """Fill files of the log until the time for which they wait is as it should be."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while True:
        cluster.ask("INSERT INTO filed VALUES (1); SELECT pg_switch_wal()")
        late = float(cluster.ask(LATE_SECONDS))
        if holds(late):
            return
        assert time.monotonic() < deadline, f"late by {late:.1f} s"
        threading.Event().wait(0.2)
