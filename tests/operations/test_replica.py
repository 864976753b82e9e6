"""A second PostgreSQL that follows the first: what is read from it, and when it is not."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership
from config.embedded import ensure_running
from config.embedded.accounts import account_for, run_as
from config.embedded.places import Places
from config.embedded.programs import find_program
from reporting.models import Fact
from territory.models import Area
from territory.replica import REPLICA, from_replica, watch
from tests.cast import Cast, make_cast
from tests.reporting.records import load_catalogue, until
from tests.signing_in import sign_in_by_force

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not settings.DATABASE_IS_EMBEDDED, reason="it copies the embedded server"),
]


class Standby:
    """A copy of the embedded server that follows it over streaming replication."""

    def __init__(self, place: Path) -> None:
        self.place = place
        primary = ensure_running(Path(connection.settings_dict["EMBEDDED_DATA_DIR"]))
        places = Places(primary.data_dir)
        account = account_for(places)
        self._as_account: dict[str, Any] = run_as(account) | {"check": True, "stdout": subprocess.DEVNULL}
        if account:
            os.chown(place, account.uid, account.gid)
        programs = {name: str(find_program(name, places, account)) for name in ("pg_basebackup", "postgres")}
        source = ["--host", str(primary.socket_dir), "--port", str(primary.port), "--username", primary.user]
        copied = [
            "--pgdata",
            str(place / "data"),
            "--write-recovery-conf",
            "--checkpoint",
            "fast",
            "--no-sync",
        ]
        subprocess.run([programs["pg_basebackup"], *source, *copied], **self._as_account)
        set_to = (
            ("unix_socket_directories", str(place)),
            ("port", "5432"),
            ("hot_standby", "on"),
            ("fsync", "off"),
        )
        options = [word for name, value in set_to for word in ("-c", f"{name}={value}")]
        started = {name: value for name, value in self._as_account.items() if name != "check"}
        with (place / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [programs["postgres"], "-D", str(place / "data"), *options], stderr=log, **started
            )

    def settings(self) -> dict[str, Any]:
        kept = {key: value for key, value in connection.settings_dict.items() if key != "EMBEDDED_DATA_DIR"}
        return kept | {"HOST": str(self.place), "PORT": "5432", "OPTIONS": {"connect_timeout": 2}}

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)  # at once, whoever is still connected
        self.process.wait()


@pytest.fixture
def standby(transactional_db: None, settings: Any) -> Iterator[Standby]:
    """A replica in use, as DATABASE_REPLICA_URL would bring it, that has followed up to now."""
    place = Path(tempfile.mkdtemp(prefix="standby-"))
    following = Standby(place)
    settings.DATABASE_ROUTERS = ["territory.replica.ReplicaRouter"]
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "config.replica.ReplicaMiddleware"]
    databases = {"default": {}, REPLICA: following.settings()}
    _name_replica(connections.configure_settings(databases)[REPLICA])
    cache.clear()
    try:
        until(_is_fit)
        yield following
    finally:
        connections[REPLICA].close()
        del connections[REPLICA]
        del connections.settings[REPLICA]
        watch.look_anew()
        following.stop()
        shutil.rmtree(place)


def _is_fit() -> bool:
    watch.look_anew()
    return watch.is_fit()


def _name_replica(named: dict[str, Any]) -> None:
    """Let Django know the replica; pytest-django keeps tests from all but the databases named when they begin."""
    connections.settings[REPLICA] = named
    following = connections[REPLICA]

    def connect_once() -> None:
        if following.connection is None:
            with following.wrap_database_errors:
                following.connect()

    following.ensure_connection = connect_once  # type: ignore[method-assign]


@contextmanager
def _held_up() -> Iterator[None]:
    """Within it the replica takes in nothing new."""
    with connections[REPLICA].cursor() as cursor:
        cursor.execute("SELECT pg_wal_replay_pause()")
        until(lambda: _value("SELECT pg_get_wal_replay_pause_state() = 'paused'"))
    try:
        yield
    finally:
        with connections[REPLICA].cursor() as cursor:
            cursor.execute("SELECT pg_wal_replay_resume()")


def _value(statement: str) -> Any:
    with connections[REPLICA].cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def _statements_on_replica(browser: Client, address: str) -> int:
    with CaptureQueriesContext(connections[REPLICA]) as told:
        assert browser.get(address).status_code == 200
    return sum("pg_is_in_recovery" not in each["sql"] for each in told.captured_queries)


def test_pages_of_figures_follow_the_replica_as_long_as_it_follows_the_primary(
    standby: Standby, settings: Any
) -> None:
    """One replica for all that is asked of it: making one takes long."""
    cast: Cast = make_cast()
    load_catalogue()
    browser = Client()
    sign_in_by_force(browser, cast.people.coordinator)
    until(_is_fit)

    # Pages of figures are read from it, others are not, and rights never are.
    assert _statements_on_replica(browser, "/explore/") > 0
    assert _statements_on_replica(browser, "/activities/") == 0
    with from_replica():
        assert Area.objects.all().db == REPLICA == Fact.objects.all().db
        assert Membership.objects.all().db == "default"
        with transaction.atomic():
            assert Area.objects.all().db == "default"
    assert Area.objects.all().db == "default"

    # Who has just written reads what was written, and so from the primary.
    settings.REPLICA_MAX_LAG_SECONDS = 600.0
    with _held_up():
        until(_is_fit)
        Area.objects.filter(pk=cast.map.y_ty.pk).update(name="Y Tý mới")
        with from_replica():
            assert Area.objects.get(pk=cast.map.y_ty.pk).name == cast.map.y_ty.name
        assert _statements_on_replica(browser, "/explore/") > 0
        browser.post("/explore/views/save/", {})
        assert _statements_on_replica(browser, "/explore/") == 0
        cache.clear()
        assert _statements_on_replica(browser, "/explore/") > 0

        # One that lags is left alone until it has caught up.
        settings.REPLICA_MAX_LAG_SECONDS = 0.0
        until(lambda: not _is_fit())  # what the tests commit is written to the log a moment later
        assert _statements_on_replica(browser, "/explore/") == 0
    settings.REPLICA_MAX_LAG_SECONDS = 5.0
    until(_is_fit)

    # One that went down is noticed by the page that needs it, which is answered by the primary.
    standby.stop()
    assert browser.get("/explore/").status_code == 200
    assert not watch.is_fit()
    assert browser.get("/explore/").status_code == 200


def test_a_server_that_is_no_replica_is_not_read_from(transactional_db: None) -> None:
    """Promoted, or named by mistake: it may hold something else."""
    _name_replica(connections.settings["default"])
    try:
        until(lambda: not _is_fit())  # what the tests commit is written to the log a moment later
    finally:
        connections[REPLICA].close()
        del connections[REPLICA]
        del connections.settings[REPLICA]
        watch.look_anew()
