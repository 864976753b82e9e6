"""Going through the portal by its links, one page of each kind, as somebody who is signed in in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urljoin, urlsplit

from django.urls import Resolver404, ResolverMatch, resolve
from playwright.sync_api import Error, Page


@dataclass(frozen=True)
class Opened:
    """A page of ours that is open. ``kind`` tells apart the looks of one route: its words and what it is asked for."""

    route: str
    kind: str
    address: str

    @property
    def name(self) -> str:
        """The route, and the view of it that is told apart by more than what it shows: full screen, for print."""
        return "-".join([self.route, *parse_qs(urlsplit(self.address).query).get("view", [])])


def walk(page: Page, home: str) -> Iterator[Opened]:
    """Open every kind of page that links lead to from ``home``. Each is open when it is given.

    Raises AssertionError where a link leads nowhere. What is no page but a file is asked for and left.
    """
    waiting = [home]
    known: set[str] = set()
    while waiting:
        address = waiting.pop(0)
        found = _ours(address)
        if found is None or (kind := _kind(found, address)) in known:
            continue
        known.add(kind)
        try:
            response = page.goto(address)
        except Error as failure:
            assert "Download is starting" in failure.message or "ERR_ABORTED" in failure.message, failure
            continue
        assert response is not None and response.status < 400, (address, response and response.status)
        if "text/html" not in response.headers.get("content-type", ""):
            continue
        landed = _ours(page.url)
        if landed is None or ((kind := _kind(landed, page.url)) in known and page.url != address):
            continue  # led on to a page that had its turn
        known.add(kind)
        links = page.eval_on_selector_all("a[href]", "all => all.map(each => each.getAttribute('href'))")
        waiting += [urljoin(page.url, link) for link in links]
        yield Opened(landed.view_name, kind, page.url)


def _ours(address: str) -> ResolverMatch | None:
    try:
        return resolve(urlsplit(address).path)
    except Resolver404:
        return None


def _kind(found: ResolverMatch, address: str) -> str:
    asked = parse_qs(urlsplit(address).query)
    told = [*asked.get("kind", []), *asked.get("view", [])]
    words = [found.kwargs.get("kind", ""), *told, *sorted(asked.keys() - {"kind", "page"})]
    return " ".join([found.view_name, *(str(word) for word in words if word)])
