"""Who changed what of a statement or of a model, and when."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.models import User
from programs.models import Document, ModelAssessment, PreventionModel
from programs.selectors.history import ChangedField, HistoryEntry, _entries, _events, _people, _person_id
from programs.selectors.quantity import print_figure
from territory.figure import Figure, Qualifier

#: What a history tells of each kind of record; foreign keys by their name.
COLUMNS: dict[str, tuple[str, ...]] = {
    "difficulty": ("agency", "area", "period_start", "period_end", "text", "state", "overcome_on", "note"),
    "direction": ("agency", "area", "period_start", "period_end", "text", "task"),
    "recommendation": (
        *("agency", "area", "period_start", "period_end", "text", "addressee", "addressed_to", "state"),
        *("answer", "answered_on", "answer_document"),
    ),
    "preventionmodel": (
        *("kind", "name", "agency", "area", "since", "members", "state", "ended_on", "end_reason"),
        "description",
    ),
}
_LONGEST = 200


def last_change_of(record: models.Model) -> tuple[User | None, dt.datetime]:
    """Who changed the record last (as far as known) and when."""
    events = _events(f"{type(record).__name__}Event").filter(pgh_obj=record.pk)
    event = events.select_related("pgh_context").last()
    if event is None:
        return None, timezone.now()
    return _people([event]).get(_person_id(event)), event.pgh_created_at


def history_of(record: Any, reader: User) -> list[HistoryEntry]:
    """The changes of a statement or model, newest first. Documents the reader may not see are not named."""
    columns = COLUMNS[record._meta.model_name]
    related = [
        name for name in columns if name not in ("members", "answer_document") and _is_link(record, name)
    ]
    events = _events(f"{type(record).__name__}Event").filter(pgh_obj=record.pk)
    rows = list(events.select_related("pgh_context", *related))
    known = _documents(rows, reader) if "answer_document" in columns else {}

    def changes(before: Any, after: Any) -> Iterator[ChangedField]:
        if before is None:
            return
        for name in columns:
            was, now = _shown(record, before, name, known), _shown(record, after, name, known)
            if was != now:
                yield ChangedField(_label(record, name), was, now)

    sources: list[Any] = [(rows, changes)]
    if isinstance(record, PreventionModel):
        sources.append((_events("ModelAssessmentEvent").filter(model=record.pk), _assessment_changes))
    return _entries(sources)


def _documents(rows: list[Any], reader: User) -> dict[int, Document]:
    keys = {row.answer_document_id for row in rows} - {None}
    found: dict[int, Document] = Document.objects.visible_to(reader).in_bulk(keys) if keys else {}
    return found


def _is_link(record: Any, name: str) -> bool:
    return bool(record._meta.get_field(name).is_relation)


def _label(record: Any, name: str) -> str:
    return _("members") if name == "members" else str(record._meta.get_field(name).verbose_name)


def _shown(record: Any, event: Any, name: str, known: dict[int, Document]) -> str:
    if name == "members":
        is_known = event.low is not None or event.high is not None or event.words
        if not is_known:
            return ""
        qualifier = Qualifier(event.qualifier)
        return print_figure(Figure(event.low, event.high, qualifier, event.words or None, event.word or None))
    if name == "answer_document":
        return str(known.get(event.answer_document_id, ""))
    value = getattr(event, name)
    if value is None:
        return ""
    field = record._meta.get_field(name)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    return Truncator(str(value)).chars(_LONGEST)


def _assessment_changes(before: Any, after: Any) -> Iterator[ChangedField]:
    verdict = str(ModelAssessment.Verdict(after.verdict).label)
    yield ChangedField(_("Assessed on %(day)s") % {"day": f"{after.assessed_on:%d/%m/%Y}"}, "", verdict)
