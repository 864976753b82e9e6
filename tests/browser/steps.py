"""What a person does in the pages, step by step. Controls are found by name, never by the words on them."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from playwright.sync_api import Page, expect
from pypdf import PdfReader

REPORT_ADDRESS = re.compile(r"/reports/[0-9a-f-]{36}/$")
#: A redirect keeps the fragment of the address it comes from, such as the field an error led to.
ACTIVITY_ADDRESS = re.compile(r"/activities/\d+/(#.*)?$")


def type_activity(page: Page, *, title: str, figures: dict[str, str], day: str = "2020-03-05") -> None:
    """Fill the form of a new activity. The form must be open."""
    page.select_option("select[name=kind]", "communication")
    page.fill("input[name=title]", title)
    type_day(page, "started_on", day)
    type_day(page, "ended_on", day)
    for number, (measure, figure) in enumerate(figures.items()):
        page.select_option(f"select[name=quantities-{number}-measure]", measure)
        page.fill(f"input[name=quantities-{number}-figure]", figure)
    page.fill("textarea[name=narrative]", "Tổ chức tại nhà văn hóa, có phiên dịch tiếng Xơ Đăng.")


def type_day(page: Page, name: str, day: str) -> None:
    control = page.locator(f"input[name={name}]")
    if control.get_attribute("type") == "date":
        control.fill(day)
    else:
        control.fill("/".join(reversed(day.split("-"))))


def file_it(page: Page) -> None:
    page.click("button[name=state][value=submitted]")
    page.wait_for_url(ACTIVITY_ADDRESS)


def approve_all(page: Page) -> None:
    """Tick all that waits and approve it. The queue must be open."""
    for box in page.locator("input[name=activity]").all():
        box.check()
    page.click("main form button.btn-primary[type=submit]")
    expect(page.locator("input[name=activity]")).to_have_count(0)


def ask_for_report(page: Page, *, period: str = "2020-H1") -> None:
    """Ask for the six-month report of the only province the person drafts for. The form must be open."""
    page.select_option("select[name=kind]", "six_month")
    page.select_option("select[name=area]", index=1)
    page.fill("input[name=period]", period)
    page.click("main form.form button[type=submit]")


def must_fit(page: Page) -> None:
    """Nothing sticks out to the right of the window."""
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, page.url


def download(page: Page, selector: str, to: Path) -> Path:
    with page.expect_download() as waiting:
        page.click(selector)
    file = to / waiting.value.suggested_filename
    waiting.value.save_as(file)
    return file


def text_of(pdf: Path) -> str:
    """The text of a PDF as one line in NFC."""
    pages = "\n".join(page.extract_text() for page in PdfReader(pdf).pages)
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", pages))


def save_state(page: Page, name: str) -> None:
    """Wait until the form says that what was typed is "saved", "offline" ..."""
    expect(page.locator("[data-save-state]")).to_have_attribute("data-state", name)
