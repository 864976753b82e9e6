"""Which version of the portal this is, and what changed for its readers."""

import datetime as dt
import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

_RELEASE = re.compile(r"## (?P<number>\S+) · (?P<day>\d{4}-\d{2}-\d{2})")
_LANGUAGES = {"Tiếng Việt": "vi", "English": "en"}


@dataclass(frozen=True)
class Release:
    """One version in the reader's language, and the day it was released on."""

    number: str
    day: dt.date
    changes: list[str]


@lru_cache
def version() -> str:
    """The version that pyproject.toml names."""
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        named: str = tomllib.load(file)["project"]["version"]
    return named


@lru_cache
def releases(language: str) -> list[Release]:
    """What CHANGELOG.md tells in this language, the newest first.

    A release is a heading "## 0.1.0 · 2026-11-28"; below it a heading for each language, and a point for each change.
    """
    found: list[Release] = []
    is_ours = False
    for line in (settings.BASE_DIR / "CHANGELOG.md").read_text("utf-8").splitlines():
        if match := _RELEASE.fullmatch(line):
            found.append(Release(match["number"], dt.date.fromisoformat(match["day"]), []))
        elif line.startswith("### "):
            is_ours = _LANGUAGES.get(line.removeprefix("### ")) == language
        elif found and is_ours and line.startswith("- "):
            found[-1].changes.append(line.removeprefix("- "))
        elif found and is_ours and line.startswith("  ") and found[-1].changes:
            found[-1].changes[-1] += " " + line.strip()
    return found
