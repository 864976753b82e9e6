"""Difficulties, recommendations and directions: the list, its export, one of them, and filing and changing one."""

import contextlib
import re
import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.changing import ChangedMeanwhile, last_change
from accounts.models import AuditEvent, FormDraft, User
from accounts.scoping import scope_of
from accounts.services import (
    DraftTooLarge,
    discard_form_draft,
    record_event,
    save_form_draft,
    take_form_draft,
    typed_fields,
)
from programs.forms.pilot import add_errors
from programs.forms.statement import FORMS, StatementForm
from programs.models import STATEMENTS, Recommendation
from programs.selectors.activity import person
from programs.selectors.document import may_read_documents
from programs.selectors.period import period_of, typed_period
from programs.selectors.statement import (
    StatementRow,
    get_statement,
    may_file_statements,
    may_read_statements,
)
from programs.services.recommendation import ANSWERS, steps_of
from programs.services.statement import (
    change_statement,
    file_statement,
    filed_with,
)
from programs.statement_exporting import statements_workbook
from programs.statement_filters import StatementListing
from territory.collation import fold
from territory.excel import XLSX
from territory.period import CutOff, PeriodError, parse_period

_DRAFT = re.compile(r"statement:(difficulty|recommendation|direction):(new|[1-9][0-9]{0,17})", re.ASCII)
_NOT_TYPED = frozenset({"csrfmiddlewaretoken", "discard"})


def _reader(request: HttpRequest) -> User:
    """Who asks for a list. Raises PermissionDenied for a role that reads no statements anywhere."""
    reader = person(request)
    if not may_read_statements(reader):
        raise PermissionDenied
    return reader


def _writer(request: HttpRequest) -> User:
    """Who files. Raises PermissionDenied for a role that files nowhere."""
    writer = person(request)
    if not may_file_statements(writer):
        raise PermissionDenied
    return writer


@require_safe
def statement_list(request: HttpRequest) -> HttpResponse:
    """Statements of all kinds the reader may see; HTMX gets only the part below the filters."""
    reader = _reader(request)
    listing = StatementListing(request.GET, reader=reader)
    is_part = bool(request.htmx) and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    context = {
        "listing": listing,
        "rows": listing.page_rows(),
        "may_write": may_file_statements(reader),
        "kinds": _kinds(),
        "page_sizes": settings.PAGE_SIZE_CHOICES,
        "crumbs": crumbs()[:1] + [{"label": _("Difficulties and recommendations")}],
    }
    template = "programs/_statement_results.html" if is_part else "programs/statement_list.html"
    return render(request, template, context)


@require_safe
def statement_export(request: HttpRequest) -> HttpResponseBase:
    """What the list shows, over all its pages, as an Excel file. Leaves a row in the trail."""
    reader = _reader(request)
    listing = StatementListing(request.GET, reader=reader)
    page = f"{reverse('statement_list')}?{listing.query()}"
    if not listing.filter.is_usable:
        messages.error(request, _("Nothing was exported: correct the filters first."))
        return redirect(page)
    if listing.totals.count > settings.EXPORT_MAX_ROWS:
        message = _("The list has %(count)d rows; a file holds at most %(limit)d. Narrow the filters.")
        messages.error(request, message % {"count": listing.totals.count, "limit": settings.EXPORT_MAX_ROWS})
        return redirect(page)
    file = statements_workbook(listing, reader=reader, address=request.build_absolute_uri(page))
    detail = {
        "rows": listing.totals.count,
        "filters": sorted(name for name in request.GET if request.GET[name]),
    }
    record_event(actor=reader, kind=AuditEvent.Kind.EXPORTED, about="programs.statement:list", detail=detail)
    name = f"{slugify(fold(_('Statements')))}-{timezone.localtime():%Y%m%d-%H%M}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


@require_safe
def statement_detail(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """One statement with what became of it, what can be done with it, and its history."""
    statement = get_statement(request, kind, pk)
    reader = person(request)
    steps = steps_of(reader, statement) if isinstance(statement, Recommendation) else []
    is_own = bool(
        any(
            grant.reaches(statement.agency_id, statement.area)
            for grant in scope_of(reader).having("statement.write")
        )
    )
    is_open = kind != "recommendation" or statement.state == Recommendation.State.SENT
    source = statement.carried_from_id
    context = {
        "kind": kind,
        "row": StatementRow(kind, statement),
        "statement": statement,
        "may_write": is_own and is_open,
        "may_answer": any(step in ANSWERS for step in steps),
        "steps": [step for step in steps if step not in ANSWERS],
        "source": source,
        "next": getattr(statement, "carried_to", None),
        "reads_documents": may_read_documents(reader),
        "typed_period": typed_period(statement.period_start, statement.period_end),
        "is_named": period_of(statement.period_start, statement.period_end).rule is not CutOff.EXPLICIT,
        "sees_period": _sees_unit(reader, statement),
        "crumbs": [*crumbs(), {"label": capfirst(str(STATEMENTS[kind]._meta.verbose_name))}],
    }
    return render(request, "programs/statement_detail.html", context)


def _sees_unit(reader: User, statement: Any) -> bool:
    """Whether the page of the unit's period is the reader's to see, not only this one recommendation."""
    scope = scope_of(reader)
    own = any(g.reaches(statement.agency_id, statement.area) for g in scope.having("statement.read"))
    return own or scope.may_in("statement.read_all", statement.area)


@require_http_methods(["GET", "HEAD", "POST"])
def statement_new(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty form, or the one that was begun; filing leads to the statement's page."""
    writer = _writer(request)
    form_class = FORMS[kind]
    if request.method != "POST":
        draft = _open_draft(writer, kind)
        typed = typed_fields(draft) if draft else None
        return _page(request, kind, form_class(actor=writer, typed=typed, asked=_asked(request)), draft=draft)
    form = form_class(request.POST, actor=writer)
    if not form.is_valid():
        return _page(request, kind, _shown_again(form))
    try:
        statement = file_statement(
            actor=writer,
            kind=kind,
            submission_key=form.cleaned_data["submission_key"],
            **form.statement_fields,
        )
    except ValidationError as error:
        add_errors(form, error)
        return _page(request, kind, form)
    discard_form_draft(user=writer, form=f"statement:{kind}:new")
    if isinstance(statement, Recommendation):
        messages.success(request, _("The recommendation is sent."))
    else:
        messages.success(request, _("It is filed."))
    return redirect("statement_detail", kind=kind, pk=statement.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def statement_edit(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The form of a statement. Refuses to overwrite what somebody else changed meanwhile."""
    statement = get_statement(request, kind, pk, needs="write")
    writer = person(request)
    if kind == "recommendation" and statement.state != Recommendation.State.SENT:
        messages.warning(
            request,
            _("The recommendation was received already, so its text stays. Withdraw it and file another."),
        )
        return redirect("statement_detail", kind=kind, pk=pk)
    form_class, draft_form = FORMS[kind], f"statement:{kind}:{pk}"
    if request.method != "POST":
        draft = take_form_draft(user=writer, form=draft_form)
        typed = typed_fields(draft) if draft else None
        return _page(request, kind, form_class(actor=writer, statement=statement, typed=typed), draft=draft)
    form = form_class(request.POST, actor=writer, statement=statement)
    if not form.is_valid():
        return _page(request, kind, _shown_again(form))
    try:
        change_statement(
            actor=writer,
            statement=statement,
            version=form.cleaned_data["version"] or 0,
            **form.statement_fields,
        )
    except ChangedMeanwhile as changed:
        form.add_error(None, _told(changed))
        form.put("version", changed.version)
        return _page(request, kind, form, status=409, is_conflict=True)
    except ValidationError as error:
        add_errors(form, error)
        return _page(request, kind, form)
    discard_form_draft(user=writer, form=draft_form)
    messages.success(request, _("Your changes are saved."))
    return redirect("statement_detail", kind=kind, pk=pk)


@require_POST
def statement_draft(request: HttpRequest, form: str) -> HttpResponse:
    """Keep what is typed into a form so far, and answer when; with ``discard``, forget it."""
    match = _DRAFT.fullmatch(form)
    if match is None:
        raise Http404
    kind, key = match[1], match[2]
    statement = None if key == "new" else get_statement(request, kind, int(key), needs="write")
    writer = person(request) if statement else _writer(request)
    if "discard" in request.POST:
        discard_form_draft(user=writer, form=form)
        messages.info(request, _("The draft is discarded."))
        if statement is None:
            return redirect("statement_new", kind=kind)
        return redirect("statement_edit", kind=kind, pk=statement.pk)
    if _is_sent(request, writer, kind, statement):
        return JsonResponse({"message": _("This form was sent already. Open it again.")}, status=409)
    typed = ((name, values) for name, values in request.POST.lists() if name not in _NOT_TYPED)
    try:
        saved_at = save_form_draft(user=writer, form=form, fields=typed)
    except DraftTooLarge:
        message = _("This is too much text to keep a draft of. Save it, or shorten it.")
        return JsonResponse({"message": message}, status=422)
    return JsonResponse({"saved_at": saved_at.isoformat()})


def _is_sent(request: HttpRequest, writer: User, kind: str, statement: Any) -> bool:
    """Whether this form was submitted already, so that keeping a draft of it would bring it back."""
    if statement is not None:
        is_older = request.POST.get("version") != str(statement.version)
        return is_older and last_change(statement)[0] == writer
    return _was_filed(writer, kind, request.POST.get("submission_key", ""))


def _was_filed(writer: User, kind: str, typed_key: str) -> bool:
    try:
        key = uuid.UUID(typed_key)
    except ValueError:
        return False
    return filed_with(actor=writer, kind=kind, submission_key=key) is not None


def _open_draft(writer: User, kind: str) -> FormDraft | None:
    """The draft of a new statement, unless that very form was sent since."""
    draft = take_form_draft(user=writer, form=f"statement:{kind}:new")
    if draft is not None:
        key = (typed_fields(draft).get("submission_key") or [""])[0]
        if _was_filed(writer, kind, key):
            discard_form_draft(user=writer, form=f"statement:{kind}:new")
            return None
    return draft


def _asked(request: HttpRequest) -> dict[str, Any]:
    """What the address of a new form says already: agency, area and period."""
    asked: dict[str, Any] = {
        name: value
        for name in ("agency", "area")
        if (value := request.GET.get(name, "")) and value.isascii() and value.isdigit() and len(value) < 18
    }
    with contextlib.suppress(PeriodError):
        asked["period"] = parse_period(request.GET.get("period", ""))
    return asked


def _shown_again(form: StatementForm) -> StatementForm:
    """A refused form, with its hidden fields mended so that it can be sent again."""
    if form.only_agency is not None and "agency" in form.errors:
        form.put("agency", form.only_agency.pk)
    if "version" in form.errors and form.statement is not None:
        form.put("version", form.statement.version)
    if "submission_key" in form.errors:
        form.put("submission_key", uuid.uuid4())
    return form


def _told(changed: ChangedMeanwhile) -> ValidationError:
    message = _(
        "%(who)s changed this on %(when)s, after you had opened it. Yours is not saved yet: compare the two, and"
        " save again to put yours in the place of theirs."
    )
    return changed.as_error(message)


def _kinds() -> list[dict[str, str]]:
    return [
        {"kind": kind, "label": capfirst(str(model._meta.verbose_name))} for kind, model in STATEMENTS.items()
    ]


def crumbs() -> list[dict[str, str]]:
    return [
        {"label": _("My work"), "url": reverse("home")},
        {"label": _("Difficulties and recommendations"), "url": reverse("statement_list")},
    ]


def _page(
    request: HttpRequest,
    kind: str,
    form: StatementForm,
    *,
    draft: FormDraft | None = None,
    status: int = 200,
    is_conflict: bool = False,
) -> HttpResponse:
    statement = form.statement
    trail = crumbs()
    name = capfirst(str(STATEMENTS[kind]._meta.verbose_name))
    if statement is not None:
        address = reverse("statement_detail", kwargs={"kind": kind, "pk": statement.pk})
        trail.append({"label": name, "url": address})
    context = {
        "form": form,
        "kind": kind,
        "kind_name": name,
        "statement": statement,
        "draft": draft,
        "draft_form": f"statement:{kind}:{statement.pk if statement else 'new'}",
        "is_conflict": is_conflict,
        "crumbs": [*trail, {"label": _("Change") if statement else _("New: %(kind)s") % {"kind": name}}],
    }
    return render(request, "programs/statement_form.html", context, status=status)
