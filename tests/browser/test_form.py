"""What is typed is not lost: drafts kept while typing, a line that breaks, a form that is refused."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, OpenWindow
from tests.browser.steps import ACTIVITY_ADDRESS, file_it, must_fit, save_state, type_activity, type_day

TITLE = "input[name=title]"


def test_a_title_is_kept_while_it_is_typed_and_there_when_the_form_is_opened_again(
    window: OpenWindow,
) -> None:
    mine = window()
    mine.sign_in()
    page = mine.open("/activities/new/")
    page.fill(TITLE, "Đang gõ thì phải đi họp")
    save_state(page, "saved")
    page.close()

    page = mine.another_page()
    mine.open("/activities/new/")

    expect(page.locator(TITLE)).to_have_value("Đang gõ thì phải đi họp")


def test_a_draft_is_offered_on_the_home_page_and_can_be_discarded(window: OpenWindow) -> None:
    mine = window()
    mine.sign_in()
    page = mine.open("/activities/new/")
    page.fill(TITLE, "Bản nháp sẽ bỏ")
    save_state(page, "saved")

    mine.open("/")
    page.click("main a:has-text('Bản nháp sẽ bỏ')")
    expect(page.locator(TITLE)).to_have_value("Bản nháp sẽ bỏ")
    page.click("button[name=discard]")
    page.wait_for_load_state()

    expect(page.locator(TITLE)).to_have_value("")
    mine.open("/")
    expect(page.locator("main")).not_to_contain_text("Bản nháp sẽ bỏ")


def test_what_was_typed_on_a_broken_line_is_sent_when_the_line_is_back(window: OpenWindow) -> None:
    mine = window()
    mine.sign_in()
    page = mine.open("/activities/new/")
    mine.context.set_offline(True)
    page.fill(TITLE, "Gõ khi mất mạng")
    save_state(page, "offline")

    mine.context.set_offline(False)

    save_state(page, "saved")
    page.reload()
    expect(page.locator(TITLE)).to_have_value("Gõ khi mất mạng")
    _only_told_of_the_broken_line(mine.watch.faults)


def test_what_was_typed_on_a_broken_line_survives_in_the_browser(window: OpenWindow) -> None:
    mine = window()
    # A worker lets the last words of a page that is closed reach the server once the line is back.
    mine.context.add_init_script("delete Navigator.prototype.serviceWorker")
    mine.sign_in()
    page = mine.open("/activities/new/")
    mine.context.set_offline(True)
    page.fill(TITLE, "Chỉ còn trong trình duyệt")
    page.fill("textarea[name=narrative]", "Dòng một\nDòng hai")
    save_state(page, "offline")
    page.close()
    mine.context.set_offline(False)

    page = mine.another_page()
    mine.open("/activities/new/")
    expect(page.locator(TITLE)).to_have_value("")
    expect(page.locator("[data-draft-offer]")).to_be_visible()
    page.click("[data-draft-restore]")

    expect(page.locator(TITLE)).to_have_value("Chỉ còn trong trình duyệt")
    expect(page.locator("textarea[name=narrative]")).to_have_value("Dòng một\nDòng hai")
    expect(page.locator("[data-draft-offer]")).to_be_hidden()
    save_state(page, "saved")
    _only_told_of_the_broken_line(mine.watch.faults)


def test_the_copy_in_the_browser_is_gone_once_the_form_is_filed(window: OpenWindow) -> None:
    mine = window()
    mine.sign_in()
    page = mine.open("/activities/new/")
    type_activity(page, title=f"Xong là hết nháp {uuid.uuid4().hex[:6]}", figures={"sessions": "01"})
    file_it(page)

    mine.open("/activities/new/")

    expect(page.locator("[data-draft-offer]")).to_be_hidden()
    expect(page.locator(TITLE)).to_have_value("")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('portal-draft:'))") == []


def test_nobody_is_offered_what_somebody_else_typed_at_the_same_screen(window: OpenWindow) -> None:
    mine = window()
    mine.sign_in()
    page = mine.open("/activities/new/")
    mine.context.set_offline(True)
    page.fill(TITLE, "Của người trước")
    save_state(page, "offline")
    page.close()
    mine.context.set_offline(False)
    page = mine.another_page()
    mine.open("/")
    page.click("form[data-sign-out] button")
    page.wait_for_url(re.compile("/accounts/login/"))

    mine.sign_in("bien-phong.kontum@demo.example")
    mine.open("/activities/new/")

    expect(page.locator("[data-draft-offer]")).to_be_hidden()
    assert "Của người trước" not in page.evaluate("JSON.stringify(localStorage)")
    _only_told_of_the_broken_line(mine.watch.faults)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_refused_form_says_where_and_keeps_what_was_typed(window: OpenWindow, size: dict[str, int]) -> None:
    mine = window(size=size)
    mine.sign_in()
    page = mine.open("/activities/new/")
    type_activity(page, title="Ngày kết thúc trước ngày bắt đầu", figures={"attendances": "rất nhiều lắm"})
    type_day(page, "ended_on", "2020-03-01")
    page.click("button[name=state][value=submitted]")

    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    expect(summary.locator("a[href='#id_ended_on']")).to_be_visible()
    expect(page.locator("#id_ended_on_error")).to_be_visible()
    expect(page.locator("#id_quantities-0-figure_error")).to_be_visible()
    expect(page.locator(TITLE)).to_have_value("Ngày kết thúc trước ngày bắt đầu")
    expect(page.locator("input[name=quantities-0-figure]")).to_have_value("rất nhiều lắm")
    expect(page.locator("input[name=ended_on]")).to_have_attribute("aria-invalid", "true")
    must_fit(page)
    summary.locator("a[href='#id_ended_on']").click()
    expect(page.locator("input[name=ended_on]")).to_be_focused()

    type_day(page, "ended_on", "2020-03-06")
    page.fill("input[name=quantities-0-figure]", "khoảng 45")
    file_it(page)
    expect(page.locator("main")).to_contain_text("khoảng 45")


def test_a_refused_report_says_where_and_keeps_what_was_typed(window: OpenWindow) -> None:
    mine = window()
    mine.sign_in()
    page = mine.open("/reports/new/")
    page.select_option("select[name=area]", index=1)
    page.fill("input[name=period]", "2021-05-31..2020-06-31")
    page.click("main form.form button[type=submit]")

    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.locator("#id_period_error")).to_be_visible()
    expect(page.locator("input[name=period]")).to_have_value("2021-05-31..2020-06-31")
    mine.watch.faults[:] = [fault for fault in mine.watch.faults if "status of 422" not in fault]


def test_a_row_for_a_figure_is_added_and_removed_without_leaving_the_page(window: OpenWindow) -> None:
    mine = window()
    mine.sign_in()
    page = mine.open("/activities/new/")
    rows = page.locator("[data-row]:visible")
    count = rows.count()

    page.click("[data-add-row]")
    expect(rows).to_have_count(count + 1)
    expect(page.locator(f"select[name=quantities-{count}-measure]")).to_be_focused()
    rows.last.locator("[data-remove-row]").click()
    expect(rows).to_have_count(count)

    type_activity(page, title=f"Thêm rồi bớt dòng {uuid.uuid4().hex[:6]}", figures={"people": "45"})
    page.fill("input[name=quantities-0-women]", "20")
    file_it(page)
    expect(page.locator("main")).to_contain_text("20")


def test_a_change_is_refused_while_somebody_else_changed_the_record(window: OpenWindow) -> None:
    mine, theirs = window(), window()
    page = mine.sign_in()
    mine.open("/activities/new/")
    type_activity(page, title=f"Hai người cùng sửa {uuid.uuid4().hex[:6]}", figures={"sessions": "01"})
    file_it(page)
    address = page.url.removeprefix(mine.portal.url)
    mine.open(f"{address}edit/")
    theirs.sign_in("lanh-dao.kontum@demo.example")
    other = theirs.open(f"{address}edit/")
    other.fill("textarea[name=narrative]", "Lãnh đạo đã bổ sung.")
    other.click("main form.form button.btn-primary[type=submit]")
    other.wait_for_url(ACTIVITY_ADDRESS)

    page.fill("textarea[name=narrative]", "Cán bộ cũng đang sửa.")
    page.click("main form.form button.btn-primary[type=submit]")

    expect(page.locator("[data-error-summary]")).to_contain_text("Lãnh đạo Thử Nghiệm Kon Tum")
    expect(page.locator("textarea[name=narrative]")).to_have_value("Cán bộ cũng đang sửa.")
    mine.watch.faults[:] = [fault for fault in mine.watch.faults if "status of 409" not in fault]


def _only_told_of_the_broken_line(faults: list[str]) -> None:
    """Chromium writes each request that found no line to its console; that is all it may have written.

    Of a service worker whose script it could not look at again it says no more than that.
    """
    told = ("ERR_INTERNET_DISCONNECTED", "error occurred when fetching the script")
    assert all(any(each in fault for each in told) for fault in faults), faults
    faults.clear()
