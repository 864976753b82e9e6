"""For how long things are kept, on the pages that tell it."""

from typing import Any

from django import template
from django.conf import settings

from config.keeping import in_days, kept_for_a_while

register = template.Library()


@register.inclusion_tag("partials/kept_for_a_while.html")
def removed_by_itself() -> dict[str, Any]:
    """The table of what is no record and goes by itself."""
    return {"rows": kept_for_a_while()}


@register.simple_tag
def days_kept(name: str) -> str:
    """The days of a setting ("DRAFT_KEEP_DAYS"), in words."""
    return in_days(getattr(settings, name))
