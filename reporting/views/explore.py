"""Free tables of figures: the page, an Excel file, CSV, a PDF."""

from collections.abc import Callable
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import AuditEvent, User
from accounts.services import record_event
from reporting.explore import Look, Pivot, read_look
from reporting.explore.drawing import charts_of
from reporting.explore.exporting import explore_workbook
from reporting.explore.look import CHANGE
from reporting.explore.offering import Offer
from reporting.explore.printing import explore_pdf
from reporting.explore.writing import written
from reporting.look_forms import SavedViewForm, kept_views
from reporting.models import SavedView
from reporting.statistics import QuestionError, answer_question
from reporting.statistics.formats import as_csv
from territory.excel import XLSX


@require_safe
def explore(request: HttpRequest) -> HttpResponse:
    """A table that the reader lays out, with its charts; examples to begin with where nothing is asked for yet."""
    reader = _reader(request)
    errors: dict[str, str] = {}
    look = None
    typed = {name: ",".join(request.GET.getlist(name)) for name in request.GET}
    if any(typed.values()):
        try:
            look = read_look(request.GET, reader)
            typed, errors = look.parameters, look.error_of_size
        except QuestionError as wrong:
            errors = wrong.errors
    context: dict[str, Any] = {
        "errors": errors,
        "look": look,
        **kept_views(reader, SavedView.objects.visible_to(reader).filter(page=SavedView.Page.EXPLORE)),
        "crumbs": [{"label": _("My work"), "url": reverse("home")}, {"label": _("Explore figures")}],
    }
    if look is not None:
        context |= _files(request, look)
    if look is None or errors or CHANGE in request.GET:
        context["offer"] = Offer(reader, typed)
    else:
        pivot = Pivot(look)
        context |= {"pivot": pivot, "body": written(pivot), "charts": charts_of(pivot)}
    return render(request, "reporting/explore.html", context, status=422 if errors else 200)


def _files(request: HttpRequest, look: Look) -> dict[str, Any]:
    """What can be taken of a table, and where it is kept."""
    return {
        "link": request.build_absolute_uri(look.address()),
        "excel": look.address("explore_export"),
        "csv": look.address("explore_export_csv"),
        "pdf": "" if look.error_of_size else look.address("explore_print"),
        "json_stat": look.api_address("jsonstat"),
        "view_form": SavedViewForm(user=look.reader, auto_id="view_%s"),
        "save_url": look.address("explore_save"),
    }


@require_safe
def explore_export(request: HttpRequest) -> HttpResponseBase:
    """The table as an Excel file. Leaves a row in the trail."""
    root = request.build_absolute_uri("/").rstrip("/")

    def workbook(look: Look) -> HttpResponseBase:
        file = explore_workbook(Pivot(look), address=f"{root}{look.address()}", root=root)
        return FileResponse(file, as_attachment=True, filename=_file_name("xlsx"), content_type=XLSX)

    return _taken(request, "xlsx", workbook)


@require_safe
def explore_export_csv(request: HttpRequest) -> HttpResponseBase:
    """A line for each figure, as the API gives them. Leaves a row in the trail."""

    def lines(look: Look) -> HttpResponseBase:
        answer = StreamingHttpResponse(
            as_csv(answer_question(look.question, look.reader)), content_type="text/csv; charset=utf-8"
        )
        answer["Content-Disposition"] = f'attachment; filename="{_file_name("csv")}"'
        return answer

    return _taken(request, "csv", lines)


@require_safe
def explore_print(request: HttpRequest) -> HttpResponseBase:
    """The table and its charts as a PDF, as much as a page shows. Leaves a row in the trail."""

    def paper(look: Look) -> HttpResponseBase:
        if look.error_of_size:
            raise QuestionError(look.error_of_size)
        printed = explore_pdf(Pivot(look), address=request.build_absolute_uri(look.address()))
        answer = HttpResponse(printed.content, content_type="application/pdf")
        answer["Content-Disposition"] = f'attachment; filename="{_file_name("pdf")}"'
        return answer

    return _taken(request, "pdf", paper)


def _taken(request: HttpRequest, kind: str, make: Callable[[Look], HttpResponseBase]) -> HttpResponseBase:
    """A file of the table that the address asks for; 422 in words where there is none."""
    reader = _reader(request)
    try:
        look = read_look(request.GET, reader)
        answer = make(look)
    except QuestionError as wrong:
        told = "\n".join(wrong.errors.values())
        return HttpResponse(told, status=422, content_type="text/plain; charset=utf-8")
    detail = {"kind": kind, **look.parameters}
    record_event(actor=reader, kind=AuditEvent.Kind.EXPORTED, about="reporting.explore", detail=detail)
    return answer


def _reader(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _file_name(suffix: str) -> str:
    return f"figures-{timezone.localtime():%Y%m%d-%H%M}.{suffix}"
