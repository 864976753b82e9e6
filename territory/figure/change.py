"""Comparing a figure with the same period of the year before (so với cùng kỳ)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from territory.figure.printing import print_count_vi, print_number_vi
from territory.figure.value import WIDE, Figure, Qualifier

# "About 500" may be anything within a tenth of 500: a convention of this portal, no decree says how far.
ABOUT_REACHES = Decimal("0.1")


class Direction(StrEnum):
    """Which way a figure went."""

    UP = "up"
    DOWN = "down"
    EQUAL = "equal"
    NOT_COMPARABLE = "not_comparable"


@dataclass(frozen=True)
class Change:
    """How a figure changed.

    `difference` (now minus before) and `percent` (of before, one decimal place) are negative when it went
    down. Both are None unless both figures are exact; `percent` is also None when it was 0 before.
    """

    direction: Direction
    difference: Decimal | None = None
    percent: Decimal | None = None


def change(current: Figure | None, before: Figure | None) -> Change:
    """What changed between two figures.

    Exact figures compare exactly. Others only tell up from down, and only where everything the one can mean
    lies beyond everything the other can; otherwise, and where either is absent, they are not comparable.
    """
    if current is None or before is None:
        return Change(Direction.NOT_COMPARABLE)
    if current.qualifier is Qualifier.EXACT and before.qualifier is Qualifier.EXACT:
        return _exact_change(_span(current)[0], _span(before)[0])
    low, high = _span(current)
    low_before, high_before = _span(before)
    if high_before is not None and low > high_before:
        return Change(Direction.UP)
    if high is not None and high < low_before:
        return Change(Direction.DOWN)
    return Change(Direction.NOT_COMPARABLE)


def print_change_vi(change: Change, unit: str | None = None) -> str:
    """A change as reports write it: "tăng 03 vụ (tăng 150%)", "giảm 01 vụ (giảm 50%)", "bằng cùng kỳ".

    The percentage is left out where there is none, the number where only the direction is known. With the
    unit "%" the difference is in percentage points and stands alone.
    """
    if change.direction is Direction.NOT_COMPARABLE:
        return "không so sánh được với cùng kỳ"
    if change.direction is Direction.EQUAL:
        return "bằng cùng kỳ"
    verb = "tăng" if change.direction is Direction.UP else "giảm"
    if change.difference is None:
        return verb
    difference = change.difference.copy_abs()
    if unit == "%":
        return f"{verb} {print_number_vi(difference)} điểm %"
    text = f"{verb} {print_count_vi(difference, unit)}"
    if change.percent is None:
        return text
    if change.percent == 0:
        return f"{text} ({verb} dưới 0,1%)"
    return f"{text} ({verb} {print_number_vi(change.percent.copy_abs())}%)"


def _exact_change(now: Decimal, before: Decimal) -> Change:
    difference = WIDE.subtract(now, before)
    percent = None
    if before:
        ratio = WIDE.divide(WIDE.multiply(difference, Decimal(100)), before)
        percent = ratio.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP, context=WIDE)
    if difference == 0:
        return Change(Direction.EQUAL, difference, percent)
    return Change(Direction.UP if difference > 0 else Direction.DOWN, difference, percent)


def _span(figure: Figure) -> tuple[Decimal, Decimal | None]:
    """The least and the most a figure can mean; None where there is no most."""
    low = Decimal(0) if figure.low is None else figure.low
    if figure.qualifier is Qualifier.ABOUT and figure.high is not None:
        reach = WIDE.multiply(figure.high, ABOUT_REACHES)
        return WIDE.subtract(low, reach), WIDE.add(figure.high, reach)
    return low, figure.high
