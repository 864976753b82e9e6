"""What a person was shown: one's own log, and for a head of unit that of each of their people."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import ReadEvent, User
from accounts.reading import record_reads
from accounts.row_scope import protected_rows
from accounts.scoping import scope_of
from victims.selectors.reads import led_by, reads_by, told

PAGE = 25


@require_safe
@protected_rows
def own_reads(request: HttpRequest) -> HttpResponse:
    """What the reader was shown themself; a head of unit chooses one of their people here."""
    reader = _reader(request)
    return _page(request, reader, reader)


@require_safe
@protected_rows
def reads_of_person(request: HttpRequest, pk: int) -> HttpResponse:
    """What one of the reader's people was shown. Raises Http404 for everybody else."""
    if not isinstance(request.user, User):
        raise Http404
    subject = led_by(request.user).filter(pk=pk).first()
    if subject is None:
        raise Http404
    return _page(request, request.user, subject)


def _reader(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User) or not any(map(scope_of(user).may, ("victim.read", "case.read"))):
        raise PermissionDenied
    return user


def _page(request: HttpRequest, reader: User, subject: User) -> HttpResponse:
    page = Paginator(reads_by(subject, reader=reader), PAGE).get_page(request.GET.get("page"))
    rows = told(list(page), reader=reader)
    shown = {row.event.record: row.record for row in rows}
    record_reads(actor=reader, records=shown.values(), how=ReadEvent.How.HISTORY)
    way = [{"label": _("My work"), "url": reverse("home")}]
    way.append({"label": _("What was seen"), "url": reverse("own_reads") if subject != reader else ""})
    if subject != reader:
        way.append({"label": subject.full_name, "url": ""})
    context = {
        "subject": subject,
        "is_own": subject == reader,
        "people": led_by(reader) if subject == reader else [],
        "rows": rows,
        "page_obj": page,
        "query_string": "",
        "crumbs": way,
    }
    return render(request, "victims/reads.html", context)
