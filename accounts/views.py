"""Reading preferences, and what of the sign-in pages is not offered."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.middleware import CONTRASTS, COOKIE, TEXT_SIZES, Reading

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
