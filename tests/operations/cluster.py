"""A PostgreSQL server of a test's own, whose log is archived to a directory beside it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import psycopg2

from config.embedded.accounts import Account, account_for, run_as
from config.embedded.places import Places
from config.embedded.programs import find_program

DEADLINE_SECONDS = 60.0
_SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{base}'
archive_mode = on
archive_command = 'cp %p {base}/wal/%f'
"""
_RECOVERY = """
restore_command = 'cp {base}/wal/%f %p'
recovery_target_action = promote
archive_mode = off
"""


class Cluster:
    """A server in a directory of its own."""

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

    def make(self, **settings: object) -> Path:
        """Make its data and the place of the archive. Returns the directory of the data."""
        (self.base / "wal").mkdir()
        for directory in (self.base, self.base / "wal"):
            self.own(directory)
        data = self.places.data
        self.run("initdb", f"--pgdata={data}", "--username=postgres", "--auth=trust", "--no-sync")
        own = "".join(f"{name} = {value}\n" for name, value in settings.items())
        with (data / "postgresql.conf").open("a") as conf:
            conf.write(_SETTINGS.format(base=self.base) + own)
        return data

    def back_up(self) -> Path:
        """Copy the running server. Returns the directory of the copy."""
        copy = self.base / "copy"
        where = [f"--host={self.base}", "--username=postgres"]
        self.run("pg_basebackup", f"--pgdata={copy}", *where, "--checkpoint=fast", "--no-sync")
        return copy

    def recover(self, copy: Path, *, until: str = "") -> None:
        """Start a copy and let it read the archive, to its end or to a moment."""
        target = f"recovery_target_time = '{until}'\n" if until else ""
        with (copy / "postgresql.conf").open("a") as conf:
            conf.write(_RECOVERY.format(base=self.base) + target)
        (copy / "recovery.signal").touch()
        self.own(copy / "recovery.signal")
        self.start(copy)
        deadline = time.monotonic() + DEADLINE_SECONDS
        while self.ask("SELECT pg_is_in_recovery()") == "True":
            assert time.monotonic() < deadline, (self.base / "log").read_text()[-1000:]

    def kill(self, data: Path) -> None:
        """kill -9; its processes have left when this returns."""
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + DEADLINE_SECONDS
        while any(Path(f"/proc/{child}").exists() for child in children):
            assert time.monotonic() < deadline
            time.sleep(0.02)

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
