"""How a layout is written down: parts, blocks, sentences.

A layout has the frame of the document and its parts; a part has blocks; ``reporting.building.blocks.KINDS`` knows the
kinds of blocks. Places in braces are those of ``reporting.building.wording``. Which text of a sentence is used follows
from what is known of the indicator named by ``about``: reported, nil (confirmed), or missing (then it may be absent);
with ``compare`` the sentence ends with how the figure stands to the same period before.
"""

from typing import Any

from programs.models import ActivityKind
from reporting.models import Section

Layout = dict[str, Any]


def heading(number: str, text: str) -> Layout:
    return {"kind": "heading", "number": number, "text": text}


def text(*lines: str) -> Layout:
    return {"kind": "text", "text": "\n".join(lines)}


def sentence(about: str, reported: str, nil: str = "", missing: str = "", *, compare: bool = False) -> Layout:
    return {"about": about, "reported": reported, "nil": nil, "missing": missing, "compare": compare}


def sentences(*items: Layout) -> Layout:
    return {"kind": "sentences", "items": list(items)}


def narratives(section: Section) -> Layout:
    return {"kind": "narratives", "section": section.value}


def activities(*kinds: ActivityKind) -> Layout:
    return {"kind": "activities", "kinds": [kind.value for kind in kinds]}


def statements(of: str) -> Layout:
    return {"kind": "statements", "of": of}


def simple(kind: str) -> Layout:
    return {"kind": kind}


def captioned(kind: str, caption: str) -> Layout:
    return {"kind": kind, "caption": caption}


def table(caption: str, *sections: Section, compare: bool = False, kind: str = "table") -> Layout:
    made = {
        "kind": kind,
        "caption": caption,
        "sections": [section.value for section in sections],
        "codes": [],
    }
    return {**made, "compare": compare} if kind == "table" else made


def chart(kind: str, caption: str, *codes: str) -> Layout:
    return {"kind": "chart", "chart": kind, "caption": caption, "codes": list(codes)}


def annex(caption: str, *codes: str) -> Layout:
    return {"kind": "annex", "caption": caption, "codes": list(codes)}


def part(number: str, title: str, *blocks: Layout) -> Layout:
    return {"number": number, "title": title, "blocks": list(blocks)}


def keyed(layout: Layout) -> Layout:
    """The layout with a key for each block, by which a draft remembers what was written over it."""
    parts = [
        {
            **each,
            "blocks": [
                {**block, "key": f"{each['number']}-{n}"} for n, block in enumerate(each["blocks"], 1)
            ],
        }
        for each in layout["parts"]
    ]
    return {**layout, "parts": parts}
