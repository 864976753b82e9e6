"""Portals that may be harmed: one like a developer's, and one like a deployment with Redis, on disks that fill up."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from django.db import connection
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from tests import prepared_database
from tests.faults.disk import SmallDisk
from tests.faults.portal import KillablePortal
from tests.faults.redis import RedisServer, has_redis
from tests.faults.staff import Staff, engage

Open = Callable[[KillablePortal], None]


@pytest.fixture(scope="package")
def prepare(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    django_db_keepdb: bool,
    django_db_createdb: bool,
) -> Open:
    """Fills the database of a portal with the tables and rights of the suite's."""
    keeps = django_db_keepdb and not django_db_createdb

    def fill(portal: KillablePortal) -> None:
        with prepared_database.opened(django_db_blocker, keeps=keeps):
            connection.ensure_connection()
            params = connection.get_connection_params()  # an embedded server is found when it is needed
            of_suite = {**connection.settings_dict}
            of_suite |= {"HOST": str(params.get("host", "")), "PORT": str(params.get("port", ""))}
            connection.close()
            portal.prepare(of_suite)

    return fill


@contextmanager
def _scratch() -> Iterator[Path]:
    """A directory for a portal. Not one of pytest's: another run on this machine closes these to other accounts,
    also to that of the database server."""
    with tempfile.TemporaryDirectory(prefix="pcmbn-faults-") as made:
        yield Path(made)


@pytest.fixture
def portal(prepare: Open, django_db_blocker: DjangoDbBlocker, settings: Settings) -> Iterator[KillablePortal]:
    """As on a developer's machine: messages go through files."""
    with _scratch() as place:
        made = KillablePortal(place / "portal")
        settings.MEDIA_ROOT = made.files
        try:
            prepare(made)
            with django_db_blocker.unblock(), made.read_here():
                yield made
        finally:
            made.end()


@dataclass(frozen=True)
class Deployment:
    """A portal with Redis where there is one, its database, the log of that and its files on small disks, and the
    people who work there."""

    portal: KillablePortal
    database_disk: SmallDisk
    log_disk: SmallDisk
    files_disk: SmallDisk
    staff: Staff

    @property
    def redis(self) -> RedisServer:
        """Its Redis; a test that needs one is left out where the machine has none."""
        if self.portal.redis is None:
            pytest.skip("no redis-server on this machine: apt-get install redis-server")
        return self.portal.redis


@pytest.fixture(scope="package")
def _deployment(prepare: Open, django_db_blocker: DjangoDbBlocker) -> Iterator[Deployment]:
    """Started once: each test leaves it whole."""
    with _scratch() as place:
        disks = [
            SmallDisk(place / name, size) for name, size in (("database", 512), ("log", 128), ("files", 48))
        ]
        redis = RedisServer(place / "redis") if has_redis() else None
        portal = KillablePortal(
            place / "portal",
            redis,
            data=place / "database" / "pgdata",
            files=place / "files" / "kept",
            log=place / "log",
        )
        try:
            prepare(portal)
            with django_db_blocker.unblock(), portal.read_here():
                staff = engage(portal, Random("deployment"))  # noqa: S311
            portal.start_all()
            yield Deployment(portal, *disks, staff)
        finally:
            portal.end()
            for disk in disks:
                disk.remove()


@pytest.fixture
def deployment(
    _deployment: Deployment, django_db_blocker: DjangoDbBlocker, settings: Settings
) -> Iterator[Deployment]:
    """As served: Redis carries the messages. Whole when a test begins."""
    portal = _deployment.portal
    settings.MEDIA_ROOT = portal.files
    portal.mend()
    with django_db_blocker.unblock(), portal.read_here():
        yield _deployment
