"""Asking a person to confirm who they are before what matters most: identities, keys, rights, exports of cases."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import User


def confirmed_recently(request: HttpRequest) -> bool:
    """Whether the person signed in, or confirmed who they are, within the last quarter of an hour."""
    if not isinstance(request.user, User):
        return False
    times = [record["at"] for record in get_authentication_records(request, request.user) if "at" in record]
    return bool(times) and time.time() - max(times) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def confirmation_needed(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page that opens only to a person who confirmed recently who they are; others are asked to, and come back.

    A form that was sent too late is not kept, since it may hold names: the person comes back to the page it was on.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not isinstance(request.user, User) or confirmed_recently(request):
            return view(request, *args, **kwargs)
        ways = get_adapter(request).get_reauthentication_methods(request.user)
        if not ways:
            raise PermissionDenied("the person has no way to confirm who they are")
        return redirect(f"{ways[0]['url']}?{urlencode({'next': _back(request)})}")

    return guarded


def _back(request: HttpRequest) -> str:
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    came_from = request.headers.get("referer", "")
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}, request.is_secure()):
        return reverse("home")
    parts = urlsplit(came_from)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
