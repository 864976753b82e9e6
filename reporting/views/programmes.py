"""The programmes, how far their targets are met where the reader answers for something, and this as a file."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import AuditEvent, User
from accounts.scoping import Scope, scope_of
from accounts.services import record_event
from programs.models import Document, Programme, Project, Target
from reporting.programme_exporting import targets_workbook
from reporting.programme_targets import (
    Viewpoint,
    judged_targets,
    may_read_programmes,
    viewpoints_of,
    year_to_start_with,
    years_of,
)
from territory.excel import XLSX
from territory.period import parse_period


def _reading_scope(request: HttpRequest) -> Scope:
    """The scope of who asks. Raises PermissionDenied for a role that reads no documents anywhere."""
    scope = scope_of(request.user)
    if not may_read_programmes(scope):
        raise PermissionDenied
    return scope


@require_safe
def programme_list(request: HttpRequest) -> HttpResponse:
    """The phases of the programme, the newest first."""
    _reading_scope(request)
    programmes = (
        Programme.objects.select_related("legal_basis")
        .annotate(
            target_count=Count("targets", distinct=True), project_count=Count("projects", distinct=True)
        )
        .order_by("-starts_on")
    )
    crumbs = [{"label": _("My work"), "url": reverse("home")}, {"label": _("Programmes")}]
    context = {"programmes": programmes, "today": timezone.localdate(), "crumbs": crumbs}
    return render(request, "reporting/programme_list.html", context)


def _chosen(
    request: HttpRequest, scope: Scope, programme: Programme
) -> tuple[list[Viewpoint], Viewpoint | None, int]:
    """Whose figures may be held against the targets, whose are, and those of which year."""
    viewpoints = viewpoints_of(scope, programme)
    asked = next((each for each in viewpoints if each.key == request.GET.get("unit")), None)
    viewpoint = asked or (viewpoints[0] if viewpoints else None)
    years = years_of(programme)
    year = next((year for year in years if str(year) == request.GET.get("year")), None)
    return viewpoints, viewpoint, year if year is not None else year_to_start_with(years, viewpoint)


@require_safe
def programme_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One phase: what it rests on, its projects, and each target held against an area and year of the reader's."""
    scope = _reading_scope(request)
    programme = get_object_or_404(Programme, code=code)
    viewpoints, viewpoint, year = _chosen(request, scope, programme)
    judged = judged_targets(programme, viewpoint, year) if viewpoint else []
    basis = Document.objects.visible_to(request.user).filter(programmes=programme)
    context: dict[str, Any] = {
        "programme": programme,
        "basis": basis.select_related("issuer").first(),
        "projects": Project.objects.filter(programme=programme).prefetch_related("leads"),
        "judged": judged,
        "has_targets": bool(judged) or Target.objects.filter(programme=programme).exists(),
        "viewpoints": viewpoints,
        "viewpoint": viewpoint,
        "years": years_of(programme),
        "year": year,
        "period": parse_period(str(year)),
        "crumbs": [
            {"label": _("My work"), "url": reverse("home")},
            {"label": _("Programmes"), "url": reverse("programme_list")},
            {"label": programme.name},
        ],
    }
    return render(request, "reporting/programme_detail.html", context)


@require_safe
def programme_export(request: HttpRequest, code: str) -> HttpResponseBase:
    """The targets as the page shows them, as an Excel file. Leaves a row in the trail."""
    scope = _reading_scope(request)
    programme = get_object_or_404(Programme, code=code)
    _all, viewpoint, year = _chosen(request, scope, programme)
    page = f"{reverse('programme_detail', args=[code])}"
    if viewpoint is None:
        messages.error(request, _("None of your areas existed during this programme."))
        return redirect(page)
    assert isinstance(request.user, User)
    judged = judged_targets(programme, viewpoint, year)
    address = request.build_absolute_uri(f"{page}?unit={viewpoint.key}&year={year}")
    file = targets_workbook(programme, viewpoint, year, judged, reader=request.user, address=address)
    detail = {"programme": code, "unit": viewpoint.key, "year": year, "rows": len(judged)}
    record_event(
        actor=request.user, kind=AuditEvent.Kind.EXPORTED, about="programs.target:list", detail=detail
    )
    name = f"chi-tieu-{code}-{year}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
