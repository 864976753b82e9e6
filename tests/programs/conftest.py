"""The cast, people who are signed in, and a scratch place for files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.programs.cast import Cast, make_cast
from tests.signing_in import sign_in_by_force

SignedIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def places(settings: Any, tmp_path: Path) -> None:
    """Files go to a scratch directory, and pages need no collected static files."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def patient_lease(settings: Any) -> None:
    """The thread that renews a lease has a connection of its own, which does not see what a test has not committed."""
    settings.UPLOAD_LEASE_SECONDS = 600


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def signed_in() -> SignedIn:
    def sign_in(user: User) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.cookies["django_language"] = "en"
        sign_in_by_force(client, user)
        return client

    return sign_in
