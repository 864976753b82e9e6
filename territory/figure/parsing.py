"""Reading figures the way officers type them.

The grammar is small on purpose: what could mean two numbers is refused with a message, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal

from territory.figure.value import LONGEST_WORDS, MOST_PLACES, VOCABULARY, Figure, FigureError

_EXAMPLES = "Type a number like 6.770 or 12,5, or trên 6.770, gần 500, khoảng 500, 100 - 200, hàng trăm."
_NUMBER = r"[0-9][0-9.,]*"
_QUALIFIED = re.compile(rf"(?:(hơn|trên|gần|khoảng) |([~<>]) ?)({_NUMBER})")
_FROM_TO = re.compile(rf"từ ({_NUMBER}) đến ({_NUMBER})")
_DASHED = re.compile(rf"({_NUMBER}) ?[-–] ?({_NUMBER})")
_GROUPED = re.compile(r"([1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,([0-9]+))?")
_PLAIN = re.compile(r"([0-9]+)(?:,([0-9]+))?")
_SEPARATED = re.compile(r"[0-9]+(?:[.,][0-9]+)+")
_THOUSANDS_WITH_COMMA = re.compile(r"[1-9][0-9]{0,2},[0-9]{2}0")

_QUALIFIERS: Mapping[str, Callable[[Decimal], Figure]] = {
    "hơn": lambda number: Figure.over(number, "hơn"),
    "trên": lambda number: Figure.over(number, "trên"),
    ">": Figure.over,
    "gần": Figure.nearly,
    "<": Figure.nearly,
    "khoảng": Figure.about,
    "~": Figure.about,
}


def parse_figure(text: str) -> Figure:
    """Read a figure typed in Vietnamese, in any letter case and Unicode form; a "%" at the end is dropped.

    "6.770", "12,5", "04", "trên 6.770", "hơn 2.300", ">500", "gần 31.000", "<500", "khoảng 500", "~500",
    "100 - 200", "từ 100 đến 200", "hàng trăm" and the other words of VOCABULARY.

    Raises FigureError and nothing else: empty; words_too_long over 60 characters; ambiguous_grouping when
    dots or commas do not group thousands in a single way ("6.77", "0.500", "6,770"); negative; too_large;
    ends_below_start; malformed for anything else.
    """
    typed = _composed(text)
    if typed.lower() in VOCABULARY:
        return Figure.in_words(typed)
    lowered = typed.lower().removesuffix("%").rstrip()
    if match := _QUALIFIED.fullmatch(lowered):
        return _QUALIFIERS[match[1] or match[2]](_number(match[3]))
    if match := _FROM_TO.fullmatch(lowered) or _DASHED.fullmatch(lowered):
        return Figure.between(_number(match[1]), _number(match[2]))
    if re.fullmatch(_NUMBER, lowered):
        return Figure.exact(_number(lowered))
    if re.fullmatch(rf"[-−] ?{_NUMBER}", lowered):
        raise FigureError("negative", "A figure cannot be below zero.")
    raise FigureError("malformed", f"This is not a figure. {_EXAMPLES}")


def _composed(text: str) -> str:
    """The text in NFC with single spaces, or FigureError when there is none or too much of it."""
    text = text.strip()
    if not text:
        raise FigureError("empty", f"There is no figure here. {_EXAMPLES}")
    # Decomposed text is at most four times as long as composed: anything longer is too long either way.
    if len(text) <= 4 * LONGEST_WORDS:
        text = " ".join(unicodedata.normalize("NFC", text).split())
    if len(text) > LONGEST_WORDS:
        raise FigureError("words_too_long", f"A figure has at most {LONGEST_WORDS} characters. {_EXAMPLES}")
    return text


def _number(typed: str) -> Decimal:
    """A number with dots between thousands and a decimal comma, both optional."""
    match = _GROUPED.fullmatch(typed) or _PLAIN.fullmatch(typed)
    if match is None or _THOUSANDS_WITH_COMMA.fullmatch(typed):
        if _SEPARATED.fullmatch(typed):
            raise FigureError(
                "ambiguous_grouping",
                f"{typed} can be read as two numbers. A dot groups thousands and a comma starts decimals:"
                " type 6.770 or 6770 for thousands, 6,77 for a fraction.",
            )
        raise FigureError("malformed", f"{typed} is not a number. {_EXAMPLES}")
    decimals = match[2] or ""
    if len(decimals) > MOST_PLACES:
        raise FigureError(
            "malformed", f"{typed} has more than {MOST_PLACES} decimals. Type at most {MOST_PLACES}."
        )
    return Decimal(f"{match[1].replace('.', '')}.{decimals or '0'}")
