"""Asking for a report, watching it being made, reading it, downloading it."""

import uuid
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AuditEvent, User
from accounts.scoping import scope_of
from reporting.forms import ReportForm
from reporting.models import Report, ReportJob
from reporting.selectors import get_job, get_report
from reporting.services.jobs import FAILURES, request_report
from reporting.views.issue import approval_context
from territory.period import CutOff

#: HTMX stops asking when it gets this status.
STOP_POLLING = 286


@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    """The reports the person may read, newest first, and the jobs still at work."""
    scope = scope_of(request.user)
    if not (scope.may("report.read") or scope.may("report.read_issued")):
        raise PermissionDenied
    reports = Report.objects.visible_to(request.user).select_related("area", "made_by").defer("snapshot")
    jobs = (
        ReportJob.objects.visible_to(request.user).exclude(state=ReportJob.State.DONE).select_related("area")
    )
    page = Paginator(reports, 25).get_page(request.GET.get("page"))
    return render(
        request,
        "reporting/report_list.html",
        {
            "page_obj": page,
            "jobs": jobs[:10],
            "may_make": scope.may("report.make"),
            "may_read_drafts": scope.may("report.read"),
            "query_string": "",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def report_new(request: HttpRequest) -> HttpResponse:
    """Ask for a report. Sending the form twice makes one report."""
    assert request.user.is_authenticated
    if not scope_of(request.user).may("report.make"):
        raise PermissionDenied
    form = ReportForm(
        request.POST if request.method == "POST" else None, user=request.user, initial=_proposal(request)
    )
    if form.is_valid():
        try:
            job = request_report(
                actor=request.user,
                kind=form.cleaned_data["kind"],
                area=form.cleaned_data["area"],
                period=form.cleaned_data["period"],
                request_key=form.cleaned_data["request_key"],
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("report_job", key=job.key)
    return render(request, "reporting/report_new.html", {"form": form}, status=422 if form.errors else 200)


def _proposal(request: HttpRequest) -> dict[str, object]:
    """What a link may have filled in: kind, area and period."""
    known = {name: request.GET[name] for name in ("kind", "area", "period") if name in request.GET}
    return {"kind": "six_month", "rule": CutOff.ND09.value, "request_key": uuid.uuid4(), **known}


@require_safe
def job_detail(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """How far a report has come; leads on to the report when it is done."""
    job = get_job(request, key)
    if report := _report_of(job):
        return redirect("report_detail", key=report.key)
    return render(request, "reporting/job.html", _job_context(job))


@require_safe
def job_status(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The part of the job page that HTMX asks for again and again; sends the page on when the report is done."""
    job = get_job(request, key)
    if report := _report_of(job):
        response = HttpResponse(status=STOP_POLLING)
        response["HX-Redirect"] = redirect("report_detail", key=report.key)["Location"]
        return response
    status = STOP_POLLING if job.is_finished else 200
    return render(request, "reporting/_job_status.html", _job_context(job), status=status)


def _report_of(job: ReportJob) -> Report | None:
    """The report that a finished job made or issued; none where one that was never signed was removed since."""
    if job.state != ReportJob.State.DONE:
        return None
    return job.issues or getattr(job, "report", None)


def _job_context(job: ReportJob) -> dict[str, object]:
    return {
        "job": job,
        "step": {"gathering": _("Gathering the figures"), "printing": _("Printing the pages")}.get(
            job.step, ""
        ),
        "failure": FAILURES.get(job.failure, ""),
    }


@require_safe
def report_detail(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The report as it was frozen: the same blocks as the PDF, with the download."""
    return detail_page(request, get_report(request, key))


def detail_page(
    request: HttpRequest, report: Report, *, errors: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The page of a report; ``errors`` are those of a step towards issue that was refused."""
    assert isinstance(request.user, User)
    context = {
        "report": report,
        "snapshot": report.snapshot,
        "period": report.period,
        **approval_context(report, request.user, errors),
    }
    return render(request, "reporting/report.html", context, status=status)


@require_safe
def report_file(request: HttpRequest, key: uuid.UUID) -> HttpResponse | FileResponse:
    """The PDF, as a download; who took it is noted."""
    return _file(request, get_report(request, key), is_shown=False)


@csp_replace({"frame-ancestors": [SELF]})  # type: ignore[arg-type]  # its type knows no arguments of an address
@xframe_options_sameorigin
@require_safe
def report_pages(request: HttpRequest, key: uuid.UUID) -> HttpResponse | FileResponse:
    """The PDF to be looked at within the editor of its draft; who read it is noted."""
    return _file(request, get_report(request, key), is_shown=True)


def _file(request: HttpRequest, report: Report, *, is_shown: bool) -> HttpResponse | FileResponse:
    assert request.user.is_authenticated
    try:
        content = report.file.open("rb")
    except FileNotFoundError:
        messages.error(
            request, _("The file of this report is missing on the server. Tell the administrator.")
        )
        return redirect("report_detail", key=report.key)
    AuditEvent.objects.create(
        kind=AuditEvent.Kind.REPORT_READ, user=request.user, about=f"reporting.report:{report.pk}"
    )
    return FileResponse(
        content,
        as_attachment=not is_shown,
        filename=f"{report.file_stem}.pdf",
        content_type="application/pdf",
    )
