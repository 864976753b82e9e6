"""Chromium, people in front of it, and a watch over what the pages do unseen.

The tests share one portal, its data is committed, and each test tidies up what the next would stumble over.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import FormDraft
from tests import prepared_database
from tests.browser.codes import app_of, code_of
from tests.browser.portal import PROJECT, Portal, running_portal

# Playwright's synchronous interface keeps an event loop in this thread, and Django would refuse to work beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
ARGUMENTS += ["--disable-sync", "--no-first-run"]
SCREENSHOTS = PROJECT / "var" / "test-screenshots"

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
OFFICER = "can-bo.kontum@demo.example"
HEAD = "lanh-dao.kontum@demo.example"

#: How far a page may shift while it opens (Cumulative Layout Shift; below 0.1 is called good). One slow font is less.
MOST_SHIFTED = 0.01
#: How long a page may take to show what was waited for; a report takes longer.
PATIENCE = 15_000
REPORT_PATIENCE = 90_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def test_database(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    django_db_keepdb: bool,
    django_db_createdb: bool,
) -> Iterator[None]:
    """The database of the tests, open."""
    with prepared_database.opened(django_db_blocker, keeps=django_db_keepdb and not django_db_createdb):
        yield


@pytest.fixture(scope="package")
def portal(
    test_database: None, tmp_path_factory: pytest.TempPathFactory, broker_dir: Path
) -> Iterator[Portal]:
    with running_portal(tmp_path_factory.mktemp("portal"), broker_dir) as portal:
        yield portal


@pytest.fixture(autouse=True)
def files_dir(portal: Portal, settings: Settings) -> Path:
    """The worker's files are the web server's; otherwise as for every test."""
    settings.MEDIA_ROOT = portal.files
    settings.IS_DEMO = True
    settings.PAGE_RATES = {}  # a walk over all links asks for more files in a minute than a person may
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": plain}}
    return portal.files


@pytest.fixture(autouse=True)
def no_drafts(portal: Portal) -> None:
    FormDraft.objects.all().delete()


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Watch:
    """What a window did that no page of the portal may do."""

    host: str
    faults: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium tells refusals of the Content-Security-Policy as errors of the console too.
        if message.type in ("error", "warning"):
            self.faults.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != self.host:
            self.faults.append(f"request: {request.url}")


@dataclass
class Window:
    """A browser window of one person, signed in or not."""

    portal: Portal
    context: BrowserContext
    page: Page
    watch: Watch

    def open(self, path: str) -> Page:
        self.page.goto(self.portal.url + path)
        return self.page

    def sign_in(self, email: str = OFFICER) -> Page:
        page = self.open("/")
        page.fill("input[name=login]", email)
        page.fill("input[name=password]", self.portal.passwords[email])
        page.click("main form button[type=submit]")
        app = app_of(email)
        if app is not None:
            page.fill("input[name=code]", code_of(app))
            page.click("main form button[type=submit]")
        page.wait_for_url(f"{self.portal.url}/")
        return page

    def another_page(self) -> Page:
        """A new page of the same window, in the place of the one before."""
        self.page = self.context.new_page()
        self.watch.follow(self.page)
        return self.page


OpenWindow = Callable[..., Window]


@pytest.fixture
def window(portal: Portal, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[OpenWindow]:
    """Opens windows; when the test ends, they must have been quiet, unless it says what was to be heard."""
    opened: list[Window] = []

    def open_window(*, size: dict[str, int] | None = None, script: bool = True) -> Window:
        context = chromium.new_context(
            viewport=size or DESKTOP,  # type: ignore[arg-type]
            java_script_enabled=script,
            locale="vi-VN",
            accept_downloads=True,
        )
        context.set_default_timeout(PATIENCE)
        watch = Watch(urlsplit(portal.url).netloc)
        page = context.new_page()
        watch.follow(page)
        opened.append(Window(portal, context, page, watch))
        return opened[-1]

    yield open_window
    has_failed = getattr(request.node, "has_failed", False)
    for number, each in enumerate(opened):
        if has_failed and not each.page.is_closed():
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            name = re.sub(r"[^\w.-]+", "-", request.node.name)
            each.page.screenshot(path=SCREENSHOTS / f"{name}-{number}.png", full_page=True)
        each.context.close()
    if not has_failed:
        assert [fault for each in opened for fault in each.watch.faults] == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Any:
    report = yield
    if report.when == "call":
        item.has_failed = report.failed  # type: ignore[attr-defined]
    return report
