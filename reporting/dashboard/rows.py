"""All lists that a dashboard shows beside its figures, read in one statement with what the figures need first."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from accounts.together import Statement, read_together
from programs.models import Difficulty, Recommendation, Target
from reporting.dashboard.asked import Asked
from reporting.dashboard.owed import Silent, owed_rows, silent_rows
from reporting.dashboard.stage_days import StageDays, days_asked, stage_days
from reporting.dashboard.work import question_rows, statement_rows, task_rows
from reporting.figures.by_agency import Done, done_by_agency, sums_by_agency
from reporting.figures.kept_lists import KeptList, lists
from reporting.models import Indicator, SavedView


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


def rows_of(asked: Asked, known: Statement, reached: Collection[Indicator]) -> Rows:
    """The lists of a look, with what each agency did of the indicators of reach. One statement."""
    ground, period, agencies = asked.ground, asked.period, asked.agencies
    done = sums_by_agency(reached, ground=ground, period=period, agencies=agencies)
    kept = [KeptList(ground, period, made) for made in (days_asked(ground, period, agencies), done)]
    by_records = [each.made if agencies is not None else each.statement for each in kept]
    targets = Target.objects.filter(programme=asked.programme).exclude(indicator="").exclude(value=None)
    first, silent, owed, days, sums, *rest = read_together(
        known,
        silent_rows(asked),
        owed_rows(asked),
        *by_records,
        targets if asked.programme else targets.none(),
        task_rows(asked),
        statement_rows(asked, Difficulty),
        statement_rows(asked, Recommendation),
        question_rows(asked),
        SavedView.objects.visible_to(asked.reader).filter(page=SavedView.Page.DASHBOARD),
    )
    if agencies is None:
        days, sums = lists(*zip(kept, (days, sums), strict=True))
    return Rows(
        *(first, [Silent(*row) for row in silent], owed, stage_days(days), done_by_agency(reached, sums)),
        *rest,
    )
