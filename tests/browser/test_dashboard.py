"""The steering committee's first screen: who has not reported, and did victims go up against last year."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, OpenWindow
from tests.browser.steps import must_fit

#: A member of the committee of Điện Biên, whose units report in the demonstration.
MEMBER = "ban-chi-dao.dienbien@demo.example"
#: The screen of a notebook, on which most members look.
NOTEBOOK = {"width": 1440, "height": 900}


@pytest.mark.parametrize("size", [NOTEBOOK, PHONE], ids=["1440", "390"])
def test_a_member_sees_on_the_first_screen_who_is_silent_and_whether_victims_went_up(
    window: OpenWindow, size: dict[str, int]
) -> None:
    mine = window(size=size)
    page = mine.sign_in(MEMBER)

    page.get_by_role("main").get_by_role("link", name="Bảng tổng quan", exact=True).click()

    expect(page.get_by_role("heading", name="Đơn vị nào chưa báo cáo")).to_be_in_viewport()
    silent = page.get_by_role("region", name="Đơn vị nào chưa báo cáo").get_by_role("listitem")
    expect(silent).to_have_text(["Công an huyện Điện Biên", "Công an huyện Mường Chà"])
    for each in silent.all():
        expect(each).to_be_in_viewport()
    expect(page.get_by_role("heading", name="Nạn nhân so với năm trước")).to_be_in_viewport()
    victims = page.get_by_role("region", name="Nạn nhân so với năm trước")
    change = victims.locator(".dash-change")
    expect(change).to_be_in_viewport()
    expect(change).to_contain_text("tăng 01")
    expect(victims.get_by_role("link")).to_have_text(["06 nạn nhân", "05 nạn nhân"])
    assert page.evaluate("scrollY") == 0
    must_fit(page)

    victims.get_by_role("link").first.click()
    expect(page.locator(".big-number")).to_contain_text("06 nạn nhân")


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
def test_the_screen_of_a_meeting_room_shows_the_answers_without_a_menu(
    window: OpenWindow, has_script: bool
) -> None:
    mine = window(size=NOTEBOOK, script=has_script)
    page = mine.sign_in(MEMBER)
    mine.open("/dashboard/")

    page.click("main a[href*='view=screen']")

    expect(page.locator("nav")).to_have_count(0)
    expect(page.locator("[aria-labelledby=who] li").first).to_be_in_viewport()
    expect(page.locator("[aria-labelledby=victims-first] .dash-change")).to_be_in_viewport()
    assert page.locator("[data-full-screen]").is_visible() is has_script
    must_fit(page)
