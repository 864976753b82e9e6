"""Cutting tasks from a document, giving them to units, and telling how far they have come."""

import datetime as dt
import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.scoping import scope_of
from programs.attachments import CheckedFile, not_held_yet, refuse_too_many_files, stored_files
from programs.models import Activity, Assignment, Document, ProgressNote, Task
from programs.selectors.rights import may_write_document
from territory.models import Agency, Area
from territory.text import normalise

#: A document is cut into at most so many tasks.
TASKS_LIMIT = 200

#: "1.", "2)", "(3)", "a)", "1.2.", "3a.", "-" and "•" begin a task; other lines go on with the one before. After a
#: number the blank may be missing ("1.Tăng cường"), but "1.500 người" and "30/6/2022" begin nothing.
_BEGINS = re.compile(
    r"^\s*(?:\(?(?P<number>\d{1,3}(?:\.\d{1,3})*[a-zđ]?)\s*[.)/](?:\s+|(?=[^\W\d_]))"
    r"|\(?(?P<letter>[a-zđ])\s*[.)/]\s+|[-–•*+]\s+)(?P<text>\S.*)$"
)


@dataclass(frozen=True)
class CutTask:
    """One task as it is to be made."""

    number: str
    text: str
    lead: Agency | None = None
    partners: Sequence[Agency] = ()
    starts_on: dt.date | None = None
    due_on: dt.date | None = None
    measure_indicator: str = ""
    measure_comparison: str = ""
    measure_value: object = None
    measure_words: str = ""


@dataclass(frozen=True)
class Unit:
    """An agency in an area: who receives a task."""

    agency: Agency
    area: Area


def read_numbered_list(pasted: str) -> list[CutTask]:
    """The tasks of a pasted numbered list, numbers kept as written; dashes are numbered by their place.

    Lines that begin no task go on with the one before; lines before the first are left out. Raises nothing.
    """
    tasks: list[tuple[str, list[str]]] = []
    for line in normalise(pasted).split("\n"):
        begins = _BEGINS.match(line)
        if begins:
            number = begins["number"] or begins["letter"] or str(len(tasks) + 1)
            tasks.append((number, [begins["text"].strip()]))
        elif tasks and line.strip():
            tasks[-1][1].append(line.strip())
    return [CutTask(number=number[:10], text=" ".join(lines)) for number, lines in tasks]


@transaction.atomic
def cut_tasks(
    *,
    actor: User,
    document: Document,
    tasks: Sequence[CutTask],
    units: Iterable[Unit] = (),
    after: int | None = None,
) -> list[Task]:
    """Make the tasks of a document, in order after those it has, and give each to the units.

    ``after`` is how many tasks the document had when these were typed. Where it has more by now and the next ones
    are these very tasks, they were saved already and are returned: a second click makes no second set.
    Raises PermissionDenied; ValidationError when there are none or too many, or other tasks came meanwhile.
    """
    _require_register(actor, document)
    # Two clicks, or two people, come one after the other.
    Document.objects.unscoped("the row is locked, nothing is read").select_for_update(of=("self",)).get(
        pk=document.pk
    )
    have = document.tasks.count()
    if not tasks:
        raise ValidationError(
            _("There is no task in the text. Begin each with its number: “1. …”."), code="no_task"
        )
    if after is not None and have != after:
        since = list(document.tasks.order_by("order")[after : after + len(tasks)])
        if [(task.number, task.text) for task in since] == [(cut.number, cut.text) for cut in tasks]:
            return since
        raise ValidationError(
            _("Tasks of this document were made meanwhile. Look at them; to add these as well, save again."),
            code="cut_meanwhile",
        )
    if have + len(tasks) > TASKS_LIMIT:
        raise ValidationError(
            _("A document has at most %(limit)s tasks."), code="too_many", params={"limit": TASKS_LIMIT}
        )
    made = []
    for order, cut in enumerate(tasks, start=have + 1):
        task = Task(
            document=document,
            order=order,
            number=cut.number,
            text=cut.text,
            lead=cut.lead,
            starts_on=cut.starts_on,
            due_on=cut.due_on,
            measure_indicator=cut.measure_indicator,
            measure_comparison=cut.measure_comparison,
            measure_value=cut.measure_value,  # type: ignore[misc]
            measure_words=cut.measure_words,
        )
        task.full_clean(exclude=["document"])
        task.save()
        task.partners.set(cut.partners)
        made.append(task)
    give_tasks(actor=actor, tasks=made, units=units)
    return made


@transaction.atomic
def give_tasks(*, actor: User, tasks: Sequence[Task], units: Iterable[Unit]) -> list[Assignment]:
    """Give tasks to units. A unit that has one already keeps it as it is. Raises PermissionDenied."""
    receivers = list(units)
    for unit in receivers:
        _require_may_assign(actor, unit)
    assignments = Assignment.objects.unscoped("the actor may assign to these units").filter(task__in=tasks)
    had = set(assignments.values_list("pk", flat=True))
    Assignment.objects.bulk_create(
        (
            Assignment(task=task, agency=unit.agency, area=unit.area, due_on=task.due_on)
            for unit in receivers
            for task in tasks
        ),
        ignore_conflicts=True,
        batch_size=1000,
    )
    return list(assignments.exclude(pk__in=had))


def note_progress(
    *,
    actor: User,
    assignment: Assignment,
    state: Assignment.State,
    text: str,
    reason: str = "",
    activities: Iterable[Activity] = (),
    documents: Iterable[Document] = (),
    attachments: Sequence[CheckedFile] = (),
    on: dt.date | None = None,
    submission_key: uuid.UUID | None = None,
) -> ProgressNote:
    """Tell how far a unit's task has come, with what shows it. The same ``submission_key`` again makes no second note.

    Raises PermissionDenied when it is not the actor's unit's task, ValidationError by field when a reason is missing,
    the text is empty, the evidence is not the unit's to show, or there are too many files.
    """
    with stored_files() as files, transaction.atomic(), pghistory.context(user=actor.pk):
        held: Assignment = (
            Assignment.objects.unscoped("the row is locked, then judged")
            .select_for_update(of=("self",))
            .select_related("agency", "area")
            .get(pk=assignment.pk)
        )
        if not any(
            grant.reaches(held.agency_id, held.area) for grant in scope_of(actor).having("task.write")
        ):
            raise PermissionDenied("it is another unit's task")
        key = submission_key or uuid.uuid4()
        existing = ProgressNote.objects.filter(submission_key=key).first()
        if existing is not None and existing.assignment_id != held.pk:
            raise PermissionDenied("the key belongs to a note about another task")
        if existing is not None:
            return existing
        chosen, papers = list(activities), list(documents)
        _judge_note(state, text, reason)
        _judge_evidence(actor, held, chosen, papers)
        new_files = not_held_yet(attachments, ())
        _judge_files(new_files)
        held.state = state
        held.reason = reason if state == Assignment.State.NOT_APPLICABLE else ""
        if on is not None and on > timezone.localdate():
            raise ValidationError({"done_on": _("The day lies in the future.")})
        held.done_on = (on or timezone.localdate()) if state == Assignment.State.DONE else None
        held.version += 1
        held.save()
        note = ProgressNote.objects.create(
            assignment=held, state=state, text=text, by=actor, submission_key=key
        )
        note.activities.add(*chosen)
        note.documents.add(*papers)
        files.attach(progress_note=note, actor=actor, checked=new_files)
    return note


def _judge_files(files: Sequence[CheckedFile]) -> None:
    try:
        refuse_too_many_files(kept=0, added=len(files))
    except ValidationError as error:
        raise ValidationError({"attachments": error}) from error


def _judge_note(state: str, text: str, reason: str) -> None:
    if not text.strip():
        raise ValidationError({"text": _("Say in a sentence how far the task has come.")})
    if state == Assignment.State.NOT_APPLICABLE and not reason.strip():
        raise ValidationError({"reason": _("Say why the task does not apply to your unit.")})


def _judge_evidence(
    actor: User, held: Assignment, activities: Sequence[Activity], documents: Sequence[Document]
) -> None:
    own = Activity.objects.visible_to(actor).filter(
        pk__in=[activity.pk for activity in activities], agency=held.agency_id
    )
    if own.count() != len({activity.pk for activity in activities}):
        raise ValidationError({"activities": _("One of these activities is not your unit's.")})
    known = Document.objects.visible_to(actor).filter(pk__in=[document.pk for document in documents])
    if known.count() != len({document.pk for document in documents}):
        raise ValidationError({"documents": _("One of these documents is not in your register.")})


def _require_register(actor: User, document: Document) -> None:
    if not may_write_document(actor, document.issuer, document.area):
        raise PermissionDenied("the actor does not keep this register")


def _require_may_assign(actor: User, unit: Unit) -> None:
    scope = scope_of(actor)
    own = any(grant.reaches(unit.agency.pk, unit.area) for grant in scope.having("task.write"))
    if not own and not scope.may_in("task.assign", unit.area):
        raise PermissionDenied("the actor gives no tasks to this unit")
