"""Who was shown a tip or a case."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import ReadEvent
from accounts.reading import reads_of, record_reads
from accounts.row_scope import protected_rows
from incidents.models import Case, Tip
from incidents.selectors.reading import get_case, get_tip, person
from incidents.views.case import case_way
from incidents.views.form_page import crumbs

ROWS_A_PAGE = 25


@require_safe
@protected_rows
def tip_log(request: HttpRequest, pk: int) -> HttpResponse:
    """Who was shown a tip, for those who may read it."""
    tip = get_tip(request, pk)
    address = reverse("tip_detail", args=[tip.pk])
    way = crumbs((_("Tips"), reverse("tip_list")), (tip.code, address), (_("Who saw it"),))
    return _log(request, tip, address, way)


@require_safe
@protected_rows
def case_log(request: HttpRequest, pk: int) -> HttpResponse:
    """Who was shown a case, for those who may read it."""
    case = get_case(request, pk)
    way = [*case_way(case), {"label": _("Who saw it")}]
    return _log(request, case, reverse("case_detail", args=[case.pk]), way)


def _log(request: HttpRequest, record: Tip | Case, address: str, way: list[dict[str, Any]]) -> HttpResponse:
    record_reads(actor=person(request), records=[record], how=ReadEvent.How.HISTORY)
    context = {
        "record": record,
        "address": address,
        "page_obj": Paginator(reads_of(record), ROWS_A_PAGE).get_page(request.GET.get("page")),
        "query_string": "",
        "crumbs": way,
    }
    return render(request, "incidents/log.html", context)
