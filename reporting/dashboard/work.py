"""The blocks that are made of lists: who reported when, tasks by status, what units stated."""

from collections import defaultdict
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.scoping import scope_of
from programs.models import Assignment, Difficulty, Recommendation
from programs.selectors.statement import may_read_statements
from programs.selectors.task import LATE, OPEN_STATES, may_read_tasks
from reporting.dashboard.asked import Asked
from reporting.dashboard.block import Block, Entry
from reporting.models import Obligation, Question
from reporting.obligations import Standing
from reporting.templatetags.humane import period_name
from territory.models import Area

#: Units and periods of the heat map; who reads obligations finds all of them in its own page.
UNITS_SHOWN = 30
PERIODS_SHOWN = 8
#: Difficulties and recommendations that are named.
STATED = 5

_REASON = "the dashboard tells which units reported, not what"


def compliance(asked: Asked) -> Block:
    """Units against the periods of the same form, those that are silent now first."""
    columns = [_("Unit")]
    title = _("Who reported when")
    rows = _owed(asked)
    if not rows:
        return Block("compliance", title, columns, [], empty=_("No report is asked for in this period."))
    spans = sorted(
        {(each.period_start, each.period_end, each.period_code) for each in rows}, key=lambda s: s[1]
    )
    spans = spans[-PERIODS_SHOWN:]
    units: dict[tuple[int, int], dict[Any, Any]] = defaultdict(dict)
    for each in rows:
        units[each.agency_id, each.area_id][each.period_start, each.period_end, each.period_code] = each
    reads = scope_of(asked.reader).may("obligation.read_all")
    now = spans[-1]
    ordered = sorted(units.values(), key=lambda held: now not in held or not Standing.of(held[now]).is_open)
    made = []
    for held in ordered[:UNITS_SHOWN]:
        unit = next(iter(held.values()))
        cells = [Entry(unit_name(unit))]
        for span in spans:
            cells.append(_standing(held[span], reads=reads) if span in held else Entry(""))
        made.append(cells)
    note = ""
    if len(ordered) > UNITS_SHOWN:
        beyond = len(ordered) - UNITS_SHOWN
        note = ngettext("and %(count)d more unit", "and %(count)d more units", beyond) % {"count": beyond}
    links = []
    if reads:
        links.append(
            Entry(_("All units and periods"), f"{reverse('obligation_heatmap')}?area={asked.area.pk}")
        )
    columns += [period_name(code) for _start, _end, code in spans]
    return Block("compliance", title, columns, made, note=note, is_table=True, links=links)


def _owed(asked: Asked) -> list[Any]:
    """What units of the area owed in the period and in earlier ones of the same forms, in alphabetical order."""
    every = Obligation.objects.unscoped(_REASON).filter(area__path__startswith=asked.area.path)
    if asked.agency is not None:
        every = every.filter(agency=asked.agency)
    forms = every.filter(period_start=asked.period.start, period_end=asked.period.end).order_by()
    since = asked.periods_over_time[0].start
    found = every.filter(
        form__in=forms.values("form"), period_start__gte=since, period_end__lte=asked.period.end
    )
    rows = found.with_state().select_related("agency", "area", "submission")
    return list(
        rows.defer("agency__search_text", "area__search_text").order_by(
            "area__level", "area__sort_key", "agency__sort_key", "period_end"
        )
    )


def _standing(owed: Any, *, reads: bool) -> Entry:
    standing = Standing.of(owed)
    word = f"{standing.word}, {_('late')}" if standing.is_late else str(standing.word)
    url = reverse("obligation_detail", args=[owed.pk]) if reads else ""
    return Entry(
        word, url, shape=standing.shape, letter=f"{standing.letter}{'▲' if standing.is_late else ''}"
    )


def unit_name(owed: Any) -> str:
    """The agency, with its area where the agency's name does not tell it."""
    name, area = owed.agency.name, owed.area
    return name if area.short_name in name else f"{name} ({area.name})"


def tasks(asked: Asked) -> Block | None:
    """Tasks of units in the area by where they stand; None for who reads none."""
    reader: User = asked.reader
    if not may_read_tasks(reader):
        return None
    today = timezone.localdate()
    every = Assignment.objects.visible_to(reader).filter(area__path__startswith=asked.area.path)
    if asked.agency is not None:
        every = every.filter(agency=asked.agency)
    late = Q(state__in=OPEN_STATES, due_on__lt=today)
    counts = every.order_by().aggregate(
        **{str(state): Count("pk", filter=Q(state=state)) for state in Assignment.State},
        late=Count("pk", filter=late),
    )
    where = {"area": str(asked.area.pk)} | ({"agency": str(asked.agency.pk)} if asked.agency else {})

    def row(state: str, name: str, shape: str) -> list[Entry]:
        url = f"{reverse('task_list')}?{urlencode({'state': state, **where})}"
        return [Entry(name, shape=shape), Entry(str(counts[state]), url, counts[state])]

    shapes = dict(zip(Assignment.State, ("not_due", "running", "done", "nil"), strict=True))
    rows = [row(LATE, _("late"), "late")]
    rows += [row(str(state), capfirst(str(state.label)), shapes[state]) for state in Assignment.State]
    if not any(counts.values()):
        rows = []
    title = _("Tasks by status")
    return Block(
        "tasks", title, [_("Status"), _("Tasks")], rows, is_table=True, empty=_("No unit has a task.")
    )


def statements(asked: Asked) -> list[Block]:
    """Difficulties and recommendations that units stated for the period."""
    reader: User = asked.reader
    if not may_read_statements(reader):
        return []
    kinds = (
        (Difficulty, "difficulty", _("Difficulties of the period"), _("No unit stated a difficulty.")),
        (
            Recommendation,
            "recommendation",
            _("Recommendations of the period"),
            _("No unit made a recommendation."),
        ),
    )
    return [_stated(asked, *kind) for kind in kinds]


def _stated(asked: Asked, model: Any, kind: str, title: str, empty: str) -> Block:
    found = model.objects.visible_to(asked.reader).filter(
        area__path__startswith=asked.area.path,
        period_start__gte=asked.period.start,
        period_end__lte=asked.period.end,
    )
    if asked.agency is not None:
        found = found.filter(agency=asked.agency)
    shown = list(
        found.select_related("agency").order_by("area__level", "agency__sort_key", "order")[: STATED + 1]
    )
    rows = [
        [
            Entry(
                Truncator(each.text).words(30),
                reverse("statement_detail", args=[kind, each.pk]),
            ),
            Entry(each.agency.name),
            Entry(capfirst(each.get_state_display())),
        ]
        for each in shown[:STATED]
    ]
    columns = [_("Text"), _("Unit"), _("State")]
    period = f"{asked.period.start.isoformat()}..{asked.period.end.isoformat()}"
    query = urlencode({"kind": kind, "area": asked.area.pk, "period": period})
    links = [Entry(_("All of the period"), f"{reverse('statement_list')}?{query}")] if rows else []
    return Block(f"{kind}-list", title, columns, rows, is_table=True, empty=empty, links=links)


def questions(asked: Asked) -> Block | None:
    """What units of the area were asked and have not answered; None for who neither asks nor answers."""
    scope = scope_of(asked.reader)
    if not (scope.may("question.ask") or scope.may("question.answer")):
        return None
    found = Question.objects.visible_to(asked.reader).filter(
        state=Question.State.OPEN, area__path__startswith=asked.area.path
    )
    if asked.agency is not None:
        found = found.filter(agency=asked.agency)
    rows = [
        [
            Entry(Truncator(each.text).words(30), reverse("question_detail", args=[each.pk])),
            Entry(each.agency.name),
            Entry(f"{each.due_on:%d/%m/%Y}"),
        ]
        for each in found.select_related("agency").order_by("due_on", "-id")[:STATED]
    ]
    columns = [_("Question"), _("Unit"), _("Answer due")]
    links = [Entry(_("All questions"), reverse("question_list"))] if rows else []
    empty = _("No question to a unit is open.")
    title = _("Open questions to units")
    return Block("questions", title, columns, rows, is_table=True, empty=empty, links=links)


def areas_of(silent: list[Any], whole: Area) -> list[Any]:
    """The areas below the whole in which a unit is silent, each once, in the order of the units."""
    return list({owed.area_id: owed.area for owed in silent if owed.area_id != whole.pk}.values())
