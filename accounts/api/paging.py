"""Lists in pages, by a cursor: a page costs the same wherever it lies, and rows that come in shift none."""

import re
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

    def get_page_size(self, request: Any) -> int:
        """The rows of a page that were asked for. Raises FilterProblem for what is no number of rows."""
        typed = request.query_params.get(self.page_size_query_param)
        if typed is None:
            return self.page_size
        if not re.fullmatch(r"[0-9]{1,3}", typed, re.ASCII) or not 1 <= int(typed) <= self.max_page_size:
            message = _("Send a number from 1 to %(most)s.") % {"most": self.max_page_size}
            raise FilterProblem({"per_page": [message]})
        return int(typed)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        described: list[dict[str, Any]] = super().get_schema_operation_parameters(view)
        for parameter in described:
            if parameter["name"] == self.page_size_query_param:
                parameter["schema"] |= {"minimum": 1, "maximum": self.max_page_size}
        return described

    def get_ordering(self, request: Any, queryset: Any, view: Any) -> tuple[str, ...]:
        return tuple(getattr(view, "ordering", self.ordering))

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> Any:
        """A page of the rows. Raises FilterProblem for a cursor that is none of ours."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except NotFound as unknown:
            message = _("This is no cursor. Follow “next” as it was given.")
            raise FilterProblem({"cursor": [message]}) from unknown
