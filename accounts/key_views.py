"""Pages on which keys of the API are made, shown once, watched and ended."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.confirming import confirmation_needed
from accounts.forms import KeyForm
from accounts.keys import keys_seen_by, make_key, may_manage_keys, revoke_key, show_secret, shows_secret_to
from accounts.models import ApiKey, User
from accounts.webhooks.keeping import webhooks_seen_by

PAGE = 25
#: Days of use that the page of a key shows.
DAYS_SHOWN = 30


def _reader(request: HttpRequest) -> User:
    """Who asks. Raises PermissionDenied for somebody who keeps no keys and holds none."""
    assert isinstance(request.user, User)
    if not may_manage_keys(request.user) and not keys_seen_by(request.user).exists():
        raise PermissionDenied
    return request.user


def get_key(request: HttpRequest, key: uuid.UUID) -> ApiKey:
    """The key, when the person may see it. Raises Http404 otherwise."""
    assert isinstance(request.user, User)
    found: ApiKey | None = (
        keys_seen_by(request.user).select_related("made_by", "revoked_by").filter(key=key).first()
    )
    if found is None:
        raise Http404
    return found


@require_safe
def api_keys(request: HttpRequest) -> HttpResponse:
    """The keys a person keeps or holds, the newest first."""
    reader = _reader(request)
    page = Paginator(keys_seen_by(reader).order_by("-id"), PAGE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    context = {
        "page_obj": page,
        "rows": [{"key": key, "state": key.state_on(today)} for key in page],
        "may_manage": may_manage_keys(reader),
        "crumbs": [*key_crumbs()[:1], {"label": _("API keys")}],
    }
    return render(request, "accounts/api_keys.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@confirmation_needed
def api_key_new(request: HttpRequest) -> HttpResponse:
    """Make a key. Its secret is made when it is shown."""
    assert isinstance(request.user, User)
    if not may_manage_keys(request.user):
        raise PermissionDenied
    form = KeyForm(request.POST if request.method == "POST" else None, actor=request.user)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = make_key(actor=request.user, **form.cleaned_data)
            except ValidationError as error:
                for name, errors in error.error_dict.items():
                    form.add_error(name, errors)
            else:
                messages.success(request, _("The key is made. It can be shown once, below."))
                return redirect("api_key", key=made.key)
    context = {"form": form, "crumbs": [*key_crumbs(), {"label": _("New key")}]}
    return render(request, "accounts/api_key_new.html", context, status=status)


@require_safe
def api_key(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """One key: for whom, what it opens, and how much it was used."""
    return _page(request, get_key(request, key))


@require_POST
@confirmation_needed
def api_key_secret(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Show the secret, this once. The page is kept nowhere."""
    found = get_key(request, key)
    assert isinstance(request.user, User)
    try:
        secret = show_secret(key=found, actor=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("api_key", key=found.key)
    return _page(request, get_key(request, key), secret=secret)


@require_POST
@confirmation_needed
def api_key_revoke(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """End a key at once."""
    found = get_key(request, key)
    assert isinstance(request.user, User)
    revoke_key(key=found, actor=request.user)
    messages.success(request, _("The key is revoked. Requests with it are refused from now on."))
    return redirect("api_key", key=found.key)


def _page(request: HttpRequest, key: ApiKey, *, secret: str = "") -> HttpResponse:
    assert isinstance(request.user, User)
    today = timezone.localdate()
    state = key.state_on(today)
    context: dict[str, Any] = {
        "key": key,
        "state": state,
        "secret": secret,
        "may_show": state == "unused" and shows_secret_to(key, request.user),
        "may_revoke": state in ("current", "unused"),
        **_use_of(key),
        "webhooks": [
            (each, each.state_on(today)) for each in webhooks_seen_by(request.user).filter(api_key=key)
        ],
        "may_add_webhook": may_manage_keys(request.user) and state in ("current", "unused"),
        "crumbs": [*key_crumbs(), {"label": key.consumer}],
    }
    return render(request, "accounts/api_key.html", context)


def _use_of(key: ApiKey) -> dict[str, Any]:
    """How much the key was used of late: day by day, and for each endpoint."""
    since = timezone.localdate() - dt.timedelta(days=DAYS_SHOWN)
    rows = key.uses.filter(day__gt=since).order_by()
    counts = {"asked": Sum("requests"), "denied": Sum("refused")}
    return {
        "days": list(rows.values("day").annotate(**counts).order_by("-day")),
        "endpoints": sorted(
            rows.values("endpoint").annotate(**counts), key=lambda row: (-row["asked"], row["endpoint"])
        ),
        "days_shown": DAYS_SHOWN,
    }


def key_crumbs() -> list[dict[str, Any]]:
    return [
        {"label": _("My work"), "url": reverse("home")},
        {"label": _("API keys"), "url": reverse("api_keys")},
    ]
