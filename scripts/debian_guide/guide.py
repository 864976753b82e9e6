"""The indented lines of a page's sections, in order: what somebody who follows it types."""

from __future__ import annotations

import re


def typed_lines(page: str, section: str) -> list[str]:
    """The lines to type of one section (`## NAME`). Raises LookupError where the page has no such section."""
    found = re.search(rf"^## {re.escape(section)}\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    if found is None:
        raise LookupError(section)
    return [line[4:] for line in found[1].splitlines() if line.startswith("    ")]


def without_placeholders(lines: list[str], given: dict[str, str]) -> list[str]:
    """The lines with what an office fills in. Raises LookupError where a placeholder is in none of them."""
    text = "\n".join(lines)
    for placeholder, value in given.items():
        if placeholder not in text:
            raise LookupError(f"the guide does not say {placeholder!r}")
        text = text.replace(placeholder, value)
    if "..." in text:
        raise LookupError(f"something of the guide is not filled in: {text[text.index('...') - 60 :][:80]!r}")
    return text.splitlines()
