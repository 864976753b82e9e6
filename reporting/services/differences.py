"""In what two snapshots of a report differ: figures by their printed values, texts line by line."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

from reporting.rendering import Snapshot
from territory.period import CutOff, parse_period, print_period_vi

#: A revision names at most so many; whatever is beyond is told as a number.
MOST = 200

Difference = dict[str, str]


def differences_between(before: Snapshot, after: Snapshot) -> list[Difference]:
    """What changed from one snapshot to the next, figures first, each as {"what", "before", "after"}."""
    found = [*_figures(before, after), *_texts(before, after)]
    if len(found) > MOST:
        rest = {"what": f"Và {len(found) - MOST} điểm khác", "before": "", "after": ""}
        found = [*found[:MOST], rest]
    return found


def _figures(before: Snapshot, after: Snapshot) -> Iterator[Difference]:
    old: dict[str, Any] = dict(before["figures"])
    new: dict[str, Any] = dict(after["figures"])
    for key in sorted(old.keys() | new.keys()):
        was, is_now = old.get(key), new.get(key)
        if was and is_now and was["printed"] == is_now["printed"]:
            continue
        about: Any = is_now or was
        yield {
            "what": f"{about['name']} ({_period(about['period'])})",
            "before": was["printed"] if was else "",
            "after": is_now["printed"] if is_now else "",
        }


def _period(code: str) -> str:
    return print_period_vi(parse_period(code, CutOff.ND09))


def _texts(before: Snapshot, after: Snapshot) -> Iterator[Difference]:
    old = {section["title"]: _lines(section) for section in before["sections"]}
    new = {section["title"]: _lines(section) for section in after["sections"]}
    for title in [*old, *(title for title in new if title not in old)]:
        was, is_now = old.get(title, []), new.get(title, [])
        for step, a, b, c, d in SequenceMatcher(None, was, is_now, autojunk=False).get_opcodes():
            if step != "equal":
                yield {"what": title, "before": "\n".join(was[a:b]), "after": "\n".join(is_now[c:d])}


def _lines(section: Any) -> list[str]:
    lines: list[str] = []
    for block in section["blocks"]:
        if block["type"] == "paragraphs":
            lines += [paragraph["text"] for paragraph in block["paragraphs"]]
        elif block["type"] == "bullets":
            lines += block["items"]
        elif block["type"] == "heading":
            lines.append(f"{block['number']}. {block['text']}")
    return lines
