"""Blocks of the snapshot, made in one line each."""

from collections.abc import Sequence
from typing import Any

Block = dict[str, Any]


def plain(text: str) -> dict[str, Any]:
    """A paragraph that rests on no figure."""
    return {"text": text, "figures": []}


def paragraphs(found: list[dict[str, Any]]) -> list[Block]:
    return [{"type": "paragraphs", "paragraphs": found}] if found else []


def bullets(items: list[str]) -> list[Block]:
    return [{"type": "bullets", "items": items}] if items else []


def columns(titles: Sequence[str], aligns: Sequence[str], header: int = 1) -> list[dict[str, Any]]:
    return [
        {"title": title, "align": align, "is_header": place == header}
        for place, (title, align) in enumerate(zip(titles, aligns, strict=True))
    ]


def row(*cells: str, is_total: bool = False) -> dict[str, Any]:
    return {"cells": list(cells), "is_total": is_total}


def table(
    caption: str,
    heads: list[dict[str, Any]],
    rows: list[dict[str, Any]],
    notes: Sequence[str] = (),
    *,
    kind: str = "table",
) -> Block:
    return {"type": kind, "caption": caption, "columns": heads, "rows": rows, "notes": list(notes)}
