"""People or agencies from a workbook: the template, the check, the faulty rows, storing the good ones."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.confirming import confirmation_needed
from accounts.models import AuditEvent, User
from accounts.services import record_event
from programs.directory_workbook.layout import LAYOUTS, title_of
from programs.directory_workbook.storing import KINDS, Subject
from programs.directory_workbook.writing import rest_of, template
from programs.models import DirectoryUpload, DirectoryUploadRow
from programs.selectors.activity import person
from programs.views.upload import (
    ADDRESSES,
    SHOWN_UPLOADS,
    UploadForm,
    shown_notes,
    shown_upload,
    to_be_corrected,
    told_status,
)
from programs.workbook.columns import Column, Shape
from programs.workbook.reading import texts_of
from programs.workbook.uploads import discard_upload, store_upload, upload_workbook
from territory.collation import fold
from territory.excel import XLSX


def _keeper(request: HttpRequest, subject: str) -> User:
    """Who uploads. Raises PermissionDenied for who keeps no people, or no agencies."""
    actor = person(request)
    if not KINDS[subject].may(actor):
        raise PermissionDenied
    return actor


def get_directory_upload(request: HttpRequest, subject: str, key: uuid.UUID) -> DirectoryUpload:
    """The person's own upload, or 404: whether somebody else has one of this key is not told."""
    own = DirectoryUpload.objects.visible_to(person(request)).select_related("by")
    upload: DirectoryUpload | None = own.filter(subject=subject, key=key).first()
    if upload is None:
        raise Http404
    return upload


@require_http_methods(["GET", "HEAD", "POST"])
def directory_new(request: HttpRequest, subject: str) -> HttpResponse:
    """Choose a workbook, and see one's earlier ones. Sending the form twice makes one upload."""
    actor = _keeper(request, subject)
    form = UploadForm(initial={"submission_key": uuid.uuid4()})
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                upload: DirectoryUpload = upload_workbook(
                    actor=actor,
                    file=form.cleaned_data["workbook"],
                    key=form.cleaned_data["submission_key"],
                    kind=KINDS[subject],
                    subject=subject,
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                return redirect(f"{upload.subject}_upload_detail", key=upload.key)
    context = {
        "form": form,
        "uploads": DirectoryUpload.objects.visible_to(actor).filter(subject=subject)[:SHOWN_UPLOADS],
        "page": f"{subject}_upload_detail",
        "template_url": reverse(f"{subject}_upload_template"),
        "is_of_people": subject == Subject.PEOPLE,
        "crumbs": [*_crumbs(subject)[:-1], {"label": _("Upload from Excel")}],
    }
    return render(request, "programs/directory_new.html", context, status=422 if form.errors else 200)


@require_safe
def directory_template(request: HttpRequest, subject: str) -> FileResponse:
    """The empty workbook, with what this person may choose from."""
    file = template(_keeper(request, subject), Subject(subject))
    name = f"{slugify(fold(title_of(subject)))}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


@require_safe
def directory_detail(request: HttpRequest, subject: str, key: uuid.UUID) -> HttpResponse:
    """How far an upload has come, and what became of its rows: the faulty ones first."""
    upload = get_directory_upload(request, subject, key)
    rows = DirectoryUploadRow.objects.filter(upload=upload)
    addresses = {name: reverse(f"{subject}_upload_{name}", args=[upload.key]) for name in ADDRESSES}
    context = {
        **shown_upload(request, upload, rows, lambda row: _shown_row(row, Subject(subject))),
        "addresses": {**addresses, "new": reverse(f"{subject}_upload_new")},
        "is_of_people": subject == Subject.PEOPLE,
        "columns": _columns(Subject(subject)),
        "crumbs": [*_crumbs(subject), {"label": upload.name}],
    }
    return render(request, "programs/directory_detail.html", context)


@require_safe
def directory_status(request: HttpRequest, subject: str, key: uuid.UUID) -> HttpResponse:
    """The part of the page that HTMX asks for again and again; opens the page anew when the work is done."""
    upload = get_directory_upload(request, subject, key)
    return told_status(request, upload, page=f"{subject}_upload_detail")


@require_POST
@confirmation_needed
def directory_store(request: HttpRequest, subject: str, key: uuid.UUID) -> HttpResponse:
    """Have the good rows stored. It gives rights, so the person confirms who they are."""
    upload = get_directory_upload(request, subject, key)
    try:
        store_upload(upload=upload, actor=person(request), kind=KINDS[subject])
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(f"{subject}_upload_detail", key=upload.key)


@require_POST
def directory_discard(request: HttpRequest, subject: str, key: uuid.UUID) -> HttpResponse:
    """Put an upload away: nothing of it is stored, its file and rows are removed."""
    upload = get_directory_upload(request, subject, key)
    try:
        discard_upload(upload=upload, actor=person(request), kind=KINDS[subject])
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(f"{subject}_upload_detail", key=upload.key)
    messages.info(request, _("The upload is discarded. Nothing of it was stored."))
    return redirect(f"{subject}_upload_new")


@require_safe
def directory_rest(request: HttpRequest, subject: str, key: uuid.UUID) -> HttpResponseBase:
    """The rows that could not be stored, as a workbook that says what is wrong with each."""
    upload = get_directory_upload(request, subject, key)
    if not upload.bad or upload.is_emptied or upload.is_at_work:
        raise Http404
    file = rest_of(upload)
    about = f"programs.directoryupload:{upload.pk}"
    record_event(actor=upload.by, kind=AuditEvent.Kind.EXPORTED, about=about, detail={"rows": upload.bad})
    return to_be_corrected(file)


def _shown_row(row: DirectoryUploadRow, subject: Subject) -> dict[str, Any]:
    values = texts_of(row.values, LAYOUTS[subject])
    columns = _columns(subject)
    titles = {column.key: column.title for column in columns}
    url = ""
    if row.person_id:
        url = reverse("person_detail", args=[row.person_id])
    elif row.agency_id:
        url = reverse("agency_detail", args=[row.agency_id])
    return {
        "number": row.number,
        "cells": [(column, values.get(column.key, "")) for column in columns],
        "title": values.get(columns[0].key, ""),
        "notes": shown_notes(row, values, lambda key: titles.get(key, key)),
        "url": url,
    }


def _columns(subject: Subject) -> list[Column]:
    """The columns that are read: the first names the row."""
    return [column for column in LAYOUTS[subject].columns if column.shape is not Shape.NOTE]


def _crumbs(subject: str) -> list[dict[str, str]]:
    listing = "people" if subject == Subject.PEOPLE else "agency_list"
    return [
        {"label": _("My work"), "url": reverse("home")},
        {"label": title_of(subject), "url": reverse(listing)},
        {"label": _("Upload from Excel"), "url": reverse(f"{subject}_upload_new")},
    ]
