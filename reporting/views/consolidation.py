"""What units said, put together for an area, beside the records."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from programs.selectors.area import grouped_choices
from reporting.consolidation import Consolidation
from reporting.consolidation_rows import RowWriter
from reporting.views.obligations import crumbs, reader_of


@require_safe
def consolidation(request: HttpRequest) -> HttpResponse:
    """One form, period and area: totals, coverage, who is silent, and where units and records differ."""
    reader = reader_of(request)
    asked = {name: request.GET.get(name, "") for name in ("form", "period", "area")}
    found = Consolidation(reader=reader, **asked, page=request.GET.get("page", "1"))
    if asked["area"] and found.area is None:
        raise Http404
    kept = {
        "form": found.form.code if found.form else "",
        "period": found.period.code if found.period else "",
        "area": found.area.pk if found.area else "",
    }
    is_shown = bool(found.form and found.period and found.area)
    context = {
        "found": found,
        "is_shown": is_shown,
        "bodies": RowWriter(found).bodies() if is_shown else "",
        "area_choices": grouped_choices(found.areas, today=timezone.localdate()),
        "query": urlencode(kept),
        "crumbs": [*crumbs(), {"label": _("Consolidation")}],
    }
    return render(request, "reporting/consolidation.html", context)
