"""What one person or one address asks for too often is refused before any work is done, and stands in the trail."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client, RequestFactory
from django.urls import resolve, reverse
from pytest_django import Settings

from accounts.models import AuditEvent
from accounts.rates import rate_of
from config.addresses import all_addresses
from tests.cast import Cast
from tests.conftest import SignedIn

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def within_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the limits stands."""
    now = time.time()
    monkeypatch.setattr("accounts.rates.time", SimpleNamespace(time=lambda: now))


@pytest.fixture
def few(settings: Settings) -> None:
    """Two of a kind for one person, three from one address."""
    settings.PAGE_RATES = dict.fromkeys(settings.PAGE_RATES, (2, 3))


def _rate(name: str, method: str = "GET", **keys: Any) -> str | None:
    address = reverse(name, kwargs=keys)
    request = RequestFactory().generic(method, address)
    request.resolver_match = resolve(address)
    return rate_of(request, request.resolver_match.func)


@pytest.mark.parametrize("name", ["activity_list", "activity_export", "search"])
def test_the_third_of_a_kind_within_a_minute_is_refused_and_noted(
    name: str, cast: Cast, signed_in: SignedIn, few: None
) -> None:
    officer = cast.people.filing_officer
    browser = signed_in(officer)

    answers = [browser.get(reverse(name)) for _time in range(3)]

    assert [each.status_code for each in answers] == [200, 200, 429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert "Wait a minute and try again" in answers[-1].content.decode()
    noted = AuditEvent.objects.get(kind=AuditEvent.Kind.REFUSED)
    assert (noted.user, noted.about, noted.detail) == (officer, name, {"too_often": True})


def test_a_refused_opening_of_an_identity_opens_nothing(
    cast: Cast, signed_in: SignedIn, settings: Settings
) -> None:
    settings.PAGE_RATES = {"identity": (0, None)}
    browser = signed_in(cast.people.case_worker)

    assert browser.post(reverse("victim_identity", args=["NN-ACDEFG"]), {}).status_code == 429


def test_people_of_one_address_share_what_it_may_ask_for(cast: Cast, signed_in: SignedIn, few: None) -> None:
    one, other = signed_in(cast.people.filing_officer), signed_in(cast.people.standing_officer)
    address = reverse("activity_export")

    answers = [browser.get(address).status_code for browser in (one, one, other, other)]

    assert answers == [200, 200, 200, 429]
    elsewhere = other.get(address, REMOTE_ADDR="198.51.100.7").status_code
    assert elsewhere == 429  # the person has used up the own two by now
    caches["counts"].clear()
    assert other.get(address).status_code == 200


@pytest.mark.parametrize("name", ["changes", "contact", "verify_home"])
def test_an_address_asks_for_public_pages_so_often(name: str, few: None) -> None:
    answers = [Client().get(reverse(name)).status_code for _time in range(4)]

    assert answers == [200, 200, 200, 429]


def test_nobody_gets_more_by_naming_another_address() -> None:
    """Without a proxy of ours, X-Forwarded-For is what whoever asks wrote there."""
    address, browser = reverse("verify", args=["K7QF-3M2X-9TAB"]), Client()

    answers = [
        browser.get(address, headers={"x-forwarded-for": f"198.51.100.{n}"}).status_code for n in range(61)
    ]

    assert answers == [404] * 60 + [429]


def test_each_kind_of_address_has_its_rate() -> None:
    key = "0e0f3f4e-0000-4000-8000-000000000000"
    assert _rate("activity_list") == "page"
    assert _rate("dashboard_print") == _rate("compare_export") == _rate("audit_export") == "file"
    assert _rate("attachment_download", key=key) == _rate("report_file", key=key) == "file"
    assert _rate("victim_attachment", code="NN-ACDEFG", key=key) == "file"
    assert _rate("tip_file", pk=1, key=key) == _rate("case_export_file", key=key) == "file"
    assert _rate("victim_search", "POST") == _rate("search", "POST") == "search"
    assert _rate("victim_identity", "POST", code="NN-ACDEFG") == "identity"
    assert _rate("report_new", "POST") == _rate("draft_make", "POST", key=key) == "report"
    assert _rate("contact") == "public"
    assert _rate("account_login", "POST") is None  # accounts.throttling
    assert _rate("api-statistics") is None  # accounts.api.throttles


def test_no_address_that_gives_a_file_out_is_without_its_rate() -> None:
    given = [
        each
        for each in all_addresses()
        if each.access != "public" and each.name.endswith(("_export", "_print", "_export_csv", "_pdf"))
    ]
    assert len(given) > 20
    unrated = []
    for each in given:
        keys = {
            name: {
                "IntConverter": 1,
                "SlugConverter": "a",
                "UUIDConverter": "0e0f3f4e-0000-4000-8000-000000000000",
            }[kind]
            for name, kind in each.parameters.items()
        }
        if _rate(each.name, **keys) != "file":
            unrated.append(each.name)
    assert unrated == []
