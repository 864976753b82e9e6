"""Reviewing, signing, issuing and revising a report; and its Word file."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.changing import ChangedMeanwhile
from accounts.models import AuditEvent, User
from accounts.scoping import scope_of
from programs.services.refusals import TransitionNotAllowed
from reporting.models import ApprovalStep, Report, ReportDraft, ReportJob
from reporting.selectors import get_draft, get_job, get_report
from reporting.services import approval, jobs, revisions

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def approval_context(report: Report, user: User, errors: dict[str, Any] | None = None) -> dict[str, Any]:
    """What the page of a report shows of its way to issue: the steps taken, and those open to the reader."""
    draft = report.draft
    is_current = draft is not None and report.draft_version == draft.version
    steps: list[ApprovalStep] = list(draft.steps.select_related("by").order_by("pk")) if draft else []
    may_make = scope_of(user).may_in("report.make", report.area)
    job = (
        ReportJob.objects.visible_to(user).filter(issues=report).order_by("-pk").first()
        if report.number and report.state == Report.State.DRAFT
        else None
    )
    begun = None
    if report.state == Report.State.ISSUED and may_make:
        begun = revisions.revision_begun(report)
    return {
        "draft": draft,
        "is_current": is_current,
        "steps": steps,
        "open_steps": approval.steps_open_to(draft, user) if draft is not None and is_current else set(),
        "leaves_to_another": bool(
            draft is not None
            and draft.state == ReportDraft.State.IN_REVIEW
            and scope_of(user).may_in("report.review", report.area)
            and approval.is_left_to_another(draft, user)
        ),
        "signer": report.snapshot["document"].get("signer", {}),
        "issuing_job": job,
        "may_adopt": may_make and draft is None and report.state == Report.State.DRAFT,
        "may_revise": may_make and report.state == Report.State.ISSUED and draft is not None,
        "revision_draft": begun,
        "step_errors": errors or {},
    }


@require_POST
def report_step(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Take a step with the draft of a report; what was typed comes back with the reason when it cannot be taken."""
    report = get_report(request, key)
    assert isinstance(request.user, User)
    step = request.POST.get("step", "")
    if report.draft is None:
        if step != "adopt":
            raise Http404
        approval.adopt_report(report=report, actor=request.user)
        messages.success(request, _("The report can be reviewed and signed now."))
        return redirect("report_detail", key=report.key)
    try:
        said = _take(request, request.user, report.draft, step)
    except TransitionNotAllowed as refused:
        messages.error(request, str(refused.message))
    except ChangedMeanwhile as changed:
        text = _("%(who)s changed the draft at %(when)s. Make the report anew and read it before you go on.")
        messages.error(request, text % changed.told)
    except ValidationError as error:
        from reporting.views.reports import detail_page

        return detail_page(request, report, errors=error.message_dict, status=422)
    else:
        messages.success(request, said)
    return redirect("report_detail", key=report.key)


def _take(request: HttpRequest, actor: User, draft: ReportDraft, step: str) -> str:
    typed = request.POST.get("version", "")
    seen: dict[str, Any] = {
        "draft": draft,
        "actor": actor,
        "version": int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0,
    }
    note = request.POST.get("note", "")
    if step == "send":
        approval.send_for_review(note=note, **seen)
        return _("The report is sent for review.")
    if step == "send_back":
        approval.send_back(note=note, **seen)
        return _("The report is sent back to be changed.")
    if step == "review":
        approval.review_draft(note=note, **seen)
        return _("The report is reviewed and can be signed.")
    if step == "sign":
        name, title = request.POST.get("signer_name", ""), request.POST.get("signer_title", "")
        approval.sign_draft(signer_name=name, signer_title=title, **seen)
        return _("The report is signed and has its number. It is issued within a minute.")
    raise Http404


@require_POST
def report_revise(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Begin a revision of an issued report with its reason, and make it with the figures of now."""
    report = get_report(request, key)
    assert isinstance(request.user, User)
    try:
        draft = revisions.start_revision(
            report=report, actor=request.user, reason=request.POST.get("reason", "")
        )
        job = jobs.request_report(
            actor=request.user,
            kind=draft.kind,
            area=draft.area,
            period=report.period,
            draft=draft,
            map_basis=draft.map_basis,
        )
    except TransitionNotAllowed as refused:
        messages.error(request, str(refused.message))
        return redirect("report_detail", key=report.key)
    except ValidationError as error:
        from reporting.views.reports import detail_page

        errors = error.message_dict if hasattr(error, "error_dict") else {"reason": error.messages}
        return detail_page(request, report, errors=errors, status=422)
    return redirect("report_job", key=job.key)


@require_POST
def draft_make(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Make the report of a draft as it is now: that is what is read, reviewed and signed."""
    draft = get_draft(request, key, needs="write")
    assert isinstance(request.user, User)
    try:
        job = jobs.request_report(
            actor=request.user,
            kind=draft.kind,
            area=draft.area,
            period=draft.period,
            draft=draft,
            map_basis=draft.map_basis,
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("draft_edit", key=draft.key)
    return redirect("report_job", key=job.key)


@require_safe
def report_word(request: HttpRequest, key: uuid.UUID) -> HttpResponse | FileResponse:
    """The Word file, as a download; who took it is noted."""
    report = get_report(request, key)
    assert isinstance(request.user, User)
    try:
        content = report.docx.open("rb")
    except (FileNotFoundError, ValueError):
        messages.error(
            request, _("The file of this report is missing on the server. Tell the administrator.")
        )
        return redirect("report_detail", key=report.key)
    AuditEvent.objects.create(
        kind=AuditEvent.Kind.REPORT_READ,
        user=request.user,
        about=f"reporting.report:{report.pk}",
        detail={"file": "docx"},
    )
    return FileResponse(content, as_attachment=True, filename=f"{report.file_stem}.docx", content_type=_WORD)


@require_POST
def job_cancel(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Stop a job that waits or runs."""
    job = get_job(request, key)
    assert isinstance(request.user, User)
    if jobs.cancel_job(job=job, actor=request.user):
        messages.success(request, _("The report is no longer being made."))
    else:
        messages.warning(request, _("It could not be stopped: it has ended, or it issues a signed report."))
    return redirect("report_job", key=job.key)


@require_POST
def job_again(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Let a failed or stopped job run anew."""
    job = get_job(request, key)
    assert isinstance(request.user, User)
    jobs.try_again(job=job, actor=request.user)
    return redirect("report_job", key=job.key)
