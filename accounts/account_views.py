"""A person's own account: how they sign in, and where they are signed in."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.confirming import confirmation_needed
from accounts.devices import browser_name
from accounts.factors.needed import needs_factor
from accounts.models import User
from accounts.sessions import STRICT, USUAL, end_sessions, sessions_of


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Password, second factor and sessions of the person, with ways to change them."""
    assert isinstance(request.user, User)
    kinds = list(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    needs = needs_factor(request.user)
    context: dict[str, Any] = {
        "sessions": [
            {
                "session": row,
                "name": browser_name(row.user_agent),
                "is_here": row.session_key == request.session.session_key,
            }
            for row in sessions_of(request.user)
        ],
        "limits": _in_minutes_and_hours(STRICT if needs else USUAL),
        "has_app": Authenticator.Type.TOTP in kinds,
        "passkeys": kinds.count(Authenticator.Type.WEBAUTHN),
        "needs_factor": needs,
        "crumbs": [{"label": _("My work"), "url": reverse("home")}, {"label": _("My account")}],
    }
    return render(request, "accounts/account.html", context)


@require_POST
@confirmation_needed
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of the own sessions."""
    assert isinstance(request.user, User)
    session = next((row for row in sessions_of(request.user) if row.pk == pk), None)
    if session is None:
        raise Http404
    end_sessions(user=request.user, actor=request.user, sessions=[session])
    messages.success(request, _("The session is ended."))
    return redirect("account")


@require_POST
@confirmation_needed
def sessions_end(request: HttpRequest) -> HttpResponse:
    """End all own sessions; with ``keep`` all but this one."""
    assert isinstance(request.user, User)
    rows = UserSession.objects.filter(user=request.user)
    if request.POST.get("keep"):
        rows = rows.exclude(session_key=request.session.session_key or "")
    end_sessions(user=request.user, actor=request.user, sessions=rows)
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("account")


def _in_minutes_and_hours(limits: Any) -> dict[str, int]:
    return {"idle_minutes": limits.idle // 60, "longest_hours": limits.longest // 3600}
