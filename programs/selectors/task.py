"""Tasks a person may see: own units' ones, or every unit's, and how they stand."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Prefetch, Q, QuerySet, Value, When
from django.http import Http404, HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.scoping import scope_of
from programs.models import Activity, Assignment, Attachment, Document, ProgressNote
from programs.selectors.activity import person
from programs.selectors.rights import may_write_document
from programs.services.task import Unit
from territory.models import Agency, Area, Level, paths_above

READING_VERBS = ("task.read", "task.read_all")
OPEN_STATES = (Assignment.State.NOT_STARTED, Assignment.State.IN_PROGRESS)
#: A filter by state may also ask for this; it follows from state and due date.
LATE = "late"
#: Activities offered as evidence of a task.
MOST_EVIDENCE = 50
#: Documents offered by the filter of the list, the newest first.
_MOST_DOCUMENTS = 300
_SHAPES = {
    Assignment.State.NOT_STARTED: "not_due",
    Assignment.State.IN_PROGRESS: "running",
    Assignment.State.DONE: "done",
    Assignment.State.NOT_APPLICABLE: "nil",
}

#: What a unit must still do comes first, the longest overdue on top; then what is closed.
URGENCY = (
    Case(When(state__in=OPEN_STATES, then=Value(0)), default=Value(1), output_field=IntegerField()),
    F("due_on").asc(nulls_last=True),
    "task__document_id",
    "task__order",
    "id",
)


def may_read_tasks(user: User) -> bool:
    return any(scope_of(user).may(verb) for verb in READING_VERBS)


@dataclass(frozen=True)
class Standing:
    """How a unit stands with a task, in a word and in a shape of the badge."""

    shape: str
    label: str

    @classmethod
    def of(cls, state: str, *, is_late: bool) -> "Standing":
        known = Assignment.State(state)
        if is_late:
            return cls("late", _("Late: %(state)s") % {"state": known.label})
        return cls(_SHAPES[known], capfirst(str(known.label)))


@dataclass(frozen=True)
class AssignmentRow:
    """A unit's task as a list shows it."""

    assignment: Assignment
    is_late: bool

    @classmethod
    def of(cls, assignment: Assignment, today: dt.date) -> "AssignmentRow":
        return cls(assignment, assignment.is_late(today))

    @property
    def standing(self) -> Standing:
        return Standing.of(self.assignment.state, is_late=self.is_late)


def is_late_on(today: dt.date) -> Q:
    """The condition for assignments that are neither done nor excused and whose due date has passed."""
    return Q(state__in=OPEN_STATES, due_on__lt=today)


def counts_by_state(assignments: Any, today: dt.date) -> dict[str, int]:
    """How many there are ("all"), in each state, and late ("late"), in one query."""
    states = {state: Count("pk", filter=Q(state=state)) for state in Assignment.State.values}
    counts: dict[str, int] = assignments.order_by().aggregate(
        all=Count("pk"), **states, late=Count("pk", filter=is_late_on(today))
    )
    return counts


def own_open_assignments(user: User) -> "QuerySet[Assignment]":
    """The open tasks of the person's own units, most urgent first."""
    own: QuerySet[Assignment] = (
        Assignment.objects.visible_to(user)
        .filter(scope_of(user).rows(own="task.write"), state__in=OPEN_STATES)
        .select_related("task__document", "agency", "area")
        .order_by(*URGENCY)
    )
    return own


def get_assignment(request: HttpRequest, pk: int, *, needs: str = "read") -> Assignment:
    """A unit's task, found and allowed, with its task and document.

    ``needs`` is "read", or "write" for telling progress, which only the unit itself does. Raises Http404 when there
    is none, when the person may not see it, and when the person may see but not change it.
    """
    user = person(request)
    found = Assignment.objects.visible_to(user).select_related(
        "agency", "area", "task__lead", "task__document__issuer", "task__document__area"
    )
    if needs == "write":
        found = found.filter(scope_of(user).rows(own="task.write"))
    assignment: Assignment | None = found.filter(pk=pk).first()
    if assignment is None:
        raise Http404
    return assignment


def may_tell_progress(user: User, assignment: Assignment) -> bool:
    """Whether the task is one of the person's own unit."""
    grants = scope_of(user).having("task.write")
    return any(grant.reaches(assignment.agency_id, assignment.area) for grant in grants)


def task_documents(user: User) -> "QuerySet[Document]":
    """The documents whose tasks the person may ask for."""
    found: QuerySet[Document] = Document.objects.visible_to(user).select_related("issuer", "area")
    return found if may_read_tasks(user) else found.none()


def get_task_document(request: HttpRequest, pk: int, *, needs: str = "read") -> Document:
    """The document whose tasks are asked for.

    ``needs`` is "read", or "write" for cutting tasks from it. Raises Http404 when there is none, or the person may
    not see it, reads no tasks at all, or does not keep the register it belongs to.
    """
    user = person(request)
    document = task_documents(user).filter(pk=pk).first()
    if document is None:
        raise Http404
    if needs == "write" and not may_write_document(user, document.issuer, document.area):
        raise Http404
    return document


@dataclass(frozen=True)
class NoteRow:
    """A progress note as the page shows it, with the evidence the reader may open."""

    note: ProgressNote
    activities: list[Activity]
    documents: list[Document]
    hidden_count: int

    @classmethod
    def of(cls, note: Any) -> "NoteRow":
        shown = len(note.shown_activities) + len(note.shown_documents)
        hidden = note.activity_count + note.document_count - shown
        return cls(note, note.shown_activities, note.shown_documents, hidden)

    @property
    def standing(self) -> Standing:
        return Standing.of(self.note.state, is_late=False)


def progress_notes(assignment: Assignment, reader: User) -> "QuerySet[ProgressNote]":
    """What the unit told, newest first, each to be shown as a NoteRow."""
    activities: Any = Prefetch("activities", Activity.objects.visible_to(reader), to_attr="shown_activities")
    documents: Any = Prefetch("documents", Document.objects.visible_to(reader), to_attr="shown_documents")
    attachments: Any = Prefetch("attachments", Attachment.objects.select_related("added_by"))
    return (
        assignment.notes.select_related("by")
        .annotate(
            activity_count=Count("activities", distinct=True),
            document_count=Count("documents", distinct=True),
        )
        .order_by("-at", "-id")
        .prefetch_related(activities, documents, attachments)
    )


def activities_as_evidence(assignment: Assignment, user: User, chosen: Iterable[int] = ()) -> list[Activity]:
    """Approved activities of the unit that may show progress: those of the task's time first, then the latest.

    ``chosen`` are keys that are offered in any case, if they are the unit's.
    """
    task = assignment.task
    within = Q()
    if task.starts_on:
        within &= Q(ended_on__gte=task.starts_on)
    if task.due_on:
        within &= Q(started_on__lte=task.due_on)
    rank = (
        Case(When(within, then=Value(0)), default=Value(1), output_field=IntegerField())
        if within
        else Value(0)
    )
    own = (
        Activity.objects.visible_to(user)
        .filter(agency=assignment.agency_id, state=Activity.State.APPROVED)
        .only("title", "started_on", "ended_on")
    )
    found: list[Activity] = list(own.annotate(rank=rank).order_by("rank", "-ended_on", "-id")[:MOST_EVIDENCE])
    missing = set(chosen) - {activity.pk for activity in found}
    if missing:
        found += own.filter(pk__in=missing).order_by("-ended_on", "-id")[:MOST_EVIDENCE]
    return found


def documents_of_tasks(user: User) -> Iterable[Document]:
    """The documents from which the tasks come that the person may see, newest first."""
    visible = Assignment.objects.visible_to(user).order_by().values("task__document")
    documents: Iterable[Document] = (
        Document.objects.unscoped("only those whose tasks the person may see, and only their names")
        .filter(pk__in=visible)
        .only("kind", "number", "subject", "issued_on")[:_MOST_DOCUMENTS]
    )
    return documents


def agencies_of_tasks(user: User) -> Iterable[Agency]:
    """The agencies that have tasks the person may see."""
    visible = Assignment.objects.visible_to(user).order_by().values("agency")
    agencies: Iterable[Agency] = Agency.objects.filter(pk__in=visible).only("name", "sort_key", "valid_from")
    return agencies


# --- who can be given tasks, and who can lead them ---


def _standing_agencies(reach: Q, document: Document, today: dt.date) -> list[Agency]:
    """Agencies of today and of the document's day, those of larger areas first."""
    held = Q()
    for day in {today, document.issued_on or today}:
        held |= Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))
    found = Agency.objects.filter(reach).filter(held).select_related("area", "kind")
    columns = ("name", "sort_key", "valid_from", "valid_to", "kind__name", "kind__name_en", "kind__order")
    areas = ("area__name", "area__path", "area__sort_key", "area__level")
    return sorted(
        found.only(*columns, *areas),
        key=lambda agency: (
            agency.area.path.count("/"),
            agency.area.sort_key,
            agency.area.pk,
            agency.kind.order,
            agency.sort_key,
        ),
    )


def receiving_units(user: User, document: Document, today: dt.date) -> list[Unit]:
    """The units a person may give tasks of a document to: own ones, and those of the area for who coordinates it.

    Of the nation only agencies of the nation and the provinces are given.
    """
    scope = scope_of(user)
    units = {
        (grant.membership.agency_id, grant.area.pk): Unit(grant.membership.agency, grant.area)
        for grant in scope.having("task.write")
    }
    reach = Q(pk__in=[])
    for grant in scope.having("task.assign"):
        below = Q(area__path__startswith=grant.area.path)
        if grant.area.level == Level.NATION:
            below &= Q(area__level__in=[Level.NATION, Level.PROVINCE])
        reach |= below
    if scope.may("task.assign"):
        for agency in _standing_agencies(reach, document, today):
            units[agency.pk, agency.area_id] = Unit(agency, agency.area)
    return list(units.values())


def leading_agencies(user: User, document: Document, today: dt.date) -> list[Agency]:
    """The agencies that may lead a task or help with it: those of the person's areas and of the areas above."""
    scope = scope_of(user)
    paths = {
        path
        for verb in ("document.write", "document.write_all")
        for grant in scope.having(verb)
        for path in paths_above(grant.area.path)
    }
    return _standing_agencies(Q(area__path__in=paths) | Q(pk=document.issuer_id), document, today)


def areas_of_units(user: User, units: Iterable[Unit]) -> list[Area]:
    """The areas that units can be chosen by: those the person coordinates, and those of the units."""
    areas = {grant.area.pk: grant.area for grant in scope_of(user).having("task.assign")}
    areas |= {unit.area.pk: unit.area for unit in units}
    return sorted(areas.values(), key=lambda area: (area.path.count("/"), area.sort_key, area.pk))
