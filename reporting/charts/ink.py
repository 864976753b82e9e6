"""The elements charts are drawn with: fills that differ in lightness and pattern, wrapped text, a growing sheet.

Looks are drawn with presentation attributes only, which a strict Content-Security-Policy lets through, and
patterns are plain lines cut to their rectangle, so that nothing needs an id and every renderer shows the same.
Colours are after Okabe and Ito; each also has a lightness or a pattern of its own, for grey print.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

WIDTH = 560.0
SIZE = 12.0
SMALL = 10.5
LINE = 1.2

INK = "#222222"
SOFT = "#555555"
GRID = "#d0d0d0"
PAPER = "#ffffff"
BLUE = "#0072b2"
ORANGE = "#e69f00"
GREEN = "#009e73"
SKY = "#56b4e9"
PURPLE = "#cc79a7"
VERMILION = "#d55e00"
YELLOW = "#f0e442"
GREY = "#999999"

#: The looks of series and parts, in order: the first is darkest, the others have patterns.
SERIES: tuple[tuple[str, str], ...] = (
    (BLUE, "full"),
    (ORANGE, "rising"),
    (GREEN, "dots"),
    (PURPLE, "falling"),
    (SKY, "lines"),
    (VERMILION, "crossed"),
    (YELLOW, "tint"),
    (GREY, "full"),
    (BLUE, "rising"),
    (GREEN, "falling"),
    (PURPLE, "dots"),
    (VERMILION, "lines"),
)

#: Tints for amounts, light to dark, and the ink that is legible on each.
TINTS: tuple[tuple[str, str], ...] = (
    ("#ffffff", INK),
    ("#deebf7", INK),
    ("#a6cbe3", INK),
    ("#4f94c4", "#000000"),
    ("#0b4a7a", "#ffffff"),
)

_NARROW = frozenset("iíìỉĩịlIÍÌỈĨỊjtfr.,:;'|!()-/ ")
_BROAD = frozenset("mwMWƯƠ@%")


def number(value: float) -> str:
    """A coordinate, to a tenth, the same text for the same value."""
    text = f"{value:.1f}"
    text = text.removesuffix(".0")
    return "0" if text == "-0" else text


class _Widths(dict[str, float]):
    """How wide each letter is, in parts of its size. A letter is judged once."""

    def __missing__(self, letter: str) -> float:
        if letter in _NARROW:
            width = 0.34
        elif letter in _BROAD:
            width = 0.88
        else:
            width = 0.72 if letter.isupper() else 0.53
        self[letter] = width
        return width


_WIDTHS = _Widths()


def _letters(text: str, before: float = 0.0) -> float:
    """The widths of the letters, added to that of what stands before them."""
    for letter in text:
        before += _WIDTHS[letter]
    return before


def width_of(text: str, size: float = SIZE) -> float:
    """About how wide a text is; a little more rather than less."""
    return _letters(text) * size


def wrap(text: str, room: float, size: float = SIZE) -> list[str]:
    """The text in lines that fit the room; a word that alone is too long keeps its line."""
    lines: list[str] = []
    width = 0.0
    for word in text.split():
        longer = _letters(f" {word}", width)
        if lines and longer * size <= room:
            lines[-1] += f" {word}"
            width = longer
        else:
            lines.append(word)
            width = _letters(word)
    return lines or [""]


class Sheet:
    """A drawing that grows downwards. Texts are escaped here and nowhere else."""

    def __init__(self, width: float = WIDTH) -> None:
        self.width = width
        self.height = 0.0
        self.parts: list[str] = []

    def reach(self, bottom: float) -> None:
        """Make the drawing at least this high."""
        self.height = max(self.height, bottom)

    def add(self, name: str, /, **attributes: str | float) -> None:
        written = ""
        for key, value in attributes.items():
            shown = number(value) if isinstance(value, float) else escape(str(value))
            written += f' {key.replace("_", "-")}="{shown}"'
        self.parts.append(f"<{name}{written}/>")

    def line(
        self, x1: float, y1: float, x2: float, y2: float, stroke: str = GRID, width: float = 1.0
    ) -> None:
        self.add("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, stroke_width=width)

    def text(
        self,
        text: str,
        x: float,
        y: float,
        *,
        size: float = SIZE,
        anchor: str = "start",
        fill: str = INK,
        bold: bool = False,
        italic: bool = False,
    ) -> None:
        """One line of text, y being its baseline."""
        look = (' font-weight="bold"' if bold else "") + (' font-style="italic"' if italic else "")
        at = "" if anchor == "start" else f' text-anchor="{anchor}"'
        self.parts.append(
            f'<text x="{number(x)}" y="{number(y)}" font-size="{number(size)}" fill="{fill}"{at}{look}>'
            f"{escape(text)}</text>"
        )

    def lines(
        self,
        lines: Iterable[str],
        x: float,
        y: float,
        *,
        size: float = SIZE,
        anchor: str = "start",
        fill: str = INK,
    ) -> None:
        """Lines of text below each other, y being the baseline of the first."""
        for at, line in enumerate(lines):
            self.text(line, x, y + at * size * LINE, size=size, anchor=anchor, fill=fill)

    def box(
        self, x: float, y: float, width: float, height: float, look: tuple[str, str], *, broken: bool = False
    ) -> None:
        """A rectangle in a look. A broken edge marks a value that is not exact."""
        colour, pattern = look
        ground = {"full": colour, "tint": _lighter(colour), "empty": PAPER}.get(pattern, PAPER)
        edge: dict[str, str | float] = {
            "stroke": GREY if pattern == "hatched" else _darker(colour),
            "stroke_width": 1.0,
        }
        if broken:
            edge["stroke_dasharray"] = "4 3"
            ground = _lighter(colour) if pattern == "full" else ground
        self.add("rect", x=x, y=y, width=max(width, 0.5), height=height, fill=ground, **edge)
        drawn = _pattern(pattern, x, y, width, height)
        if drawn:
            thin = pattern in ("hatched", "lines")
            self.add(
                "path", d=drawn, fill="none", stroke=GREY if pattern == "hatched" else colour,
                stroke_width=0.8 if thin else 1.6,
            )  # fmt: skip

    def written(self) -> str:
        return "".join(self.parts)


def _pattern(pattern: str, x: float, y: float, width: float, height: float) -> str:
    """The lines of a pattern, cut to the rectangle."""
    if pattern in ("rising", "hatched"):
        return _slanted(x, y, width, height, 4.0 if pattern == "hatched" else 5.0, rising=True)
    if pattern == "falling":
        return _slanted(x, y, width, height, 5.0, rising=False)
    if pattern == "crossed":
        return _slanted(x, y, width, height, 6.0, rising=True) + _slanted(
            x, y, width, height, 6.0, rising=False
        )
    if pattern == "lines":
        steps = int(height // 4)
        return "".join(f"M{number(x)} {number(y + 4 * at)}h{number(width)}" for at in range(1, steps + 1))
    if pattern == "dots":
        across, down = int(width // 5), int(height // 5)
        return "".join(
            f"M{number(x + 5 * column - 2)} {number(y + 5 * row - 2)}h1.6"
            for row in range(1, down + 1)
            for column in range(1, across + 1)
        )
    return ""


def _slanted(x: float, y: float, width: float, height: float, step: float, *, rising: bool) -> str:
    """Lines at 45 degrees through a rectangle, `step` apart along its lower edge."""
    found = []
    at = step
    while at < width + height:
        # Before cutting, the line runs from (at, 0) to (at - height, height), counted from the upper left.
        left, right = max(at - height, 0.0), min(at, width)
        if right > left:
            top, bottom = at - right, at - left
            ends = (left, right) if rising else (width - left, width - right)
            found.append(
                f"M{number(x + ends[0])} {number(y + bottom)}L{number(x + ends[1])} {number(y + top)}"
            )
        at += step
    return "".join(found)


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _lighter(colour: str) -> str:
    return "#" + "".join(f"{part + (255 - part) * 3 // 4:02x}" for part in _parts(colour))


def _darker(colour: str) -> str:
    return "#" + "".join(f"{part * 3 // 5:02x}" for part in _parts(colour))
