"""Shares of one figure in another, in percent, as exact as the two figures are."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from territory.figure import Figure, Qualifier
from territory.figure.change import ABOUT_REACHES

#: Percentages are printed with two decimal places at most.
_STEP = Decimal("0.01")


@dataclass(frozen=True)
class Span:
    """The least and the most that a value can be; no ``most`` where nothing bounds it."""

    least: Fraction
    most: Fraction | None


def span_of(figure: Figure) -> Span:
    """All that a figure as reported can mean; "about" reaches as far as where two periods are compared."""
    least = Fraction(figure.low or 0)
    most = None if figure.high is None else Fraction(figure.high)
    if figure.qualifier is Qualifier.ABOUT and most is not None:
        reach = most * Fraction(ABOUT_REACHES)
        return Span(least - reach, most + reach)
    return Span(least, most)


def share(part: Span, whole: Span) -> Span:
    """The percentage that ``part`` is of ``whole``, which is not nil for certain."""
    return Span(
        part.least * 100 / whole.most if whole.most else Fraction(0),
        part.most * 100 / whole.least if part.most is not None and whole.least else None,
    )


def percent(span: Span) -> Figure | None:
    """A percentage as a figure of at most two decimal places; None where nothing is known of it."""
    least = _rounded(span.least)
    if span.most is None:
        return Figure.over(least) if least else None
    most = _rounded(span.most)
    if span.least == span.most or least == most:
        return Figure.exact(least)
    return Figure.between(least, most)


def _rounded(value: Fraction) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(_STEP, rounding=ROUND_HALF_UP)
