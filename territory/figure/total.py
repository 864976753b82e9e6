"""Adding figures without losing what is unsure about them.

A Total is what facts are stored as. Totals add exactly, in any order and any grouping (a commutative monoid),
so a province is the sum of its districts whichever way the roll-up walks. What to print is derived last.

    exact + exact               exact
    over + exact, range, about  over the sum of the lower bounds
    nearly + the same           nearly the sum of the upper bounds
    over + nearly               about the sum of the nominal numbers
    range + exact, about        the range of the sums
    about + exact, about        about the sum
    words + zero                the words as written
    words + anything else       what their bounds make of the sum; words without bounds count as "0 or more"
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import IntFlag
from functools import lru_cache
from typing import TypedDict

from territory.figure.value import (
    LARGEST,
    SMALLEST_STEP,
    WIDE,
    Figure,
    FigureError,
    Qualifier,
    canonical,
    middle,
)


class TotalFlags(IntFlag):
    """What is true of at least one part of a total. Adding joins the flags (bitwise or, BIT_OR in SQL)."""

    NONE = 0
    ABOUT = 1
    OPEN_ABOVE = 2
    OPEN_BELOW = 4
    SPREAD = 8
    IN_WORDS = 16
    SAID_HON = 32
    SAID_TREN = 64


_ALL_FLAGS = sum(TotalFlags)


class TotalColumns(TypedDict):
    """A total as database columns; the numbers need NUMERIC with three decimal places."""

    low: Decimal
    high: Decimal
    nominal: Decimal
    flags: int
    words: str | None
    parts: int


@dataclass(frozen=True)
class Total:
    """The sum of `parts` figures.

    `low` and `high` are the sums of the bounds: an absent low counts as 0 (no figure is negative), an absent
    high as the low (OPEN_ABOVE tells that it is no bound). `nominal` sums the nominal numbers, for words the
    middle of their bounds, or the low where there is no high. `words` survives only while every other part is
    an exact 0; in SQL: while exactly one row has flags <> 0 or high <> 0. Raises FigureError (malformed) when
    these do not fit together.
    """

    low: Decimal
    high: Decimal
    nominal: Decimal
    flags: TotalFlags
    words: str | None
    parts: int

    def __post_init__(self) -> None:
        for name in ("low", "high", "nominal"):
            object.__setattr__(self, name, canonical(getattr(self, name)))
        object.__setattr__(self, "flags", _checked_flags(self.flags))
        if not self._is_sound():
            raise FigureError("malformed", "The columns of this total do not fit together.")
        if self.words is not None:
            object.__setattr__(self, "words", self._worded(self.words).words)

    @staticmethod
    def empty() -> Total:
        """The sum of nothing: adding it changes nothing. It prints as 0, so ask `parts` before showing it."""
        return _EMPTY

    @classmethod
    @lru_cache(maxsize=4096)
    def of(cls, figure: Figure) -> Total:
        """A total of this one figure; `Total.of(figure).figure() == figure`."""
        low = Decimal(0) if figure.low is None else figure.low
        high = low if figure.high is None else figure.high
        flags, nominal = _FLAGS[figure.qualifier], figure.nominal
        if figure.qualifier is Qualifier.OVER:
            flags |= TotalFlags.SAID_TREN if figure.word == "trên" else TotalFlags.SAID_HON
        if figure.qualifier is Qualifier.WORDS:
            if figure.high is None:
                flags |= TotalFlags.OPEN_ABOVE
            elif low < high:
                flags |= TotalFlags.SPREAD
        return cls(low, high, middle(low, high) if nominal is None else nominal, flags, figure.words, 1)

    def __add__(self, other: Total) -> Total:
        if not isinstance(other, Total):
            return NotImplemented
        words = None
        if self.is_zero or other.is_zero:
            words = self.words or other.words
        # The sum of two that are sound is sound. Judging it again took most of the time of a nation's figures.
        made = object.__new__(Total)
        made.__dict__.update(
            low=_sum(self.low, other.low),
            high=_sum(self.high, other.high),
            nominal=_sum(self.nominal, other.nominal),
            flags=self.flags | other.flags if other.flags else self.flags,
            words=words,
            parts=self.parts + other.parts,
        )
        return made

    @property
    def is_zero(self) -> bool:
        """Whether every part is an exact 0, or there is none."""
        return not self.flags and not self.high

    def figure(self) -> Figure:
        """What to print. Never raises: a sum beyond the largest figure reads "over 1,000,000,000,000"."""
        if not self.flags and self.high <= LARGEST:
            return Figure.exact(self.nominal)
        if self.words is not None:
            return self._worded(self.words)
        is_open_above = TotalFlags.OPEN_ABOVE in self.flags
        is_open_below = TotalFlags.OPEN_BELOW in self.flags
        if self.high > LARGEST:
            return Figure.over(min(self.low, LARGEST) if TotalFlags.SPREAD in self.flags else LARGEST)
        if is_open_above and is_open_below:
            return Figure.about(self._rounded_nominal())
        if is_open_above:
            is_said_tren = TotalFlags.SAID_TREN in self.flags and TotalFlags.SAID_HON not in self.flags
            return Figure.over(self.low, "trên" if is_said_tren else None)
        if is_open_below:
            return Figure.nearly(self.high)
        if TotalFlags.SPREAD in self.flags:
            return Figure.between(self.low, self.high)
        if TotalFlags.ABOUT in self.flags:
            return Figure.about(self.nominal)
        return Figure.exact(self.nominal)

    def as_columns(self) -> TotalColumns:
        """The total as columns, to be stored without loss and read by `from_columns`."""
        return {
            "low": self.low,
            "high": self.high,
            "nominal": self.nominal,
            "flags": int(self.flags),
            "words": self.words,
            "parts": self.parts,
        }

    @classmethod
    def from_columns(
        cls, *, low: Decimal, high: Decimal, nominal: Decimal, flags: int, words: str | None, parts: int
    ) -> Total:
        """The total that `as_columns` wrote, or that SQL summed column by column. Raises FigureError."""
        return cls(low, high, nominal, _checked_flags(flags), words, parts)

    def _worded(self, words: str) -> Figure:
        """The one figure in words that this total stands for."""
        high = None if TotalFlags.OPEN_ABOVE in self.flags else self.high
        return Figure(self.low, high, Qualifier.WORDS, words)

    def _rounded_nominal(self) -> Decimal:
        """The nominal number, to whole units where the bounds are whole."""
        is_whole = all(bound == bound.to_integral_value() for bound in (self.low, self.high))
        step = Decimal(1) if is_whole else SMALLEST_STEP
        return self.nominal.quantize(step, rounding=ROUND_HALF_UP, context=WIDE)

    def _is_sound(self) -> bool:
        if self.parts < 0 or (self.parts == 0 and not self.is_zero):
            return False
        if not self.low <= self.nominal <= self.high:
            return False
        if not self.flags:
            return self.words is None and self.low == self.high
        if self.words is not None and TotalFlags.IN_WORDS not in self.flags:
            return False
        is_wide = bool(self.flags & (TotalFlags.SPREAD | TotalFlags.OPEN_BELOW))
        return (is_wide or self.low == self.high) and (
            TotalFlags.SPREAD not in self.flags or self.low < self.high
        )


#: The most digits before the point that ``canonical`` lets pass.
_MOST_DIGITS = 61


def _sum(one: Decimal, other: Decimal) -> Decimal:
    """The canonical sum of two canonical numbers: that of whole ones is canonical already."""
    added = WIDE.add(one, other)
    is_whole = added.as_tuple().exponent == 0
    return added if is_whole and added.adjusted() < _MOST_DIGITS else canonical(added)


_FLAGS = {
    Qualifier.EXACT: TotalFlags.NONE,
    Qualifier.OVER: TotalFlags.OPEN_ABOVE,
    Qualifier.NEARLY: TotalFlags.OPEN_BELOW,
    Qualifier.ABOUT: TotalFlags.ABOUT,
    Qualifier.RANGE: TotalFlags.SPREAD,
    Qualifier.WORDS: TotalFlags.IN_WORDS,
}


def _checked_flags(stored: int) -> TotalFlags:
    if not 0 <= stored <= _ALL_FLAGS:
        raise FigureError("malformed", "The flags of a total are out of range.")
    return TotalFlags(stored)


def sum_figures(figures: Iterable[Figure]) -> Figure:
    """The sum, as qualified as its parts; an exact 0 for no figures at all."""
    return sum((Total.of(figure) for figure in figures), Total.empty()).figure()


#: One for all: sums begin with it a thousand times a page.
_EMPTY = Total(Decimal(0), Decimal(0), Decimal(0), TotalFlags.NONE, None, 0)
