"""All lists that a dashboard shows beside its figures, read in one statement with what the figures need first."""

from collections.abc import Collection, Hashable
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
from reporting.figures.kept_lists import KeptList, KeptLists
from reporting.models import Indicator, SavedView

#: Statements of as many looks are kept.
_STANDING, _OTHERS = KeptFor(most=500), KeptFor(most=500)


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
    kept = kept_lists(asked, reached, most_silent=most_silent)
    lists = KeptLists(kept, remembers=True) if asked.agencies is None else None
    listed = lists.statements if lists else [each.made for each in kept]
    first, *found = read_together(known, *listed, *_OTHERS(_key(asked), lambda: _others(asked)))
    told, (targets, *others) = found[: len(listed)], found[len(listed) :]
    days, sums, silent, owed, tasks = lists.rows(*told) if lists else told
    return Rows(
        *(first, [Silent(*row) for row in silent], owed, stage_days(days), done_by_agency(reached, sums)),
        *(targets, tasks, *others),
    )


def kept_lists(asked: Asked, reached: Collection[Indicator], *, most_silent: int) -> list[KeptList]:
    """Those of the lists that are kept, unless the look is at single agencies."""
    ground, period, agencies = asked.ground, asked.period, asked.agencies
    of_records = (
        days_asked(ground, period, agencies),
        sums_by_agency(reached, ground=ground, period=period, agencies=agencies),
    )
    of_standing = _STANDING(
        (*_key(asked), most_silent),
        lambda: (silent_rows(asked, most=most_silent), owed_rows(asked), task_rows(asked)),
    )
    return [
        *(KeptList(ground, period, made) for made in of_records),
        *(KeptList(ground, period, made, is_of_standing=True) for made in of_standing),
    ]


def _key(asked: Asked) -> tuple[Hashable, ...]:
    """All that decides about the lists of a look."""
    agencies = None if asked.agencies is None else tuple(asked.agencies)
    return (
        *(asked.rights, asked.ground.members, asked.period, asked.basis, asked.periods_over_time[0]),
        *(agencies, asked.programme.pk if asked.programme else None, timezone.localdate()),
    )


def _others(asked: Asked) -> list[QuerySet[Any]]:
    targets = Target.objects.filter(programme=asked.programme).exclude(indicator="").exclude(value=None)
    return [
        targets if asked.programme else targets.none(),
        statement_rows(asked, Difficulty),
        statement_rows(asked, Recommendation),
        question_rows(asked),
        SavedView.objects.visible_to(asked.reader).filter(page=SavedView.Page.DASHBOARD),
    ]
