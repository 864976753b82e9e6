"""The steering dashboard and what is taken from it: the page, an Excel file, a PDF."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.row_scope import protected_rows
from reporting.dashboard import Dashboard, asked_of


@protected_rows
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """The state of an area in a period on one page. Every number leads to what it is made of."""
    assert isinstance(request.user, User)
    asked = asked_of(request.GET, request.user)
    context: dict[str, Any] = {
        "asked": asked,
        "board": Dashboard(asked),
        "crumbs": [{"label": _("My work"), "url": reverse("home")}, {"label": _("Dashboard")}],
    }
    return render(request, "reporting/dashboard.html", context)
