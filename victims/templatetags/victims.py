"""Đồng, births and kinds of papers as pages print them; until when a record is kept."""

from typing import Any

from django import template

from territory.figure import print_number_vi
from victims.selectors.retention import keeping_of
from victims.value_lists import PaperKind

register = template.Library()


@register.filter
def dong(amount: int | None) -> str:
    """An amount with its thousands grouped; empty where nothing was paid."""
    return "" if amount is None else print_number_vi(amount)


@register.filter
def birth(text: str) -> str:
    """A birth kept as "2001-02-28" or "2001", in the order in which people here write it."""
    return "/".join(reversed(text.split("-")))


@register.filter
def paper_kind(kind: str) -> str:
    return str(PaperKind(kind).label)


@register.inclusion_tag("victims/_kept.html")
def kept(record: Any) -> dict[str, Any]:
    """Until when a victim's file, a case or a tip is kept."""
    return {"kept": keeping_of(record)}
