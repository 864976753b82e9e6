"""Lists in pages, by a cursor: a page costs the same wherever it lies, and rows that come in shift none."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination

from accounts.api.problems import FilterProblem


class RecordPages(CursorPagination):
    """Pages of 50 rows, at most 200; newest first unless the view says otherwise."""

    page_size = 50
    page_size_query_param = "per_page"
    max_page_size = 200
    ordering = ("-id",)

    def get_ordering(self, request: Any, queryset: Any, view: Any) -> tuple[str, ...]:
        return tuple(getattr(view, "ordering", self.ordering))

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> Any:
        """A page of the rows. Raises FilterProblem for a cursor that is none of ours."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except NotFound as unknown:
            message = _("This is no cursor. Follow “next” as it was given.")
            raise FilterProblem({"cursor": [message]}) from unknown
