"""The page on which a person takes all that the portal holds about them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from rest_framework.throttling import SimpleRateThrottle

from accounts.confirming import confirmation_needed
from accounts.models import AuditEvent, User
from accounts.services import record_event
from config.own_data.gathering import archive_of


class OwnDataThrottle(SimpleRateThrottle):
    """How often a person may take the file."""

    scope = "own_data"
    rate = "3/hour"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return f"throttle_own_data_{request.user.pk}"


@require_http_methods(["GET", "HEAD", "POST"])
@confirmation_needed
def own_data(request: HttpRequest) -> HttpResponse:
    """Say what is in the file; give it on POST, three times an hour, and note that it was taken."""
    assert isinstance(request.user, User)
    is_sent = request.method == "POST"
    if is_sent and OwnDataThrottle().allow_request(request, None):  # type: ignore[arg-type]
        record_event(
            actor=request.user, kind=AuditEvent.Kind.OWN_DATA_TAKEN, about=f"accounts.user:{request.user.pk}"
        )
        response = HttpResponse(archive_of(request.user), content_type="application/zip")
        name = f"own-data-{timezone.localdate():%Y-%m-%d}.zip"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    if is_sent:
        messages.error(request, _("You took this file three times within the hour. Try again later."))
    context = {
        "crumbs": [
            {"label": _("My work"), "url": reverse("home")},
            {"label": _("My account"), "url": reverse("account")},
            {"label": _("My data")},
        ]
    }
    return render(request, "accounts/own_data.html", context, status=429 if is_sent else 200)
