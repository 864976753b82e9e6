"""The register of documents, its export, the page of one document, and entering and changing one."""

import re
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.audit import READ
from accounts.changing import ChangedMeanwhile, last_change
from accounts.models import AuditEvent, FormDraft, ReadEvent, User
from accounts.scoping import scope_of
from accounts.services import (
    DraftTooLarge,
    discard_form_draft,
    record_event,
    save_form_draft,
    take_form_draft,
    typed_fields,
)
from accounts.together import prefetch_together
from programs.document_exporting import documents_workbook
from programs.document_filters import DocumentListing
from programs.document_reads import note_document_read
from programs.forms.document import DocumentForm
from programs.models import Attachment, Document, Task
from programs.selectors.activity import person
from programs.selectors.document import (
    CHAIN_DEPTH,
    CHAIN_SIZE,
    chain,
    get_document,
    may_enter_documents,
    may_read_documents,
)
from programs.selectors.rights import may_write_document
from programs.services.document import (
    change_document,
    enter_document,
    was_entered,
)
from territory.collation import fold
from territory.excel import XLSX
from territory.models import Agency, Level

_NEW = "document:new"
_DRAFT = re.compile(r"document:(new|[1-9][0-9]{0,17})", re.ASCII)
_MORE_ROWS = 2
_NOT_TYPED = frozenset({"csrfmiddlewaretoken", "discard", "more_rows"})


def _reader(request: HttpRequest) -> User:
    """Who asks for a list. Raises PermissionDenied for a role that reads no documents anywhere."""
    reader = person(request)
    if not may_read_documents(reader):
        raise PermissionDenied
    return reader


def _writer(request: HttpRequest) -> User:
    """Who enters. Raises PermissionDenied for a role that keeps no register anywhere."""
    writer = person(request)
    if not may_enter_documents(writer):
        raise PermissionDenied
    return writer


@require_safe
def document_list(request: HttpRequest) -> HttpResponse:
    """Documents the reader may see; HTMX gets only the part below the filters."""
    reader = _reader(request)
    listing = DocumentListing(request.GET, reader=reader)
    is_part = bool(request.htmx) and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    context = {
        "listing": listing,
        "rows": list(listing.page) if listing.totals.count else [],
        "may_write": may_enter_documents(reader),
        "page_sizes": settings.PAGE_SIZE_CHOICES,
        "crumbs": _crumbs(),
    }
    template = "programs/_document_results.html" if is_part else "programs/document_list.html"
    return render(request, template, context)


@require_safe
def document_export(request: HttpRequest) -> HttpResponseBase:
    """What the list shows, over all its pages, as an Excel file. Leaves a row in the trail."""
    reader = _reader(request)
    listing = DocumentListing(request.GET, reader=reader)
    page = f"{reverse('document_list')}?{listing.query()}"
    if not listing.filter.is_usable:
        messages.error(request, _("Nothing was exported: correct the filters first."))
        return redirect(page)
    if listing.totals.count > settings.EXPORT_MAX_ROWS:
        message = _("The list has %(count)d documents; a file holds at most %(limit)d. Narrow the filters.")
        messages.error(request, message % {"count": listing.totals.count, "limit": settings.EXPORT_MAX_ROWS})
        return redirect(page)
    file = documents_workbook(listing, reader=reader, address=request.build_absolute_uri(page))
    detail = {
        "rows": listing.totals.count,
        "filters": sorted(name for name in request.GET if request.GET[name]),
    }
    record_event(actor=reader, kind=AuditEvent.Kind.EXPORTED, about="programs.document:list", detail=detail)
    name = f"{slugify(fold(_('Documents')))}-{timezone.localtime():%Y%m%d-%H%M}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


@require_safe
def document_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The document with what it rests on, what came of it, its tasks and its history."""
    document = get_document(request, pk)
    reader = person(request)
    note_document_read(actor=reader, document=document, how=ReadEvent.How.PAGE)
    scope = scope_of(reader)
    prefetch_together(
        document,
        {
            "co_issuers": Agency.objects.all(),
            "tasks": Task.objects.select_related("lead"),
            "attachments": Attachment.objects.select_related("added_by"),
        },
    )
    context = {
        "document": document,
        "co_issuers": document.co_issuers.all(),
        "chain": chain(document, reader),
        "chain_depth": CHAIN_DEPTH,
        "chain_size": CHAIN_SIZE,
        "tasks": document.tasks.all(),
        "attachments": document.attachments.all(),
        "may_write": may_write_document(reader, document.issuer, document.area),
        "may_see_readers": scope.may(READ) and document.area.level != Level.NATION,
        "may_read_tasks": scope.may("task.read") or scope.may("task.read_all"),
        "crumbs": [*_crumbs(), {"label": str(document)}],
    }
    return render(request, "programs/document_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def document_new(request: HttpRequest) -> HttpResponse:
    """An empty form, or the one that was begun; entering leads to the document's page."""
    writer = _writer(request)
    if request.method != "POST":
        draft = _open_draft(writer)
        form = DocumentForm(actor=writer, typed=typed_fields(draft) if draft else None)
        return _page(request, form, draft=draft)
    if "more_rows" in request.POST:
        return _page(request, _form_with_more_rows(request, writer))
    form = DocumentForm(request.POST, request.FILES, actor=writer)
    if not form.is_valid():
        return _page(request, _shown_again(form))
    try:
        document = enter_document(
            actor=writer,
            rests_on=form.rests_on,
            co_issuers=form.cleaned_data["co_issuers"],
            attachments=form.checked_files,
            **form.document_fields,
        )
    except ValidationError as error:
        _tell(form, error)
        return _page(request, form)
    discard_form_draft(user=writer, form=_NEW)
    messages.success(request, _("The document is in the register."))
    return redirect("document_detail", pk=document.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def document_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of a document in the register. Refuses to overwrite what somebody else changed meanwhile."""
    document = get_document(request, pk, needs="write")
    writer = person(request)
    draft_form = f"document:{document.pk}"
    if request.method != "POST":
        note_document_read(actor=writer, document=document, how=ReadEvent.How.PAGE)
        draft = take_form_draft(user=writer, form=draft_form)
        form = DocumentForm(actor=writer, document=document, typed=typed_fields(draft) if draft else None)
        return _page(request, form, draft=draft)
    if "more_rows" in request.POST:
        return _page(request, _form_with_more_rows(request, writer, document))
    form = DocumentForm(request.POST, request.FILES, actor=writer, document=document)
    if not form.is_valid():
        return _page(request, _shown_again(form))
    try:
        change_document(
            actor=writer,
            document=document,
            version=form.cleaned_data["version"] or 0,
            rests_on=form.rests_on,
            co_issuers=form.cleaned_data["co_issuers"],
            attachments=form.checked_files,
            removed_attachments=form.cleaned_data["removed_attachments"],
            **form.document_fields,
        )
    except ChangedMeanwhile as changed:
        form.add_error(None, _told(changed))
        form.put("version", changed.version)
        return _page(request, form, status=409, is_conflict=True)
    except ValidationError as error:
        _tell(form, error)
        return _page(request, form)
    discard_form_draft(user=writer, form=draft_form)
    messages.success(request, _("Your changes are saved."))
    return redirect("document_detail", pk=document.pk)


@require_POST
def document_draft(request: HttpRequest, form: str) -> HttpResponse:
    """Keep what is typed into a form so far, and answer when; with ``discard``, forget it."""
    match = _DRAFT.fullmatch(form)
    if match is None:
        raise Http404
    document = None if match[1] == "new" else get_document(request, int(match[1]), needs="write")
    writer = person(request) if document else _writer(request)
    if "discard" in request.POST:
        discard_form_draft(user=writer, form=form)
        messages.info(request, _("The draft is discarded."))
        return redirect("document_edit", pk=document.pk) if document else redirect("document_new")
    if _is_sent(request, writer, document):
        return JsonResponse({"message": _("This form was sent already. Open it again.")}, status=409)
    typed = ((name, values) for name, values in request.POST.lists() if name not in _NOT_TYPED)
    try:
        saved_at = save_form_draft(user=writer, form=form, fields=typed)
    except DraftTooLarge:
        message = _("This is too much text to keep a draft of. Save it, or shorten it.")
        return JsonResponse({"message": message}, status=422)
    return JsonResponse({"saved_at": saved_at.isoformat()})


def _is_sent(request: HttpRequest, writer: User, document: Document | None) -> bool:
    """Whether this form was submitted already, so that keeping a draft of it would bring it back."""
    if document is not None:
        is_older = request.POST.get("version") != str(document.version)
        return is_older and last_change(document)[0] == writer
    return _was_entered(
        writer, {name: [str(value) for value in values] for name, values in request.POST.lists()}
    )


def _was_entered(writer: User, typed: Any) -> bool:
    issuer, number, subject = ((typed.get(name) or [""])[0] for name in ("issuer", "number", "subject"))
    is_told = bool(subject.strip()) and issuer.isascii() and issuer.isdigit() and len(issuer) < 18
    return is_told and was_entered(actor=writer, issuer=int(issuer), number=number, subject=subject)


def _open_draft(writer: User) -> FormDraft | None:
    """The draft of a new document, unless that very document was entered since."""
    draft = take_form_draft(user=writer, form=_NEW)
    if draft is not None and _was_entered(writer, typed_fields(draft)):
        discard_form_draft(user=writer, form=_NEW)
        return None
    return draft


def _form_with_more_rows(
    request: HttpRequest, writer: User, document: Document | None = None
) -> DocumentForm:
    """The form as typed, with more rows for relations: how a page without script gets them."""
    typed = {name: [str(value) for value in values] for name, values in request.POST.lists()}
    return DocumentForm(actor=writer, document=document, typed=typed, blank_rows=_MORE_ROWS)


def _shown_again(form: DocumentForm) -> DocumentForm:
    """A refused form, with its hidden fields mended so that it can be sent again."""
    if form.only_issuer is not None and "issuer" in form.errors:
        form.put("issuer", form.only_issuer.pk)
    if "version" in form.errors and form.document is not None:
        form.put("version", form.document.version)
    return form


def _tell(form: DocumentForm, error: ValidationError) -> None:
    """Put what a service refused beside the fields it names."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def _told(changed: ChangedMeanwhile) -> ValidationError:
    message = _(
        "%(who)s changed this document on %(when)s, after you had opened it. Yours is not saved yet:"
        " compare the two, and save again to put yours in the place of theirs."
    )
    return changed.as_error(message)


def _crumbs() -> list[dict[str, str]]:
    return [
        {"label": _("My work"), "url": reverse("home")},
        {"label": _("Documents"), "url": reverse("document_list")},
    ]


def _page(
    request: HttpRequest,
    form: DocumentForm,
    *,
    draft: FormDraft | None = None,
    status: int = 200,
    is_conflict: bool = False,
) -> HttpResponse:
    document = form.document
    crumbs = _crumbs()
    if document is not None:
        crumbs.append({"label": str(document), "url": reverse("document_detail", args=[document.pk])})
    context = {
        "form": form,
        "document": document,
        "draft": draft,
        "draft_form": f"document:{document.pk}" if document else _NEW,
        "is_conflict": is_conflict,
        "crumbs": [*crumbs, {"label": _("Change") if document else _("New document")}],
    }
    return render(request, "programs/document_form.html", context, status=status)
