"""A dashboard as it is shown, on paper."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from reporting.dashboard.board import Dashboard
from reporting.rendering.html import TEMPLATES
from reporting.rendering.page import render_page
from reporting.rendering.pdf import Printed


def dashboard_pdf(board: Dashboard, *, address: str) -> Printed:
    """The blocks of the page with their tables, and where and when it was made. Raises FontMissing."""
    context = {
        "asked": board.asked,
        "board": board,
        "address": address,
        "made_at": timezone.localtime(),
        "is_demo": settings.IS_DEMO,
    }
    html = render_to_string("reports/dashboard.html", context)
    return render_page(html, (TEMPLATES / "dashboard.css").read_text(encoding="utf-8"))
