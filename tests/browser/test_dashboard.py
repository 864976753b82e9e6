"""The steering committee's first screen: who has not reported, and did victims go up against last year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from accounts.models import Membership, Role, User
from territory.models import Agency
from tests.browser.conftest import PHONE, OpenWindow
from tests.browser.portal import Portal
from tests.browser.steps import must_fit

MEMBER = "uy-vien.dienbien@demo.example"
#: The screen of a notebook, on which most members look.
NOTEBOOK = {"width": 1440, "height": 900}


@pytest.fixture
def member_of_committee(portal: Portal) -> Iterator[str]:
    """A member of the steering committee of Điện Biên, whose units report in the demonstration."""
    password = "mot-mat-khau-thu-nghiem"
    user = User.objects.create_user(MEMBER, password, full_name="Ủy viên Thử Nghiệm")
    committee = Agency.objects.get(code="11-steering_committee")
    held = {"role": Role.STEERING_MEMBER, "agency": committee, "area": committee.area}
    membership = Membership.objects.create(user=user, valid_from=dt.date(2004, 1, 1), **held)
    portal.passwords[MEMBER] = password
    yield MEMBER
    membership.delete()
    User.objects.filter(pk=user.pk).update(is_active=False, email=f"cu-{user.pk}@demo.example")


@pytest.mark.parametrize("size", [NOTEBOOK, PHONE], ids=["1440", "390"])
def test_a_member_sees_on_the_first_screen_who_is_silent_and_whether_victims_went_up(
    window: OpenWindow, member_of_committee: str, size: dict[str, int]
) -> None:
    mine = window(size=size)
    page = mine.sign_in(member_of_committee)

    page.click("main a[href='/dashboard/']")

    silent = page.locator("[aria-labelledby=who] li")
    expect(silent).to_have_text(["Công an huyện Điện Biên", "Công an huyện Mường Chà"])
    for each in silent.all():
        expect(each).to_be_in_viewport()
    change = page.locator("[aria-labelledby=victims-first] .dash-change")
    expect(change).to_be_in_viewport()
    expect(change).to_contain_text("01")
    assert change.get_attribute("data-direction") == "up"
    expect(page.locator("[aria-labelledby=victims-first] a")).to_have_text(["06 nạn nhân", "05 nạn nhân"])
    must_fit(page)

    page.click("[aria-labelledby=victims-first] a >> nth=0")
    expect(page.locator(".big-number")).to_contain_text("06 nạn nhân")


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
def test_the_screen_of_a_meeting_room_shows_the_answers_without_a_menu(
    window: OpenWindow, member_of_committee: str, has_script: bool
) -> None:
    mine = window(size=NOTEBOOK, script=has_script)
    page = mine.sign_in(member_of_committee)
    mine.open("/dashboard/")

    page.click("main a[href*='view=screen']")

    expect(page.locator("nav")).to_have_count(0)
    expect(page.locator("[aria-labelledby=who] li").first).to_be_in_viewport()
    expect(page.locator("[aria-labelledby=victims-first] .dash-change")).to_be_in_viewport()
    assert page.locator("[data-full-screen]").is_visible() is has_script
    must_fit(page)
