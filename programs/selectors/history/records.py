"""The history of each kind of record: which rows belong to it, and how they are named."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from programs.models import (
    Activity,
    ActivityCost,
    ActivityOccurrence,
    ActivityQuantity,
    Assignment,
    Attachment,
    Document,
    DocumentRelation,
    Funding,
    Measure,
    ModelAssessment,
    Occasion,
    Pilot,
    PilotAssessment,
    PilotFigure,
    PreventionModel,
    Programme,
    ProgressNote,
    Project,
    Relation,
    Target,
    Task,
)
from programs.selectors.history.entry import ChangedField, HistoryEntry
from programs.selectors.history.reading import (
    Related,
    added_or_removed,
    events_of,
    file_changes,
    has_column,
    record_history,
)
from programs.selectors.history.values import Names, figure_of
from programs.selectors.quantity import PARTS, Quantity, print_figure, print_number

_PART_LABELS = {
    "women": gettext_lazy("of them women"),
    "children": gettext_lazy("of them children"),
    "ethnic_minority": gettext_lazy("of them ethnic minority"),
}


def history_of(record: models.Model, *, reader: User | None) -> list[HistoryEntry]:
    """The history of a record of any kind, with what belongs to it. The reader may see the record."""
    told = _HISTORIES.get(type(record))
    return told(record, reader) if told else record_history(record, reader=reader)


def activity_history(activity: Activity, reader: User | None = None) -> list[HistoryEntry]:
    """The changes of an activity with its figures, costs, partners and files, newest first."""
    of_activity = Q(activity=activity.pk)
    return record_history(
        activity,
        reader=reader,
        related=[
            Related(ActivityQuantity, of_activity, differ=_quantity_changes),
            Related(ActivityCost, of_activity, differ=_cost_changes),
            Related(ActivityOccurrence, of_activity, summary=["venue", "held_on", "sessions", "attendances"]),
            Related(Attachment, of_activity, differ=file_changes),
        ],
    )


def document_history(document: Document, reader: User | None) -> list[HistoryEntry]:
    """The changes of a document, of what it rests on and of its files, newest first.

    Relations to documents the reader may not see are left out.
    """
    related = [
        Related(
            DocumentRelation,
            Q(document=document.pk),
            columns=["rests_on"],
            differ=_relation_changes,
        )
    ]
    if has_column(Attachment, "document"):
        related.append(Related(Attachment, Q(document=document.pk), differ=file_changes))
    return record_history(document, reader=reader, related=related)


def assignment_history(assignment: Assignment, reader: User | None) -> list[HistoryEntry]:
    """The changes of a unit's task, of the task itself, and the notes with what shows them, newest first."""
    notes = events_of(ProgressNote).filter(assignment=assignment.pk).order_by().values("pgh_obj")
    related = [
        Related(Task, Q(pgh_obj=assignment.task_id), name=_task_name, summary=["number", "text"]),
        Related(ProgressNote, Q(assignment=assignment.pk), columns=["state", "text"]),
    ]
    if has_column(Attachment, "progress_note"):
        related.append(Related(Attachment, Q(progress_note__in=notes), differ=file_changes))
    return record_history(assignment, reader=reader, related=related)


def task_history(task: Task, reader: User | None) -> list[HistoryEntry]:
    """The changes of a task and of the units that have it as far as the reader may see those, newest first."""
    if reader is None:
        return record_history(task, reader=None)
    seen = list(
        Assignment.objects.visible_to(reader).filter(task=task.pk).order_by().values_list("pk", flat=True)
    )
    given = Related(Assignment, Q(pgh_obj__in=seen), summary=["agency", "due_on", "state"])
    return record_history(task, reader=reader, related=[given])


def pilot_history(pilot: Pilot, reader: User | None) -> list[HistoryEntry]:
    """The changes of a pilot, of its figures and its assessments, newest first."""
    of_pilot = Q(pilot=pilot.pk)
    return record_history(
        pilot,
        reader=reader,
        related=[
            Related(PilotFigure, of_pilot, differ=_pilot_figure_changes),
            Related(
                PilotAssessment,
                of_pilot,
                name=_assessment_name,
                columns=["assessed_on", "text"],
            ),
        ],
    )


def programme_history(programme: Programme, reader: User | None) -> list[HistoryEntry]:
    """The changes of a programme, of its projects and its targets, newest first."""
    of_programme = Q(programme=programme.pk)
    return record_history(
        programme,
        reader=reader,
        related=[
            Related(Project, of_programme, name=_project_name, summary=["name"]),
            Related(Target, of_programme, name=_target_name, summary=["text", "value", "unit", "year"]),
        ],
    )


def model_history(model: PreventionModel, reader: User | None) -> list[HistoryEntry]:
    """The changes of a model and of its assessments, newest first."""
    assessments = Related(ModelAssessment, Q(model=model.pk), summary=["assessed_on", "verdict"])
    return record_history(model, reader=reader, related=[assessments])


_HISTORIES: dict[type[models.Model], Callable[[Any, User | None], list[HistoryEntry]]] = {
    Activity: activity_history,
    Document: document_history,
    Assignment: assignment_history,
    Task: task_history,
    Pilot: pilot_history,
    Programme: programme_history,
    PreventionModel: model_history,
}


def _task_name(event: Any) -> str:
    return _("Task")


def _assessment_name(event: Any) -> str:
    return _("Assessment, %(occasion)s") % {"occasion": Occasion(event.occasion).label}


def _target_name(event: Any) -> str:
    return _("Target %(number)s") % {"number": event.order}


def _project_name(event: Any) -> str:
    return _("Project %(number)s") % {"number": event.number}


def _relation_changes(before: Any, now: Any, after: Any, names: Names) -> Iterator[ChangedField]:
    other = names.of(Document, after.rests_on_id)
    if other:
        yield added_or_removed(str(Relation(after.kind).label), other, after)


def _cost_changes(before: Any, now: Any, after: Any, names: Names) -> Iterator[ChangedField]:
    label = _("Cost: %(source)s") % {"source": Funding(after.source).label}
    yield ChangedField(label, _money(before), _money(now))


def _quantity_changes(before: Any, now: Any, after: Any, names: Names) -> Iterator[ChangedField]:
    old = Quantity.of(before) if before else None
    new = Quantity.of(now) if now else None
    label = str(Measure((before or after).measure).label)
    if (str(old) if old else "") != (str(new) if new else ""):
        yield ChangedField(label, str(old) if old else "", str(new) if new else "")
    for part in PARTS:
        was, is_now = getattr(old, part, None), getattr(new, part, None)
        if was != is_now:
            part_label = _("%(measure)s, %(part)s") % {"measure": label, "part": _PART_LABELS[part]}
            yield ChangedField(part_label, _number(was), _number(is_now))


def _pilot_figure_changes(before: Any, now: Any, after: Any, names: Names) -> Iterator[ChangedField]:
    label = f"{after.name} ({Occasion(after.occasion).label})"
    was, is_now = (print_figure(figure_of(event), event.unit) if event else "" for event in (before, now))
    if was != is_now:
        yield ChangedField(label, was, is_now)


def _money(event: Any) -> str:
    return "" if event is None else f"{print_number(event.amount)} đ"


def _number(value: int | None) -> str:
    return "" if value is None else print_number(value)
