"""The head of a table by unit: headings over groups of columns, and those of the columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Head(NamedTuple):
    """One cell of the head: how many columns and lines it spans, and where its first column is."""

    title: str
    across: int
    down: int
    column: int


def head_rows(block: Mapping[str, Any]) -> list[list[Head]]:
    """The lines of an annex's head. A column without a group over it reaches through both lines."""
    titles = [column["title"] for column in block["columns"]]
    if not block["groups"]:
        return [[Head(title, 1, 1, at) for at, title in enumerate(titles)]]
    upper: list[Head] = []
    lower: list[Head] = []
    at = 0
    for group in block["groups"]:
        own = range(at, at + group["span"])
        if group["title"]:
            upper.append(Head(group["title"], group["span"], 1, at))
            lower += [Head(titles[place], 1, 1, place) for place in own]
        else:
            upper += [Head(titles[place], 1, 2, place) for place in own]
        at += group["span"]
    return [upper, lower] if lower else [[Head(title, 1, 1, place) for place, title in enumerate(titles)]]
