"""The whole map, loaded once for the session."""

from __future__ import annotations

import pytest
from pytest_django.plugin import DjangoDbBlocker

from territory.loading import LoadSummary, load_areas


@pytest.fixture(scope="session")
def all_areas(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> LoadSummary:
    """Every area of the package, outside any test's transaction: they stay until the session ends.

    A test that empties the tables when it ends (``transaction=True``) empties these as well.
    """
    with django_db_blocker.unblock():
        return load_areas()
