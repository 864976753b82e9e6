"""The page on which administrators read the trail of what people did, and the file of it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.audit import READ, Narrowed, events_csv, events_seen_by
from accounts.confirming import confirmation_needed
from accounts.forms import AuditForm
from accounts.models import AuditEvent, User
from accounts.queries import query_without
from accounts.scoping import scope_of
from accounts.services import record_event
from territory.text import typed_key

PAGE = 50


def _reader(request: HttpRequest) -> User:
    """Who asks. Raises PermissionDenied for whoever does not read the trail."""
    assert isinstance(request.user, User)
    if not scope_of(request.user).may(READ):
        raise PermissionDenied
    return request.user


@require_safe
def audit_list(request: HttpRequest) -> HttpResponse:
    """What people of the own areas did, the newest first. ``before`` goes on below an event; nothing is counted."""
    reader = _reader(request)
    form = AuditForm(request.GET, reader=reader)
    asked = form.narrowed() if form.is_valid() else None
    rows: list[AuditEvent] = []
    if asked is not None:
        found = events_seen_by(reader, asked)
        before = typed_key(request.GET.get("before", ""))
        if before is not None:
            found = found.filter(pk__lt=before)
        rows = list(found[: PAGE + 1])
    context: dict[str, Any] = {
        "form": form,
        "rows": rows[:PAGE],
        "older": query_without(request, "before", before=str(rows[PAGE - 1].pk)) if len(rows) > PAGE else "",
        "query_string": query_without(request, "before"),
        "crumbs": [
            {"label": _("My work"), "url": reverse("home")},
            {"label": _("What people did")},
        ],
    }
    return render(request, "accounts/audit.html", context, status=422 if form.errors else 200)


@require_safe
@confirmation_needed
def audit_export(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The same events as a CSV file; that it was taken is an event, too."""
    reader = _reader(request)
    form = AuditForm(request.GET, reader=reader)
    asked = form.narrowed() if form.is_valid() else Narrowed()
    if form.errors:
        return HttpResponse(status=422)
    rows = events_seen_by(reader, asked)
    kept = {"kind": asked.kind, "person": asked.person.pk if asked.person else None}
    record_event(actor=reader, kind=AuditEvent.Kind.EXPORTED, about="accounts.auditevent", detail=kept)
    response = StreamingHttpResponse(events_csv(rows), content_type="text/csv; charset=utf-8")
    name = f"audit-{timezone.localtime():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
