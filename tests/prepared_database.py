"""One database is migrated for all processes of a run; each process works on a copy of its own."""

from __future__ import annotations

import fcntl
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.backends.base.creation import TEST_DATABASE_PREFIX
from django.test.utils import setup_databases, teardown_databases
from pytest_django.plugin import DjangoDbBlocker


def _name() -> str:
    return f"{TEST_DATABASE_PREFIX}{settings.OWNER_DATABASE['NAME']}_migrated"


@contextmanager
def _alone(folder: Path) -> Iterator[Path]:
    """One process of the run at a time; gives the mark that the database is there."""
    with (folder / "database.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder / "database.made"


@contextmanager
def rare_collections() -> Iterator[None]:
    """Migrations make a hundred thousand classes; looking through them again and again takes a quarter of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def prepare(folder: Path) -> str:
    """Make the migrated database unless another process of the run did. Returns its name, to be copied."""
    with _alone(folder) as made:
        if not made.exists():
            with rare_collections():
                _make()
            made.touch()
    return _name()


def _make() -> None:
    config, usual = connection.settings_dict, connection.settings_dict["NAME"]
    of_process = config["TEST"]["NAME"]
    config["TEST"]["NAME"] = _name()
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    finally:
        connection.close()  # nobody may be connected to what is copied
        config["TEST"]["NAME"] = of_process
        config["NAME"] = settings.DATABASES["default"]["NAME"] = usual


def remove(folder: Path) -> None:
    """Drop it. A process that comes later makes it again."""
    with _alone(folder) as made:
        if made.exists():
            with connection.creation._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(_name())}")
            made.unlink()


@contextmanager
def opened(blocker: DjangoDbBlocker, *, keeps: bool) -> Iterator[None]:
    """The database of the tests, open, for tests whose data other processes must see.

    pytest-django makes it when some test of the run is marked; these are not, because a marked test would undo what
    it commits. Where none is, it is made here.
    """
    with blocker.unblock():
        if is_of_tests():
            yield
            return
        made = setup_databases(verbosity=0, interactive=False, aliases={"default"}, keepdb=keeps)
        settle()
        yield
        if not keeps:
            teardown_databases(made, verbosity=0)


def is_of_tests() -> bool:
    """Whether the connection leads to a database of tests, and not to the developer's own."""
    return str(connection.settings_dict["NAME"]).startswith(TEST_DATABASE_PREFIX)


def settle() -> None:
    """What a database of tests is told once it is there."""
    keep_plans_steady()
    commit_without_waiting()


def keep_plans_steady() -> None:
    """No table is vacuumed behind the tests' backs.

    What a test rolls back is dead rows to the server. Having cleared those away it takes the table for empty, and
    plans for an empty table take minutes over the rows of the next test.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('ALTER TABLE %s SET (autovacuum_enabled = false)', oid::regclass) FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        statements = [row[0] for row in cursor.fetchall()]
        if statements:  # not yet, where no test of the run asks pytest-django for a database
            cursor.execute("; ".join(statements))


def commit_without_waiting() -> None:
    """Whatever connects to the test database from now on does not wait for the disk: no test outlives a crash."""
    with connection.cursor() as cursor:
        name = connection.ops.quote_name(str(connection.settings_dict["NAME"]))
        cursor.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    connection.close()
