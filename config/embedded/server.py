"""A server: started, reached and stopped. Who starts or stops one holds the start lock."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from enum import Enum, auto
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2  # type: ignore[import-untyped, unused-ignore]
from psycopg2 import sql  # type: ignore[import-untyped, unused-ignore]

from config.embedded.accounts import account_for, run_as
from config.embedded.cluster import (
    SPACE_TO_CREATE,
    SPACE_TO_START,
    check_cluster,
    check_space,
    create_cluster,
    is_cluster,
    write_settings,
)
from config.embedded.failures import failure, reason_in_log, still_repairing
from config.embedded.locks import (
    IDLE_SECONDS,
    RECOVERY_SECONDS,
    START_SECONDS,
    STOP_SECONDS,
    hold_start_lock,
    lives,
    open_lock,
    wait_for_lock,
)
from config.embedded.places import DATABASE, Places
from config.embedded.postmaster import (
    forget_dead_postmaster,
    is_postmaster,
    may_repair,
    postmaster_says,
    recorded_postmaster,
)
from config.embedded.programs import find_program
from config.embedded.sockets import PORT, make_socket_dir

POLL_SECONDS = 0.05
_LOG_LIMIT = 10 * 1024 * 1024


class Server:
    """A running embedded server; get one from `ensure_running`."""

    user = "postgres"
    port = PORT

    def __init__(self, data_dir: Path, socket_dir: Path) -> None:
        self.data_dir = data_dir
        self.socket_dir = socket_dir

    def url(self, database: str = DATABASE) -> str:
        """Return a postgres:// URL that libpq, psycopg2 and the PostgreSQL programs understand."""
        host = quote(str(self.socket_dir), safe="/")
        return f"postgres://{self.user}@/{quote(database, safe='')}?host={host}&port={self.port}"

    def django_settings(self, database: str = DATABASE) -> dict[str, Any]:
        """Return an entry for Django's DATABASES."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": database,
            "USER": self.user,
            "PASSWORD": "",
            "HOST": str(self.socket_dir),
            "PORT": str(self.port),
        }

    def connect(self, database: str = "postgres") -> Any:
        """Return a new psycopg2 connection as the superuser of this server."""
        return psycopg2.connect(
            host=str(self.socket_dir), port=self.port, user=self.user, dbname=database, connect_timeout=5
        )

    def ensure_database(self, name: str = DATABASE) -> None:
        """Create the database `name` unless it exists."""
        connection = self.connect()
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
                if cursor.fetchone() is None:
                    # Another process may be quicker.
                    with contextlib.suppress(
                        psycopg2.errors.DuplicateDatabase, psycopg2.errors.UniqueViolation
                    ):
                        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        finally:
            connection.close()

    def ensure_role(self, name: str) -> None:
        """Create a role that may sign in and nothing else, unless it exists."""
        connection = self.connect()
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
                if cursor.fetchone() is None:
                    with contextlib.suppress(
                        psycopg2.errors.DuplicateObject, psycopg2.errors.UniqueViolation
                    ):
                        cursor.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))
        finally:
            connection.close()

    def is_running(self) -> bool:
        """Say whether the server lives; one whose postmaster was killed does not."""
        places = Places(self.data_dir)
        recorded = recorded_postmaster(places)
        return recorded is not None and is_postmaster(recorded[0], places.data) and lives(places)

    def is_stuck(self) -> bool:
        """Say whether the server says that it starts while none of its processes starts it up.

        PostgreSQL 18 is left so where the repair after the crash of one of its processes fails in its turn, as on a
        full disk: it neither tries again nor ends. A repair that is at work, however long, is not this. One look may
        meet the moment after a crash before the repair begins; `ensure_running` looks for `IDLE_SECONDS`.
        """
        recorded = recorded_postmaster(Places(self.data_dir))
        return (
            recorded is not None
            and _answer(self) is _Answer.STARTING
            and not may_repair(recorded[0])
            and _answer(self) is _Answer.STARTING
        )

    def has_socket(self) -> bool:
        """Say whether the socket is where it was made; a clean-up of /tmp may have taken it."""
        return (self.socket_dir / f".s.PGSQL.{PORT}").exists()

    def stop(self) -> None:
        """Stop the server for everybody, letting transactions roll back (fast mode)."""
        places = Places(self.data_dir)
        with hold_start_lock(places):
            stop_server(places)


servers: dict[Path, Server] = {}


def running_server(places: Places) -> Server | None:
    """Return the server if one lives and answers; wait for one that is starting, and stop one that is stuck."""
    waited = _Patience()
    while lives(places):
        recorded = recorded_postmaster(places)
        # If the postmaster was killed, its processes notice and leave by themselves.
        if recorded and recorded[1] and is_postmaster(recorded[0], places.data):
            server = Server(places.data, recorded[1])
            answer = _answer(server)
            if answer is _Answer.READY:
                return server
            waited.hear(answer, recorded[0])
            if _is_cut_off(places, recorded[1]):
                stop_server(places)
                return None
            if waited.is_in_vain:
                print(
                    f"embedded database: the server in {places.data} could not repair what a crash left and did not "
                    "try again; it is stopped.",
                    file=sys.stderr,
                )
                stop_server(places, at_once=True)
                return None
        if waited.is_over():
            if waited.hears_repair:
                raise still_repairing(places, waited.seconds)
            raise failure(places, f"a server process lives but did not answer within {waited.seconds:.0f} s")
        time.sleep(POLL_SECONDS)
    return None


def _is_cut_off(places: Places, socket_dir: Path) -> bool:
    """Say whether a server that is up lost its socket, as when /tmp was cleaned: nobody can reach it any more."""
    return postmaster_says(places) == "ready" and not Server(places.data, socket_dir).has_socket()


def start_server(places: Places) -> Server:
    account = account_for(places)
    postgres = find_program("postgres", places, account)
    with open_lock(places.server_lock) as lock:
        # Held on by every process of the server; the orphans of a killed one need a moment to leave.
        wait_for_lock(lock, fcntl.LOCK_EX, places, "still has processes of an earlier server")
        check_space(places, SPACE_TO_START if is_cluster(places.data) else SPACE_TO_CREATE)
        if not is_cluster(places.data):
            create_cluster(places, account, lock)
        check_cluster(places, account)
        places.keep_mark.unlink(missing_ok=True)
        forget_dead_postmaster(places)
        socket_dir = make_socket_dir(places, account)
        write_settings(places.data, account)
        if places.log.exists() and places.log.stat().st_size > _LOG_LIMIT:
            os.replace(places.log, places.log.with_suffix(".log.1"))
        log_from = places.log.stat().st_size if places.log.exists() else 0
        quoted = '"' + str(socket_dir).replace('"', '""') + '"'
        with open(places.log, "ab") as log:
            places.log.chmod(0o600)
            # sh leaves the server in the background, so it becomes no child (and later no zombie) of ours.
            launched = subprocess.run(
                ["/bin/sh", "-c", '"$@" &', "sh", str(postgres), "-D", str(places.data), "-p", str(PORT)]
                + ["-c", f"unix_socket_directories={quoted}"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[lock],
                start_new_session=True,
                check=False,
                **run_as(account),
            )
    # Our copy of the lock is closed now; the server's own copy lives as long as the server.
    if launched.returncode != 0:
        raise failure(places, "its program cannot be run")
    server = Server(places.data, socket_dir)
    waited = _Patience()
    while (answer := _answer(server)) is not _Answer.READY:
        if not lives(places):
            raise failure(places, reason_in_log(places, log_from))
        if recorded := recorded_postmaster(places):
            waited.hear(answer, recorded[0])
        if waited.is_in_vain:
            stop_server(places, at_once=True)
            raise failure(places, reason_in_log(places, log_from))
        if waited.is_over():
            if waited.hears_repair:
                raise still_repairing(places, waited.seconds)  # stopped now, it would begin anew
            stop_server(places)
            raise failure(places, f"it did not answer within {waited.seconds:.0f} s")
        time.sleep(POLL_SECONDS)
    return server


def stop_server(places: Places, *, at_once: bool = False) -> None:
    """Stop the server in fast mode; ``at_once`` as a crash does, which its next start repairs."""
    steps = (
        [(signal.SIGQUIT, STOP_SECONDS)]
        if at_once
        else [(signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5.0)]
    )
    for signal_number, seconds in steps:
        deadline = time.monotonic() + seconds
        sent_to = 0
        while lives(places):
            recorded = recorded_postmaster(places)
            if recorded and recorded[0] != sent_to and is_postmaster(recorded[0], places.data):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(recorded[0], signal_number)
                sent_to = recorded[0]
            if time.monotonic() > deadline:
                break
            time.sleep(0.02)
        else:
            servers.pop(places.data, None)
            return
    raise failure(places, "the server did not stop")


class _Answer(Enum):
    """What a server says to a new connection."""

    READY = auto()
    STARTING = auto()
    NOTHING = auto()


class _Patience:
    """How long a server is waited for: a minute, and much longer once it says that it is starting.

    Waiting is in vain where it says so for a while and no process of it is at work.
    """

    def __init__(self) -> None:
        self.seconds = START_SECONDS
        self.hears_repair = False
        self.is_in_vain = False
        self._since = self._at_work = time.monotonic()

    def hear(self, answer: _Answer, postmaster: int) -> None:
        now = time.monotonic()
        if answer is _Answer.STARTING:
            self.seconds, self.hears_repair = RECOVERY_SECONDS, True
        if answer is not _Answer.STARTING or may_repair(postmaster):
            self._at_work = now
        self.is_in_vain = now - self._at_work > IDLE_SECONDS

    def is_over(self) -> bool:
        return time.monotonic() - self._since > self.seconds


_SAID_OF_A_START = ("is starting up", "in recovery mode", "not yet accepting connections")


def _answer(server: Server) -> _Answer:
    try:
        connection = server.connect()
    except psycopg2.OperationalError as error:
        # A refused connection has no error code; the server's language is C.
        is_starting = any(said in str(error) for said in _SAID_OF_A_START)
        return _Answer.STARTING if is_starting else _Answer.NOTHING
    connection.close()
    return _Answer.READY
