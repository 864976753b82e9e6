"""Who is refused a protected record leaves a note of it, which the undone transaction does not take along."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import include, path
from django.views.decorators.http import require_safe
from pytest_django import Settings

from accounts.models import AuditEvent
from accounts.row_scope import protected_rows
from tests.cast import Cast
from tests.conftest import SignedIn


@require_safe
@protected_rows
def hidden(request: HttpRequest, pk: int) -> HttpResponse:
    AuditEvent.objects.create(kind=AuditEvent.Kind.EXPORTED, user=request.user, about="undone")
    raise Http404


@require_safe
def missing(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


@require_safe
def named(request: HttpRequest, code: str) -> HttpResponse:
    raise Http404


urlpatterns = [
    path("", include("config.urls")),
    path("hidden/<int:pk>/", hidden, name="hidden"),
    path("missing/<int:pk>/", missing, name="missing"),
    path("named/<str:code>/", named, name="named"),
]
handler404 = "config.errors.not_found"


@pytest.fixture(autouse=True)
def addresses() -> object:
    with override_settings(ROOT_URLCONF=__name__):
        yield


def test_a_protected_record_out_of_reach_is_noted_with_view_and_key(cast: Cast, signed_in: SignedIn) -> None:
    stranger = cast.people.stranger
    response = signed_in(stranger).get("/hidden/12/?q=Vàng Thị Mảy")

    assert response.status_code == 404
    noted = AuditEvent.objects.get()
    assert (noted.kind, noted.user, noted.about, noted.detail) == ("refused", stranger, "hidden:12", {})


def test_a_record_that_is_not_protected_is_noted_too_and_an_address_that_is_none_is_not(
    cast: Cast, signed_in: SignedIn
) -> None:
    assert signed_in(cast.people.stranger).get("/missing/12/").status_code == 404
    assert signed_in(cast.people.stranger).get("/no-such-page/").status_code == 404
    assert AuditEvent.objects.get().about == "missing:12"


def test_words_in_an_address_are_not_noted(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.people.stranger)
    for address in ("/named/vang-thi-may/", "/named/activity:12/", "/named/NN-7KQ2VA/", "/named/0917555138/"):
        assert browser.get(address).status_code == 404

    noted = AuditEvent.objects.order_by("pk").values_list("about", flat=True)
    assert list(noted) == ["named", "named:activity:12", "named:NN-7KQ2VA", "named"]


def test_who_is_refused_without_end_fills_no_trail(
    cast: Cast,
    signed_in: SignedIn,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.REFUSALS_NOTED = 3
    caches["counts"].clear()
    browser = signed_in(cast.people.stranger)
    now = time.time()
    monkeypatch.setattr("accounts.rates.time", SimpleNamespace(time=lambda: now))  # all within one minute
    for number in range(1, 8):
        assert browser.get(f"/missing/{number}/").status_code == 404

    noted = AuditEvent.objects.order_by("pk").values_list("about", "detail")
    assert list(noted) == [("missing:1", {}), ("missing:2", {}), ("missing:3", {"more": True})]
    assert "was refused 3 times within a minute" in caplog.text
