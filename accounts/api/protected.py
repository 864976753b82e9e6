"""Endpoints of tips, cases and victims: inside the row scope of who asks, with every record shown noted."""

from collections.abc import Iterable
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import RecordViews
from accounts.models import ReadEvent
from accounts.reading import record_reads
from accounts.row_scope import row_scope


class ProtectedViews(RecordViews):
    """Records that are read only, each read in one transaction with the note of it. No note, no answer."""

    @classmethod
    def as_view(cls, *args: Any, **kwargs: Any) -> Any:
        view: Any = super().as_view(*args, **kwargs)
        view.is_protected = True  # what is refused is noted with a 404 too
        return view

    def records_shown(self, rows: Iterable[Any]) -> Iterable[Any]:
        """The protected records behind the rows of an answer."""
        return rows

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        with row_scope(self.reader):
            rows = self.paginate_queryset(self.narrowed(request)) or []
            record_reads(actor=self.reader, records=self.records_shown(rows), how=ReadEvent.How.API)
            return self.get_paginated_response(self.get_serializer(rows, many=True).data)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        with row_scope(self.reader):
            record = self.get_object()
            record_reads(actor=self.reader, records=self.records_shown([record]), how=ReadEvent.How.API)
            return self.versioned(Response(self.get_serializer(record).data), record)

    def narrowed(self, request: Request) -> Any:
        """The rows that the parameters of a list leave. Raises FilterProblem."""
        return self.get_queryset()
