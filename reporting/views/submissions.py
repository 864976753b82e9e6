"""The page of a submission: filling it in, sending it, reviewing it."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.changing import ChangedMeanwhile, last_change
from accounts.files.choosing import FilesField
from accounts.models import AuditEvent, User
from accounts.services import (
    DraftTooLarge,
    discard_form_draft,
    record_event,
    save_form_draft,
    take_form_draft,
    typed_fields,
)
from accounts.together import Kept, read_together
from programs.selectors.activity import person
from programs.selectors.approval import heads_among, held_by_heads
from programs.selectors.statement import StatedUnit, asked_of_statements, statement_rows
from reporting.models import (
    Obligation,
    SectionNarrative,
    Submission,
    SubmissionFile,
    SubmissionState,
)
from reporting.services.submissions import (
    NotReady,
    TransitionNotAllowed,
    accept_submission,
    add_files,
    confirm_nil,
    decide_figure,
    note_presence,
    open_submission,
    presences_of_others,
    refresh_from_records,
    remove_file,
    reopen_submission,
    return_submission,
    save_submission,
    submit_submission,
    undo_nil,
    withdraw_submission,
)
from reporting.services.submissions.locking import accepted_sentence
from reporting.submission_form import SubmissionForm
from reporting.submission_rights import (
    get_obligation,
    may_review,
    may_send,
    may_write,
    sent_before,
    submission_of,
)

State = SubmissionState
_EDITABLE = (State.DRAFT, State.RETURNED)
_NOT_TYPED = frozenset({"csrfmiddlewaretoken", "step", "parts", "discard"})


@require_http_methods(["GET", "HEAD", "POST"])
def submission_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The submission of an obligation; to be filled in by its unit, to be reviewed, or only to be read."""
    obligation = get_obligation(request, pk)
    if request.method != "POST":
        return submission_page(request, obligation)
    return _post(request, obligation, person(request))


@require_POST
def submission_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what is typed so far and note who is there; with ``discard``, forget it."""
    obligation = get_obligation(request, pk, needs="write")
    actor, submission = person(request), submission_of(obligation)
    if submission is None:
        raise Http404
    if "discard" in request.POST:
        discard_form_draft(user=actor, form=draft_name(obligation))
        messages.info(request, _("The draft is discarded."))
        return redirect("submission_edit", pk=obligation.pk)
    is_older = version_of(request) != submission.version
    if submission.state not in _EDITABLE or (is_older and last_change(submission)[0] == actor):
        return JsonResponse({"message": _("This form was sent already. Open it again.")}, status=409)
    typed = ((name, values) for name, values in request.POST.lists() if name not in _NOT_TYPED)
    try:
        saved_at = save_form_draft(user=actor, form=draft_name(obligation), fields=typed)
    except DraftTooLarge:
        message = _("This is too much text to keep a draft of. File it, or shorten it.")
        return JsonResponse({"message": message}, status=422)
    note_presence(submission=submission, actor=actor)
    return JsonResponse({"saved_at": saved_at.isoformat()})


@require_POST
def submission_presence(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the person still has the submission open; tell who else has, when that has changed."""
    obligation = get_obligation(request, pk, needs="write")
    submission = get_submission(obligation)
    submission.obligation = obligation
    here = note_presence(submission=submission, actor=person(request))
    if request.POST.get("known") == ",".join(str(each.pk) for each in here):
        return HttpResponse(status=204)
    return render(request, "reporting/_submission_presence.html", {"here": here})


@require_safe
def submission_file(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """A file of a submission to save, never to show. Leaves a row in the trail."""
    found = SubmissionFile.objects.select_related("submission").filter(key=key).first()
    if found is None:
        raise Http404
    get_obligation(request, found.submission.obligation_id)
    try:
        file = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    about = f"reporting.submissionfile:{found.pk}"
    record_event(actor=person(request), kind=AuditEvent.Kind.EXPORTED, about=about)
    response = FileResponse(
        file, as_attachment=True, filename=found.name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def draft_name(obligation: Obligation) -> str:
    """The name under which what is typed into a submission is kept."""
    return f"submission:{obligation.pk}"


# --- what the buttons do


def _post(request: HttpRequest, obligation: Obligation, actor: User) -> HttpResponse:
    step = request.POST.get("step", "save")
    try:
        if "parts" in request.POST or step in ("save", "submit"):
            return _save(request, obligation, actor, step)
        if step not in _STEPS:
            raise Http404
        told = _STEPS[step](request, obligation, actor)
    except TransitionNotAllowed as refused:
        messages.error(request, str(refused.message))
        return submission_page(request, _fresh(request, obligation), status=409)
    except ChangedMeanwhile as changed:
        messages.error(request, meanwhile(changed))
        return submission_page(request, _fresh(request, obligation), status=409)
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
        return submission_page(request, _fresh(request, obligation), status=422)
    messages.success(request, told)
    return redirect("submission_edit", pk=obligation.pk)


def _save(request: HttpRequest, obligation: Obligation, actor: User, step: str) -> HttpResponse:
    submission = get_submission(obligation)
    if not may_write(actor, obligation):
        raise PermissionDenied
    typed = {name: [str(value) for value in values] for name, values in request.POST.lists()}
    form = SubmissionForm(submission, typed)
    code = request.POST.get("parts", "")
    if code:
        if any(each.code == code for each in form.asked):
            form.open_parts(code)
        return submission_page(request, obligation, form=form)
    given = form.read()
    if given is None:
        return submission_page(request, obligation, form=form, status=422)
    try:
        saved = save_submission(submission=submission, actor=actor, version=version_of(request), typed=given)
    except ChangedMeanwhile as changed:
        messages.error(request, meanwhile(changed))
        form.version = str(changed.version)
        return submission_page(request, obligation, form=form, status=409)
    except TransitionNotAllowed as refused:
        messages.error(request, str(refused.message))
        return submission_page(request, obligation, form=form, status=409)
    discard_form_draft(user=actor, form=draft_name(obligation))
    if step == "submit":
        try:
            submit_submission(submission=saved, actor=actor, version=saved.version)
        except TransitionNotAllowed as refused:
            messages.error(request, str(refused.message))
            is_flawed = isinstance(refused, NotReady)
            return submission_page(request, _fresh(request, obligation), status=422 if is_flawed else 409)
        messages.success(request, _("The report is submitted. The coordinator accepts or returns it."))
    else:
        messages.success(request, _("Saved. It is not submitted yet."))
    return redirect("submission_edit", pk=obligation.pk)


Step = Callable[[HttpRequest, Obligation, User], str]


def _open(request: HttpRequest, obligation: Obligation, actor: User) -> str:
    open_submission(obligation=obligation, actor=actor)
    return _("The report is begun, with what your records say.")


def _nil(request: HttpRequest, obligation: Obligation, actor: User) -> str:
    if "sure" not in request.POST:
        raise ValidationError(_("Tick that there was nothing to report."))
    submission = submission_of(obligation)
    if submission is None:
        submission = open_submission(obligation=obligation, actor=actor)
        version = submission.version
    else:
        version = version_of(request)
    nil = confirm_nil(submission=submission, actor=actor, version=version)
    if not may_send(actor, obligation):
        return _("Nil is confirmed in your name. The head of your unit submits it.")
    submit_submission(submission=nil, actor=actor, version=nil.version)
    return _("Nil is confirmed in your name and submitted.")


def _undo_nil(request: HttpRequest, obligation: Obligation, actor: User) -> str:
    undo_nil(submission=get_submission(obligation), actor=actor, version=version_of(request))
    return _("The nil statement is taken back.")


def _refresh(request: HttpRequest, obligation: Obligation, actor: User) -> str:
    refresh_from_records(submission=get_submission(obligation), actor=actor, version=version_of(request))
    return _("What your records say now is taken over. Your own words stay.")


def _send(request: HttpRequest, obligation: Obligation, actor: User) -> str:
    submit_submission(submission=get_submission(obligation), actor=actor, version=version_of(request))
    return _("The report is submitted. The coordinator accepts or returns it.")


def _withdraw(request: HttpRequest, obligation: Obligation, actor: User) -> str:
    withdraw_submission(submission=get_submission(obligation), actor=actor, version=version_of(request))
    return _("The report is withdrawn and is a draft again.")


def _accept(request: HttpRequest, obligation: Obligation, actor: User) -> str:
    accept_submission(submission=get_submission(obligation), actor=actor, version=version_of(request))
    return _("The report is accepted and locked.")


def _return(request: HttpRequest, obligation: Obligation, actor: User) -> str:
    submission = get_submission(obligation)
    give_back = reopen_submission if submission.state == State.ACCEPTED else return_submission
    give_back(
        submission=submission, actor=actor, version=version_of(request), reasons=_reasons(request, obligation)
    )
    return _("The report is returned to its unit with your reason.")


def _decide(request: HttpRequest, obligation: Obligation, actor: User) -> str:
    decide_figure(
        submission=get_submission(obligation),
        actor=actor,
        version=version_of(request),
        figure=_number(request, "figure"),
        stands=request.POST.get("stands", ""),
        why=request.POST.get("why", ""),
    )
    return _("The decision is kept.")


def _attach(request: HttpRequest, obligation: Obligation, actor: User) -> str:
    checked = FilesField(required=False).clean(request.FILES.getlist("files"))
    add_files(
        submission=get_submission(obligation), actor=actor, version=version_of(request), checked=checked
    )
    return _("The files are attached.")


def _take_off(request: HttpRequest, obligation: Obligation, actor: User) -> str:
    remove_file(
        submission=get_submission(obligation),
        actor=actor,
        version=version_of(request),
        file=_number(request, "file"),
    )
    return _("The file is removed.")


_STEPS: Mapping[str, Step] = {
    "open": _open,
    "nil": _nil,
    "undo_nil": _undo_nil,
    "refresh": _refresh,
    "send": _send,
    "withdraw": _withdraw,
    "accept": _accept,
    "return": _return,
    "decide": _decide,
    "attach": _attach,
    "take_off": _take_off,
}


def get_submission(obligation: Obligation) -> Submission:
    """The submission. Raises Http404 where nobody has begun one."""
    submission = submission_of(obligation)
    if submission is None:
        raise Http404
    return submission


def _fresh(request: HttpRequest, obligation: Obligation) -> Obligation:
    """The obligation as it is stored now, after a step that was refused."""
    return get_obligation(request, obligation.pk)


def _reasons(request: HttpRequest, obligation: Obligation) -> dict[str, str]:
    sections = ["", *obligation.form.sections.values_list("section", flat=True)]
    return {section: request.POST.get(f"reason:{section}", "") for section in sections}


def meanwhile(changed: ChangedMeanwhile) -> str:
    """What the slower of two editors is told."""
    message = _(
        "%(who)s changed this report on %(when)s, after you had opened it. Yours is not saved yet: look at it"
        " again, and save again to put yours in the place of theirs."
    )
    return message % changed.told


def version_of(request: HttpRequest) -> int:
    """The version of the report that the form was filled from; 0 where it names none."""
    return _number(request, "version")


def _number(request: HttpRequest, name: str) -> int:
    typed: Any = request.POST.get(name, "")
    return int(typed) if re.fullmatch(r"[0-9]{1,9}", typed, re.ASCII) else 0


# --- the page


def submission_page(
    request: HttpRequest, obligation: Obligation, *, form: SubmissionForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of a submission, with the form as it was typed where one is given."""
    reader, submission = person(request), submission_of(obligation)
    writes = may_write(reader, obligation) and obligation.excused_at is None
    context: dict[str, Any] = {
        "obligation": obligation,
        "submission": submission,
        "writes": writes,
        "draft_name": draft_name(obligation),
        "crumbs": [
            {"label": _("My work"), "url": reverse("home")},
            {"label": _("Reports owed"), "url": reverse("obligation_list")},
            {"label": str(obligation.form)},
        ],
    }
    if submission is not None:
        submission.obligation = obligation
        context |= _filled(obligation, submission, reader, form, writes=writes)
    elif writes:
        context["may_send"] = may_send(reader, obligation)
    return render(request, "reporting/submission.html", context, status=status)


def _filled(
    obligation: Obligation, submission: Submission, reader: User, form: SubmissionForm | None, *, writes: bool
) -> dict[str, Any]:
    is_editable = writes and submission.state in _EDITABLE
    draft = None
    if is_editable and form is None:
        draft = take_form_draft(user=reader, form=draft_name(obligation))
    shown = form or SubmissionForm(submission, typed_fields(draft) if draft else None)
    unit = StatedUnit(obligation.agency, obligation.area)
    before_it = (obligation.form_id, unit.agency.pk, unit.area.pk, obligation.period_start)
    earlier, narratives, returned, present, held, *stated = read_together(
        _sent_before(*before_it),
        _texts_before(*before_it),
        submission.returns.filter(number=submission.sent).select_related("by"),
        presences_of_others(submission, reader),
        held_by_heads(obligation.agency_id, obligation.area),
        *asked_of_statements(reader, unit, obligation.period).values(),
    )
    before = earlier[0] if earlier else None
    statements = statement_rows(stated)
    returns = returned if submission.state == State.RETURNED else []
    texts = {each.section: each.text for each in narratives}
    sends = may_send(reader, obligation, heads_among(held))
    for section in shown.sections:
        section.before = texts.get(section.section, "")
        section.returned = [each for each in returns if each.section == section.section]
    rows = [row for section in shown.sections for each in section.rows for row in (each, *each.parts)]
    reviews = may_review(reader, obligation)
    return {
        "form": shown,
        "is_refused": form is not None,
        "draft": draft,
        "is_editable": is_editable,
        "may_send": is_editable and sends,
        "may_withdraw": submission.state == State.SUBMITTED and writes and sends,
        "may_accept": reviews and submission.state == State.SUBMITTED,
        "may_return": reviews and submission.state in (State.SUBMITTED, State.ACCEPTED),
        "may_decide": is_editable or (reviews and submission.state != State.ACCEPTED),
        "differing": [row for row in rows if row.differs],
        "returned_whole": [each for each in returns if not each.section],
        "errors": [finding for finding in shown.findings if finding.is_error],
        "warnings": [finding for finding in shown.findings if not finding.is_error],
        "locked": accepted_sentence(submission) if submission.state == State.ACCEPTED else "",
        "before": before,
        "statements": statements,
        "is_stated": any(statements.values()),
        "files": shown.said.files,
        "here": [presence.user for presence in present],
    }


_sent_before = Kept(sent_before)
_texts_before = Kept(
    lambda *of: SectionNarrative.objects.filter(submission__in=sent_before(*of).values("pk"))
)
