"""Pages for what went wrong. A server that is away is 503 with a time to come back, not 500."""

import errno
import logging
import sys

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from accounts.leases import PASSING
from accounts.tracing import where_it_failed
from config.embedded import EmbeddedDatabaseError

logger = logging.getLogger("portal.errors")

#: Failures of something the portal needs and that may well be back in a moment.
AWAY = (*PASSING, RedisError, BrokerError, EmbeddedDatabaseError)


def _is_away(error: BaseException | None) -> bool:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    return isinstance(error, AWAY)


def _as_problem(request: HttpRequest, status: int, title: str) -> HttpResponse | None:
    """The same for a program that asked the API; None for a page."""
    if not request.path.startswith("/api/"):
        return None
    told = {"type": "about:blank", "status": status, "title": title}
    return JsonResponse(
        told,
        status=status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for an exception nobody caught. The log gets its type and the view, never the path's query."""
    error = sys.exc_info()[1]
    view = getattr(getattr(request, "resolver_match", None), "view_name", "?")
    trace = "" if _is_away(error) else where_it_failed(error)
    logger.error("%s %s failed: %s%s", request.method, view, type(error).__name__, trace)
    if _is_away(error):
        away = _("The portal is away for a moment. Send the request again later.")
        response = _as_problem(request, 503, away) or HttpResponse(render_to_string("503.html"), status=503)
        response["Retry-After"] = "30"
        return response
    failed = _("Something failed on our side. It is noted; send the request again later.")
    return _as_problem(request, 500, failed) or HttpResponse(render_to_string("500.html"), status=500)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _as_problem(request, 404, _("There is no such address.")) or render(
        request, "404.html", status=404
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for what a person may not do. ``RefusalMiddleware`` notes the refusal."""
    return _as_problem(request, 403, _("Your role does not do this.")) or render(
        request, "403.html", status=403
    )


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came without its token: an old page, blocked cookies, or somebody else's site."""
    response = render(request, "403.html", {"is_stale_form": True}, status=403)
    response.is_stale_form = True  # type: ignore[attr-defined]
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _as_problem(request, 400, _("The request cannot be read.")) or render(
        request, "403.html", status=400
    )
