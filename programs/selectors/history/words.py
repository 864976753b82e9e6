"""How a long text changed, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

#: A text longer than this is compared by words, in characters.
LONG = 80
#: So many unchanged words, with the blanks between them, are shown on each side of a change.
AROUND = 16
#: Where the changed stretches are longer than this (words of one times words of the other), they are not compared.
_MOST_COMPARED = 1_000_000

#: A word or the blanks between two.
_WORDS = re.compile(r"\S+|\s+")


@dataclass(frozen=True)
class Piece:
    """A stretch of text: as it was, taken out, or put in."""

    kind: Literal["same", "removed", "added"]
    text: str


def difference(before: str, after: str) -> list[Piece]:
    """The pieces of which both texts consist, in order; long unchanged stretches are shortened to "…"."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    old_middle, new_middle = old[head : len(old) - tail], new[head : len(new) - tail]
    pieces = [
        Piece("same", _shortened(old[:head], at_start=True)),
        *_compared(old_middle, new_middle),
        Piece("same", _shortened(old[len(old) - tail :], at_end=True)),
    ]
    return [piece for piece in pieces if piece.text]


def _alike(one: list[str], other: list[str]) -> int:
    """How many words two texts begin with alike."""
    for count, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return count
    return min(len(one), len(other))


def _compared(old: list[str], new: list[str]) -> Iterator[Piece]:
    if len(old) * len(new) > _MOST_COMPARED:
        yield Piece("removed", "".join(old))
        yield Piece("added", "".join(new))
        return
    for kind, start, end, new_start, new_end in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            yield Piece("same", _shortened(old[start:end]))
            continue
        yield Piece("removed", "".join(old[start:end]))
        yield Piece("added", "".join(new[new_start:new_end]))


def _shortened(words: list[str], *, at_start: bool = False, at_end: bool = False) -> str:
    """Unchanged words, of many only those next to a change."""
    most = AROUND if at_start or at_end else 2 * AROUND
    if len(words) <= most + 1:
        return "".join(words)
    first = "" if at_start else "".join(words[:AROUND])
    last = "" if at_end else "".join(words[-AROUND:])
    return f"{first}… {last.lstrip()}"
