"""Figures as Vietnamese and English pages and reports write them.

Vietnamese groups thousands with a dot and writes a decimal comma; reports write counts below ten with a
leading zero ("04 nạn nhân"), but never "00".
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

from territory.figure.value import Figure, FigureError, Qualifier

_WORDS_VI = {Qualifier.NEARLY: "gần", Qualifier.ABOUT: "khoảng"}
_WORDS_EN = {Qualifier.OVER: "over", Qualifier.NEARLY: "nearly", Qualifier.ABOUT: "about"}


def print_number_vi(value: Decimal | int, places: int | None = None) -> str:
    """A number in Vietnamese: "6.770", "12,5", "-3".

    `places` fixes the decimal places (rounding half up); without it they are as many as the number needs.
    Raises FigureError (malformed) for what is not a finite number.
    """
    return _print_number(value, places, group=".", point=",")


def print_number_en(value: Decimal | int, places: int | None = None) -> str:
    """A number in English: "6,770", "12.5". Otherwise as `print_number_vi`."""
    return _print_number(value, places, group=",", point=".")


def print_count_vi(value: Decimal | int, unit: str | None = None, pad: bool = True) -> str:
    """An exact number with its unit. With `pad`, 1 to 9 get a leading zero, except before "%"."""
    text = print_number_vi(value)
    if pad and unit != "%" and len(text) == 1 and text != "0":
        text = f"0{text}"
    return with_unit(text, unit)


def print_figure_vi(figure: Figure, pad: bool = True, unit: str | None = None) -> str:
    """A figure as reports write it: "04 nạn nhân", "trên 6.770 người", "từ 100 đến 200", "hàng trăm".

    Only exact counts are padded. Without a unit, `parse_figure` reads the same figure back, save for words
    that are not in the vocabulary.
    """
    number = figure.nominal
    if number is None:
        return with_unit(figure.words or "", unit)
    if figure.qualifier is Qualifier.EXACT:
        return print_count_vi(number, unit, pad)
    if figure.low is not None and figure.high is not None and figure.qualifier is Qualifier.RANGE:
        return with_unit(f"từ {print_number_vi(figure.low)} đến {print_number_vi(figure.high)}", unit)
    word = figure.word or _WORDS_VI[figure.qualifier]
    return with_unit(f"{word} {print_number_vi(number)}", unit)


def print_figure_en(figure: Figure, unit: str | None = None) -> str:
    """A figure in English: "4", "over 6,770", "nearly 31,000", "100 to 200"; words stay as written."""
    number = figure.nominal
    if number is None:
        return with_unit(figure.words or "", unit)
    if figure.low is not None and figure.high is not None and figure.qualifier is Qualifier.RANGE:
        return with_unit(f"{print_number_en(figure.low)} to {print_number_en(figure.high)}", unit)
    if figure.qualifier is Qualifier.EXACT:
        return with_unit(print_number_en(number), unit)
    return with_unit(f"{_WORDS_EN[figure.qualifier]} {print_number_en(number)}", unit)


def with_unit(text: str, unit: str | None) -> str:
    """The text with its unit after a space; "%" follows directly."""
    if not unit:
        return text
    return f"{text}%" if unit == "%" else f"{text} {unit}"


def _print_number(value: Decimal | int, places: int | None, *, group: str, point: str) -> str:
    number = Decimal(value)
    if not number.is_finite() or (places is not None and not 0 <= places <= 100):
        raise FigureError("malformed", "Only a finite number with 0 to 100 decimal places can be printed.")
    if places is not None:
        room = Context(prec=max(number.adjusted(), 0) + places + 10)
        number = number.quantize(Decimal((0, (1,), -places)), rounding=ROUND_HALF_UP, context=room)
    whole, _, fraction = format(number.copy_abs(), "f").partition(".")
    if places is None:
        fraction = fraction.rstrip("0")
    sign = "-" if number < 0 else ""
    grouped = f"{int(whole):,}".replace(",", group)
    return f"{sign}{grouped}{point}{fraction}" if fraction else f"{sign}{grouped}"
