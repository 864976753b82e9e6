"""Whether what is kept is what is counted: some of what is kept, taken at random, is counted again."""

from __future__ import annotations

from collections.abc import Iterator

from reporting.figures.asked import Asked
from reporting.figures.grounds import Ground, MapBasis, grounds_of, itself
from reporting.figures.keeping import Keeping, counted
from reporting.figures.sheets import Filling, Sheet, ground_key
from reporting.figures.tallies import tally_as_json
from reporting.models import KeptSheet, KeptTally
from territory.period import stored_period

#: Kept tallies that are counted again, and how many of them together.
_MOST_CHECKED = 200
_AT_ONCE = 20


def check_kept(limit: int = _MOST_CHECKED) -> list[str]:
    """Count what is kept again. Returns one line for each indicator and part that differs.

    What does not hold is not looked at: nobody is shown it. What changes meanwhile is left alone too.
    """
    rows = list(KeptTally.objects.select_related("area").defer("tallies").order_by("?")[:limit])
    sheets = {
        each.sheet: Sheet.of(each.asked)
        for each in KeptSheet.objects.filter(sheet__in={row.sheet for row in rows})
    }
    asked = [
        Asked(sheet.indicators, [ground], [stored_period(row.period_code, row.period_rule)], sheet.parts)
        for row in rows
        if (sheet := sheets.get(row.sheet)) is not None and (ground := _ground_of(row)) is not None
    ]
    lots = [asked[start : start + _AT_ONCE] for start in range(0, len(asked), _AT_ONCE)]
    return [difference for lot in lots for difference in _differences(lot)]


def _ground_of(row: KeptTally) -> Ground | None:
    """The ground a tally was kept of; None if the area is made of other areas today."""
    ground = Ground(row.area, (itself(row.area),))
    if row.ground:
        ground = grounds_of([row.area], MapBasis.NOW)[0]
    return ground if ground_key(ground) == row.ground else None


def _differences(questions: list[Asked]) -> Iterator[str]:
    keeping = Keeping(questions)
    before = keeping.held()
    counting = counted(questions)
    after = keeping.held()
    for cell, (version, kept) in before.items():
        if cell in after and after[cell][0] == version:
            place = f"{questions[cell.question].grounds[0].area} {questions[cell.question].periods[0].code}"
            filled = kept.sheet.counted(counting, cell)
            yield from (f"{place}: {each}" for each in _between(kept, filled))


def _between(kept: Filling, filled: Filling) -> Iterator[str]:
    """How two fillings of a sheet differ."""
    if kept.told != filled.told:
        yield f"{kept.told} is kept, {filled.told} was counted"
    for line, indicator in enumerate(kept.sheet.indicators):
        for column, part in enumerate(kept.sheet.parts):
            one, other = kept.at(line, column), filled.at(line, column)
            if tally_as_json(one) != tally_as_json(other):
                yield f"{indicator.code} {part}: {one} is kept, {other} was counted"
