"""Whether answers that are put together from what is kept are those that are counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from accounts.together import read_together
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
