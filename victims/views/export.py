"""Exports of case data: the list, asking for one, answering it, and the file."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.confirming import confirmation_needed
from accounts.files.sealed import download
from accounts.models import ReadEvent
from accounts.reading import record_reads
from accounts.row_scope import protected_rows
from accounts.scoping import scope_of
from victims.forms.export import AnswerExportForm, AskExportForm
from victims.models import CaseExport
from victims.selectors.export import exporter, exports_seen_by, get_export
from victims.services.export import (
    ASK,
    approve_export,
    ask_export,
    may_answer,
    note_download,
    refuse_export,
)
from victims.services.export_jobs import FAILURES
from victims.views.told import show_errors

_READ_AND_SEND = ["GET", "HEAD", "POST"]
PAGE = 25


def _crumbs(here: str, *, is_list: bool = False) -> list[dict[str, str]]:
    way = [{"label": _("My work"), "url": reverse("home")}]
    if not is_list:
        way.append({"label": _("Exports of case data"), "url": reverse("case_export_list")})
    return [*way, {"label": here}]


@require_safe
@protected_rows
def export_list(request: HttpRequest) -> HttpResponse:
    """Exports of own areas, the newest first."""
    reader = exporter(request)
    page = Paginator(exports_seen_by(reader), PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "query_string": "",
        "may_ask": scope_of(reader).may(ASK),
        "crumbs": _crumbs(_("Exports of case data"), is_list=True),
    }
    return render(request, "victims/export_list.html", context)


@require_http_methods(_READ_AND_SEND)
@confirmation_needed
@protected_rows
def export_new(request: HttpRequest) -> HttpResponse:
    """Ask for an export of an own area."""
    actor = exporter(request, ASK)
    form = AskExportForm(request.POST if request.method == "POST" else None, actor=actor)
    if form.is_valid():
        try:
            export = ask_export(actor=actor, **form.cleaned_data)
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("The export is asked for. Somebody else has to approve it."))
            return redirect("case_export_detail", key=export.key)
    context = {"form": form, "crumbs": _crumbs(_("New export"))}
    return render(request, "victims/export_form.html", context, status=422 if form.errors else 200)


@require_http_methods(_READ_AND_SEND)
@confirmation_needed
@protected_rows
def export_detail(request: HttpRequest, key: UUID) -> HttpResponse:
    """One export: what was asked, how far it is, what was lost; for who may, the answer to it."""
    export = get_export(request, key)
    reader = exporter(request)
    is_answerer = may_answer(reader, export)
    form = AnswerExportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not is_answerer:
            raise Http404
        if form.is_valid():
            try:
                _answer(request, export, form)
            except ValidationError as error:
                show_errors(form, error)
            else:
                messages.success(request, _("Saved."))
                return redirect("case_export_detail", key=export.key)
    context = {
        "export": export,
        "form": form,
        "is_answerer": is_answerer and export.state == CaseExport.State.ASKED,
        "may_download": export.has_file and export.asked_by_id == reader.pk,
        "failure": FAILURES.get(export.failure, ""),
        "crumbs": _crumbs(capfirst(str(export))),
    }
    return render(request, "victims/export_detail.html", context, status=422 if form.errors else 200)


def _answer(request: HttpRequest, export: CaseExport, form: AnswerExportForm) -> CaseExport:
    actor = exporter(request)
    try:
        if form.cleaned_data["answer"] == "approve":
            return approve_export(actor=actor, export=export)
        return refuse_export(actor=actor, export=export, reason=form.cleaned_data["reason"])
    except PermissionDenied:
        raise Http404 from None


@require_safe
@protected_rows
def export_status(request: HttpRequest, key: UUID) -> HttpResponse:
    """How far it is, for the page that waits; what is done is told by the page itself."""
    export = get_export(request, key)
    exporter(request)
    response = render(request, "victims/_export_status.html", {"export": export})
    if not export.is_at_work:
        response["HX-Refresh"] = "true"
    return response


@require_safe
@confirmation_needed
@protected_rows
def export_file(request: HttpRequest, key: UUID) -> HttpResponse:
    """The file, for who asked for it, as long as it is kept. Each download is in the read log."""
    export = get_export(request, key)
    reader = exporter(request, ASK)
    if export.asked_by_id != reader.pk or not export.has_file:
        raise Http404
    try:
        response = download(export.file)
    except FileNotFoundError as error:
        raise Http404 from error
    record_reads(actor=reader, records=[export], how=ReadEvent.How.EXPORT, reason=export.purpose)
    note_download(actor=reader, export=export)
    return response
