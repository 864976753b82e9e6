"""All lists that a dashboard shows beside its figures, read in one statement with what the figures need first."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.together import KeptFor, Statement, read_together
from programs.models import Difficulty, Recommendation, Target
from reporting.dashboard.asked import Asked
from reporting.dashboard.owed import Silent, owed_rows, silent_rows
from reporting.dashboard.stage_days import StageDays, days_asked, stage_days
from reporting.dashboard.work import question_rows, statement_rows, task_rows
from reporting.figures.by_agency import Done, done_by_agency, sums_by_agency
from reporting.figures.kept_lists import KeptList, lists
from reporting.models import Indicator, SavedView

#: Statements of as many looks are kept.
_LISTS = KeptFor(most=500)


@dataclass(frozen=True)
class Rows:
    """The lists of one look; tasks, statements and questions as `reporting.dashboard.work` asks for them, what is
    owed as `reporting.dashboard.owed` does. ``known`` is what the figures are answered by."""

    known: list[Any]
    silent: list[Silent]
    owed: list[Any]
    days: dict[str, StageDays]
    done: list[Done]
    targets: list[Target]
    tasks: list[Any]
    difficulties: list[Any]
    recommendations: list[Any]
    questions: list[Any]
    views: list[SavedView]


def rows_of(asked: Asked, known: Statement, reached: Collection[Indicator], *, most_silent: int) -> Rows:
    """The lists of a look, with what each agency did of the indicators of reach. One statement."""
    ground, period, agencies = asked.ground, asked.period, asked.agencies
    silent, owed, work, *rest = _LISTS(
        (
            *(asked.rights, ground.members, period, asked.basis, asked.periods_over_time[0]),
            *(None if agencies is None else tuple(agencies), most_silent, timezone.localdate()),
            asked.programme.pk if asked.programme else None,
        ),
        lambda: _lists(asked, most_silent),
    )
    done = sums_by_agency(reached, ground=ground, period=period, agencies=agencies)
    kept = [
        *(KeptList(ground, period, made) for made in (days_asked(ground, period, agencies), done)),
        *(KeptList(ground, period, made, is_of_standing=True) for made in (silent, owed, work)),
    ]
    first, *found = read_together(
        known, *(each.made if agencies is not None else each.statement for each in kept), *rest
    )
    listed, others = found[: len(kept)], found[len(kept) :]
    if agencies is None:
        listed = lists(*zip(kept, listed, strict=True))
    days, sums, silent_units, owing, tasks = listed
    return Rows(
        first,
        [Silent(*row) for row in silent_units],
        owing,
        stage_days(days),
        done_by_agency(reached, sums),
        others[0],
        tasks,
        *others[1:],
    )


def _lists(asked: Asked, most_silent: int) -> list[QuerySet[Any]]:
    """The lists that querysets ask for: those of what is owed and of tasks first, which are kept."""
    targets = Target.objects.filter(programme=asked.programme).exclude(indicator="").exclude(value=None)
    return [
        silent_rows(asked, most=most_silent),
        owed_rows(asked),
        task_rows(asked),
        targets if asked.programme else targets.none(),
        statement_rows(asked, Difficulty),
        statement_rows(asked, Recommendation),
        question_rows(asked),
        SavedView.objects.visible_to(asked.reader).filter(page=SavedView.Page.DASHBOARD),
    ]
