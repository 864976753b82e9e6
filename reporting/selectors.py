"""What a person may read of obligations, jobs and reports."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest

from accounts.models import User
from accounts.scoping import scope_of
from reporting.models import Report, ReportDraft, ReportJob
from territory.models import Area, Level


def reportable_areas(user: User) -> QuerySet[Area]:
    """The areas a person drafts reports for: those of own memberships, and a province's districts."""
    condition = Q(pk__in=[])
    for grant in scope_of(user).having("report.make"):
        condition |= Q(path__startswith=grant.area.path, level__in=[Level.PROVINCE, Level.DISTRICT])
    areas: QuerySet[Area] = Area.objects.filter(condition).order_by("-level", "sort_key", "valid_from")
    return areas


def get_job(request: HttpRequest, key: Any) -> ReportJob:
    """The job, when the person may see it. Raises Http404 otherwise."""
    job: ReportJob | None = (
        ReportJob.objects.visible_to(request.user)
        .select_related("area", "report", "asked_by")
        .filter(key=key)
        .first()
    )
    if job is None:
        raise Http404
    return job


def get_report(request: HttpRequest, key: Any) -> Report:
    """The report, when the person may see it. Raises Http404 otherwise."""
    report: Report | None = (
        Report.objects.visible_to(request.user)
        .select_related("area", "made_by", "draft__area", "revises", "revised_by")
        .filter(key=key)
        .first()
    )
    if report is None:
        raise Http404
    return report


def get_draft(request: HttpRequest, key: Any, *, needs: str = "read") -> ReportDraft:
    """The draft, when the person may see it. Raises Http404 otherwise, PermissionDenied when it may not be changed."""
    draft: ReportDraft | None = (
        ReportDraft.objects.visible_to(request.user)
        .select_related(
            "area__province", "template", "pilot__document__issuer", "pilot__lead", "document__issuer"
        )
        .filter(key=key)
        .first()
    )
    if draft is None:
        raise Http404
    if needs == "write" and not scope_of(request.user).may_in("report.make", draft.area):
        raise PermissionDenied
    return draft
