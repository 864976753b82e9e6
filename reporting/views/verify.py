"""The public page on which anybody asks whether a printed report is genuine."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from rest_framework.throttling import SimpleRateThrottle

from reporting.services.numbers import as_printed
from reporting.verification import Verdict, look_up

#: The largest file that is compared.
LARGEST_FILE = 30 * 1024 * 1024


class AskingThrottle(SimpleRateThrottle):
    """How often one address may ask. A code has 30^12 values, so guessing is hopeless at any rate."""

    scope = "verify"
    rate = "60/min"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return f"throttle_verify_{self.get_ident(request)}"


@login_not_required
@require_safe
def verify_home(request: HttpRequest) -> HttpResponse:
    """Where a code is typed."""
    typed = request.GET.get("code", "")[:40]
    code = as_printed(typed)
    if code:
        return redirect("verify", code=code)
    error = _("A code has twelve letters and digits, such as K7QF-3M2X-9TAB. Look below the QR code.")
    context = {"typed": typed, "error": error if typed else ""}
    return render(request, "reporting/verify.html", context, status=422 if typed else 200)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Whether the code was given to an issued report, whether that is current, and, for a file, whether it is it."""
    if not AskingThrottle().allow_request(request, None):  # type: ignore[arg-type]
        response = render(request, "reporting/verify.html", {"is_too_often": True}, status=429)
        response["Retry-After"] = "60"
        return response
    verdict = look_up(code)
    context: dict[str, object] = {"verdict": verdict, "typed": code}
    if request.method == "POST":
        context |= _compared(request, verdict)
    response = render(request, "reporting/verify.html", context, status=200 if verdict.is_genuine else 404)
    add_never_cache_headers(response)
    return response


def _compared(request: HttpRequest, verdict: Verdict) -> dict[str, object]:
    file = request.FILES.get("file")
    if file is None:
        return {"file_error": _("Choose the PDF file to compare.")}
    if (file.size or 0) > LARGEST_FILE:
        return {"file_error": _("The file is larger than 30 MB, so it cannot be the report.")}
    return {"is_compared": True, "is_same": verdict.holds(file.read())}
