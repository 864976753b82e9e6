"""A unit's report from opening it to its lock, in Vietnamese, on a wide and on a narrow screen."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from programs.models import ActivityKind, Measure
from reporting.models import Obligation, SubmissionState
from tests.browser.conftest import DESKTOP, HEAD, OFFICER, PHONE, OpenWindow, Window
from tests.browser.portal import Portal
from tests.browser.reports import BORDER_GUARD, FIGURE, SITUATION, owed_by, page_of, submission_of
from tests.browser.steps import must_fit, save_state
from tests.reporting.records import activity

SIZES = {"desktop": DESKTOP, "phone": PHONE}
COORDINATOR = "dieu-phoi.kontum@demo.example"
REASON = "Đề nghị nêu rõ số trường."

#: Seconds that a slow typist needs for a key, and anybody to think of, point at and press what was found (the
#: keystroke-level model of Card, Moran and Newell).
A_KEY, A_CLICK = 1.2, 1.35 + 1.1 + 0.2


@pytest.fixture
def owed(portal: Portal) -> Iterator[Obligation]:
    """Owed by the border guard, which has no head in the portal."""
    yield from owed_by("border_guard")


@pytest.fixture
def recorded(owed: Obligation) -> Iterator[None]:
    """The border guard has a record in these days."""
    made = activity(
        owed.agency,
        owed.area,
        kind=ActivityKind.COMMUNICATION,
        on=dt.date(2020, 1, 15),
        says={Measure.ATTENDANCES: "trên 120"},
    )
    yield
    made.delete()


@pytest.fixture
def owed_by_police(portal: Portal) -> Iterator[Obligation]:
    """Owed by the police, whose head submits."""
    yield from owed_by("provincial_police")


def submit(page: Page) -> None:
    page.click(".form-actions-sticky button[value=submit]")
    expect(page.locator(".submission-state .badge[data-state=submitted]")).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
def test_a_unit_reports_is_asked_to_correct_it_and_is_accepted(
    size: str, window: OpenWindow, owed: Obligation, recorded: None
) -> None:
    mine = window(size=SIZES[size])
    mine.sign_in(BORDER_GUARD)
    page = mine.open(page_of(owed))
    page.click("button[value=open]")
    expect(page.locator(".submission-state .badge[data-state=draft]")).to_be_visible()
    must_fit(page)
    expect(page.locator("input[name='figure:communication_attendances']")).to_have_value("trên 120")

    page.fill(FIGURE, "trên 1.250")
    page.fill(SITUATION, "Tình hình ổn định.")
    save_state(page, "saved")
    page.close()
    page = mine.another_page()
    mine.open(page_of(owed))
    expect(page.locator(".draft-offer").first).to_be_visible()
    expect(page.locator(FIGURE)).to_have_value("trên 1.250")
    must_fit(page)
    page.fill("textarea[name='text:direction']", "Đã ban hành kế hoạch.")
    submit(page)

    theirs = window(size=SIZES[size])
    theirs.sign_in(COORDINATOR)
    review = theirs.open(page_of(owed))
    must_fit(review)
    review.click("section:has(#give-back) summary")
    review.fill("textarea[name='reason:communication']", REASON)
    review.click("button[value=return]")
    expect(review.locator(".submission-state .badge[data-state=returned]")).to_be_visible()

    page.reload()
    expect(page.locator("section:has(#s-communication) .message")).to_contain_text(REASON)
    must_fit(page)
    page.fill(FIGURE, "1.300")
    submit(page)

    review.reload()
    review.click("button[value=accept]")
    day = f"{timezone.localdate():%d/%m/%Y}"
    for shown in (review, _again(mine, owed)):
        expect(shown.locator(".submission-state").first).to_contain_text(f"chốt ngày {day}")
        must_fit(shown)
    expect(page.locator(FIGURE)).to_have_count(0)
    stored = submission_of(owed)
    assert (stored.state, stored.sent) == (SubmissionState.ACCEPTED, 2)


def _again(mine: Window, owed: Obligation) -> Page:
    return mine.open(page_of(owed))


@pytest.mark.parametrize("size", SIZES)
def test_nil_takes_eight_clicks_and_two_minutes_from_signing_in_at_most(
    size: str, window: OpenWindow, owed: Obligation, record_property: Callable[[str, object], None]
) -> None:
    """Everything is found by the words a person reads on the page."""
    mine = window(size=SIZES[size])
    pages: list[str] = []
    mine.page.on("framenavigated", lambda frame: pages.append(frame.url))
    begun = time.monotonic()
    page = mine.open("/")
    steps = [
        (page.get_by_label("Email", exact=False).first, BORDER_GUARD),
        (page.get_by_label("Mật khẩu", exact=False).first, mine.portal.passwords[BORDER_GUARD]),
        (page.get_by_role("button", name="Đăng nhập", exact=True), ""),
        (page.get_by_role("link", name=re.compile("^Báo cáo chuyên đề")), ""),
        (page.get_by_label("Tôi xác nhận trong kỳ không phát sinh."), ""),
        (page.get_by_role("button", name="Xác nhận không phát sinh và gửi"), ""),
    ]
    for control, typed in steps:
        control.click()
        page.keyboard.type(typed)
    told = page.locator(".submission-state").first
    expect(told).to_contain_text("Không phát sinh")
    expect(told.locator(".badge[data-state=submitted]")).to_be_visible()
    hands = A_CLICK * len(steps) + A_KEY * sum(len(typed) for _control, typed in steps)
    seconds = round(time.monotonic() - begun + hands, 1)
    record_property("seconds", seconds)
    must_fit(page)

    stored = submission_of(owed)
    assert (stored.is_nil, stored.state) == (True, SubmissionState.SUBMITTED)
    assert len(steps) <= 8
    assert seconds < 120
    assert len(pages) <= 5, pages


def test_two_editors_see_each_other_without_opening_the_page_anew(
    window: OpenWindow, owed_by_police: Obligation
) -> None:
    mine, heads = window(), window()
    mine.page.clock.install()
    mine.sign_in(OFFICER)
    page = mine.open(page_of(owed_by_police))
    page.click("button[value=open]")
    expect(page.locator("#submission-presence [name=known]")).to_have_value("")
    heads.sign_in(HEAD)
    other = heads.open(page_of(owed_by_police))

    expect(other.locator("#submission-presence")).to_contain_text("Cán bộ Thử Nghiệm Kon Tum")
    page.clock.fast_forward(21_000)
    told = page.locator("#submission-presence")
    expect(told).to_contain_text("Lãnh đạo Thử Nghiệm Kon Tum")
    expect(told).to_have_attribute("role", "status")
    assert re.fullmatch(r"\d+", page.locator("#submission-presence [name=known]").input_value())
