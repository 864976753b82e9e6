"""Rows of a submission that are written together: one statement for those added, changed and taken out each."""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from django.db import models

from reporting.models import FindingExplanation, ReportedFigure, SectionNarrative

R = TypeVar("R", bound=models.Model)


class _Writes(Generic[R]):
    """What becomes of rows of one table, kept until ``store``. Its triggers see each row, as they do of ``save``."""

    model: type[R]
    #: The columns that are written of a row that is there already.
    columns: Sequence[str]

    def __init__(self) -> None:
        self._put: list[R] = []
        self._taken_out: list[Any] = []

    def put(self, row: R) -> None:
        """A row is new, or some of its ``columns`` are."""
        self._put.append(row)

    def take_out(self, row: R) -> None:
        self._taken_out.append(row.pk)

    def store(self) -> None:
        rows: models.Manager[R] = self.model._default_manager
        added = [row for row in self._put if row.pk is None]
        changed = [row for row in self._put if row.pk is not None]
        if self._taken_out:
            rows.filter(pk__in=self._taken_out).delete()
        if changed:
            rows.bulk_update(changed, self.columns)
        if added:
            rows.bulk_create(added)


class FigureWrites(_Writes[ReportedFigure]):
    model = ReportedFigure
    columns = (
        *("low", "high", "qualifier", "word", "words"),
        *("note", "taken_from", "source", "from_records"),
        *("stands", "decided_by", "decided_at", "decision_note"),
    )


class TextWrites(_Writes[SectionNarrative]):
    model = SectionNarrative
    columns = ("text",)


class ExplanationWrites(_Writes[FindingExplanation]):
    model = FindingExplanation
    columns = ("text", "by", "at")
