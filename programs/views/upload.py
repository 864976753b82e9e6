"""Uploading a workbook of activities: the template, the check, the faulty rows, storing the good ones."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import AuditEvent, User
from accounts.scoping import scope_of
from accounts.services import record_event
from programs.models import ActivityUpload, UploadRow, WorkbookRow
from programs.selectors.activity import person
from programs.workbook.checking import TakenFile, taken_file
from programs.workbook.choices import Choices
from programs.workbook.columns import title_of
from programs.workbook.exporting import rest_of
from programs.workbook.reading import texts_of
from programs.workbook.uploads import (
    TRANSITIONS,
    discard_upload,
    store_upload,
    told_failure,
    upload_workbook,
)
from programs.workbook.writing import template
from territory.collation import fold
from territory.excel import XLSX

#: HTMX stops asking when it gets this status.
STOP_POLLING = 286
ROWS_A_PAGE = 50
SHOWN_UPLOADS = 20
_LONGEST_SHOWN = 200
#: What a page of an upload leads to, by the last part of the names of its addresses.
ADDRESSES = ("status", "store", "discard", "rest")


class UploadForm(forms.Form):
    """The workbook to be checked."""

    submission_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    workbook = forms.FileField(
        label=gettext_lazy("Workbook"),
        help_text=gettext_lazy("The filled-in template, saved as xlsx."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={
            "required": gettext_lazy("Choose the workbook you have filled in."),
            "empty": gettext_lazy("This file is empty. Choose the workbook you have filled in."),
        },
    )

    def clean_workbook(self) -> TakenFile:
        return taken_file(self.cleaned_data["workbook"])

    def clean_submission_key(self) -> uuid.UUID:
        key: uuid.UUID = self.cleaned_data["submission_key"] or uuid.uuid4()
        return key


def _writer(request: HttpRequest) -> User:
    """Who uploads. Raises PermissionDenied for a role that files nowhere."""
    writer = person(request)
    if not scope_of(writer).may("activity.write"):
        raise PermissionDenied
    return writer


def get_upload(request: HttpRequest, key: uuid.UUID) -> ActivityUpload:
    """The person's own upload, or 404: whether somebody else has one of this key is not told."""
    found = ActivityUpload.objects.visible_to(person(request)).select_related("by", "agency")
    upload: ActivityUpload | None = found.filter(key=key).first()
    if upload is None:
        raise Http404
    return upload


@require_http_methods(["GET", "HEAD", "POST"])
def upload_new(request: HttpRequest) -> HttpResponse:
    """Choose a workbook, and see one's earlier ones. Sending the form twice makes one upload."""
    writer = _writer(request)
    form = UploadForm(initial={"submission_key": uuid.uuid4()})
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                upload = upload_workbook(
                    actor=writer,
                    file=form.cleaned_data["workbook"],
                    key=form.cleaned_data["submission_key"],
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                return redirect("upload_detail", key=upload.key)
    context = {
        "form": form,
        "uploads": ActivityUpload.objects.visible_to(writer).select_related("agency")[:SHOWN_UPLOADS],
        "crumbs": [*_crumbs()[:-1], {"label": _("Upload from Excel")}],
    }
    return render(request, "programs/upload_new.html", context, status=422 if form.errors else 200)


@require_safe
def upload_template(request: HttpRequest) -> FileResponse:
    """The empty workbook, with what this person may choose from."""
    file = template(Choices(_writer(request)))
    name = f"{slugify(fold(_('Activities')))}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


@require_safe
def upload_detail(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """How far an upload has come, and what became of its rows: the faulty ones first."""
    upload = get_upload(request, key)
    return render(request, "programs/upload_detail.html", _context(request, upload))


@require_safe
def upload_status(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The part of the page that HTMX asks for again and again; opens the page anew when the work is done."""
    return told_status(request, get_upload(request, key), page="upload_detail")


@require_POST
def upload_store(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Have the good rows stored."""
    upload = get_upload(request, key)
    try:
        store_upload(upload=upload, actor=person(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("upload_detail", key=upload.key)


@require_POST
def upload_discard(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Put an upload away: nothing of it is stored, its file and rows are removed."""
    upload = get_upload(request, key)
    try:
        discard_upload(upload=upload, actor=person(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("upload_detail", key=upload.key)
    messages.info(request, _("The upload is discarded. Nothing of it was stored."))
    return redirect("upload_new")


@require_safe
def upload_rest(request: HttpRequest, key: uuid.UUID) -> HttpResponseBase:
    """The rows that could not be stored, as a workbook that says what is wrong with each."""
    upload = get_upload(request, key)
    if not upload.bad or upload.is_emptied or upload.is_at_work:
        raise Http404
    file = rest_of(upload)
    detail = {"rows": upload.bad}
    about = f"programs.activityupload:{upload.pk}"
    record_event(actor=upload.by, kind=AuditEvent.Kind.EXPORTED, about=about, detail=detail)
    return to_be_corrected(file)


def _context(request: HttpRequest, upload: ActivityUpload) -> dict[str, Any]:
    shown = shown_upload(request, upload, UploadRow.objects.filter(upload=upload), _shown_row)
    addresses = {name: reverse(f"upload_{name}", args=[upload.key]) for name in ADDRESSES}
    crumbs = [*_crumbs(), {"label": upload.name}]
    return {**shown, "addresses": {**addresses, "new": reverse("upload_new")}, "crumbs": crumbs}


def told_status(request: HttpRequest, upload: Any, *, page: str) -> HttpResponse:
    """How far an upload has come, for HTMX; once the work is done, the page of that name is opened anew."""
    if upload.is_at_work:
        status = {"upload": upload, "status_url": request.path}
        return render(request, "programs/_upload_status.html", status)
    response = HttpResponse(status=STOP_POLLING)
    response["HX-Redirect"] = reverse(page, args=[upload.key])
    return response


def to_be_corrected(file: Any) -> FileResponse:
    """The workbook of the rows that could not be stored."""
    name = slugify(fold(_("Rows to be corrected")))
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def shown_upload(
    request: HttpRequest, upload: Any, all_rows: "QuerySet[Any]", shown_row: Callable[[Any], dict[str, Any]]
) -> dict[str, Any]:
    """What the page of an upload shows, of whatever kind: what may be done, and its rows, the faulty ones first."""
    verbs = TRANSITIONS.get(upload.state, {})
    shown = request.GET.get("rows") or ("faulty" if upload.bad else "good")
    context: dict[str, Any] = {
        "upload": upload,
        "failure": told_failure(upload),
        "may_store": "store" in verbs and bool(upload.good),
        "may_discard": "discard" in verbs,
    }
    if upload.is_at_work or upload.is_emptied or not upload.rows:
        return context
    rows = all_rows.filter(is_good=shown != "faulty")
    if shown == "warned":
        rows = rows.exclude(warnings=[])
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    tabs = [
        ("faulty", _("With faults"), upload.bad),
        ("warned", _("With a warning"), upload.warned),
        ("good", _("Without faults"), upload.good),
    ]
    return context | {
        "shown": shown,
        "tabs": [
            {"name": name, "label": label, "count": count}
            for name, label, count in tabs
            if count or name == shown
        ],
        "page_obj": page,
        "rows": [shown_row(row) for row in page],
        "query_string": f"rows={shown}",
    }


def _shown_row(row: UploadRow) -> dict[str, Any]:
    values = texts_of(row.values)
    return {
        "number": row.number,
        "values": values,
        "title": values.get("title", ""),
        "notes": shown_notes(row, values, title_of),
        "url": reverse("activity_detail", args=[row.activity_id]) if row.activity_id else "",
    }


def shown_notes(
    row: WorkbookRow, values: Mapping[str, str], title: Callable[[str], str]
) -> list[dict[str, str]]:
    """The faults of a row or its warnings, each with its cell and what stands in it."""
    return [
        {
            "cell": note["cell"],
            "column": title(note["key"]),
            "text": values.get(note["key"], "")[:_LONGEST_SHOWN],
            "message": note["message"],
        }
        for note in row.errors or row.warnings
    ]


def _crumbs() -> list[dict[str, str]]:
    return [
        {"label": _("My work"), "url": reverse("home")},
        {"label": _("Activities"), "url": reverse("activity_list")},
        {"label": _("Upload from Excel"), "url": reverse("upload_new")},
    ]
