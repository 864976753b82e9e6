"""A running portal for the browser tests: the demonstration, a web server in this process, a worker beside it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import override_settings
from pytest_django.live_server_helper import LiveServer

PROJECT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Portal:
    """Where the portal answers, where its files lie, and who can sign in with which password."""

    url: str
    files: Path
    passwords: dict[str, str]


@contextmanager
def running_portal(place: Path, broker_dir: Path) -> Iterator[Portal]:
    """The demonstration on the whole map, served and worked for until the block ends; then empty tables again."""
    files = place / "files"
    files.mkdir()
    credentials = place / "accounts.json"
    try:
        # Other tests may have committed a demonstration whose files lie elsewhere.
        call_command("flush", interactive=False, verbosity=0)
        call_command("load_areas", verbosity=0)
        with override_settings(MEDIA_ROOT=files):
            call_command("load_demo", credentials_to=credentials, verbosity=0)
        passwords = {account["email"]: account["password"] for account in json.loads(credentials.read_text())}
        with _served() as url, _worker(place, broker_dir, files):
            yield Portal(url, files, passwords)
    finally:
        _end_other_sessions()
        call_command("flush", interactive=False, verbosity=0)


@contextmanager
def _served() -> Iterator[str]:
    """The web server in threads of this process, whose connections are those of the portal's own role."""
    of_tests = connections.settings["default"]
    role = {
        key: settings.PORTAL_DATABASE[key] for key in ("USER", "PASSWORD") if key in settings.PORTAL_DATABASE
    }
    connections.settings["default"] = {**of_tests, **role}
    server = LiveServer("127.0.0.1")
    try:
        yield server.url
    finally:
        server.stop()
        connections.settings["default"] = of_tests


@contextmanager
def _worker(place: Path, broker_dir: Path, files: Path) -> Iterator[None]:
    """A real Celery worker on the test database, ended with all its children."""
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--queues", "default,reports"]
    command += ["--concurrency", "1", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
    environment = {
        **os.environ,
        **_database(),
        "BROKER_DIR": str(broker_dir),
        "FILES_DIR": str(files),
        "REDIS_URL": "",
        "IS_DEMO": "1",
        "PCMBN_KEEP_DATABASE": "1",
    }
    with (place / "worker.log").open("wb") as log:
        worker = subprocess.Popen(
            command, cwd=PROJECT, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield
    finally:
        _end(worker)


def _database() -> dict[str, str]:
    """The variable that leads a process of its own to the database of the tests."""
    name = str(connection.settings_dict["NAME"])
    if settings.DATABASE_IS_EMBEDDED:
        return {"PCMBN_DATABASE_NAME": name}
    return {"DATABASE_URL": urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))}


def _end_other_sessions() -> None:
    """Threads of the web server end when their browser lets go; until then they would hold the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def _end(worker: subprocess.Popen[bytes]) -> None:
    group = worker.pid  # it leads a session of its own, so this is its group as well
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(group, number)
            worker.wait(timeout=10)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue
