"""The section of a page that shows the comments on its record."""

from typing import Any

from django import template

from programs.selectors.comment import Record
from programs.views.comment import comment_section

register = template.Library()


@register.inclusion_tag("programs/_comments.html", takes_context=True)
def record_comments(context: dict[str, Any], record: Record) -> dict[str, Any]:
    """The comments on a record the page may show, and the form for one more: ``{% record_comments activity %}``."""
    return comment_section(context["request"], record)
