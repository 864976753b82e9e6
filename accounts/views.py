"""Reading preferences, a person's notices, and what of the sign-in pages is not offered."""

from dataclasses import asdict

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import notices
from accounts.forms import ReadingForm
from accounts.middleware import Reading
from territory.text import typed_key

PAGE = 25
YEAR = 365 * 24 * 3600


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """How pages look and which keys they answer to; posted, set some of it and go back to the page.

    Unknown values change nothing.
    """
    reading: Reading = request.reading  # type: ignore[attr-defined]
    if request.method != "POST":
        form = ReadingForm(initial=asdict(reading))
        crumbs = [{"label": _("My work"), "url": reverse("home")}, {"label": _("Display and keys")}]
        return render(request, "accounts/preferences.html", {"form": form, "crumbs": crumbs})
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = reverse("home")
    response = HttpResponseRedirect(back)
    cookie = reading.changed_to(request.POST.dict()).as_cookie()
    response.set_cookie(
        settings.READING_COOKIE_NAME,
        cookie,
        max_age=YEAR,
        samesite="Lax",
        secure=settings.HTTPS_ONLY,
        httponly=True,
    )
    return response


def own_address(request: HttpRequest) -> HttpResponse:
    """Stands before allauth's page for own addresses: the e-mail to sign in with is the administrator's to change."""
    raise Http404


@require_safe
def own_passkeys(request: HttpRequest) -> HttpResponse:
    """Stands before allauth's page of passkeys: they are on the page of all second factors."""
    return redirect("mfa_index")


@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: HttpRequest) -> HttpResponse:
    """A person's own notices, newest first: all, or with ``show=unread`` those not read yet.

    Posting the id of one as ``notice`` marks it read; the id of the newest one seen as ``up_to`` marks all up to it.
    """
    assert request.user.is_authenticated
    only_unread = request.GET.get("show") == "unread"
    shown = "show=unread" if only_unread else ""
    if request.method == "POST":
        one, up_to = typed_key(request.POST.get("notice", "")), typed_key(request.POST.get("up_to", ""))
        if one is not None:
            notices.mark_one_read(user=request.user, notice=one)
        elif up_to is not None:
            notices.mark_read(user=request.user, up_to=up_to)
        page_number = typed_key(request.GET.get("page", ""))
        query = "&".join(
            part for part in (shown, f"page={page_number}" if one and page_number else "") if part
        )
        return redirect(f"{reverse('notifications')}?{query}" if query else reverse("notifications"))
    rows = request.user.notifications.all()
    if only_unread:
        rows = rows.filter(read_at=None)
    context = {
        "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "query_string": shown,
        "only_unread": only_unread,
        "crumbs": [{"label": _("My work"), "url": reverse("home")}, {"label": _("Notices")}],
    }
    return render(request, "accounts/notifications.html", context)
