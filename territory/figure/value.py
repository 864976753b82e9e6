"""One figure as a unit reported it: a number with its qualifier, or words.

Reports say "04 nạn nhân", "trên 6.770 người", "gần 31.000", "khoảng 500", "hàng trăm". Each keeps what is
known of it as a lower and an upper bound and is printed as it was written. Numbers are never negative, at
most 10**12 and have at most three decimal places; the unit of counting belongs to the indicator, not to the
figure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from enum import StrEnum
from functools import lru_cache

LARGEST = Decimal(10**12)
MOST_PLACES = 3
LONGEST_WORDS = 60

# Wide enough that no sum of figures is ever rounded, and independent of the context of the calling thread.
WIDE = Context(prec=80, rounding=ROUND_HALF_UP, traps=[InvalidOperation, DivisionByZero, Overflow])
SMALLEST_STEP = Decimal((0, (1,), -MOST_PLACES))

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JSON_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")
_JSON_KEYS = frozenset({"low", "high", "qualifier", "words", "word"})

DEFAULT_OVER = "hơn"
OVER_WORDS = frozenset({"hơn", "trên"})

# What the usual words stand for: the least and the most they can mean, None where there is no most.
VOCABULARY: Mapping[str, tuple[int, int | None]] = {
    "hàng chục": (10, 99),
    "hàng trăm": (100, 999),
    "hàng nghìn": (1_000, 9_999),
    "hàng ngàn": (1_000, 9_999),
    "hàng vạn": (10_000, 99_999),
    "vài chục": (20, 90),
    "nhiều": (1, None),
    "một số": (1, None),
}


class FigureError(ValueError):
    """A figure that cannot be. `reason` is a stable code, the message says in plain English what is wrong.

    Reasons: negative, too_large, malformed, empty, ends_below_start, words_too_long, control_characters,
    ambiguous_grouping (from typed text), and for cells figure_not_allowed, figure_missing, not_zero.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(reason, message)
        self.reason = reason
        self.message = message

    def __str__(self) -> str:
        return self.message


class Qualifier(StrEnum):
    """How sure the number is."""

    EXACT = "exact"
    OVER = "over"
    NEARLY = "nearly"
    ABOUT = "about"
    RANGE = "range"
    WORDS = "words"


@dataclass(frozen=True)
class Figure:
    """A number as reported. Which bounds are set follows from the qualifier:

    exact, about   low = high = the number
    over           low = the number, no high; `word` is "hơn" (default) or "trên", as it was typed
    nearly         high = the number, no low
    range          low < high
    words          printed as written; the bounds say what the words can mean and may be absent

    Whole numbers may be passed as int, an empty text counts as none. Two figures are equal when they print
    and count alike. Raises FigureError.
    """

    low: Decimal | None
    high: Decimal | None
    qualifier: Qualifier
    words: str | None = None
    word: str | None = None

    def __post_init__(self) -> None:
        if self.qualifier not in set(Qualifier):
            raise FigureError("malformed", f"The qualifier must be one of {', '.join(Qualifier)}.")
        object.__setattr__(self, "qualifier", Qualifier(self.qualifier))
        low = None if self.low is None else _checked(self.low)
        high = None if self.high is None else _checked(self.high)
        words, word = self.words or None, self.word or None
        if self.qualifier is Qualifier.WORDS:
            words = clean_words(words)
            # Figures are never negative, so "from 0" and "nothing known below" are one and the same.
            if low is None and high is not None:
                low = Decimal(0)
            elif high is None and not low:
                low = None
            if low is not None and high is not None and high < low:
                raise _ends_below_start()
        elif words is not None:
            raise FigureError("malformed", "Only a figure in words carries words.")
        else:
            _check_bounds(self.qualifier, low, high)
        if self.qualifier is Qualifier.OVER:
            word = DEFAULT_OVER if word is None else word
            if word not in OVER_WORDS:
                raise FigureError("malformed", "The word before the number must be 'hơn' or 'trên'.")
        elif word is not None:
            raise FigureError("malformed", "Only a figure 'over' a number carries the word that was typed.")
        for name, value in (("low", low), ("high", high), ("words", words), ("word", word)):
            object.__setattr__(self, name, value)

    @classmethod
    @lru_cache(maxsize=4096, typed=True)
    def exact(cls, value: Decimal | int) -> Figure:
        """Exactly this number."""
        number = _checked(value)
        return cls(number, number, Qualifier.EXACT)

    @classmethod
    def over(cls, value: Decimal | int, word: str | None = None) -> Figure:
        """This number or more: "hơn 2.300", or "trên 2.300" when `word` says so."""
        return cls(_checked(value), None, Qualifier.OVER, word=word)

    @classmethod
    def nearly(cls, value: Decimal | int) -> Figure:
        """This number or somewhat less: "gần 31.000"."""
        return cls(None, _checked(value), Qualifier.NEARLY)

    @classmethod
    def about(cls, value: Decimal | int) -> Figure:
        """Around this number: "khoảng 500"."""
        number = _checked(value)
        return cls(number, number, Qualifier.ABOUT)

    @classmethod
    def between(cls, low: Decimal | int, high: Decimal | int) -> Figure:
        """From one number to a larger one. Raises FigureError (ends_below_start) unless low < high."""
        return cls(_checked(low), _checked(high), Qualifier.RANGE)

    @classmethod
    def in_words(cls, text: str) -> Figure:
        """Words for a number: the usual ones get their bounds from VOCABULARY, any others have none."""
        words = clean_words(text)
        least, most = VOCABULARY.get(words.lower(), (None, None))
        return cls(
            None if least is None else Decimal(least),
            None if most is None else Decimal(most),
            Qualifier.WORDS,
            words,
        )

    @property
    def nominal(self) -> Decimal | None:
        """The number to sort by or to draw: the number named, the middle of a range (to three decimal
        places), None for words, which have no number a chart could honestly show."""
        if self.qualifier is Qualifier.WORDS:
            return None
        if self.low is None:
            return self.high
        if self.high is None:
            return self.low
        return middle(self.low, self.high)

    @property
    def is_zero(self) -> bool:
        """Whether it is an exact zero."""
        return self.qualifier is Qualifier.EXACT and self.low == 0

    def as_json(self) -> dict[str, str | int | None]:
        """Five keys: low, high, qualifier, words, word. Whole numbers are ints, others strings."""
        return {
            "low": _json_number(self.low),
            "high": _json_number(self.high),
            "qualifier": self.qualifier.value,
            "words": self.words,
            "word": self.word,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, object]) -> Figure:
        """The figure that `as_json` wrote; absent keys count as null. Raises FigureError."""
        if not isinstance(stored, Mapping) or not _JSON_KEYS.issuperset(stored):
            raise FigureError(
                "malformed", "A stored figure has the keys low, high, qualifier, words and word."
            )
        qualifier, words, word = stored.get("qualifier"), stored.get("words"), stored.get("word")
        if not isinstance(qualifier, str) or qualifier not in set(Qualifier):
            raise FigureError("malformed", f"The qualifier must be one of {', '.join(Qualifier)}.")
        if not isinstance(words, str | None) or not isinstance(word, str | None):
            raise FigureError("malformed", "Words must be text or null.")
        low, high = _number_from_json(stored.get("low")), _number_from_json(stored.get("high"))
        return cls(low, high, Qualifier(qualifier), words, word)


def canonical(value: Decimal | int) -> Decimal:
    """The same number without sign of zero, exponent or idle zeros, so that equal numbers print alike.

    Raises FigureError: malformed when it is not a finite number with at most three decimal places, negative,
    too_large beyond what sums of figures can reach.
    """
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise FigureError("malformed", "A figure must be a whole number or a decimal, never a float.")
    number = Decimal(value)
    if not number.is_finite():
        raise FigureError("malformed", "A figure must be a finite number.")
    return _canonical(number)


@lru_cache(maxsize=8192)
def _canonical(number: Decimal) -> Decimal:
    if number < 0:
        raise FigureError("negative", "A figure cannot be below zero.")
    if number.adjusted() > 60:
        raise FigureError("too_large", "The number is too large.")
    rounded = number.copy_abs().quantize(SMALLEST_STEP, context=WIDE)
    if rounded != number:
        raise FigureError("malformed", f"A figure has at most {MOST_PLACES} decimal places.")
    whole = rounded.to_integral_value()
    return whole if whole == rounded else rounded.normalize(WIDE)


def middle(low: Decimal, high: Decimal) -> Decimal:
    """Half-way between two numbers, to three decimal places."""
    exact = WIDE.divide(WIDE.add(low, high), Decimal(2))
    return canonical(exact.quantize(SMALLEST_STEP, context=WIDE))


def clean_words(text: str | None) -> str:
    """Words in NFC with single spaces. Raises FigureError: empty, words_too_long, control_characters."""
    if not isinstance(text, str):
        raise FigureError("empty", "A figure in words needs the words.")
    text = text.strip()
    if not text:
        raise FigureError("empty", "A figure in words needs the words.")
    composed = text if len(text) > 4 * LONGEST_WORDS else unicodedata.normalize("NFC", text)
    if len(composed) > LONGEST_WORDS:
        raise FigureError("words_too_long", f"A figure in words has at most {LONGEST_WORDS} characters.")
    if any(unicodedata.category(character) in _UNSEEN for character in composed):
        raise FigureError(
            "control_characters", "A figure in words has no line breaks or invisible characters."
        )
    return " ".join(composed.split())


def _checked(value: Decimal | int) -> Decimal:
    number = canonical(value)
    if number > LARGEST:
        raise FigureError("too_large", "A figure is at most 1,000,000,000,000.")
    return number


def _check_bounds(qualifier: Qualifier, low: Decimal | None, high: Decimal | None) -> None:
    """Whether the bounds are those the qualifier asks for. Words are checked elsewhere."""
    if qualifier is Qualifier.OVER:
        is_sound = low is not None and high is None
    elif qualifier is Qualifier.NEARLY:
        is_sound = low is None and high is not None
    elif low is None or high is None:
        is_sound = False
    elif qualifier is Qualifier.RANGE:
        is_sound = True
        if high <= low:
            raise _ends_below_start()
    else:
        is_sound = low == high
    if not is_sound:
        raise FigureError("malformed", f"These bounds do not make a figure of the kind '{qualifier}'.")


def _ends_below_start() -> FigureError:
    return FigureError("ends_below_start", "The second number of a range must be larger than the first.")


def _json_number(value: Decimal | None) -> str | int | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else str(value)


def _number_from_json(stored: object) -> Decimal | None:
    if stored is None:
        return None
    if isinstance(stored, int) and not isinstance(stored, bool):
        return _checked(stored)
    if isinstance(stored, str) and _JSON_NUMBER.fullmatch(stored):
        return _checked(Decimal(stored))
    raise FigureError(
        "malformed", "A stored number is a whole number or a text of digits, like 12 or '12.5'."
    )
