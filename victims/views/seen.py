"""Who saw a record: the answer for who reads the trail, without opening the record."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.audit import READ
from accounts.confirming import confirmation_needed
from accounts.models import AuditEvent, ReadEvent, User
from accounts.queries import query_without
from accounts.reading import record_reads
from accounts.scoping import scope_of
from accounts.services import record_event
from territory.collation import fold
from victims.forms.seen import SeenForm
from victims.selectors.seen import SeenRecord, events_within, find_record, reads_within, seen_csv

PAGE = 50
#: Rows of the trail beside the read log; the file has all of them.
EVENTS_SHOWN = 50


def _reader(request: HttpRequest) -> User:
    if not isinstance(request.user, User) or not scope_of(request.user).may(READ):
        raise PermissionDenied
    return request.user


@require_safe
def record_seen(request: HttpRequest) -> HttpResponse:
    """Ask for a record by its code; see who was shown it, where, when and from which address. Asking is a read, too."""
    reader = _reader(request)
    form = SeenForm(request.GET if request.GET else None, reader=reader)
    context: dict[str, Any] = {
        "form": form,
        "crumbs": [
            {"label": _("My work"), "url": reverse("home")},
            {"label": _("What people did"), "url": reverse("audit_list")},
            {"label": _("Who saw a record")},
        ],
    }
    if form.is_valid():
        seen = _seen(reader, form)
        if seen is None:
            form.add_error("code", _("No record of your areas has this code. Check it letter by letter."))
        else:
            context |= {
                "seen": seen,
                "query_string": query_without(request, "page"),
                "page_obj": Paginator(reads_within(seen, form.span()), PAGE).get_page(
                    request.GET.get("page")
                ),
                "events": events_within(seen, form.span())[:EVENTS_SHOWN],
            }
    return render(request, "victims/seen.html", context, status=422 if form.errors else 200)


@require_safe
@confirmation_needed
def record_seen_export(request: HttpRequest) -> StreamingHttpResponse:
    """The same as a CSV file. Raises Http404 for a code that is no record's of the reader's areas."""
    reader = _reader(request)
    form = SeenForm(request.GET, reader=reader)
    seen = _seen(reader, form) if form.is_valid() else None
    if seen is None:
        raise Http404
    record_event(actor=reader, kind=AuditEvent.Kind.EXPORTED, about=seen.name, detail={"what": "who saw it"})
    response = StreamingHttpResponse(seen_csv(seen, form.span()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="seen-{slugify(fold(seen.code))}.csv"'
    return response


def _seen(reader: User, form: SeenForm) -> SeenRecord | None:
    """The record that a valid form names; that its log was read stands in the log."""
    found = find_record(form.cleaned_data["code"].strip(), reader=reader)
    if found is None:
        return None
    seen, record = found
    with transaction.atomic():
        record_reads(actor=reader, records=[record], how=ReadEvent.How.HISTORY)
    return seen
