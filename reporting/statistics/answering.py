"""Answering a question: rows of figures, in the order asked, as the reader may see them."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accounts.scoping import Person
from reporting.disclosure import BASE, K, Shown, current_release, shown_to
from reporting.figures import Place
from reporting.models import Indicator, StatisticsRelease
from reporting.statistics.asking import Question
from territory.figure import Change, Figure, Qualifier, Status, change
from territory.models import Area
from territory.period import Period


@dataclass(frozen=True)
class Row:
    """One figure of an answer; ``before`` and ``change`` where it is compared."""

    indicator: Indicator
    area: Area
    period: Period
    part: str
    shown: Shown
    before: Shown | None = None
    change: Change | None = None

    @property
    def value(self) -> int | float | None:
        """The number to reckon with. Words have none; ``low`` and ``high`` say what they can mean."""
        return number(self.shown.figure.nominal) if self.shown.figure is not None else None

    @property
    def qualifier(self) -> str | None:
        figure = self.shown.figure
        return None if figure is None or figure.qualifier is Qualifier.EXACT else figure.qualifier.value

    @property
    def disclosure(self) -> str | None:
        """What the rule did: "rounded", "withheld", or nothing."""
        if not self.shown.is_protected:
            return None
        return "rounded" if self.shown.figure is not None else "withheld"


@dataclass(frozen=True)
class Table:
    """An answer. ``release`` is set where any figure comes from it."""

    question: Question
    rows: tuple[Row, ...]
    release: StatisticsRelease | None

    @property
    def is_protected(self) -> bool:
        return any(row.shown.is_protected for row in self.rows)

    @property
    def disclosure(self) -> dict[str, Any]:
        return {
            "k": self.release.k if self.release else K,
            "base": self.release.base if self.release else BASE,
            "applied": self.is_protected,
            "release": self.release.quarter if self.release else None,
        }


def answer_question(question: Question, reader: Person) -> Table:
    """The rows of an answer. Periods with the same areas and rules are answered together."""
    found: dict[Place, Shown] = {}
    groups: dict[tuple[tuple[int, ...], tuple[int, ...]], list[Period]] = {}
    for period in question.all_periods:
        key = (
            tuple(row.pk for row in question.indicators_in(period)),
            tuple(area.pk for area in question.areas_in(period)),
        )
        groups.setdefault(key, []).append(period)
    parts = ("", *question.parts)
    for periods in groups.values():
        found |= shown_to(
            reader,
            question.indicators_in(periods[0]),
            areas=question.areas_in(periods[0]),
            periods=periods,
            parts=parts,
            agency=question.agency,
            basis=question.basis,
        )
    rows = tuple(_rows(question, found))
    is_protected = any(row.shown.is_protected for row in rows)
    return Table(question, rows, current_release() if is_protected else None)


def _rows(question: Question, found: dict[Place, Shown]) -> Iterator[Row]:
    for period in question.periods:
        indicators = {row.code: row for row in question.indicators_in(period)}
        before = period.same_period_last_year() if question.is_compared else None
        for code in question.codes:
            told_by = indicators[code]
            for area in question.areas_in(period):
                for part in ("", *question.parts):
                    shown = found[Place(code, area.pk, period, part)]
                    if before is None:
                        yield Row(told_by, area, period, part, shown)
                        continue
                    earlier = found.get(Place(code, area.pk, before, part))
                    yield Row(told_by, area, period, part, shown, earlier, _change(shown, earlier))


def _change(shown: Shown, earlier: Shown | None) -> Change:
    return change(_comparable(shown), _comparable(earlier) if earlier else None)


def _comparable(shown: Shown) -> Figure | None:
    """The figure to compare by; a confirmed nil is nothing for certain."""
    if shown.status is Status.CONFIRMED_NIL:
        return Figure.exact(0)
    return shown.figure


def number(value: Decimal | None) -> int | float | None:
    """A number as JSON has it."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
