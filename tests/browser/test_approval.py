"""The way back and forth between a unit and its head: filed, returned with a reason, mended, approved."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, HEAD, PHONE, OpenWindow
from tests.browser.steps import ACTIVITY_ADDRESS, file_it, must_fit, type_activity

SIZES = {"desktop": DESKTOP, "phone": PHONE}
COORDINATOR = "dieu-phoi.kontum@demo.example"
REASON = "Nêu rõ số xã và phiên dịch tiếng gì."


@pytest.mark.parametrize("size", SIZES)
def test_a_head_returns_an_activity_with_a_reason_and_approves_it_once_it_is_mended(
    size: str, window: OpenWindow
) -> None:
    mine = window(size=SIZES[size])
    page = mine.sign_in()
    title = f"Truyền thông tại trường {uuid.uuid4().hex[:6]}"
    mine.open("/activities/new/")
    type_activity(page, title=title, figures={"attendances": "120"})
    file_it(page)
    address = page.url.split("#")[0]

    heads = window(size=SIZES[size])
    heads.sign_in(HEAD)
    queue = heads.open("/activities/queue/")
    queue.click(f"a.work-title:has-text('{title}')")
    queue.wait_for_url(ACTIVITY_ADDRESS)
    must_fit(queue)
    queue.locator("#approval details summary").click()
    queue.click("button[value=return]")
    expect(queue.locator("#approval [name=reason][aria-invalid=true]")).to_be_visible()
    must_fit(queue)
    assert [fault for fault in heads.watch.faults if "422" not in fault] == []
    heads.watch.faults.clear()  # the refusal itself is an error of the console
    queue.fill("#approval [name=reason]", REASON)
    queue.click("button[value=return]")
    expect(queue.locator(".badge[data-state=returned]").first).to_be_visible()

    home = mine.open("/")
    must_fit(home)
    expect(home.locator("main")).to_contain_text(REASON)
    home.click(f"[aria-labelledby=returned] a:has-text('{title}')")
    page.wait_for_url(re.compile(r"/activities/\d+/edit/"))
    expect(page.locator("main")).to_contain_text(REASON)
    page.fill("textarea[name=narrative]", "Tại 03 xã, có phiên dịch tiếng Xơ Đăng.")
    must_fit(page)
    file_it(page)
    expect(page.locator(".badge[data-state=submitted]").first).to_be_visible()

    queue.goto(address)
    expect(queue.locator("main")).to_contain_text("Tại 03 xã")
    queue.click("#approval button[value=approve]")
    expect(queue.locator(".badge[data-state=approved]").first).to_be_visible()
    must_fit(queue)

    theirs = window(size=SIZES[size])
    theirs.sign_in(COORDINATOR)
    theirs.page.goto(address)
    expect(theirs.page.locator("h1")).to_have_text(title)
