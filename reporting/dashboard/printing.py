"""A dashboard as it is shown, on paper."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from reporting.dashboard.board import Dashboard
from reporting.dashboard.comparing import Comparison
from reporting.rendering.html import TEMPLATES
from reporting.rendering.page import render_page
from reporting.rendering.pdf import Printed


def dashboard_pdf(board: Dashboard, *, address: str) -> Printed:
    """The blocks of the page with their tables, and where and when it was made. Raises FontMissing."""
    return _printed("reports/dashboard.html", {"asked": board.asked, "board": board, "address": address})


def comparison_pdf(found: Comparison, *, address: str) -> Printed:
    """What stands side by side, in the same form. Raises FontMissing."""
    return _printed("reports/compare.html", {"asked": found.asked, "found": found, "address": address})


def _printed(template: str, context: dict[str, Any]) -> Printed:
    made = {**context, "made_at": timezone.localtime(), "is_demo": settings.IS_DEMO}
    html = render_to_string(template, made)
    return render_page(html, (TEMPLATES / "dashboard.css").read_text(encoding="utf-8"))
