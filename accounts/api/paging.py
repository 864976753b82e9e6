"""Lists in pages, by a cursor: a page costs the same wherever it lies, and rows that come in shift none."""

from typing import Any

from rest_framework.pagination import CursorPagination


class RecordPages(CursorPagination):
    """Pages of 50 rows, at most 200; newest first unless the view says otherwise."""

    page_size = 50
    page_size_query_param = "per_page"
    max_page_size = 200
    ordering = ("-id",)

    def get_ordering(self, request: Any, queryset: Any, view: Any) -> tuple[str, ...]:
        return tuple(getattr(view, "ordering", self.ordering))
