"""Filing without a line: the form opens, what is filled waits in the browser, and is filed once when it is back."""

from __future__ import annotations

import re
import uuid

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from programs.models import Activity
from tests.browser.conftest import OFFICER, PHONE, OpenWindow, Window
from tests.browser.steps import ACTIVITY_ADDRESS, must_fit, save_state, type_activity

NEW = "/activities/new/"
TITLE = "input[name=title]"
COPY = "form[data-offline-copy]"
WAITING = "[data-waiting-forms] li"
OTHER = "bien-phong.kontum@demo.example"


def _title() -> str:
    return f"Tuyên truyền nơi không có sóng {uuid.uuid4().hex[:6]}"


def _filed(title: str) -> list[Activity]:
    return list(Activity.objects.unscoped("counts what the test files").filter(title=title))


def _open_once(mine: Window) -> Page:
    """Open the form with a line, so that the browser keeps the copy of it."""
    page = mine.open(NEW)
    expect(page.locator("[data-opens-offline]")).to_be_visible()
    return page


def _without_a_line(mine: Window) -> Page:
    """Open the form without a line."""
    mine.context.set_offline(True)
    page = mine.open(NEW)
    expect(page.locator(COPY)).to_be_visible()
    return page


def _submit(page: Page) -> None:
    page.click("button.btn-primary[name=state][value=submitted]")
    expect(page.locator(WAITING)).to_have_count(1)


def only_told_of_the_broken_line(mine: Window) -> None:
    heard = "ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to load resource"
    assert all(re.search(heard, fault) for fault in mine.watch.faults), mine.watch.faults
    mine.watch.faults.clear()


def test_an_activity_is_filled_and_submitted_without_a_line_and_filed_once(window: OpenWindow) -> None:
    mine, title = window(size=PHONE), _title()
    mine.sign_in()
    _open_once(mine)
    page = _without_a_line(mine)
    must_fit(page)
    expect(page.locator("body")).not_to_contain_text("Cán bộ Thử Nghiệm Kon Tum")
    type_activity(page, title=title, figures={"attendances": "trên 45", "sessions": "02"})
    save_state(page, "saved")
    _submit(page)
    expect(page.locator(WAITING)).to_contain_text(title)
    expect(page.locator(TITLE)).to_have_value("")
    must_fit(page)
    assert _filed(title) == []

    mine.context.set_offline(False)

    expect(page.locator(f"{WAITING} a")).to_have_text(title)
    page.click(f"{WAITING} a")
    expect(page.locator("main")).to_contain_text("trên 45")
    mine.open("/")
    expect(page.locator(WAITING)).to_have_count(0)
    assert [activity.state for activity in _filed(title)] == [Activity.State.SUBMITTED]
    only_told_of_the_broken_line(mine)


def test_what_was_typed_is_there_again_after_the_tab_was_closed_without_a_line(window: OpenWindow) -> None:
    mine, title = window(), _title()
    mine.sign_in()
    page = _open_once(mine)
    page.fill(TITLE, title)
    save_state(page, "saved")
    page.close()
    mine.another_page()
    page = _without_a_line(mine)
    expect(page.locator(TITLE)).to_have_value(title)
    page.fill("textarea[name=narrative]", "Viết tiếp khi mất mạng.")
    save_state(page, "saved")
    page.close()
    mine.another_page()
    page = _without_a_line(mine)

    expect(page.locator(TITLE)).to_have_value(title)
    expect(page.locator("textarea[name=narrative]")).to_have_value("Viết tiếp khi mất mạng.")
    mine.context.set_offline(False)
    page.click("[data-line-back] a")
    expect(page.locator(TITLE)).to_have_value(title)
    expect(page.locator("[data-draft-offer]")).to_be_visible()
    page.click("[data-draft-restore]")
    expect(page.locator("textarea[name=narrative]")).to_have_value("Viết tiếp khi mất mạng.")
    only_told_of_the_broken_line(mine)


def test_a_closed_browser_window_sends_what_waits_from_whatever_page_is_opened_next(
    window: OpenWindow,
) -> None:
    mine, title = window(), _title()
    mine.sign_in()
    _open_once(mine)
    page = _without_a_line(mine)
    type_activity(page, title=title, figures={"sessions": "01"})
    _submit(page)
    page.close()
    mine.another_page()
    mine.context.set_offline(False)

    page = mine.open("/notifications/")

    expect(page.locator(f"{WAITING} a")).to_have_text(title)
    assert len(_filed(title)) == 1
    only_told_of_the_broken_line(mine)


def test_a_form_that_was_open_when_the_line_broke_waits_too(window: OpenWindow) -> None:
    mine, title = window(), _title()
    mine.sign_in()
    page = _open_once(mine)
    mine.context.set_offline(True)
    type_activity(page, title=title, figures={"sessions": "01"})
    _submit(page)
    expect(page.locator(COPY)).to_be_visible()

    mine.context.set_offline(False)

    expect(page.locator(f"{WAITING} a")).to_have_text(title)
    assert len(_filed(title)) == 1
    only_told_of_the_broken_line(mine)


def test_a_session_that_ended_meanwhile_is_begun_again_before_the_form_is_sent(window: OpenWindow) -> None:
    mine, title = window(), _title()
    mine.sign_in()
    _open_once(mine)
    page = _without_a_line(mine)
    type_activity(page, title=title, figures={"sessions": "01"})
    _submit(page)
    cookie = next(each for each in mine.context.cookies() if each["name"] == "session")
    Session.objects.filter(session_key=cookie["value"]).delete()
    mine.context.set_offline(False)

    page.click("[data-waiting-sign-in] a")
    expect(page.locator("[data-waiting-note]")).to_be_visible()
    assert _filed(title) == []
    page.fill("input[name=login]", OFFICER)
    page.fill("input[name=password]", mine.portal.passwords[OFFICER])
    page.click("main form button[type=submit]")

    expect(page.locator(f"{WAITING} a")).to_have_text(title)
    assert len(_filed(title)) == 1
    only_told_of_the_broken_line(mine)


@pytest.mark.parametrize("leaves_by", ["sign-out", "ended session"])
def test_another_account_at_the_same_browser_sees_nothing(leaves_by: str, window: OpenWindow) -> None:
    mine, title = window(), _title()
    mine.sign_in()
    _open_once(mine)
    page = _without_a_line(mine)
    type_activity(page, title=title, figures={"sessions": "01"})
    _submit(page)
    page.fill(TITLE, f"{title} tiếp theo")
    save_state(page, "saved")
    mine.context.route("**/activities/new/sending/", lambda route: route.abort())  # nothing is sent before
    mine.context.set_offline(False)
    if leaves_by == "sign-out":
        page = mine.open("/notifications/")
        page.click("form[data-sign-out] button")  # says first that a form is not sent
        expect(page.locator("#live")).not_to_be_empty()
        page.click("form[data-sign-out] button")
        page.wait_for_url(re.compile("/accounts/login/"))
        _holds_nothing(page, title)
    mine.context.clear_cookies()
    mine.sign_in(OTHER)
    _holds_nothing(page, title)

    mine.context.unroute("**/activities/new/sending/")
    _open_once(mine)
    page = _without_a_line(mine)

    expect(page.locator(TITLE)).to_have_value("")
    expect(page.locator(WAITING)).to_have_count(0)
    assert _filed(title) == []
    only_told_of_the_broken_line(mine)


def _holds_nothing(page: Page, title: str) -> None:
    """The browser keeps neither what was typed nor the copy of the form."""
    assert title not in page.evaluate("JSON.stringify(localStorage)")
    page.evaluate(
        "async () => { while ((await caches.keys()).length) await new Promise((look) => setTimeout(look, 50)); }"
    )


def test_a_form_that_changed_meanwhile_is_refused_with_reasons_and_nothing_is_lost(
    window: OpenWindow,
) -> None:
    mine, title = window(), _title()
    mine.sign_in()
    _open_once(mine)
    page = _without_a_line(mine)
    type_activity(page, title=title, figures={"attendances": "rất nhiều lắm"})
    _submit(page)
    mine.context.set_offline(False)

    expect(page.locator("[data-reopen]")).to_be_visible()
    expect(page.locator(WAITING)).to_contain_text("Số lượng: ")
    page.click("[data-reopen]")
    page.click("[data-draft-restore]")
    expect(page.locator(TITLE)).to_have_value(title)
    page.fill("input[name=quantities-0-figure]", "khoảng 45")
    page.click("button.btn-primary[name=state][value=submitted]")
    page.wait_for_url(ACTIVITY_ADDRESS)

    assert len(_filed(title)) == 1
    mine.watch.faults[:] = [fault for fault in mine.watch.faults if "status of 422" not in fault]
    only_told_of_the_broken_line(mine)


def test_the_browser_keeps_the_form_and_its_parts_and_no_other_page(window: OpenWindow) -> None:
    mine = window()
    mine.sign_in()
    page = _open_once(mine)
    mine.open("/activities/")
    mine.open(NEW)
    kept = page.evaluate(
        """async () => {
            const stores = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
            const requests = await Promise.all(stores.map((store) => store.keys()));
            return requests.flat().map((request) => new URL(request.url).pathname);
        }"""
    )

    assert [path for path in kept if not path.startswith("/static/")] == ["/activities/new/offline/"]
    assert page.evaluate(
        "navigator.serviceWorker.getRegistrations().then((all) => all.map((one) => one.scope))"
    ) == [f"{mine.portal.url}{NEW}"]
    mine.open("/")
    assert page.evaluate("navigator.serviceWorker.controller") is None


def test_without_workers_the_form_is_sent_as_ever(window: OpenWindow) -> None:
    mine, title = window(), _title()
    mine.context.add_init_script("delete Navigator.prototype.serviceWorker")
    mine.sign_in()
    page = mine.open(NEW)
    type_activity(page, title=title, figures={"sessions": "01"})
    page.click("button.btn-primary[name=state][value=submitted]")
    page.wait_for_url(ACTIVITY_ADDRESS)

    assert len(_filed(title)) == 1
    assert page.evaluate("caches.keys()") == []
