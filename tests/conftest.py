"""What every test may ask for: the cast, a scratch place for files and messages, and the whole map.

Tests with ``transaction=True`` empty all tables when they end; pytest-django runs them last. `small_map` and the
cast are made anew for each test; `all_areas` looks whether the map is still there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import User
from config.celery import app
from territory.loading import LoadSummary, load_areas
from territory.models import Area
from tests.cast import Agencies, Cast, People, SmallMap, make_cast
from tests.portal_role import portal_role

SignedIn = Callable[[User], Client]

PLAIN_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"


@pytest.fixture(autouse=True)
def files_dir(settings: Settings, tmp_path: Path) -> Path:
    """Files go to a scratch directory, and pages need no collected static files."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN_FILES}}
    return tmp_path / "files"


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
        client.force_login(user)
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
