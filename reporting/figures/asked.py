"""What is asked: indicators on grounds, in periods and parts. Several questions may be answered together."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from reporting.figures.grounds import Ground, Member
from reporting.models import Indicator
from territory.models import Agency, AgencyKind
from territory.period import Period

#: Whose records and reports count: one agency's, those of every agency of a kind, or everybody's.
Whose = Agency | AgencyKind | None


class Cell(NamedTuple):
    """A ground in a period of one question: where each stands."""

    question: int
    ground: int
    period: int


@dataclass(frozen=True)
class Asked:
    """One question. ``indicators`` are all that take part, percentages aside."""

    indicators: Sequence[Indicator]
    grounds: Sequence[Ground]
    periods: Sequence[Period]
    parts: Collection[str] = ("",)

    @property
    def flows(self) -> set[str]:
        """The measures of what happened in a period."""
        return {measure for each in self.indicators for measure in each.rule.get("sum", ())}

    @property
    def stocks(self) -> set[str]:
        """The measures of what came in and went out until its end."""
        return {measure for each in self.indicators for measure in stock_measures(each)}

    @property
    def parts_of_measures(self) -> set[str]:
        return {part_of(each, part) for each in self.indicators for part in (*self.parts, "")}


def cells_of(questions: Sequence[Asked]) -> list[Cell]:
    return [
        Cell(q, g, p)
        for q, asked in enumerate(questions)
        for g in range(len(asked.grounds))
        for p in range(len(asked.periods))
    ]


def members_of(questions: Sequence[Asked]) -> Iterator[tuple[int, int, Member]]:
    """Every member of every ground, with the places of question and ground."""
    for q, asked in enumerate(questions):
        for g, ground in enumerate(asked.grounds):
            for member in ground.members:
                yield q, g, member


def first_days(questions: Sequence[Asked]) -> Iterator[tuple[int, Member, dt.date]]:
    """Every member in every cell, with the number of the cell and the first day of its period."""
    for number, cell in enumerate(cells_of(questions)):
        asked = questions[cell.question]
        for member in asked.grounds[cell.ground].members:
            yield number, member, asked.periods[cell.period].start


def agencies_of(whose: Whose) -> list[int] | None:
    """The keys of the agencies that are meant; None for all. One query for a kind."""
    if isinstance(whose, AgencyKind):
        return sorted(Agency.objects.filter(kind=whose).values_list("pk", flat=True))
    return None if whose is None else [whose.pk]


def stock_measures(indicator: Indicator) -> list[str]:
    stock = indicator.rule.get("stock", {})
    bases: list[str] = [str(indicator.rule["base"])] if "base" in indicator.rule else []
    return [*stock.get("in", ()), *stock.get("out", ()), *bases]


def part_of(indicator: Indicator, part: str) -> str:
    """The part of the measures an indicator is made of: the one asked for, or the one its rule names.

    Of an indicator that is a part itself, no other part is known.
    """
    named: str = indicator.rule.get("part", "")
    return f"{named}/{part}" if named and part else named or part
