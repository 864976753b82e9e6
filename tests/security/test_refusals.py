"""Who is refused a protected record leaves a note of it, which the undone transaction does not take along."""

from __future__ import annotations

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import include, path
from django.views.decorators.http import require_safe

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


urlpatterns = [
    path("", include("config.urls")),
    path("hidden/<int:pk>/", hidden, name="hidden"),
    path("missing/<int:pk>/", missing, name="missing"),
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


def test_what_is_not_protected_and_missing_is_not_noted(cast: Cast, signed_in: SignedIn) -> None:
    assert signed_in(cast.people.stranger).get("/missing/12/").status_code == 404
    assert signed_in(cast.people.stranger).get("/no-such-page/").status_code == 404
    assert not AuditEvent.objects.exists()
