"""The sections, blocks and fields of a template as its pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from reporting.building.blocks import KINDS
from reporting.templating.checking import Layout, Problem, section_name, value_of
from reporting.templating.fields import FIELDS, FRAME, SENTENCE, Field, Way
from reporting.templating.places import Places

#: How many empty lines for further indicators a block offers.
MORE_INDICATORS = 2


@dataclass(frozen=True)
class FieldOnPage:
    """A field with its value as a person edits it."""

    name: str
    of: Field
    text: str = ""
    lines: list[str] = field(default_factory=list)
    choices: list[tuple[str, Any, bool]] = field(default_factory=list)

    @property
    def way(self) -> str:
        return self.of.way.name.lower()


@dataclass(frozen=True)
class SentenceOnPage:
    name: str
    place: int
    about: str
    compare: bool
    fields: list[FieldOnPage]


@dataclass(frozen=True)
class BlockOnPage:
    key: str
    place: int
    name: Any
    fields: list[FieldOnPage]
    sentences: list[SentenceOnPage]
    is_hidden: bool
    may_hide: bool
    may_add_sentence: bool
    problems: list[str]


@dataclass(frozen=True)
class SectionOnPage:
    """A section in the list of sections; ``problems`` is how many keep the template from being used."""

    at: int
    number: str
    title: str
    name: str
    is_hidden: bool
    problems: int


def frame_on_page(layout: Layout, places: Places) -> list[FieldOnPage]:
    return [_field(each, each.name, value_of(layout, each.name), places) for each in FRAME]


def sections_on_page(layout: Layout, problems: Sequence[Problem]) -> list[SectionOnPage]:
    return [
        SectionOnPage(
            at=at,
            number=part["number"],
            title=part["title"],
            name=section_name(part, at),
            is_hidden=bool(part.get("hidden")),
            problems=sum(problem.section == at for problem in problems),
        )
        for at, part in enumerate(layout["parts"])
    ]


def blocks_on_page(part: Layout, places: Places, problems: Sequence[Problem]) -> list[BlockOnPage]:
    return [
        BlockOnPage(
            key=block["key"],
            place=place,
            name=KINDS[block["kind"]].name,
            fields=[
                _field(each, f"{block['key']}.{each.name}", block.get(each.name), places)
                for each in FIELDS.get(block["kind"], ())
            ],
            sentences=[
                _sentence(item, f"{block['key']}.{at}", at, places)
                for at, item in enumerate(block.get("items", ()))
            ],
            is_hidden=bool(block.get("hidden")),
            may_hide=not KINDS[block["kind"]].is_fixed,
            may_add_sentence=block["kind"] == "sentences",
            problems=[problem.message for problem in problems if problem.key == block["key"]],
        )
        for place, block in enumerate(part["blocks"], start=1)
    ]


def _sentence(item: Layout, name: str, at: int, places: Places) -> SentenceOnPage:
    return SentenceOnPage(
        name=name,
        place=at + 1,
        about=places.label(item["about"]),
        compare=bool(item.get("compare")),
        fields=[_field(each, f"{name}.{each.name}", item.get(each.name), places) for each in SENTENCE],
    )


def _field(of: Field, name: str, value: Any, places: Places) -> FieldOnPage:
    match of.way:
        case Way.CHOICE | Way.CHOICES:
            chosen = [value or ""] if of.way is Way.CHOICE else (value or [])
            return FieldOnPage(
                name, of, choices=[(code, label, code in chosen) for code, label in of.choices]
            )
        case Way.INDICATORS:
            named = [places.label(code) for code in value or ()]
            return FieldOnPage(name, of, lines=[*named, *[""] * MORE_INDICATORS])
        case Way.LINES:
            return FieldOnPage(name, of, text="\n".join(places.shown(line) for line in value or ()))
        case Way.TICK:
            return FieldOnPage(name, of, choices=[("on", of.label, bool(value))])
        case _:
            return FieldOnPage(name, of, text=places.shown(value or ""))


# --- in words -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """One thing of a template in words: what it is, and the lines that say how it is set."""

    what: str
    lines: list[str]


def frame_in_words(layout: Layout, places: Places) -> list[Told]:
    """The frame of a template, a field each."""
    return [
        Told(str(each.label), lines)
        for each in FRAME
        if (lines := _words(each, value_of(layout, each.name), places))
    ]


def part_in_words(part: Layout, places: Places) -> list[Told]:
    """The blocks of a section, in order."""
    return [Told(str(KINDS[block["kind"]].name), _block_in_words(block, places)) for block in part["blocks"]]


def _block_in_words(block: Layout, places: Places) -> list[str]:
    lines = []
    for each in FIELDS.get(block["kind"], ()):
        said = _words(each, block.get(each.name), places)
        lines += said if each.way is Way.TEXT else [f"{each.label}: {', '.join(said)}"] if said else []
    for item in block.get("items", ()):
        for each in SENTENCE:
            lines += [f"{each.label}: {said}" for said in _words(each, item.get(each.name), places)]
    return lines


def _words(of: Field, value: Any, places: Places) -> list[str]:
    match of.way:
        case Way.CHOICE | Way.CHOICES:
            chosen = [value] if isinstance(value, str) else (value or [])
            return [str(label) for code, label in of.choices if code and code in chosen]
        case Way.INDICATORS:
            return [places.label(code) for code in value or ()]
        case Way.TICK:
            return ["✓"] if value else []
        case Way.LINES:
            return [places.shown(line) for line in value or ()]
        case _:
            return [places.shown(value)] if value else []


@dataclass(frozen=True)
class Difference:
    """What one version has otherwise than the one before; empty where it was added or taken out."""

    what: str
    before: str
    after: str


def differences(before: Layout, after: Layout, places: Places) -> list[Difference]:
    """How two versions differ, in the order of the later one; then what it left out."""
    old, new = _pieces(before, places), _pieces(after, places)
    found = [
        Difference(what, old.get(key, ("", ""))[1], said)
        for key, (what, said) in new.items()
        if old.get(key, ("", ""))[1] != said
    ]
    return [*found, *(Difference(what, said, "") for key, (what, said) in old.items() if key not in new)]


def _pieces(layout: Layout, places: Places) -> dict[str, tuple[str, str]]:
    """The pieces of a layout in words, by a key that stays when a piece is moved."""
    pieces = {
        f"frame:{told.what}": (told.what, "\n".join(told.lines)) for told in frame_in_words(layout, places)
    }
    for at, part in enumerate(layout["parts"]):
        name = section_name(part, at)
        for block in part["blocks"]:
            kind = str(KINDS[block["kind"]].name)
            said = "\n".join(_block_in_words(block, places))
            hidden = " (–)" if block.get("hidden") or part.get("hidden") else ""
            pieces[block["key"]] = (f"{name} · {kind}", f"{kind}{hidden}\n{said}".strip())
    names = [section_name(part, at) for at, part in enumerate(layout["parts"])]
    pieces["sections"] = ("", "\n".join(names))
    return pieces
