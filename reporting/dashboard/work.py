"""The blocks that are made of lists: tasks by status, what units stated and were asked."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from accounts.scoping import scope_of
from programs.models import Assignment, Difficulty, Recommendation
from programs.selectors.statement import may_read_statements
from programs.selectors.task import LATE, is_late_on, may_read_tasks
from reporting.dashboard.asked import Asked
from reporting.dashboard.block import Block, Entry
from reporting.figures import MapBasis
from reporting.models import Question

#: Difficulties and recommendations that are named.
STATED = 5


def _of(asked: Asked, rows: Any) -> Any:
    """The rows on the ground of a look, of those whose part it shows."""
    found = rows.filter(asked.ground.owed)
    return found if asked.agencies is None else found.filter(agency__in=asked.agencies)


def _lists_of_today(asked: Asked) -> str:
    """On today's map, that the lists which numbers lead to are of the areas of today alone."""
    if asked.basis is MapBasis.THEN:
        return ""
    return _(
        "Counted with the areas that became part of this one; the lists behind it hold those of today alone."
    )


def task_rows(asked: Asked) -> Any:
    """How many tasks units of the area have by state, and how many of them are late; none for who reads none."""
    every = Assignment.objects.visible_to(asked.reader)
    if not may_read_tasks(asked.reader):
        every = every.none()
    late = Count("pk", filter=is_late_on(timezone.localdate()))
    return _of(asked, every).order_by().values_list("state").annotate(Count("pk"), late=late)


def tasks(asked: Asked, rows: Iterable[tuple[str, int, int]]) -> Block | None:
    """Tasks of units in the area by where they stand; None for who reads none."""
    if not may_read_tasks(asked.reader):
        return None
    counts = dict.fromkeys([LATE, *Assignment.State.values], 0)
    for state, number, late in rows:
        counts[state] = number
        counts[LATE] += late
    where = {"area": str(asked.area.pk)} | ({"agency": str(asked.agency.pk)} if asked.agency else {})

    def row(state: str, name: str, shape: str) -> list[Entry]:
        url = f"{reverse('task_list')}?{urlencode({'state': state, **where})}" if asked.kind is None else ""
        return [Entry(name, shape=shape), Entry(str(counts[state]), url, Decimal(counts[state]))]

    shapes = dict(zip(Assignment.State, ("not_due", "running", "done", "nil"), strict=True))
    made = [row(LATE, _("late"), "late")]
    made += [row(str(state), capfirst(str(state.label)), shapes[state]) for state in Assignment.State]
    if not any(counts.values()):
        made = []
    title = _("Tasks by status")
    columns, empty = [_("Status"), _("Tasks")], _("No unit has a task.")
    return Block("tasks", title, columns, made, note=_lists_of_today(asked), is_table=True, empty=empty)


def statement_rows(asked: Asked, model: Any) -> Any:
    """The first difficulties or recommendations that units stated for the period; none for who reads none."""
    every = model.objects.visible_to(asked.reader)
    if not may_read_statements(asked.reader):
        every = every.none()
    found = _of(asked, every).filter(period_start__gte=asked.period.start, period_end__lte=asked.period.end)
    ordered = found.order_by("area__level", "agency__sort_key", "order", "pk")
    return ordered.values_list("pk", "text", "agency__name", "state")[:STATED]


def statements(asked: Asked, difficulties: Sequence[Any], recommendations: Sequence[Any]) -> list[Block]:
    """Difficulties and recommendations that units stated for the period; nothing for who reads none."""
    if not may_read_statements(asked.reader):
        return []
    first, second = _("Difficulties of the period"), _("Recommendations of the period")
    return [
        _stated(asked, Difficulty, "difficulty", first, _("No unit stated a difficulty."), difficulties),
        _stated(
            *(asked, Recommendation, "recommendation", second),
            *(_("No unit made a recommendation."), recommendations),
        ),
    ]


def _stated(asked: Asked, model: Any, kind: str, title: str, empty: str, found: Sequence[Any]) -> Block:
    rows = [
        [
            Entry(Truncator(text).words(30), reverse("statement_detail", args=[kind, key])),
            Entry(agency),
            Entry(capfirst(str(model.State(state).label))),
        ]
        for key, text, agency, state in found
    ]
    columns = [_("Text"), _("Unit"), _("State")]
    period = f"{asked.period.start.isoformat()}..{asked.period.end.isoformat()}"
    query = urlencode({"kind": kind, "area": asked.area.pk, "period": period})
    links = [Entry(_("All of the period"), f"{reverse('statement_list')}?{query}")] if rows else []
    note = _lists_of_today(asked)
    return Block(f"{kind}-list", title, columns, rows, note=note, is_table=True, empty=empty, links=links)


def question_rows(asked: Asked) -> Any:
    """The first open questions to units of the area that the reader may see."""
    found = _of(asked, Question.objects.visible_to(asked.reader)).filter(state=Question.State.OPEN)
    return found.order_by("due_on", "-id").values_list("pk", "text", "agency__name", "due_on")[:STATED]


def questions(asked: Asked, found: Sequence[Any]) -> Block | None:
    """What units of the area were asked and have not answered; None for who neither asks nor answers."""
    scope = scope_of(asked.reader)
    if not (scope.may("question.ask") or scope.may("question.answer")):
        return None
    rows = [
        [
            Entry(Truncator(text).words(30), reverse("question_detail", args=[key])),
            Entry(agency),
            Entry(f"{due_on:%d/%m/%Y}"),
        ]
        for key, text, agency, due_on in found
    ]
    columns = [_("Question"), _("Unit"), _("Answer due")]
    links = [Entry(_("All questions"), reverse("question_list"))] if rows else []
    empty = _("No question to a unit is open.")
    title = _("Open questions to units")
    return Block("questions", title, columns, rows, is_table=True, empty=empty, links=links)
