"""Layouts as they are changed on a page: reading what was sent, moving, adding and removing. Pure."""

import json
import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from reporting.building.blocks import KINDS
from reporting.templating.checking import Layout
from reporting.templating.fields import FIELDS, FRAME, SENTENCE, Field, Way
from reporting.templating.places import Places
from territory.text import control_characters, normalise

#: A report beyond these is no report any more; a request beyond them is none of a person.
MOST_SECTIONS, MOST_BLOCKS, MOST_SENTENCES, MOST_INDICATORS = 20, 40, 60, 30
LONGEST_LINE, LONGEST_TEXT = 300, 5000
LARGEST_LAYOUT = 400_000


#: What an empty field of each way holds; of the others an empty text.
_EMPTY: dict[Way, Any] = {Way.CHOICES: list, Way.INDICATORS: list, Way.LINES: list, Way.TICK: bool}


def with_frame(
    layout: Layout, sent: QueryDict, places: Places, *, moves: bool = True, without: int | None = None
) -> Layout:
    """The layout with the frame and the list of sections as they were sent, one of them left out.

    ``moves`` puts rows to the places typed; not while the page still shows them in the old order.
    """
    made = {**layout, "signer": {**layout["signer"]}, "parts": [dict(part) for part in layout["parts"]]}
    for field in FRAME:
        outer, dot, inner = field.name.partition(".")
        value = _read(field, sent, field.name, places)
        if dot:
            made[outer][inner] = value
        else:
            made[outer] = value
    if not made["place"]:
        del made["place"]
    placed = []
    for at, part in enumerate(made["parts"]):
        if f"section.{at}.title" in sent:
            part["number"] = _line(sent, f"section.{at}.number")
            part["title"] = _line(sent, f"section.{at}.title")
        if at != without:
            placed.append((part, _place(sent, f"section.{at}.place", at)))
    made["parts"] = _in_order(placed, moves)
    return made


def with_part(
    layout: Layout,
    at: int,
    sent: QueryDict,
    places: Places,
    *,
    moves: bool = True,
    without: tuple[str, int] | None = None,
) -> Layout:
    """The layout with one section as it was sent; blocks that were not on the page stay as they are.

    ``moves`` puts rows to the places typed; not while the page still shows them in the old order.
    ``without`` leaves out one sentence: the key of its block and its place on the page.
    """
    part = dict(layout["parts"][at])
    part["number"], part["title"] = _line(sent, "number"), _line(sent, "title")
    _put_hidden(part, sent, "hidden")
    placed = [
        (_block(block, sent, places, moves, without), _place(sent, f"{block['key']}.place", place))
        for place, block in enumerate(part["blocks"])
    ]
    part["blocks"] = _in_order(placed, moves)
    return _with(layout, at, part)


def added_section(layout: Layout) -> Layout:
    part = {"number": "", "title": "", "blocks": []}
    return {**layout, "parts": [*layout["parts"], part]}


def added_block(layout: Layout, at: int, kind: str) -> Layout:
    """The layout with an empty block at the end of a section. Raises ValidationError for an unknown kind."""
    if kind not in KINDS:
        raise ValidationError(_("Choose what the new block shows."), code="kind")
    block: Layout = {"kind": kind, "key": f"b-{secrets.token_hex(4)}"}
    for field in FIELDS.get(kind, ()):
        block[field.name] = _EMPTY.get(field.way, str)()
    if kind == "sentences":
        block["items"] = [_empty_sentence()]
    part = layout["parts"][at]
    return _with(layout, at, {**part, "blocks": [*part["blocks"], block]})


def removed_block(layout: Layout, at: int, key: str) -> Layout:
    part = layout["parts"][at]
    return _with(layout, at, {**part, "blocks": [one for one in part["blocks"] if one["key"] != key]})


def added_sentence(layout: Layout, at: int, key: str) -> Layout:
    part = layout["parts"][at]
    blocks = [
        {**one, "items": [*one["items"], _empty_sentence()]} if one["key"] == key and "items" in one else one
        for one in part["blocks"]
    ]
    return _with(layout, at, {**part, "blocks": blocks})


def refuse_excess(layout: Layout) -> None:
    """Raises ValidationError when a layout is beyond what a report or a page can hold."""
    parts = layout["parts"]
    if len(parts) > MOST_SECTIONS:
        raise ValidationError(_("A template has at most %(most)d sections.") % {"most": MOST_SECTIONS})
    for part in parts:
        sentences = sum(len(block.get("items", ())) for block in part["blocks"])
        named = max((len(block.get("codes", ())) for block in part["blocks"]), default=0)
        if len(part["blocks"]) > MOST_BLOCKS:
            raise ValidationError(
                _("A section has at most %(most)d blocks. Make two of it.") % {"most": MOST_BLOCKS}
            )
        if sentences > MOST_SENTENCES:
            raise ValidationError(
                _("A section has at most %(most)d sentences. Make two of it.") % {"most": MOST_SENTENCES}
            )
        if named > MOST_INDICATORS:
            raise ValidationError(_("A block names at most %(most)d indicators.") % {"most": MOST_INDICATORS})
    texts = list(_texts(layout))
    if any(len(text) > LONGEST_TEXT for text in texts):
        raise ValidationError(
            _("A text has at most %(most)d characters. Shorten it, or make two of it.")
            % {"most": LONGEST_TEXT}
        )
    if any(control_characters(text) for text in texts):
        raise ValidationError(_("A text holds an invisible control character. Type the text anew."))
    if len(json.dumps(layout)) > LARGEST_LAYOUT:
        raise ValidationError(_("The template has become too large. Shorten its texts."))


def _block(
    block: Layout, sent: QueryDict, places: Places, moves: bool, without: tuple[str, int] | None
) -> Layout:
    key = block["key"]
    if key not in sent.getlist("block"):
        return block
    made = dict(block)
    for field in FIELDS.get(block["kind"], ()):
        made[field.name] = _read(field, sent, f"{key}.{field.name}", places, block.get(field.name))
    if block["kind"] == "sentences":
        made["items"] = _sentences(block["items"], key, sent, places, moves, without)
    if not KINDS[block["kind"]].is_fixed:
        _put_hidden(made, sent, f"{key}.hidden")
    return made


def _sentences(
    items: Sequence[Layout],
    key: str,
    sent: QueryDict,
    places: Places,
    moves: bool,
    without: tuple[str, int] | None,
) -> list[Layout]:
    placed = []
    for at, _item in enumerate(items):
        if (key, at) == without:
            continue
        name = f"{key}.{at}"
        texts = {field.name: _read(field, sent, f"{name}.{field.name}", places) for field in SENTENCE}
        about = places.code(_line(sent, f"{name}.about"))
        made = {"about": about, **texts, "compare": f"{name}.compare" in sent}
        placed.append((made, _place(sent, f"{name}.place", at)))
    return _in_order(placed, moves)


def _read(field: Field, sent: QueryDict, name: str, places: Places, held: Any = None) -> Any:
    """The value of a field as it was sent; what was chosen before keeps its order."""
    match field.way:
        case Way.TICK:
            return name in sent
        case Way.CHOICES:
            known = dict.fromkeys([*(held or ()), *(code for code, _label in field.choices)])
            return [code for code in known if code in sent.getlist(name)]
        case Way.INDICATORS:
            typed = (normalise(each).strip() for each in sent.getlist(name))
            return [places.code(each[:LONGEST_LINE]) for each in typed if each]
        case Way.LINES:
            lines = normalise(sent.get(name, "")).splitlines()
            return [places.stored(line.strip()) for line in lines if line.strip()]
        case Way.TEXT:
            text = normalise(sent.get(name, "")).strip()
            return places.stored(text) if field.has_places else text
        case _:
            line = _line(sent, name)
            return places.stored(line) if field.has_places else line


def _line(sent: QueryDict, name: str) -> str:
    return " ".join(normalise(sent.get(name, "")).split())


def _place(sent: QueryDict, name: str, at: int) -> tuple[int, int, int]:
    """Where a row is wanted, to be sorted by: moved up it goes before the row that has this place, down behind it."""
    typed = sent.get(name, "").strip()
    wanted = int(typed) - 1 if typed.isascii() and typed.isdigit() and len(typed) < 4 else at
    return wanted, (wanted > at) - (wanted < at), at


def _in_order(placed: Iterable[tuple[Layout, tuple[int, int, int]]], moves: bool) -> list[Layout]:
    rows = sorted(placed, key=lambda pair: pair[1]) if moves else placed
    return [row for row, _wanted in rows]


def _put_hidden(row: Layout, sent: QueryDict, name: str) -> None:
    row.pop("hidden", None)
    if name in sent:
        row["hidden"] = True


def _with(layout: Layout, at: int, part: Layout) -> Layout:
    return {**layout, "parts": [part if place == at else one for place, one in enumerate(layout["parts"])]}


def _empty_sentence() -> Layout:
    return {"about": "", "reported": "", "nil": "", "missing": "", "compare": False}


def _texts(layout: Layout) -> Iterable[str]:
    """Every text of a layout, however deep."""
    found: list[Any] = [layout]
    while found:
        one = found.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            found += one.values()
        elif isinstance(one, list):
            found += one
