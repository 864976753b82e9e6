"""From a base backup and the archived log the database comes back as it was at a moment, by PostgreSQL's own means."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from config.embedded.accounts import Account, account_for, run_as
from config.embedded.places import Places
from config.embedded.programs import find_program

DEADLINE_SECONDS = 60.0
_SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{base}'
fsync = off
archive_mode = on
archive_command = 'cp %p {base}/wal/%f'
"""
_RECOVERY = """
restore_command = 'cp {base}/wal/%f %p'
recovery_target_time = '{target}'
recovery_target_action = promote
archive_mode = off
"""


class Cluster:
    """A server of its own, whose log is archived to a directory beside it."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.places = Places(base / "pgdata")
        self.account: Account | None = account_for(self.places)

    def own(self, path: Path) -> None:
        """Hand a path to the account that the server runs as."""
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)

    def run(self, program: str, *arguments: str) -> None:
        path = find_program(program, self.places, self.account)
        done = subprocess.run(
            [str(path), *arguments], capture_output=True, text=True, check=False, **run_as(self.account)
        )
        assert done.returncode == 0, done.stderr[-1000:]

    def start(self, data: Path) -> None:
        log = str(self.base / "log")
        path = find_program("pg_ctl", self.places, self.account)
        command = [str(path), "start", "--wait", f"--pgdata={data}", f"--log={log}"]
        done = subprocess.run(
            command,
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **run_as(self.account),
        )
        assert done.returncode == 0, Path(log).read_text()[-1000:]

    def stop(self, data: Path) -> None:
        self.run("pg_ctl", "stop", "--wait", "--mode=fast", f"--pgdata={data}")

    def ask(self, query: str) -> str:
        connection = psycopg2.connect(host=str(self.base), user="postgres", dbname="postgres")
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(query)
                return str(cursor.fetchone()[0]) if cursor.description else ""
        finally:
            connection.close()


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    base = Path(tempfile.mkdtemp(prefix="pitr-"))
    made = Cluster(base)
    (base / "wal").mkdir()
    for directory in (base, base / "wal"):
        made.own(directory)
    made.run("initdb", f"--pgdata={made.places.data}", "--username=postgres", "--auth=trust", "--no-sync")
    with (made.places.data / "postgresql.conf").open("a") as conf:
        conf.write(_SETTINGS.format(base=base))
    yield made
    for data in base.rglob("postmaster.pid"):
        made.stop(data.parent)
    shutil.rmtree(base, ignore_errors=True)


def test_a_table_dropped_by_mistake_comes_back_as_it_was_a_moment_before(cluster: Cluster) -> None:
    data, copy = cluster.places.data, cluster.base / "copy"
    cluster.start(data)
    cluster.run(
        "pg_basebackup", f"--pgdata={copy}", f"--host={cluster.base}", "--username=postgres", "--no-sync"
    )
    cluster.ask("CREATE TABLE filed (title text); INSERT INTO filed VALUES ('before')")
    target = cluster.ask("SELECT clock_timestamp()")
    cluster.ask("INSERT INTO filed VALUES ('after')")
    cluster.ask("DROP TABLE filed")
    cluster.stop(data)  # a server that stops archives the rest of its log

    with (copy / "postgresql.conf").open("a") as conf:
        conf.write(_RECOVERY.format(base=cluster.base, target=target))
    (copy / "recovery.signal").touch()
    cluster.own(copy / "recovery.signal")
    cluster.start(copy)

    deadline = time.monotonic() + DEADLINE_SECONDS
    while cluster.ask("SELECT pg_is_in_recovery()") == "True":
        assert time.monotonic() < deadline, (cluster.base / "log").read_text()[-1000:]
    assert cluster.ask("SELECT string_agg(title, ',') FROM filed") == "before"
