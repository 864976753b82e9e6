"""All lists that a dashboard shows beside its figures, read in one statement."""

from dataclasses import dataclass
from typing import Any

from accounts.together import read_together
from programs.models import Difficulty, Recommendation, Target
from reporting.dashboard.answers import REACH_BY_AGENCY
from reporting.dashboard.asked import Asked
from reporting.dashboard.owed import Owed, owed_rows
from reporting.dashboard.stage_days import StageDays, days_asked, stage_days
from reporting.dashboard.work import question_rows, statement_rows, task_rows
from reporting.figures.by_agency import Done, done_by_agency, sums_by_agency
from reporting.models import SavedView


@dataclass(frozen=True)
class Rows:
    """The lists of one look; tasks, statements and questions as `reporting.dashboard.work` asks for them."""

    owed: list[Owed]
    days: dict[str, StageDays]
    done: list[Done]
    targets: list[Target]
    tasks: list[Any]
    difficulties: list[Any]
    recommendations: list[Any]
    questions: list[Any]
    views: list[SavedView]


def rows_of(asked: Asked) -> Rows:
    """The lists of a look. One statement."""
    reached = [asked.indicators[code] for code in REACH_BY_AGENCY if code in asked.indicators]
    ground, period, agencies = asked.ground, asked.period, asked.agencies
    targets = Target.objects.filter(programme=asked.programme).exclude(indicator="").exclude(value=None)
    owed, days, done, *rest = read_together(
        owed_rows(asked),
        days_asked(ground, period, agencies),
        sums_by_agency(reached, ground=ground, period=period, agencies=agencies),
        targets if asked.programme else targets.none(),
        task_rows(asked),
        statement_rows(asked, Difficulty),
        statement_rows(asked, Recommendation),
        question_rows(asked),
        SavedView.objects.visible_to(asked.reader).filter(page=SavedView.Page.DASHBOARD),
    )
    return Rows([Owed(*row) for row in owed], stage_days(days), done_by_agency(reached, done), *rest)
