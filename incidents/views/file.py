"""Files of tips and cases: added, handed out, removed. Each one handed out stands in the read log of its record."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.files.sealed import download
from accounts.models import ReadEvent
from accounts.reading import record_reads
from accounts.row_scope import protected_rows
from incidents.forms.file import FilesForm
from incidents.models import Case, CaseFile, Tip, TipFile
from incidents.selectors.reading import get_case, get_case_file, get_tip, get_tip_file, person
from incidents.services import file as verbs
from incidents.views.case import case_page
from incidents.views.form_page import FormPage, answer, typed
from incidents.views.tip import FORMS, tip_page


@require_http_methods(FORMS)
@protected_rows
def case_file_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add files to a case."""
    case, actor = get_case(request, pk, needs="write"), person(request)
    form = FilesForm(typed(request), request.FILES if request.method == "POST" else None)
    page = case_page(case, _("Add files"), _("Add"), _("The files are added."), lead=_lead())

    def save() -> str:
        verbs.add_case_files(case=case, actor=actor, files=form.cleaned_data["files_added"])
        return reverse("case_detail", args=[case.pk])

    return answer(request, form, page, actor=actor, save=save)


@require_http_methods(FORMS)
@protected_rows
def tip_file_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add files to a tip."""
    tip, actor = get_tip(request, pk, needs="write"), person(request)
    form = FilesForm(typed(request), request.FILES if request.method == "POST" else None)
    page: FormPage = tip_page(tip, _("Add files"), _("Add"), _("The files are added."), lead=_lead())

    def save() -> str:
        verbs.add_tip_files(tip=tip, actor=actor, files=form.cleaned_data["files_added"])
        return reverse("tip_detail", args=[tip.pk])

    return answer(request, form, page, actor=actor, save=save)


@require_safe
@protected_rows
def case_file(request: HttpRequest, pk: int, key: UUID) -> HttpResponse:
    """A file of a case, to save."""
    file = get_case_file(request, pk, key)
    return _handed_out(request, file, file.case)


@require_safe
@protected_rows
def tip_file(request: HttpRequest, pk: int, key: UUID) -> HttpResponse:
    """A file of a tip, to save."""
    file = get_tip_file(request, pk, key)
    return _handed_out(request, file, file.tip)


@require_POST
@protected_rows
def case_file_remove(request: HttpRequest, pk: int, key: UUID) -> HttpResponse:
    """Take a file off a case."""
    verbs.remove_case_file(file=get_case_file(request, pk, key, needs="write"), actor=person(request))
    messages.success(request, _("The file is removed."))
    return redirect("case_detail", pk=pk)


@require_POST
@protected_rows
def tip_file_remove(request: HttpRequest, pk: int, key: UUID) -> HttpResponse:
    """Take a file off a tip."""
    verbs.remove_tip_file(file=get_tip_file(request, pk, key, needs="write"), actor=person(request))
    messages.success(request, _("The file is removed."))
    return redirect("tip_detail", pk=pk)


def _handed_out(request: HttpRequest, file: CaseFile | TipFile, record: Case | Tip) -> HttpResponse:
    try:
        response = download(file)
    except FileNotFoundError as error:
        raise Http404 from error
    record_reads(actor=person(request), records=[record], how=ReadEvent.How.EXPORT)
    return response


def _lead() -> str:
    return _("Files are kept sealed. Whoever may read this record may save them, and each time is noted.")
