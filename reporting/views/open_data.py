"""The public page of open data: the published figures, how they are made, and all of them as files."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from rest_framework.throttling import SimpleRateThrottle

from reporting.disclosure import current_release
from reporting.disclosure.tables import CLOSED_AFTER_DAYS
from reporting.models import StatisticsRelease
from reporting.open_data import as_csv, open_table, released_indicators, released_rows

#: A release stays as it is, so a file of it may be kept; a new release comes at most once a day.
_KEPT = "public, max-age=3600"


class DownloadThrottle(SimpleRateThrottle):
    """How often one address may take a whole release; it changes once a quarter."""

    cache = caches["counts"]
    scope = "open_data"
    rate = "20/min"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return f"throttle_open_data_{self.get_ident(request)}"


@login_not_required
@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    """One indicator by year and province, to choose from all that are published."""
    release = current_release()
    indicators = released_indicators(release) if release else []
    asked = request.GET.get("indicator", "")
    chosen = next((each for each in indicators if each.code == asked), None)
    if asked and chosen is None:
        raise Http404
    if chosen is None:
        chosen = next((each for each in indicators if each.code == "cases_prosecuted"), None) or (
            indicators[0] if indicators else None
        )
    context = {
        "release": release,
        "indicators": indicators,
        "table": open_table(release, chosen) if release and chosen else None,
        "closed_after": CLOSED_AFTER_DAYS,
        "licence": settings.OPEN_DATA_LICENCE,
        "licence_url": settings.OPEN_DATA_LICENCE_URL,
        "crumbs": [{"label": _("Open data")}],
    }
    return render(request, "reporting/open_data.html", context)


def _release() -> StatisticsRelease:
    """The current release. Raises Http404 before the first."""
    release = current_release()
    if release is None:
        raise Http404
    return release


@login_not_required
@require_safe
def open_data_csv(request: HttpRequest) -> HttpResponseBase:
    """The whole release as CSV."""
    return _download(request, "csv", "text/csv; charset=utf-8", as_csv)


@login_not_required
@require_safe
def open_data_json(request: HttpRequest) -> HttpResponseBase:
    """The whole release as JSON, with what tells how to read it."""
    return _download(request, "json", "application/json", _as_json)


def _as_json(release: StatisticsRelease) -> Iterator[str]:
    head = {
        "release": release.quarter,
        "made_at": release.made_at.isoformat(timespec="seconds"),
        "sha256": release.sha256,
        "disclosure": {"k": release.k, "base": release.base},
        "licence": settings.OPEN_DATA_LICENCE,
        "licence_url": settings.OPEN_DATA_LICENCE_URL,
    }
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "data": ['
    for at, row in enumerate(released_rows(release)):
        yield (",\n" if at else "\n") + json.dumps(row, ensure_ascii=False)
    yield "\n]}\n"


def _download(
    request: HttpRequest, ending: str, media_type: str, pieces: Callable[[StatisticsRelease], Iterator[str]]
) -> HttpResponseBase:
    release = _release()
    if not DownloadThrottle().allow_request(request, None):  # type: ignore[arg-type]
        refused = HttpResponse(_("Too many downloads from your address. Wait a minute."), status=429)
        refused["Retry-After"] = "60"
        return refused
    answer = StreamingHttpResponse(pieces(release), content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="open-data-{release.quarter}.{ending}"'
    answer["Cache-Control"] = _KEPT
    return answer
