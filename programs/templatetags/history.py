"""The section of a page that tells the history of its record."""

from typing import Any

from django import template
from django.core.paginator import Paginator
from django.db import models

from accounts.models import User
from programs.selectors.history import history_of as history_of_record

register = template.Library()

#: Entries a page shows; the older ones are on further pages.
ENTRIES_A_PAGE = 50
#: The parameter of the address that says which page of the history is shown.
PAGE_PARAMETER = "history"


@register.inclusion_tag("programs/_history.html", takes_context=True)
def record_history(context: dict[str, Any], record: models.Model) -> dict[str, Any]:
    """The history of a record the page may show: ``{% record_history activity %}``."""
    request = context["request"]
    reader = request.user if isinstance(request.user, User) else None
    entries = history_of_record(record, reader=reader)
    others = request.GET.copy()
    others.pop(PAGE_PARAMETER, None)
    return {
        "history": Paginator(entries, ENTRIES_A_PAGE).get_page(request.GET.get(PAGE_PARAMETER)),
        "rest": others.urlencode(),
    }
