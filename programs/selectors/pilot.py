"""Pilots a person may see, how their tasks stand area by area, and what was made of them."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest

from accounts.models import User
from accounts.scoping import scope_of
from programs.models import Assignment, Document, DocumentKind, Occasion, Pilot, Task
from programs.selectors.activity import person
from programs.selectors.quantity import print_figure
from programs.selectors.rights import may_run_pilot
from territory.models import Agency, Area

READING_VERBS = ("document.read", "document.read_all")
WRITING_VERBS = ("document.write", "document.write_all")


def may_read_pilots(user: User) -> bool:
    return any(scope_of(user).may(verb) for verb in READING_VERBS)


def leads_of_pilots(user: User) -> Iterable[Agency]:
    """The agencies that lead pilots the person may see."""
    seen = Pilot.objects.visible_to(user).order_by().values("lead")
    return Agency.objects.filter(pk__in=seen).only("name", "valid_from", "valid_to", "sort_key")


def areas_of_pilots(user: User) -> list[Area]:
    """The areas in which pilots that the person may see are tried."""
    seen = Pilot.objects.visible_to(user).order_by().values("pk")
    tried = Pilot.areas.through.objects.filter(pilot__in=seen).values("area")
    return list(Area.objects.filter(pk__in=tried).select_related("parent").order_by("sort_key", "valid_from"))


@dataclass(frozen=True)
class PilotTotals:
    """How many pilots, and how many of each decision."""

    count: int = 0
    decisions: tuple[tuple[str, int], ...] = ()


def pilot_totals(pilots: Any) -> PilotTotals:
    """Counts of a queryset of pilots, in one query."""
    rows = pilots.order_by().values("decision").annotate(n=Count("pk"))
    counted = {row["decision"]: row["n"] for row in rows}
    decisions = tuple(
        (str(decision.label), counted[decision]) for decision in Pilot.Decision if decision in counted
    )
    return PilotTotals(sum(counted.values()), decisions)


def may_start_pilots(user: User) -> bool:
    """Whether the person may make a pilot of some plan, somewhere."""
    return any(scope_of(user).may(verb) for verb in WRITING_VERBS)


def get_pilot(request: HttpRequest, pk: int, *, needs: str = "read") -> Pilot:
    """The pilot, found and allowed, with its plan, area and lead.

    ``needs`` is "read" or "write". Raises Http404 when there is none, when the person may not see it, and when the
    person may see but not run it: an answer never tells which.
    """
    user = person(request)
    related = ("document__issuer", "document__area", "area", "lead", "replicated_from")
    pilot: Pilot | None = Pilot.objects.visible_to(user).select_related(*related).filter(pk=pk).first()
    if pilot is None or (needs == "write" and not may_run_pilot(user, pilot.document)):
        raise Http404
    return pilot


def get_plan(user: User, pk: int) -> Document:
    """A plan the person may make a pilot of. Raises Http404."""
    found = Document.objects.visible_to(user).select_related("issuer", "area").filter(pk=pk).first()
    if found is None or not may_run_pilot(user, found):
        raise Http404
    plan: Document = found
    return plan


def own_plans(user: User) -> Any:
    """Plans and other documents of the registers the person keeps, the newest first."""
    scope = scope_of(user)
    kept = scope.rows(own="document.write", every="document.write_all", agency="issuer")
    return Document.objects.visible_to(user).filter(kept).select_related("issuer", "area")


def plans_to_pilot(user: User) -> Any:
    """Plans that have no pilot yet."""
    return own_plans(user).filter(kind=DocumentKind.PLAN, pilot__isnull=True)


def plans_without_tasks(user: User) -> Any:
    """Documents into which the tasks of a pilot can be made anew."""
    return own_plans(user).filter(tasks__isnull=True)


@dataclass
class AreaProgress:
    """How the tasks stand in one area: how many are in each state, and how many of all these are late."""

    area: Area
    states: Counter[str] = field(default_factory=Counter)
    late: int = 0

    @property
    def done(self) -> int:
        return self.states[Assignment.State.DONE]

    @property
    def in_progress(self) -> int:
        return self.states[Assignment.State.IN_PROGRESS]

    @property
    def not_started(self) -> int:
        return self.states[Assignment.State.NOT_STARTED]

    @property
    def not_applicable(self) -> int:
        return self.states[Assignment.State.NOT_APPLICABLE]

    @property
    def total(self) -> int:
        return self.states.total()


@dataclass
class TaskProgress:
    """One task, and how it stands in each area the reader may see."""

    task: Task
    areas: dict[int, AreaProgress] = field(default_factory=dict)


@dataclass
class Progress:
    """The tasks of a pilot by task and by area; of the units, only those whose tasks the reader may see."""

    tasks: list[TaskProgress]
    areas: list[AreaProgress]


def asked_of_progress(pilot: Pilot, user: User) -> "tuple[QuerySet[Task], QuerySet[Assignment]]":
    """What reads the tasks of a pilot, and the units' that the person may see."""
    assignments = Assignment.objects.visible_to(user).filter(task__document=pilot.document_id)
    return (
        Task.objects.filter(document=pilot.document_id).select_related("lead"),
        assignments.select_related("area").order_by("area__sort_key", "task__order", "id"),
    )


def progress_among(read: Iterable[Task], assignments: Iterable[Assignment], *, today: dt.date) -> Progress:
    """How the tasks of a pilot stand, of what ``asked_of_progress`` read."""
    tasks = {task.pk: TaskProgress(task) for task in read}
    areas: dict[int, AreaProgress] = {}
    for assignment in assignments:
        of_task = tasks[assignment.task_id].areas
        for place in (areas, of_task):
            progress = place.setdefault(assignment.area_id, AreaProgress(assignment.area))
            progress.states[assignment.state] += 1
            progress.late += assignment.is_late(today)
    return Progress(list(tasks.values()), list(areas.values()))


@dataclass(frozen=True)
class ComparedFigure:
    """One thing that is counted, before, half-way and at the end; empty where it was not."""

    name: str
    unit: str
    baseline: str = ""
    midterm: str = ""
    final: str = ""


def compared_figures(pilot: Pilot) -> list[ComparedFigure]:
    """The figures of a pilot side by side, in the order in which they were first put down."""
    rows: dict[str, dict[str, str]] = {}
    for row in pilot.figures.all():
        told = rows.setdefault(row.name, {"unit": row.unit})
        told[row.occasion] = print_figure(row.figure)
    return [ComparedFigure(name, **told) for name, told in rows.items()]


@dataclass(frozen=True)
class Repetition:
    """A plan whose tasks were made from a pilot's, or a pilot whose tasks were made anew."""

    document: Document
    tasks: int
    pilot: Pilot | None


def repetitions_of(pilot: Pilot, user: User) -> list[Repetition]:
    """The plans into which the tasks of the pilot were made anew, as far as the person may see them."""
    return _repetitions(user, Q(tasks__copied_from__document=pilot.document_id))


def origin_of(pilot: Pilot, user: User) -> Repetition | None:
    """The plan whose tasks this pilot's were made from, when the person may see it."""
    found = _repetitions(user, Q(tasks__copies__document=pilot.document_id))
    return found[0] if found else None


def origin_of_plan(document: Document) -> Pilot | None:
    """The pilot whose tasks a plan repeats."""
    found: Pilot | None = (
        Pilot.objects.unscoped("links a plan to the pilot that it repeats")
        .filter(document__tasks__copies__document=document)
        .first()
    )
    return found


def _repetitions(user: User, condition: Q) -> list[Repetition]:
    documents: Iterable[Any] = (
        Document.objects.visible_to(user)
        .filter(condition)
        .annotate(task_count=Count("tasks", distinct=True))
        .select_related("issuer")
    )
    found = list(documents)
    pilots = Pilot.objects.visible_to(user).filter(document__in=[document.pk for document in found])
    by_document = {pilot.document_id: pilot for pilot in pilots} if found else {}
    return [Repetition(document, document.task_count, by_document.get(document.pk)) for document in found]


def parts_of(area: Area, since: dt.date) -> list[Area]:
    """The areas a plan for ``area`` can be tried in: what it consists of, on any day since then."""
    parts = Area.objects.filter(parent=area).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=since))
    return list(parts.order_by("-level", "sort_key", "valid_from"))


def units_around(area: Area, since: dt.date) -> list[Agency]:
    """The agencies of an area and of what it consists of, on any day since then; those of the area first."""
    held = Q(valid_to__isnull=True) | Q(valid_to__gte=since)
    agencies = Agency.objects.filter(Q(area=area) | Q(area__parent=area)).filter(held)
    return list(
        agencies.select_related("area", "kind").order_by(
            "area__path", "kind__order", "sort_key", "valid_from"
        )
    )


OCCASIONS = (Occasion.BASELINE, Occasion.MIDTERM, Occasion.FINAL)
