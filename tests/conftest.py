"""What every test may ask for: the cast, a scratch place for files and messages, and the whole map.

Tests with ``transaction=True`` empty all tables when they end, so they run after the others. `small_map` and the cast
are made anew for each test; `all_areas` looks whether the map is still there.

Several processes may share a run (``-n 3``): each has its own database, messages and files, and takes one group of
tests after another (tests/groups.py).
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.utils import translation
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import User
from config.celery import app
from reporting.figures import answers, kept_lists
from territory.agencies import load_agency_kinds
from territory.loading import LoadSummary, load_areas
from territory.models import Area
from tests import prepared_database
from tests.cast import Agencies, Cast, People, SmallMap, make_cast
from tests.groups import GroupScheduling, turn
from tests.portal_role import portal_role
from tests.signing_in import sign_in_by_force

SignedIn = Callable[[User], Client]

PLAIN_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=turn)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> GroupScheduling:
    config.option.loadscopereorder = False  # the order is ours
    return GroupScheduling(config, log)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest,
    django_db_modify_db_settings: None,
    django_db_blocker: DjangoDbBlocker,
    django_db_keepdb: bool,
    django_db_createdb: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Where processes share a run, only the first migrates a database; each gets a copy of that."""
    is_shared = hasattr(request.config, "workerinput")
    if not is_shared or (django_db_keepdb and not django_db_createdb):
        yield
        return
    folder = tmp_path_factory.getbasetemp().parent
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = prepared_database.prepare(folder)
    yield
    with django_db_blocker.unblock():
        prepared_database.remove(folder)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        if prepared_database.is_of_tests():
            prepared_database.settle()


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """What services refuse with is read in English, whatever language the page before was in."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def files_dir(settings: Settings, tmp_path: Path) -> Path:
    """Files go to a scratch directory, and pages need no collected static files."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN_FILES}}
    return tmp_path / "files"


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    """Requests are counted by the minute in the memory of the process, whichever test they were made in."""
    caches["counts"].clear()


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """What a process remembers of figures takes statements away; each test begins without."""
    answers.REMEMBERED.clear()
    kept_lists.REMEMBERED.clear()


@pytest.fixture
def patient(settings: Settings) -> None:
    """Nothing renews the lease of a report that is made within a test: no other connection sees its transaction."""
    settings.REPORT_LEASE_SECONDS = 600


@pytest.fixture(autouse=True, scope="session")
def broker_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Messages go to a scratch directory as well, never to a portal that runs on this machine."""
    folder = tmp_path_factory.mktemp("broker")
    queue, control = folder / "queue", folder / "control"
    app.conf.broker_url = "filesystem://"
    app.conf.broker_transport_options = {
        "data_folder_in": str(queue),
        "data_folder_out": str(queue),
        "control_folder": str(control),
        "store_processed": False,
    }
    for place in (queue, control):
        place.mkdir(mode=0o700)
    return folder


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def small_map(cast: Cast) -> SmallMap:
    return cast.map


@pytest.fixture
def agencies(cast: Cast) -> Agencies:
    return cast.agencies


@pytest.fixture
def people(cast: Cast) -> People:
    return cast.people


@pytest.fixture
def as_portal(db: None) -> Iterator[str]:
    """The rest of the test works with the rights of the portal's own role, as web and worker do."""
    with portal_role() as role:
        yield role


@pytest.fixture
def signed_in() -> SignedIn:
    """A browser in which this person is signed in and reads English."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.cookies["django_language"] = "en"
        sign_in_by_force(client, user)
        return client

    return sign_in


@pytest.fixture(scope="session")
def _map_of_session(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> LoadSummary:
    with django_db_blocker.unblock():
        return load_areas()


@pytest.fixture
def all_areas(_map_of_session: LoadSummary, db: None) -> LoadSummary:
    """Every area of the package, outside the test's transaction: they stay until a test empties the tables.

    Where one has, the map is loaded again for this test.
    """
    return _map_of_session if Area.objects.filter(code="62").exists() else load_areas()


@pytest.fixture(scope="session")
def _demo_of_session(
    _map_of_session: LoadSummary,
    django_db_blocker: DjangoDbBlocker,
    django_db_keepdb: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path | None:
    """The demonstration, committed, and the files of it. Not in a database that is kept: its next run has others."""
    if django_db_keepdb:
        return None
    files = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=files):
        _load_demo()
    return files


@pytest.fixture
def demo(_demo_of_session: Path | None, all_areas: LoadSummary, files_dir: Path) -> None:
    """The demonstration on the whole map. It is loaded once for all tests that come after one another."""
    if _demo_of_session is None or not User.objects.exists():
        _load_demo()
    else:
        shutil.copytree(_demo_of_session, files_dir, dirs_exist_ok=True)


def _load_demo() -> None:
    load_agency_kinds()
    call_command("load_demo", verbosity=0, stdout=io.StringIO())
