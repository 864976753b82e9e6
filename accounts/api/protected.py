"""Endpoints of tips, cases and victims: inside the row scope of who asks, with every record shown noted."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, ClassVar

from django.db import models
from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import RecordViews
from accounts.models import ReadEvent
from accounts.reading import record_reads
from accounts.row_scope import row_scope


def in_row_scope(handler: Callable[..., Response]) -> Callable[..., Response]:
    """A handler of a protected endpoint: one transaction, in the row scope of who asks."""

    @wraps(handler)
    def within(view: "ProtectedViews", *args: Any, **kwargs: Any) -> Response:
        with row_scope(view.reader):
            return handler(view, *args, **kwargs)

    return within


class ProtectedViews(RecordViews):
    """Records that are read and written in one transaction with the note of who was shown them. No note, no answer."""

    #: The field of an answer by which the record is found again.
    named_by: ClassVar[str] = "id"

    @classmethod
    def as_view(cls, *args: Any, **kwargs: Any) -> Any:
        view: Any = super().as_view(*args, **kwargs)
        view.is_protected = True
        return view

    def records_shown(self, rows: Iterable[Any]) -> Iterable[models.Model]:
        """The protected records behind the rows of an answer."""
        return rows

    @in_row_scope
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        rows = self.paginate_queryset(self.narrowed(request)) or []
        self.note_reads(rows)
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)

    @in_row_scope
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.answer(self.get_object())

    def narrowed(self, request: Request) -> Any:
        """The rows that the parameters of a list leave. Raises FilterProblem."""
        return self.get_queryset()

    def note_reads(self, rows: Iterable[Any]) -> None:
        record_reads(actor=self.reader, records=self.records_shown(rows), how=ReadEvent.How.API)

    def answer(self, record: Any, *, status: int = 200) -> Response:
        """The record as it is now, noted as shown. Raises Http404 for one that is out of sight by now."""
        fresh = self.get_queryset().filter(pk=record.pk).first()
        if fresh is None:
            raise Http404
        self.note_reads([fresh])
        return self.versioned(Response(self.get_serializer(fresh).data, status=status), fresh)

    def kept_of(self, answer: Response) -> Any:
        """Nothing of a protected record is kept outside its table: only what finds it again."""
        return {self.named_by: answer.data[self.named_by]}

    @in_row_scope
    def told_again(self, kept: Any, status: int) -> Response:
        """The record as it is now."""
        self.kwargs[self.lookup_field] = kept[self.named_by]
        return self.answer(self.get_object(), status=status)
