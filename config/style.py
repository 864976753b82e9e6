"""What the style page shows: the tokens of the style sheet with their contrast, and each component with an example.

Nothing here repeats a colour or a component: tokens are read from the style sheet, components are the templates that
the pages include.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reporting.charts import Category, Chart, Series, Value
from reporting.dashboard.block import Block, Entry
from territory.days import DayField
from territory.text import NarrativeField, TextField

_BLOCK = re.compile(r"(?P<where>[^{}]+)\{(?P<inside>[^{}]*--[^{}]*)\}")
_TOKEN = re.compile(r"--([\w-]+):\s*([^;]+);")
_REFERENCE = re.compile(r"var\(--([\w-]+)\)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)

#: Which ink stands on which ground, and how much contrast it needs: 4.5 for words, 3 for lines and marks (WCAG 2.2).
_PAIRS = (
    *(("ink", ground, 4.5) for ground in ("paper", "surface", "sunken")),
    *(("ink-soft", ground, 4.5) for ground in ("paper", "surface", "sunken")),
    *(("link", ground, 4.5) for ground in ("paper", "surface")),
    *(("on-primary", ground, 4.5) for ground in ("primary", "primary-strong")),
    *(("on-bar", "bar", 4.5), ("on-bar-soft", "bar", 4.5)),
    *((word, f"{word}-tint", 4.5) for word in ("good", "warn", "bad", "info")),
    *((word, "surface", 4.5) for word in ("good", "warn", "bad", "info", "primary")),
    *(("line-strong", ground, 3) for ground in ("paper", "surface")),
    *(("focus", ground, 3) for ground in ("paper", "surface")),
)

#: The words of a status, each with its shape and colour (templates/partials/badge.html).
STATES = (
    *("draft", "submitted", "returned", "approved", "accepted", "due", "late", "missing", "nil", "not_due"),
    *("running", "done", "failed"),
)


@dataclass(frozen=True)
class Pair:
    """An ink on a ground, both as the style sheet names and writes them."""

    ink: str
    ground: str
    ink_colour: str
    ground_colour: str
    needs: float

    @property
    def ratio(self) -> float:
        """The contrast of WCAG 2.2, from 1 to 21."""
        light, dark = sorted(map(luminance, (self.ink_colour, self.ground_colour)), reverse=True)
        return (light + 0.05) / (dark + 0.05)

    @property
    def is_enough(self) -> bool:
        return self.ratio >= self.needs


@dataclass(frozen=True)
class Theme:
    label: Any
    pairs: list[Pair]


@dataclass(frozen=True)
class Contrast:
    """One ink on one ground in every theme, in the order of ``themes()``."""

    ink: str
    ground: str
    needs: float
    pairs: list[Pair]


def luminance(colour: str) -> float:
    """The relative luminance of "#rgb" or "#rrggbb" (WCAG 2.2)."""
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(each * 2 for each in digits)
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@lru_cache
def tokens() -> dict[str, dict[str, str]]:
    """The tokens of the style sheets by the selector that sets them, the first block of each.

    A selector of the dark sheet stands behind the sheet's name.
    """
    found: dict[str, dict[str, str]] = {}
    for name, before in (("portal.css", ""), ("dark.css", "dark.css ")):
        sheet = _COMMENT.sub("", (settings.BASE_DIR / "static" / "css" / name).read_text("utf-8"))
        for match in _BLOCK.finditer(sheet):
            found.setdefault(before + match["where"].strip(), dict(_TOKEN.findall(match["inside"])))
    return found


@lru_cache
def themes() -> list[Theme]:
    """The pairs of ink and ground of each theme that the style sheet has: light first, then what differs from it."""
    light = tokens()[":root"]
    labels = {
        ":root": gettext_lazy("Light"),
        'dark.css html:not([data-contrast="high"])': gettext_lazy("Dark"),
        'html[data-contrast="high"]': gettext_lazy("High contrast"),
    }
    return [
        Theme(label, _pairs(light | tokens()[selector]))
        for selector, label in labels.items()
        if selector in tokens()
    ]


def _pairs(colours: dict[str, str]) -> list[Pair]:
    def colour(name: str) -> str:
        other = _REFERENCE.fullmatch(colours[name])
        return colour(other[1]) if other else colours[name]

    return [Pair(ink, ground, colour(ink), colour(ground), needs) for ink, ground, needs in _PAIRS]


def contrasts() -> list[Contrast]:
    """The pairs of all themes side by side."""
    by_pair = zip(*(theme.pairs for theme in themes()), strict=True)
    return [Contrast(pairs[0].ink, pairs[0].ground, pairs[0].needs, list(pairs)) for pairs in by_pair]


class _ExampleForm(forms.Form):
    """One field of each sort."""

    title = TextField(
        label=gettext_lazy("A line of text"), help_text=gettext_lazy("Help stands above the field.")
    )
    day = DayField(label=gettext_lazy("A day"))
    choice = forms.ChoiceField(
        label=gettext_lazy("A choice"), choices=[("a", gettext_lazy("One")), ("b", gettext_lazy("Another"))]
    )
    choices = forms.MultipleChoiceField(
        label=gettext_lazy("Several"),
        choices=[("a", gettext_lazy("One")), ("b", gettext_lazy("Another"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agreed = forms.BooleanField(label=gettext_lazy("A tick"), required=False)
    text = NarrativeField(label=gettext_lazy("A longer text"), required=False, rows=3)


def style_guide() -> dict[str, Any]:
    """What the page shows."""
    light = tokens()[":root"]
    return {
        "themes": themes(),
        "contrasts": contrasts(),
        "spaces": [(name, light[name]) for name in (f"s{number}" for number in range(1, 8))],
        "sizes": [(name, light[name]) for name in ("small", "h3", "h2", "h1")],
        "states": STATES,
        "form": _ExampleForm(auto_id="example_%s"),
        "wrong_form": _ExampleForm({"day": "31/02/2020"}, auto_id="wrong_%s"),
        "page_obj": Paginator(range(100), 25).get_page(2),
        "chart_blocks": [_bars(), _trend()],
    }


def _value(number: int) -> Value:
    return Value(Decimal(number), str(number))


def _block(code: str, kind: str, title: str, names: list[str], rows: list[tuple[str, list[int]]]) -> Block:
    chart = Chart(
        kind=kind,
        title=title,
        unit=_("people"),
        period=_("an example"),
        source=_("invented figures"),
        categories=tuple(Category(name) for name in names),
        series=tuple(Series(name, tuple(map(_value, numbers))) for name, numbers in rows),
    )
    table = [
        [Entry(name), *(Entry(str(numbers[at])) for _label, numbers in rows)] for at, name in enumerate(names)
    ]
    return Block(code, title, [_("Item"), *(name for name, _numbers in rows)], table, chart)


def _bars() -> Block:
    return _block(
        "example-bars",
        "bars",
        _("Bars: this period beside the one before"),
        [_("women"), _("men"), _("children")],
        [(_("this period"), [42, 17, 9]), (_("the same period before"), [38, 21, 12])],
    )


def _trend() -> Block:
    years = [str(year) for year in range(2016, 2021)]
    return _block(
        "example-trend", "trend", _("A line over time"), years, [(_("confirmed"), [12, 15, 11, 18, 9])]
    )
