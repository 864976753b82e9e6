"""The whole story: sign in, file, find it in the list, have it approved, make the report, read the PDF."""

from __future__ import annotations

import re
import uuid
from pathlib import Path

import pytest
from playwright.sync_api import expect

from programs.models import Activity
from reporting.models import Report
from tests.browser.conftest import DESKTOP, HEAD, OFFICER, PHONE, REPORT_PATIENCE, OpenWindow
from tests.browser.steps import (
    ACTIVITY_ADDRESS,
    REPORT_ADDRESS,
    approve_all,
    ask_for_report,
    download,
    file_it,
    must_fit,
    save_state,
    text_of,
    type_activity,
)

SIZES = {"desktop": DESKTOP, "phone": PHONE}


@pytest.mark.parametrize("size", SIZES)
def test_what_an_officer_files_and_the_head_approves_is_in_the_report(
    size: str, window: OpenWindow, tmp_path: Path
) -> None:
    mine = window(size=SIZES[size])
    page = mine.sign_in()
    must_fit(page)
    title = f"Truyền thông lưu động tại chợ Bờ Y {uuid.uuid4().hex[:6]}"

    mine.open("/activities/new/")
    must_fit(page)
    type_activity(page, title=title, figures={"attendances": "trên 45", "sessions": "02"})
    file_it(page)
    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator("main")).to_contain_text("trên 45")
    must_fit(page)

    mine.open("/activities/")
    row = page.locator("#activity-results tbody tr", has_text=title)
    expect(row).to_contain_text("trên 45")
    must_fit(page)

    expect(row.locator(".badge[data-state=submitted]")).to_be_visible()

    heads = window(size=SIZES[size])
    heads.sign_in(HEAD)
    queue = heads.open("/activities/queue/")
    must_fit(queue)
    expect(queue.locator(".work-item", has_text=title)).to_contain_text("trên 45")
    approve_all(queue)

    mine.open("/reports/new/")
    must_fit(page)
    ask_for_report(page)
    expect(page.locator("#job progress")).to_be_visible()
    page.wait_for_url(REPORT_ADDRESS, timeout=REPORT_PATIENCE)
    expect(page.locator("article")).to_contain_text(title)
    must_fit(page)

    text = text_of(download(page, "a[href$='report.pdf']", tmp_path))
    assert title in text
    assert "trên 45" in text
    assert "01 vụ - 0 bị can" in text
    assert "hàng trăm" in text
    assert "Chưa báo cáo: Huyện Ia H'Drai" in text


def test_without_script_an_officer_files_and_makes_a_report(window: OpenWindow) -> None:
    mine = window(script=False)
    page = mine.sign_in()
    title = f"Tập huấn không cần script {uuid.uuid4().hex[:6]}"

    page = mine.open("/activities/new/")
    page.click("button[name=more_rows]")  # the page comes back with more rows for figures
    expect(page.locator("select[name=quantities-2-measure]")).to_be_visible()
    type_activity(page, title=title, figures={"people": "45", "sessions": "02", "leaflets": "gần 300"})
    file_it(page)
    expect(page.locator("main")).to_contain_text("gần 300")

    heads = window(script=False)
    heads.sign_in(HEAD)
    approve_all(heads.open("/activities/queue/"))

    mine.open("/reports/new/")
    ask_for_report(page)
    page.wait_for_url(REPORT_ADDRESS, timeout=REPORT_PATIENCE)  # the page looks again by itself
    expect(page.locator("article")).to_contain_text(title)


def test_two_clicks_on_file_make_one_record(window: OpenWindow) -> None:
    mine = window()
    page = mine.sign_in()
    title = f"Bấm hai lần {uuid.uuid4().hex[:6]}"
    mine.open("/activities/new/")
    type_activity(page, title=title, figures={"sessions": "01"})

    page.dblclick("button[name=state][value=submitted]")
    page.wait_for_url(ACTIVITY_ADDRESS)

    assert _count(title) == 1


def test_the_same_form_sent_twice_at_the_same_time_makes_one_record(window: OpenWindow) -> None:
    mine = window()
    page = mine.sign_in()
    title = f"Hai yêu cầu cùng lúc {uuid.uuid4().hex[:6]}"
    mine.open("/activities/new/")
    type_activity(page, title=title, figures={"sessions": "01"})
    save_state(page, "saved")  # a draft that came after the form would be refused

    addresses = page.evaluate(
        """async () => {
            const form = document.querySelector("form[data-autosave-url]");
            const send = () => fetch(form.action, { method: "POST", body: new FormData(form) });
            return (await Promise.all([send(), send(), send()])).map((answer) => answer.url);
        }"""
    )

    assert _count(title) == 1
    assert len(set(addresses)) == 1
    assert ACTIVITY_ADDRESS.search(addresses[0])


def test_two_clicks_on_make_the_report_make_one_report(window: OpenWindow) -> None:
    mine = window()
    page = mine.sign_in()
    before = Report.objects.unscoped("counts what the test makes").count()
    mine.open("/reports/new/")
    page.select_option("select[name=area]", index=1)
    page.fill("input[name=period]", "2019-H2")

    page.dblclick("main form.form button[type=submit]")
    page.wait_for_url(REPORT_ADDRESS, timeout=REPORT_PATIENCE)

    assert Report.objects.unscoped("counts what the test makes").count() == before + 1


def test_a_report_in_the_making_is_on_the_home_page_and_then_in_the_list(window: OpenWindow) -> None:
    mine = window()
    page = mine.sign_in()
    mine.open("/reports/new/")
    ask_for_report(page)
    page.wait_for_url(re.compile(r"/reports/jobs/"))

    mine.open("/")
    expect(page.locator("main a[href^='/reports/']").first).to_be_visible()
    mine.open("/reports/")
    newest = page.locator("main table tbody tr").first.locator("a")
    page.wait_for_function(
        "fetch(location.href).then((answer) => answer.text()).then((text) => !text.includes('/reports/jobs/'))",
        timeout=REPORT_PATIENCE,
    )
    page.reload()
    newest.click()
    page.wait_for_url(REPORT_ADDRESS)


def _count(title: str) -> int:
    filed = Activity.objects.unscoped("counts what the test filed").filter(
        title=title, filed_by__email=OFFICER
    )
    return filed.count()
