"""An officer uploads a workbook, in Vietnamese, on a wide and on a narrow screen, with a real worker behind it."""

from __future__ import annotations

import re
import uuid
from pathlib import Path

import pytest
from django.utils import translation
from playwright.sync_api import Page, expect

from accounts.models import User
from programs.models import Activity, ActivityKind, ActivityUpload
from programs.workbook.choices import Choices
from programs.workbook.writing import WrittenRow, filled
from tests.browser.conftest import DESKTOP, OFFICER, PHONE, OpenWindow
from tests.browser.steps import download, must_fit
from tests.programs.workbooks import cell, read_rows

SIZES = {"desktop": DESKTOP, "phone": PHONE}
UPLOAD_ADDRESS = re.compile(r"/activities/upload/[0-9a-f-]{36}/$")
PATIENCE = 90_000

#: What is wrong in which of the 200 rows, by place from 0.
BAD = {10: ("ended_on", "31/02/2020"), 100: ("figure.attendances", "6.77"), 199: ("area", "Xã Không Có")}


def _workbook(to: Path, name: str) -> Path:
    """The officer's template with 200 rows, three of them bad."""
    officer = User.objects.get(email=OFFICER)
    with translation.override("vi"):
        choices = Choices(officer)
        agency = choices.agencies.label(next(iter(choices.agencies.records.values())))
        good = {
            "kind": str(ActivityKind.COMMUNICATION.label),
            "agency": agency,
            "area": "Tỉnh Kon Tum",
            "started_on": "05/03/2018",
            "ended_on": "05/03/2018",
            "narrative": "Tổ chức tại nhà rông, có phiên dịch tiếng Xơ Đăng.",
            "figure.attendances": "trên 45",
        }

        def row(place: int) -> WrittenRow:
            changed = dict([BAD[place]]) if place in BAD else {}
            return WrittenRow({**good, "title": f"{name} lần {place}", **changed})

        with filled(choices, map(row, range(200))) as file:
            content = file.read()
    path = to / "hoạt động tháng 3.xlsx"
    path.write_bytes(content)
    return path


def _is_done(page: Page, state: str) -> ActivityUpload:
    page.wait_for_selector("#rows", timeout=PATIENCE)
    key = re.search(r"[0-9a-f-]{36}", page.url)
    assert key is not None
    upload: ActivityUpload = ActivityUpload.objects.unscoped("the test looks at it").get(key=key[0])
    assert upload.state == state, (upload.state, upload.failure)
    return upload


@pytest.mark.parametrize("size", SIZES)
def test_an_officer_uploads_two_hundred_rows_and_gets_three_back(
    size: str, window: OpenWindow, tmp_path: Path
) -> None:
    name = f"Tải lên {uuid.uuid4().hex[:6]}"
    mine = window(size=SIZES[size])
    page = mine.sign_in()
    page = mine.open("/activities/upload/")
    must_fit(page)
    template = download(page, "a[href$='template.xlsx']", tmp_path)
    assert template.suffix == ".xlsx"

    page.set_input_files("input[name=workbook]", _workbook(tmp_path, name))
    page.click("main form.form button[type=submit]")
    page.wait_for_url(UPLOAD_ADDRESS)
    upload = _is_done(page, "checked")
    assert (upload.language, upload.good, upload.bad) == ("vi", 197, 3)
    must_fit(page)
    for place, (key, text) in BAD.items():
        fault = page.locator(f"tbody[data-row='{place + 3}']")
        expect(fault).to_contain_text(cell(key, place))
        expect(fault).to_contain_text(text)
        expect(fault.locator(".upload-message")).not_to_be_empty()
    assert _count(name) == 0

    page.click("main form[action$='/store/'] button")
    page.wait_for_selector("a[data-rest]", timeout=PATIENCE)
    _wait_until_stored(page)
    assert _is_done(page, "stored").stored == 197
    assert _count(name) == 197
    must_fit(page)
    page.goto(page.url.split("?")[0] + "?rows=good")
    expect(page.locator("table[data-rows-shown=good] tbody tr").first.locator("a")).to_be_visible()
    must_fit(page)

    rest = download(page, "a[data-rest]", tmp_path)
    rows = list(read_rows(rest.read_bytes()))
    assert [each["title"] for each in rows] == [f"{name} lần {place}" for place in BAD]
    assert all(each["faults"] for each in rows)

    page = mine.open("/activities/upload/")
    expect(page.locator("table tbody tr").first).to_contain_text("197")
    must_fit(page)


def test_without_script_an_upload_comes_through_too(window: OpenWindow, tmp_path: Path) -> None:
    mine = window(script=False)
    page = mine.sign_in()
    page = mine.open("/activities/upload/")
    page.set_input_files("input[name=workbook]", _workbook(tmp_path, f"Không script {uuid.uuid4().hex[:6]}"))
    page.click("main form.form button[type=submit]")

    page.wait_for_selector("#rows", timeout=PATIENCE)  # the page looks again by itself
    expect(page.locator("tbody[data-row]")).to_have_count(3)


def _wait_until_stored(page: Page) -> None:
    expect(page.locator("main form[action$='/store/']")).to_have_count(0, timeout=PATIENCE)
    expect(page.locator("#upload-status")).to_have_count(0, timeout=PATIENCE)


def _count(name: str) -> int:
    filed = Activity.objects.unscoped("counts what the test stored").filter(title__startswith=name)
    return filed.count()
