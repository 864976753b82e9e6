"""A report without a line: it opens as it was stored, what is typed waits in the browser, and is stored once."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from reporting.models import Obligation, SubmissionState
from reporting.services.submissions import Typed, save_submission
from territory.figure import parse_figure
from tests.browser.conftest import PHONE, OpenWindow, Window
from tests.browser.portal import Portal
from tests.browser.reports import BORDER_GUARD, FIGURE, SITUATION, owed_by, page_of, submission_of
from tests.browser.steps import must_fit, save_state
from tests.browser.test_offline import COPY, WAITING, only_told_of_the_broken_line

PART = "[name^='figure:victims_received/']"


@pytest.fixture
def owed(portal: Portal) -> Iterator[Obligation]:
    """Owed by the border guard, which has no head in the portal, so its officer submits."""
    yield from owed_by("border_guard")


def _begin(mine: Window, owed: Obligation) -> Page:
    """Begin the report with a line, so that the browser keeps a copy of it."""
    mine.sign_in(BORDER_GUARD)
    page = mine.open(page_of(owed))
    page.click("button[value=open]")
    expect(page.locator("[data-opens-offline]")).to_be_visible()
    return page


def _without_a_line(mine: Window, owed: Obligation) -> Page:
    mine.context.set_offline(True)
    page = mine.open(page_of(owed))
    expect(page.locator(COPY)).to_be_visible()
    return page


def _lessons(owed: Obligation) -> int:
    """How many took part in lessons, by the report that is stored."""
    return int(submission_of(owed).figures.get(indicator__code="lesson_attendances").low)


def _press(page: Page, step: str) -> None:
    page.click(f".form-actions-sticky button[value={step}]")
    expect(page.locator(WAITING)).to_have_count(1)


def test_a_report_is_filled_and_submitted_without_a_line_and_stored_once(
    window: OpenWindow, owed: Obligation
) -> None:
    mine = window(size=PHONE)
    page = _begin(mine, owed)
    page.fill(FIGURE, "trên 1.250")
    save_state(page, "saved")
    page = _without_a_line(mine, owed)
    must_fit(page)
    expect(page.locator(FIGURE)).to_have_value("trên 1.250")
    page.fill(SITUATION, "Tình hình ổn định.")
    page.fill("textarea[name='text:direction']", "Đã ban hành kế hoạch.")
    save_state(page, "saved")
    page.close()
    page = mine.another_page()
    page = _without_a_line(mine, owed)
    expect(page.locator(SITUATION)).to_have_value("Tình hình ổn định.")
    _press(page, "submit")
    expect(page.locator(SITUATION)).to_have_value("Tình hình ổn định.")
    assert submission_of(owed).version == 1

    mine.context.set_offline(False)

    expect(page.locator(f"{WAITING} a")).to_be_visible()
    page.click(f"{WAITING} a")
    expect(page.locator(".submission-state .badge[data-state=submitted]")).to_be_visible()
    expect(page.locator("main")).to_contain_text("trên 1.250")
    mine.open("/")
    expect(page.locator(WAITING)).to_have_count(0)
    stored = submission_of(owed)
    assert (stored.state, stored.sent) == (SubmissionState.SUBMITTED, 1)
    only_told_of_the_broken_line(mine)


def test_a_report_that_another_changed_meanwhile_is_told_and_both_are_kept(
    window: OpenWindow, owed: Obligation
) -> None:
    mine = window()
    page = _begin(mine, owed)
    page = _without_a_line(mine, owed)
    page.fill(FIGURE, "1.300")
    expect(page.locator(PART).first).to_be_hidden()
    page.click("[data-show-parts=victims_received]")
    page.locator(PART).first.fill("2")
    name = page.locator(PART).first.get_attribute("name")
    _press(page, "save")
    stored = submission_of(owed)
    theirs = Typed({"lesson_attendances": parse_figure("900")})
    save_submission(submission=stored, actor=stored.opened_by, version=stored.version, typed=theirs)

    mine.context.set_offline(False)

    expect(page.locator("[data-reopen]")).to_be_visible()
    expect(page.locator(WAITING)).to_contain_text("Biên phòng")
    assert _lessons(owed) == 900
    page.click("[data-reopen]")
    expect(page.locator(FIGURE)).to_have_value("900")
    page.click("[data-draft-restore]")
    expect(page.locator(FIGURE)).to_have_value("1.300")
    expect(page.locator(f"[name='{name}']")).to_have_value("2")
    page.click(".form-actions-sticky button[value=save]")
    expect(page.locator(".message-success").first).to_be_visible()

    assert _lessons(owed) == 1300
    mine.watch.faults[:] = [fault for fault in mine.watch.faults if "status of 409" not in fault]
    only_told_of_the_broken_line(mine)


def test_a_report_filled_twice_without_a_line_waits_once_as_it_was_filled_last(
    window: OpenWindow, owed: Obligation
) -> None:
    mine = window()
    page = _begin(mine, owed)
    page = _without_a_line(mine, owed)
    for figure in ("10", "20"):
        page.fill(FIGURE, figure)
        _press(page, "save")
        expect(page.locator(FIGURE)).to_have_value(figure)

    mine.context.set_offline(False)

    expect(page.locator(f"{WAITING} a")).to_be_visible()
    assert (submission_of(owed).version, _lessons(owed)) == (2, 20)
    only_told_of_the_broken_line(mine)


def test_a_copy_goes_when_the_report_is_submitted_and_when_the_person_signs_out(
    window: OpenWindow, owed: Obligation
) -> None:
    mine = window()
    page = _begin(mine, owed)
    assert page.evaluate("caches.keys()") == [f"portal-form:submission:{owed.pk}"]
    page.fill(SITUATION, "Tình hình ổn định.")
    page.fill("textarea[name='text:direction']", "Đã ban hành kế hoạch.")
    page.click(".form-actions-sticky button[value=submit]")
    expect(page.locator(".submission-state .badge[data-state=submitted]")).to_be_visible()
    assert page.evaluate("caches.keys()") == []
    assert "ổn định" not in page.evaluate("JSON.stringify(localStorage)")

    page.click("button[value=withdraw]")
    expect(page.locator("[data-opens-offline]")).to_be_visible()
    page.click("form[data-sign-out] button")
    page.wait_for_url(re.compile("/accounts/login/"))
    expect(page.locator("input[name=login]")).to_be_visible()
    assert page.evaluate("caches.keys()") == []
