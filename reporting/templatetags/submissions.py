"""Pieces of the pages of submissions."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse

from reporting.models import CutOffRule, Obligation

register = template.Library()


@register.simple_tag
def figure_url(obligation: Obligation, code: str, part: str = "") -> str:
    """The page of the records behind a figure."""
    asked = {
        "indicator": code,
        "area": obligation.area.code,
        "period": obligation.period_code,
        "agency": obligation.agency.code,
    }
    if obligation.period_rule == CutOffRule.CALENDAR:
        asked["rule"] = obligation.period_rule
    if part:
        asked["part"] = part
    return f"{reverse('figure_detail')}?{urlencode(asked)}"
