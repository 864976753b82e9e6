"""A draft as its editor shows it: blocks with their text to be changed, the figures linked in it, and what has moved.

In the text that a person sees, a linked figure stands as ⟦name of the indicator⟧; stored it is ``{code}``.
"""

import re
from dataclasses import dataclass
from typing import Any

from reporting.building.blocks import KINDS
from reporting.building.context import Building
from reporting.building.snapshot import Made, make_part
from reporting.building.wording import PLACE
from reporting.figures import MapBasis
from reporting.models import ReportDraft

_TOKEN = re.compile(r"⟦([^⟦⟧]*)⟧")
#: The forms of a linked figure besides its value, by the word shown after the name.
FORMS = {"số": "number", "cùng kỳ": "before", "so sánh": "change"}
_SHOWN = {form: word for word, form in FORMS.items()}


class UnknownFigure(ValueError):
    """A token names no indicator; ``token`` is what was typed."""

    def __init__(self, token: str) -> None:
        super().__init__(token)
        self.token = token


@dataclass(frozen=True)
class Moved:
    """A figure whose value is another than when the text around it was written."""

    name: str
    before: str
    now: str


@dataclass(frozen=True)
class EditableBlock:
    """One block in the editor; ``kept`` is what its reader typed into it and did not save."""

    key: str
    name: Any
    is_text: bool
    may_hide: bool
    is_hidden: bool
    is_rewritten: bool
    text: str
    after: str
    blocks: list[dict[str, Any]]
    moved: list[Moved]
    kept: Any = None


def building_of(draft: ReportDraft) -> Building:
    """The report of a draft under construction."""
    return Building(draft.area, draft.period, MapBasis(draft.map_basis), draft.pilot, draft.document)


def editable_part(building: Building, part: dict[str, Any], content: dict[str, Any]) -> list[EditableBlock]:
    """The blocks of a part of the layout as the editor shows them."""
    return [
        _editable(building, made, content.get(made.key, {})) for made in make_part(building, part, content)
    ]


def _editable(building: Building, made: Made, changed: dict[str, Any]) -> EditableBlock:
    kind = KINDS[made.kind]
    lines = changed["paragraphs"] if "paragraphs" in changed else _lines(made.drafted)
    after = changed.get("after", [])
    return EditableBlock(
        key=made.key,
        name=made.layout.get("caption") or made.layout.get("text") or kind.name,
        is_text=kind.is_text,
        may_hide=not kind.is_fixed,
        is_hidden=bool(changed.get("hidden")),
        is_rewritten="paragraphs" in changed,
        text=as_tokens(building, "\n".join(lines)) if kind.is_text else "",
        after=as_tokens(building, "\n".join(after)),
        blocks=made.blocks,
        moved=moved(building, changed),
    )


def drafted_text(building: Building, block: dict[str, Any]) -> str:
    """What the editor shows of a block that nobody wrote over."""
    return as_tokens(building, "\n".join(_lines(KINDS[block["kind"]].make(building, block))))


def _lines(blocks: list[dict[str, Any]]) -> list[str]:
    """The text of drafted blocks, line by line; points of a list start with a dash."""
    lines: list[str] = []
    for block in blocks:
        if block["type"] == "paragraphs":
            lines += [paragraph.get("source", paragraph["text"]) for paragraph in block["paragraphs"]]
        elif block["type"] == "bullets":
            lines += [f"- {item}" for item in block["items"]]
        elif block["type"] == "heading":
            lines.append(f"{block['number']}. {block['text']}")
    return lines


def as_tokens(building: Building, text: str) -> str:
    """A stored text as a person edits it."""

    def put(match: re.Match[str]) -> str:
        comma, name, form = match[1] or "", match[2], match[3]
        if name in building.by_code:
            word = f": {_SHOWN[form]}" if form else ""
            return f"{comma}⟦{building.by_code[name].name}{word}⟧"
        return comma + building.wording.names.get(name, match[0].removeprefix(comma))

    return PLACE.sub(put, text)


def from_tokens(building: Building, text: str) -> str:
    """An edited text as it is stored. Raises UnknownFigure."""
    codes = {indicator.name: indicator.code for indicator in building.indicators}

    def put(match: re.Match[str]) -> str:
        typed = " ".join(match[1].split())
        if typed in codes:
            return f"{{{codes[typed]}}}"
        name, _, word = typed.rpartition(":")
        if name.strip() in codes and word.strip() in FORMS:
            return f"{{{codes[name.strip()]}:{FORMS[word.strip()]}}}"
        raise UnknownFigure(typed)

    return _TOKEN.sub(put, text)


def token(building: Building, name: str, form: str = "") -> str:
    """A linked figure as a person puts it into a text. Raises LookupError for what is no figure, or no form of one."""
    name = " ".join(name.split())
    if name not in {indicator.name for indicator in building.indicators}:
        raise LookupError(name)
    if form and form not in FORMS:
        raise LookupError(form)
    return f"⟦{name}: {form}⟧" if form else f"⟦{name}⟧"


def figures_in(building: Building, lines: list[str]) -> dict[str, str]:
    """The figures linked in a stored text as they are printed now, by code."""
    found = {match[2] for line in lines for match in PLACE.finditer(line)}
    return {
        code: building.printed(building.answers[code]) for code in sorted(found) if code in building.answers
    }


def moved(building: Building, changed: dict[str, Any]) -> list[Moved]:
    """The figures of a rewritten block that are not any more what they were when it was written."""
    seen: dict[str, str] = changed.get("seen", {})
    now = figures_in(building, [f"{{{code}}}" for code in seen])
    return [
        Moved(building.by_code[code].name, seen[code], printed)
        for code, printed in now.items()
        if seen[code] != printed
    ]
