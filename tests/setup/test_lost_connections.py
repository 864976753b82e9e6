"""A server that crashes under an open connection: it is away, whatever psycopg2 makes of it."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, OperationalError, ProgrammingError, connections
from django.db.utils import DatabaseError
from pytest_django.plugin import DjangoDbBlocker

from config import embedded
from config.postgres.base import DatabaseWrapper
from tests.setup.test_embedded import wait_until

ALIAS = "crashing"


class Line:
    """Django's connection to a server of its own, which can be made to crash."""

    def __init__(self, server: embedded.Server) -> None:
        self.server = server
        told = {**connections.settings["default"], **server.django_settings("postgres")}
        told.pop("EMBEDDED_DATA_DIR", None)
        self.django = DatabaseWrapper(told, ALIAS)

    def ask(self, statement: str = "SELECT 1") -> object:
        with self.django.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0]

    def begin(self) -> None:
        """Open a transaction that has written something."""
        self.django.set_autocommit(False)
        self.ask("INSERT INTO kept VALUES (1) RETURNING id")

    def crash(self) -> None:
        """Kill another process of the server with -9. The server then ends them all and starts anew by itself."""
        ours = self.django.connection.info.backend_pid
        other = self.server.connect()
        os.kill(other.info.backend_pid, signal.SIGKILL)
        wait_until(lambda: not Path(f"/proc/{ours}").exists(), "the process of the connection is gone")
        other.close()


@pytest.fixture(scope="module")
def server() -> Iterator[embedded.Server]:
    with tempfile.TemporaryDirectory(prefix="pcmbn-") as place:
        made = embedded.ensure_running(Path(place) / "pgdata")
        yield made
        made.stop()


@pytest.fixture
def line(server: embedded.Server, django_db_blocker: DjangoDbBlocker) -> Iterator[Line]:
    with django_db_blocker.unblock():
        made = Line(server)
        connections[ALIAS] = made.django  # what Django does with a new connection finds it by its name
        with made.django.cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS kept (id int PRIMARY KEY)")
        yield made
        made.django.close()
        del connections[ALIAS]


def _ask(line: Line) -> None:
    line.crash()
    line.ask()


def _ask_within_a_transaction(line: Line) -> None:
    line.begin()
    line.crash()
    line.ask()


def _fetch(line: Line) -> None:
    line.begin()
    with line.django.chunked_cursor() as cursor:
        cursor.execute("SELECT * FROM generate_series(1, 1000)")
        line.crash()
        cursor.fetchmany(10)


def _iterate(line: Line) -> None:
    line.crash()
    list(ContentType.objects.using(ALIAS).iterator())


def _close(line: Line) -> None:
    cursor = line.django.chunked_cursor()
    cursor.execute("SELECT * FROM generate_series(1, 1000)")
    line.crash()
    cursor.close()


def _commit(line: Line) -> None:
    line.begin()
    line.crash()
    line.django.commit()


def _roll_back(line: Line) -> None:
    line.begin()
    line.crash()
    line.django.rollback()


@pytest.mark.parametrize(
    "go_on", [_ask, _ask_within_a_transaction, _fetch, _iterate, _close, _commit, _roll_back]
)
def test_a_server_that_crashes_is_away_at_whatever_moment(line: Line, go_on: Callable[[Line], None]) -> None:
    with pytest.raises(OperationalError):
        go_on(line)

    wait_until(lambda: _works(line), "the same connection of Django works again")
    assert line.ask("SELECT count(*) FROM kept") == 0


def _works(line: Line) -> bool:
    """Whether a statement gets through in what would be the next request."""
    line.django.close_if_unusable_or_obsolete()
    try:
        line.ask()
    except OperationalError:
        return False
    return True


def test_what_the_server_refuses_is_no_lost_connection(line: Line) -> None:
    for statement, kind in (
        ("SELECT nothing", ProgrammingError),
        ("INSERT INTO kept VALUES (1), (1)", IntegrityError),
    ):
        with pytest.raises(DatabaseError) as refused:
            line.ask(statement)
        assert refused.type is kind
    assert _works(line)
