"""Pieces of the pages of submissions."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.safestring import SafeString

from reporting.services.validation import Finding
from reporting.submission_form import FigureRow
from reporting.submission_rows import RowWriter

register = template.Library()


@register.simple_tag(takes_context=True)
def figure_rows(context: dict[str, Any], rows: Iterable[FigureRow]) -> SafeString:
    """The rows of a table of figures."""
    return _writer(context).rows(rows)


@register.simple_tag(takes_context=True)
def written_findings(context: dict[str, Any], findings: Iterable[Finding]) -> SafeString:
    """What the rules found in a section."""
    return _writer(context).findings(findings)


def _writer(context: dict[str, Any]) -> RowWriter:
    return RowWriter(
        context["obligation"],
        is_editable=context["is_editable"],
        is_kept_copy=context.get("is_kept_copy", False),
    )
