"""Whether what is told from what is kept is what is counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from accounts.models import User
from accounts.together import read_together
from reporting.dashboard.answers import Answers
from reporting.dashboard.asked import asked_of
from reporting.dashboard.owed import NAMED, owed_rows, silent_rows
from reporting.dashboard.work import task_rows
from reporting.figures import Answer, Answered, Asking, MapBasis, Place, Question, grounds_of
from reporting.models import Indicator
from territory.models import Area
from territory.period import Period


def answered(
    indicators: Sequence[Indicator],
    areas: Sequence[Area],
    periods: Sequence[Period],
    *,
    keeps: bool,
    parts: Sequence[str] = ("", "women"),
    basis: MapBasis = MapBasis.THEN,
) -> dict[Place, Answer]:
    grounds = {ground.area.pk: ground for ground in grounds_of(areas, basis)}
    asking = Asking([Question(indicators, areas, periods, parts)], grounds=grounds, keeps=keeps)
    (rows,) = read_together(asking.statement)
    found: Answered = asking.answered(rows)
    return found.all(0)


def differences(
    indicators: Sequence[Indicator],
    areas: Sequence[Area],
    periods: Sequence[Period],
    basis: MapBasis = MapBasis.THEN,
) -> list[str]:
    """What is told otherwise from what is kept, when that is asked for and when it is asked for again."""
    direct = answered(indicators, areas, periods, keeps=False, basis=basis)
    found = []
    for time in ("first", "again"):
        kept = answered(indicators, areas, periods, keeps=True, basis=basis)
        assert list(kept) == list(direct)
        found += [
            f"{time} {place}: {each}" for place in direct for each in _between(direct[place], kept[place])
        ]
    return found


#: What an answer tells a dashboard; who said what is told by a figure's own page, which asks directly.
_TOLD = (
    *("cell", "source", "records", "recorded", "recorded_count", "also_reported", "from_facts"),
    *("left_out", "missing_periods", "is_estimated"),
)


def _between(direct: Answer, kept: Answer) -> Iterator[str]:
    for name in _TOLD:
        if getattr(direct, name) != getattr(kept, name):
            yield f"{name} is {getattr(direct, name)}, kept is {getattr(kept, name)}"
    for one, other in zip(direct.made_of, kept.made_of, strict=True):
        yield from _between(one, other)


def standing_differences(areas: Sequence[Area], reader: User) -> list[str]:
    """Which lists of what is owed and of tasks are told otherwise when they are kept, and looked at once more."""
    found = []
    for area in areas:
        asked = asked_of({"area": area.code, "period": "2020-H1"}, reader)
        direct = read_together(silent_rows(asked, most=NAMED), owed_rows(asked), task_rows(asked))
        for time in ("first", "again"):
            rows = Answers(asked).rows
            told = [[tuple(row) for row in kept] for kept in (rows.silent, rows.owed, rows.tasks)]
            found += [
                f"{time} {area}: {kept} instead of {one}"
                for kept, one in zip(told, direct, strict=True)
                if kept != one
            ]
    return found
