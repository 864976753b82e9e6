"""The list of units' tasks, its export, and the page of one unit's task with its progress."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AuditEvent, User
from accounts.services import record_event
from accounts.together import read_together
from programs.forms.progress import ProgressForm
from programs.models import Assignment, Document
from programs.selectors.activity import person
from programs.selectors.linking import activities_serving
from programs.selectors.rights import may_write_document
from programs.selectors.task import (
    NoteRow,
    Standing,
    get_assignment,
    get_task_document,
    may_read_tasks,
    may_tell_progress,
    progress_notes,
    task_documents,
)
from programs.selectors.task_matrix import TaskMatrix
from programs.services.task import note_progress
from programs.task_exporting import assignments_workbook
from programs.task_filters import AssignmentListing
from territory.collation import fold
from territory.excel import XLSX

NOTES_A_PAGE = 20


def _reader(request: HttpRequest) -> User:
    """Who asks for a list. Raises PermissionDenied for a role that reads no tasks anywhere."""
    reader = person(request)
    if not may_read_tasks(reader):
        raise PermissionDenied
    return reader


@require_safe
def task_list(request: HttpRequest) -> HttpResponse:
    """Units' tasks the reader may see; HTMX gets only the part below the filters."""
    reader = _reader(request)
    listing = AssignmentListing(request.GET, reader=reader)
    is_part = bool(request.htmx) and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    context = {
        "listing": listing,
        "rows": list(listing.assignment_rows()),
        "page_sizes": settings.PAGE_SIZE_CHOICES,
        "crumbs": task_crumbs(),
    }
    template = "programs/_task_results.html" if is_part else "programs/task_list.html"
    return render(request, template, context)


@require_safe
def task_export(request: HttpRequest) -> HttpResponseBase:
    """What the list shows, over all its pages, as an Excel file. Leaves a row in the trail."""
    reader = _reader(request)
    listing = AssignmentListing(request.GET, reader=reader)
    page = f"{reverse('task_list')}?{listing.query()}"
    if not listing.filter.is_usable:
        messages.error(request, _("Nothing was exported: correct the filters first."))
        return redirect(page)
    if listing.totals.count > settings.EXPORT_MAX_ROWS:
        message = _("The list has %(count)d tasks; a file holds at most %(limit)d. Narrow the filters.")
        messages.error(request, message % {"count": listing.totals.count, "limit": settings.EXPORT_MAX_ROWS})
        return redirect(page)
    file = assignments_workbook(listing, reader=reader, address=request.build_absolute_uri(page))
    detail = {
        "rows": listing.totals.count,
        "filters": sorted(name for name in request.GET if request.GET[name]),
    }
    record_event(actor=reader, kind=AuditEvent.Kind.EXPORTED, about="programs.assignment:list", detail=detail)
    name = f"{slugify(fold(_('Tasks')))}-{timezone.localtime():%Y%m%d-%H%M}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


@require_safe
def task_matrix(request: HttpRequest, pk: int) -> HttpResponse:
    """The tasks of a document against the units that have them, as far as the reader may see them."""
    document = get_task_document(request, pk)
    reader = person(request)
    page = request.GET.get("page", "1")
    context = {
        "document": document,
        "matrix": TaskMatrix(document, reader=reader, today=timezone.localdate(), page=page),
        "may_cut": may_write_document(reader, document.issuer, document.area),
        "crumbs": [*task_crumbs(), {"label": str(document)}],
    }
    return render(request, "programs/task_matrix.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def assignment_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit's task with what it told so far; its own people tell more here."""
    if request.method != "POST":
        assignment = get_assignment(request, pk)
        actor = person(request)
        own = may_tell_progress(actor, assignment)
        return _page(request, assignment, ProgressForm(assignment=assignment, actor=actor) if own else None)
    assignment = get_assignment(request, pk, needs="write")
    form = ProgressForm(request.POST, request.FILES, assignment=assignment, actor=person(request))
    if form.is_valid():
        given = form.cleaned_data
        try:
            note_progress(
                actor=person(request),
                assignment=assignment,
                state=Assignment.State(given["state"]),
                text=given["text"],
                reason=given["reason"],
                activities=given["activities"],
                documents=given["documents"],
                attachments=form.checked_files,
                on=given["done_on"],
                submission_key=given["submission_key"],
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Your progress is noted."))
            return redirect("assignment_detail", pk=assignment.pk)
    return _page(request, assignment, form)


def _page(request: HttpRequest, assignment: Assignment, form: ProgressForm | None) -> HttpResponse:
    reader, task = person(request), assignment.task
    is_late = assignment.is_late(timezone.localdate())
    documents, partners, serving = read_together(
        task_documents(reader).filter(pk=task.document_id),
        task.partners.all(),
        activities_serving(assignment, reader),
    )
    document: Document | None = documents[0] if documents else None
    crumbs = task_crumbs()
    if document is not None:
        crumbs.append({"label": str(document), "url": reverse("task_matrix", args=[document.pk])})
    notes = Paginator(progress_notes(assignment, reader), NOTES_A_PAGE).get_page(request.GET.get("page", 1))
    context = {
        "assignment": assignment,
        "task": task,
        "document": document,
        "standing": Standing.of(assignment.state, is_late=is_late),
        "is_late": is_late,
        "partners": partners,
        "serving": serving,
        "notes": notes,
        "note_rows": [NoteRow.of(note) for note in notes],
        "form": form,
        "crumbs": [*crumbs, {"label": _("Task %(number)s") % {"number": task.number}}],
    }
    return render(request, "programs/assignment_detail.html", context)


def task_crumbs() -> list[dict[str, Any]]:
    return [
        {"label": _("My work"), "url": reverse("home")},
        {"label": _("Tasks"), "url": reverse("task_list")},
    ]
