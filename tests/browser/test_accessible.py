"""Every page a person can come to by links holds WCAG 2.2 AA, as far as axe-core can tell, and fits a phone.

Each role is walked from its home. A page is looked at once for all roles that are shown it, since its parts are the
same; a wrong link or a fault of a script is found for each.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from playwright.sync_api import Error, Page

from accounts.models import Membership, Role
from tests.browser.conftest import DESKTOP, PHONE, OpenWindow, Window
from tests.browser.portal import Portal

#: What axe-core checks. The rest of its rules are advice.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}

#: Routes looked at by an earlier role of this run.
looked_at: set[str] = set()


@pytest.mark.parametrize("role", list(Role))
def test_every_page_is_accessible_and_fits_a_phone(role: Role, portal: Portal, window: OpenWindow) -> None:
    mine = window(size=PHONE)
    mine.sign_in(_somebody(role, portal))
    faults: dict[str, list[str]] = {}
    for route, address in _walk(mine):
        if found := _faults(mine.page):
            faults[f"{route} {urlsplit(address).path}"] = found

    assert faults == {}


def _somebody(role: Role, portal: Portal) -> str:
    held = Membership.objects.current().filter(role=role, user__email__in=portal.passwords)
    return str(held.order_by("user__email").values_list("user__email", flat=True)[0])


def _walk(mine: Window) -> Iterator[tuple[str, str]]:
    """Open one page of each route that links lead to and nobody has looked at. Each is open when it is given."""
    waiting = [mine.portal.url + "/"]
    known: set[str] = set()
    while waiting:
        address = waiting.pop(0)
        route = _route(address)
        if route is None or route in known:
            continue
        known.add(route)
        try:
            response = mine.page.goto(address)
        except Error as failure:
            assert "Download is starting" in failure.message or "ERR_ABORTED" in failure.message, failure
            continue
        assert response is not None and response.status < 400, (address, response and response.status)
        if "text/html" not in response.headers.get("content-type", ""):
            continue
        links = mine.page.eval_on_selector_all("a[href]", "all => all.map(each => each.getAttribute('href'))")
        waiting += [urljoin(mine.page.url, link) for link in links]
        if route not in looked_at:
            looked_at.add(route)
            yield route, address


def _route(address: str) -> str | None:
    """The name of the page at an address of ours."""
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return None


def _faults(page: Page) -> list[str]:
    """What axe-core finds on a wide window, and whether the page sticks out of a narrow one."""
    found = []
    if (over := page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0:
        found.append(f"{over} px wider than a phone")
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    result = Axe().run(page, options=RULES)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    for fault in result.response["violations"]:
        nodes = [f"{node['target']} {node['html'][:120]}" for node in fault["nodes"][:3]]
        found.append(f"{fault['id']} x{len(fault['nodes'])}: {'; '.join(nodes)}")
    return found
