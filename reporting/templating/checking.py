"""What is wrong with the layout of a template: in which section and block, and what to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from reporting.building.blocks import KINDS
from reporting.building.blocks.figures import MOST_COLUMNS
from reporting.models import ReportKind
from reporting.templating.fields import FIELDS, FRAME, SENTENCE, Field, Way
from reporting.templating.places import Places

Layout = dict[str, Any]

#: A report about a pilot or a document has no units that owe it figures.
WITHOUT_COVERAGE = (ReportKind.PILOT, ReportKind.PROGRESS)
#: So many lines a trend can show and still be read.
MOST_LINES = 4


@dataclass(frozen=True)
class Problem:
    """``section`` is the place of the section in the layout, None for the frame; ``key`` names the block."""

    where: str
    message: str
    section: int | None = None
    key: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


def problems_of(layout: Layout, places: Places) -> list[Problem]:
    """Everything that keeps a layout from being used, in the order of the document."""
    return [
        *(Problem(_("Head and end of the document"), told) for told in _frame(layout, places)),
        *_sections(layout, places),
    ]


def _frame(layout: Layout, places: Places) -> Iterator[str]:
    for field in FRAME:
        yield from _field(field, value_of(layout, field.name), places)
    parts = [part for part in layout["parts"] if not part.get("hidden")]
    if not parts:
        yield _("A report needs at least one section. Add one.")
    if places.kind not in WITHOUT_COVERAGE and not any(
        block["kind"] == "coverage" and not block.get("hidden") for part in parts for block in part["blocks"]
    ):
        yield _(
            "A report tells how many units reported, and who is silent. Add the block “%(name)s” to a section."
        ) % {"name": KINDS["coverage"].name}


def _sections(layout: Layout, places: Places) -> Iterator[Problem]:
    numbers: set[str] = set()
    for place, part in enumerate(layout["parts"]):
        name = section_name(part, place)
        if not part["title"].strip():
            yield Problem(name, _("The section has no title. Type one, or remove the section."), place)
        if not part["number"].strip():
            yield Problem(name, _("The section has no number. Type one, such as I or 1."), place)
        elif part["number"] in numbers:
            yield Problem(name, _("Another section has this number. Give each its own."), place)
        numbers.add(part["number"])
        if not part["blocks"]:
            yield Problem(name, _("The section is empty. Add a block, or remove the section."), place)
        for at, block in enumerate(part["blocks"], start=1):
            where = f"{name} · {block_name(block, at)}"
            yield from (Problem(where, told, place, block["key"]) for told in _block(block, places))


def section_name(part: Layout, place: int) -> str:
    """A section as messages name it."""
    title = part["title"].strip() or _("section %(number)d") % {"number": place + 1}
    return f"{part['number']}. {title}" if part["number"].strip() else title


def block_name(block: Layout, place: int) -> str:
    """A block as messages name it: its place in the section and its kind."""
    return _("block %(place)d (%(kind)s)") % {"place": place, "kind": KINDS[block["kind"]].name}


def value_of(holder: Layout, name: str) -> Any:
    """The value of a field; the name of one inside another has a dot."""
    outer, dot, inner = name.partition(".")
    return holder.get(outer, {}).get(inner, "") if dot else holder.get(outer, "")


def _block(block: Layout, places: Places) -> Iterator[str]:
    kind = block["kind"]
    for field in FIELDS.get(kind, ()):
        yield from _field(field, block.get(field.name), places)
    if kind in ("table", "years", "breakdowns") and not block.get("sections") and not block.get("codes"):
        yield _("It says of nothing what it shows. Tick a section, or name indicators.")
    if kind == "sentences":
        yield from _sentences(block, places)
    if kind == "chart":
        yield from _chart(block, places)
    if kind == "annex" and len(block.get("codes", ())) > MOST_COLUMNS:
        yield _("A page holds %(most)d columns, and %(count)d indicators are named. Make a second annex.") % {
            "most": MOST_COLUMNS,
            "count": len(block["codes"]),
        }


def _field(field: Field, value: Any, places: Places) -> Iterator[str]:
    if field.is_needed and not value:
        yield _("“%(field)s” is empty. Fill it in.") % {"field": field.label}
    if field.way is Way.INDICATORS:
        yield from _indicators(value or (), places)
    elif field.way in (Way.CHOICE, Way.CHOICES):
        known = {code for code, _label in field.choices}
        chosen = (value,) if isinstance(value, str) else (value or ())
        if any(each not in known for each in chosen if each):
            yield _("“%(field)s”: choose from the list.") % {"field": field.label}
    elif field.way is not Way.TICK and field.has_places:
        for text in (value,) if isinstance(value, str) else (value or ()):
            yield from _places(text, places)


def _places(text: str, places: Places) -> Iterator[str]:
    for unknown in places.unknown(text):
        yield _(
            "%(place)s stands for nothing. Copy a name with its brackets from the list, or take the brackets out."
        ) % {"place": unknown}


def _indicators(codes: Any, places: Places) -> Iterator[str]:
    for code in codes:
        if code not in places.indicators:
            yield _("No indicator is called “%(name)s”. Choose one from the list.") % {"name": code}


def _sentences(block: Layout, places: Places) -> Iterator[str]:
    if not block.get("items"):
        yield _("There is no sentence. Add one, or remove the block.")
    for number, item in enumerate(block.get("items", ()), start=1):
        said = [*_indicators([item["about"]] if item["about"] else [], places)]
        if not item["about"]:
            said.append(_("it is about no indicator. Choose one."))
        for field in SENTENCE:
            said += _field(field, item.get(field.name), places)
        for told in said:
            yield _("sentence %(number)d: %(told)s") % {"number": number, "told": told}


def _chart(block: Layout, places: Places) -> Iterator[str]:
    shown = [places.indicators[code] for code in block.get("codes", ()) if code in places.indicators]
    kind = block.get("chart")
    if kind in ("bars", "trend") and shown:
        for other in shown:
            if other.unit != shown[0].unit:
                yield _(
                    "“%(other)s” counts %(unit)s, and the chart shows %(first)s: one unit a chart. Take it out, or"
                    " make a second chart."
                ) % {"other": other.name, "unit": other.unit, "first": shown[0].unit}
    most = {"trend": MOST_LINES, "ranking": 1}.get(str(kind))
    if most is not None and len(shown) > most:
        yield _("This kind of chart shows %(most)d, and %(count)d are named. Take some out.") % {
            "most": most,
            "count": len(shown),
        }
