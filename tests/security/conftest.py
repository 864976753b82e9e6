"""Payloads and people the security tests share."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from programs.models import Activity, ActivityKind
from programs.services import file_activity
from tests.cast import Cast

PASSWORD = "Mot-mat-khau-dai-9"

FileActivity = Callable[..., Activity]


@pytest.fixture
def filed(cast: Cast) -> FileActivity:
    """Files an activity of the police of Kon Tum, with a title and a narrative of the test's choice."""

    def file(title: str, narrative: str = "Tổ chức tại nhà rông.", **changed: Any) -> Activity:
        day = dt.date(2020, 3, 5)
        fields: dict[str, Any] = {
            "kind": ActivityKind.COMMUNICATION,
            "agency": cast.agencies.kon_tum_police,
            "area": cast.map.kon_tum,
            "started_on": day,
            "ended_on": day,
            **changed,
        }
        return file_activity(
            actor=cast.people.standing_officer,
            submission_key=uuid.uuid4(),
            title=title,
            narrative=narrative,
            **fields,
        )

    return file


@pytest.fixture
def officer(cast: Cast) -> User:
    """The standing officer of Kon Tum, with a password."""
    user = cast.people.standing_officer
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture(autouse=True)
def no_counted_failures(request: pytest.FixtureRequest) -> None:
    """Failures to sign in are counted in the cache; a test that commits leaves its count there."""
    if "db" in request.fixturenames:
        request.getfixturevalue("db")
        cache.clear()


def try_to_sign_in(browser: Client, email: str, password: str) -> Any:
    return browser.post(reverse("account_login"), {"login": email, "password": password})


def is_signed_in(browser: Client) -> bool:
    return bool(browser.get(reverse("home")).status_code == 200)
