"""What the blocks of a report need beyond loops, for print and for the portal's page alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from reporting.charts import Chart, Tabulated, draw, split, tabulate
from reporting.rendering.heads import head_rows
from reporting.rendering.widths import widths

register = template.Library()
register.filter(head_rows)
register.filter(widths)


@register.filter
def picture(block: Mapping[str, Any]) -> SafeString:
    """A chart block as SVG, for a page."""
    # Every text in the picture was escaped when it was drawn.
    return mark_safe(draw(Chart.of_block(block)))  # noqa: S308


@register.filter
def printed_pictures(block: Mapping[str, Any]) -> list[SafeString]:
    """A chart block as SVG, for paper; a tall heat map as several, so that each fits a page."""
    return [mark_safe(draw(one, for_print=True)) for one in split(Chart.of_block(block))]  # noqa: S308


@register.filter
def chart_table(block: Mapping[str, Any]) -> Tabulated:
    """The values of a chart block as a table."""
    return tabulate(Chart.of_block(block))


@register.filter
def beside(
    cells: Sequence[str], columns: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each cell of a row with its column."""
    return zip(cells, columns, strict=False)
