"""The steering dashboard and what is taken from it: the page, an Excel file, a PDF."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import AuditEvent, User
from accounts.scoping import scope_of
from accounts.services import record_event
from reporting.charts import draw
from reporting.dashboard import Asked, Dashboard, asked_of
from reporting.dashboard.comparing import MOST, Comparison
from reporting.dashboard.exporting import comparison_workbook, dashboard_workbook
from reporting.dashboard.printing import comparison_pdf, dashboard_pdf
from reporting.dashboard.wording import chart_words
from reporting.look_forms import DashboardViewForm, kept_views
from territory.collation import fold
from territory.excel import XLSX

#: The page as a whole, for the screen of a meeting room, and for paper.
TEMPLATES = {
    "": "reporting/dashboard.html",
    "screen": "reporting/dashboard_bare.html",
    "print": "reporting/dashboard_bare.html",
}
#: Seconds after which the screen of a meeting room is drawn anew, where somebody asked for that.
REFRESHED_AFTER = 300


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """The state of an area in a period on one page. Every number leads to what it is made of.

    ``view`` is "screen" or "print" for the page without menu and filters; ``refresh`` draws the screen anew from time
    to time.
    """
    asked, view = _asked(request), request.GET.get("view", "")
    if view not in TEMPLATES:
        raise Http404
    is_refreshed = view == "screen" and "refresh" in request.GET
    board = Dashboard(asked)
    may_ask = scope_of(asked.reader).may_in("question.ask", asked.area)
    context: dict[str, Any] = {
        "asked": asked,
        "board": board,
        "view": view,
        "screen": asked.address(view="screen"),
        "refreshed": asked.address(view="screen", refresh="on"),
        "print": asked.address(view="print"),
        "here": request.get_full_path(),
        "is_refreshed": is_refreshed,
        "made_at": timezone.localtime(),
        "excel": asked.address("dashboard_export"),
        "pdf": asked.address("dashboard_print"),
        "ask_url": asked.address("question_new") if may_ask else "",
        **kept_views(asked.reader, board.rows.views),
        "view_form": DashboardViewForm(user=asked.reader, auto_id="view_%s"),
        "save_url": asked.address("view_save"),
        "compare": asked.address("compare", agency=""),
        "crumbs": [{"label": _("My work"), "url": reverse("home")}, {"label": _("Dashboard")}],
    }
    response = render(request, TEMPLATES[view], context)
    if is_refreshed:
        response["Refresh"] = str(REFRESHED_AFTER)
    return response


@require_safe
def dashboard_export(request: HttpRequest) -> HttpResponseBase:
    """The dashboard as it is shown, as an Excel file. Leaves a row in the trail."""
    asked = _asked(request)
    root = request.build_absolute_uri("/").rstrip("/")
    file = dashboard_workbook(Dashboard(asked, is_file=True), address=f"{root}{asked.address()}", root=root)
    _record(asked, "xlsx")
    return FileResponse(
        file, as_attachment=True, filename=_file_name(asked, "xlsx", _("Dashboard")), content_type=XLSX
    )


@require_safe
def dashboard_print(request: HttpRequest) -> HttpResponse:
    """The dashboard as it is shown, as a PDF. Leaves a row in the trail."""
    asked = _asked(request)
    printed = dashboard_pdf(
        Dashboard(asked, is_file=True), address=request.build_absolute_uri(asked.address())
    )
    _record(asked, "pdf")
    response = HttpResponse(printed.content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{_file_name(asked, "pdf", _("Dashboard"))}"'
    return response


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Areas, agencies or periods side by side."""
    found = _compared(request)
    context: dict[str, Any] = {
        "found": found,
        "asked": found.asked,
        "most": MOST,
        "excel": found.address("compare_export"),
        "pdf": found.address("compare_print"),
        "picture": mark_safe(draw(found.chart, chart_words())) if found.chart else "",  # noqa: S308 - escaped there
        "crumbs": [
            {"label": _("My work"), "url": reverse("home")},
            {"label": _("Dashboard"), "url": found.asked.address()},
            {"label": _("Compare")},
        ],
    }
    return render(request, "reporting/compare.html", context)


@require_safe
def compare_export(request: HttpRequest) -> HttpResponseBase:
    """The comparison as it is shown, as an Excel file. Leaves a row in the trail."""
    found = _compared(request)
    root = request.build_absolute_uri("/").rstrip("/")
    file = comparison_workbook(found, address=f"{root}{found.address()}", root=root)
    _record(found.asked, "xlsx", about="reporting.compare")
    name = _file_name(found.asked, "xlsx", _("Side by side"))
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


@require_safe
def compare_print(request: HttpRequest) -> HttpResponse:
    """The comparison as it is shown, as a PDF. Leaves a row in the trail."""
    found = _compared(request)
    printed = comparison_pdf(found, address=request.build_absolute_uri(found.address()))
    _record(found.asked, "pdf", about="reporting.compare")
    response = HttpResponse(printed.content, content_type="application/pdf")
    name = _file_name(found.asked, "pdf", _("Side by side"))
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _compared(request: HttpRequest) -> Comparison:
    assert isinstance(request.user, User)
    return Comparison(request.GET, request.user)


def _asked(request: HttpRequest) -> Asked:
    assert isinstance(request.user, User)
    return asked_of(request.GET, request.user)


def _record(asked: Asked, kind: str, *, about: str = "reporting.dashboard") -> None:
    detail = {"kind": kind, **asked.parameters}
    record_event(actor=asked.reader, kind=AuditEvent.Kind.EXPORTED, about=about, detail=detail)


def _file_name(asked: Asked, suffix: str, title: str) -> str:
    name = " ".join((title, asked.area.name, asked.period.code))
    return f"{slugify(fold(name))}.{suffix}"
