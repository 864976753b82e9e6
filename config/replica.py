"""Which pages may be read from a replica of the database, and for whom."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase

from accounts.leases import PASSING
from territory.replica import from_replica, watch

#: The pages that read many figures and show no protected record, by the names of their addresses.
PAGES = frozenset(
    {
        *("dashboard", "dashboard_export", "dashboard_print"),
        *("compare", "compare_export", "compare_print"),
        *("explore", "explore_export", "explore_export_csv", "explore_print"),
        *("open_data", "open_data_csv", "open_data_json"),
        "api-statistics",
    }
)
_SAFE = ("GET", "HEAD")


class ReplicaMiddleware:
    """Runs those pages on the replica, unless it lags or is down, or who asks has just written.

    It stands last, so that nothing of the other middleware is left out where it answers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method not in (*_SAFE, "OPTIONS"):
            # As long as a replica that was just found to follow closely may lack it.
            cache.set(_has_written(request), True, settings.REPLICA_MAX_LAG_SECONDS + 2)
        return response

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        arguments: tuple[Any, ...],
        named: dict[str, Any],
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        if match is None or match.view_name not in PAGES or request.method not in _SAFE:
            return None
        if not watch.is_fit() or cache.get(_has_written(request)):
            return None
        try:
            with from_replica():
                response = view(request, *arguments, **named)
        except PASSING:
            watch.look_anew()
            return None  # the page is asked for once more, from the primary
        return response


def _has_written(request: HttpRequest) -> str:
    """Under which name it is kept that somebody wrote: by the key of a program, or by the person signed in."""
    key = request.headers.get("Authorization", "")
    who = f"key {key}" if key else f"person {request.user.pk}"
    return f"has_written_{hashlib.sha256(who.encode()).hexdigest()}"
