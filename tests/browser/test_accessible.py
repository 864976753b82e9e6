"""Every page a person can come to by links holds WCAG 2.2 AA in each of its looks, as far as axe-core can tell.

It fits a phone, is light enough for a bad line, and nothing on it jumps while it opens. Each role is walked from its
home. A page is looked at once for all roles that are shown it, since its parts are the same; a wrong link or a fault of
a script is found for each.
"""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from playwright.sync_api import Page

from accounts.models import Membership, Role
from tests.browser.conftest import DESKTOP, MOST_SHIFTED, PHONE, OpenWindow
from tests.browser.portal import Portal
from tests.browser.walk import walk

#: What axe-core checks. The rest of its rules are advice.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}

#: What another look can break.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}

#: What the browser saw move so far, without what a person set off.
SHIFTED = """() => new Promise((told) => {
    let sum = 0;
    new PerformanceObserver((seen) => {
        for (const each of seen.getEntries()) if (!each.hadRecentInput) sum += each.value;
    }).observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => told(sum))));
})"""

#: Bytes of a page with its style sheets, scripts and pictures, as they are sent.
HEAVIEST = 150_000

#: Pages looked at by an earlier role of this run.
looked_at: set[str] = set()


@pytest.mark.parametrize("role", list(Role))
def test_every_page_is_accessible_light_and_fits_a_phone(
    role: Role, portal: Portal, window: OpenWindow
) -> None:
    mine = window(size=PHONE)
    mine.sign_in(_somebody(role, portal))
    faults: dict[str, list[str]] = {}
    for opened in walk(mine.page, f"{portal.url}/"):
        if opened.name in looked_at:
            continue
        looked_at.add(opened.name)
        if found := _faults(mine.page):
            faults[f"{opened.name} {urlsplit(opened.address).path}"] = found

    assert faults == {}


def _somebody(role: Role, portal: Portal) -> str:
    held = Membership.objects.current().filter(role=role, user__email__in=portal.passwords)
    return str(held.order_by("user__email").values_list("user__email", flat=True)[0])


def _faults(page: Page) -> list[str]:
    """What axe-core finds on a wide window in every look, and whether the page is too wide, jumps or is too heavy."""
    found = []
    if (over := page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0:
        found.append(f"{over} px wider than a phone")
    if (shifted := page.evaluate(SHIFTED)) > MOST_SHIFTED:
        found.append(f"shifted by {shifted:.3f}")
    if (weight := _weight(page)) > HEAVIEST:
        found.append(f"{weight} bytes")
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    found += _told("light", Axe().run(page, options=RULES).response)
    page.emulate_media(color_scheme="dark")
    found += _told("dark", page.evaluate("options => axe.run(document, options)", COLOURS))
    page.emulate_media(color_scheme="light")
    page.evaluate("document.documentElement.dataset.contrast = 'high'")
    found += _told("contrast", page.evaluate("options => axe.run(document, options)", COLOURS))
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    return found


def _told(look: str, result: dict[str, Any]) -> list[str]:
    told = []
    for fault in result["violations"]:
        nodes = [f"{node['target']} {node['html'][:120]}" for node in fault["nodes"][:3]]
        told.append(f"{look}: {fault['id']} x{len(fault['nodes'])}: {'; '.join(nodes)}")
    return told


def _weight(page: Page) -> int:
    """Bytes of the page and of what it loaded, as they are sent; static files are compressed once, elsewhere."""
    own, parts = page.evaluate(
        """() => [
            performance.getEntriesByType("navigation")[0].encodedBodySize,
            performance.getEntriesByType("resource").map((part) => [new URL(part.name).pathname, part.encodedBodySize]),
        ]"""
    )
    return int(own) + sum(_compressed(path) or size for path, size in parts)


@cache
def _compressed(path: str) -> int:
    """Bytes of a static file as it is sent; 0 for what is none."""
    found = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
    return len(gzip.compress(Path(found).read_bytes())) if isinstance(found, str) else 0
