"""A free table as it is shown, on paper."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from reporting.explore.drawing import charts_of
from reporting.explore.pivot import Pivot
from reporting.explore.writing import written
from reporting.rendering.html import TEMPLATES
from reporting.rendering.page import render_page
from reporting.rendering.pdf import Printed

#: The dashboard's sheet, and what lies across the paper.
_SHEETS = ("dashboard.css", "explore.css")


def explore_pdf(pivot: Pivot, *, address: str) -> Printed:
    """The table and its charts, and where and when they were made. Raises FontMissing."""
    context = {
        "pivot": pivot,
        "body": written(pivot, with_links=False),
        "look": pivot.look,
        "charts": charts_of(pivot, for_print=True),
        "address": address,
        "made_at": timezone.localtime(),
        "is_demo": settings.IS_DEMO,
    }
    html = render_to_string("reports/explore.html", context)
    return render_page(html, "\n".join((TEMPLATES / each).read_text(encoding="utf-8") for each in _SHEETS))
