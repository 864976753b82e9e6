"""Reading preferences, a person's notices, and what of the sign-in pages is not offered."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from accounts import notices
from accounts.middleware import CONTRASTS, COOKIE, TEXT_SIZES, Reading

PAGE = 25
YEAR = 365 * 24 * 3600


@login_not_required
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Set text size or contrast and go back to the page. Unknown values change nothing."""
    reading: Reading = request.reading  # type: ignore[attr-defined]
    text_size, contrast = request.POST.get("text_size", ""), request.POST.get("contrast", "")
    chosen = Reading(
        text_size if text_size in TEXT_SIZES else reading.text_size,
        contrast if contrast in CONTRASTS else reading.contrast,
    )
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = reverse("home")
    response = HttpResponseRedirect(back)
    response.set_cookie(
        COOKIE, chosen.as_cookie(), max_age=YEAR, samesite="Lax", secure=settings.HTTPS_ONLY, httponly=True
    )
    return response


def own_address(request: HttpRequest) -> HttpResponse:
    """Stands before allauth's page for own addresses: the e-mail to sign in with is the administrator's to change."""
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: HttpRequest) -> HttpResponse:
    """A person's own notices, newest first; posting the id of the newest one seen marks them read."""
    assert request.user.is_authenticated
    if request.method == "POST":
        up_to = request.POST.get("up_to", "")
        if up_to.isascii() and up_to.isdigit() and len(up_to) < 19:
            notices.mark_read(user=request.user, up_to=int(up_to))
        return redirect("notifications")
    page = Paginator(request.user.notifications.all(), PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/notifications.html", {"page_obj": page, "query_string": ""})
