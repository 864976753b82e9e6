"""The steering dashboard and what is taken from it: the page, an Excel file, a PDF."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import AuditEvent, User
from accounts.row_scope import protected_rows
from accounts.scoping import scope_of
from accounts.services import record_event
from reporting.charts import draw
from reporting.dashboard import Asked, Dashboard, asked_of
from reporting.dashboard.comparing import Comparison
from reporting.dashboard.exporting import dashboard_workbook
from reporting.dashboard.printing import dashboard_pdf
from reporting.dashboard.wording import chart_words
from reporting.look_forms import DashboardViewForm, kept_views
from reporting.models import SavedView
from territory.collation import fold
from territory.excel import XLSX


@protected_rows
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """The state of an area in a period on one page. Every number leads to what it is made of."""
    asked = _asked(request)
    may_ask = scope_of(asked.reader).may_in("question.ask", asked.area)
    context: dict[str, Any] = {
        "asked": asked,
        "board": Dashboard(asked),
        "excel": asked.address("dashboard_export"),
        "pdf": asked.address("dashboard_print"),
        "ask_url": asked.address("question_new") if may_ask else "",
        **kept_views(asked.reader, SavedView.Page.DASHBOARD),
        "view_form": DashboardViewForm(user=asked.reader, auto_id="view_%s"),
        "save_url": asked.address("view_save"),
        "compare": asked.address("compare", agency=""),
        "crumbs": [{"label": _("My work"), "url": reverse("home")}, {"label": _("Dashboard")}],
    }
    return render(request, "reporting/dashboard.html", context)


@protected_rows
@require_safe
def dashboard_export(request: HttpRequest) -> HttpResponseBase:
    """The dashboard as it is shown, as an Excel file. Leaves a row in the trail."""
    asked = _asked(request)
    root = request.build_absolute_uri("/").rstrip("/")
    file = dashboard_workbook(Dashboard(asked), address=f"{root}{asked.address()}", root=root)
    _record(asked, "xlsx")
    return FileResponse(file, as_attachment=True, filename=_file_name(asked, "xlsx"), content_type=XLSX)


@protected_rows
@require_safe
def dashboard_print(request: HttpRequest) -> HttpResponse:
    """The dashboard as it is shown, as a PDF. Leaves a row in the trail."""
    asked = _asked(request)
    printed = dashboard_pdf(Dashboard(asked), address=request.build_absolute_uri(asked.address()))
    _record(asked, "pdf")
    response = HttpResponse(printed.content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{_file_name(asked, "pdf")}"'
    return response


@protected_rows
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Areas, agencies or periods side by side."""
    assert isinstance(request.user, User)
    found = Comparison(request.GET, request.user)
    context: dict[str, Any] = {
        "found": found,
        "asked": found.asked,
        "picture": mark_safe(draw(found.chart, chart_words())) if found.chart else "",  # noqa: S308 - escaped there
        "crumbs": [
            {"label": _("My work"), "url": reverse("home")},
            {"label": _("Dashboard"), "url": found.asked.address()},
            {"label": _("Compare")},
        ],
    }
    return render(request, "reporting/compare.html", context)


def _asked(request: HttpRequest) -> Asked:
    assert isinstance(request.user, User)
    return asked_of(request.GET, request.user)


def _record(asked: Asked, kind: str) -> None:
    detail = {"kind": kind, **asked.parameters}
    record_event(
        actor=asked.reader, kind=AuditEvent.Kind.EXPORTED, about="reporting.dashboard", detail=detail
    )


def _file_name(asked: Asked, suffix: str) -> str:
    name = " ".join((_("Dashboard"), asked.area.name, asked.period.code))
    return f"{slugify(fold(name))}.{suffix}"
