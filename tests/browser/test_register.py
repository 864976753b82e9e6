"""The register as its people use it: tasks cut from a document, given to units, and told of with evidence."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from programs.models import Activity, ActivityKind, Assignment, Document
from programs.services import approve_activity, file_activity
from programs.services.task import CutTask, Unit, cut_tasks
from tests.browser.conftest import DESKTOP, PHONE, OpenWindow
from tests.browser.steps import must_fit, type_day

SIZES = {"desktop": DESKTOP, "phone": PHONE}
COORDINATOR, BAT_XAT = "dieu-phoi.laocai@demo.example", "bat-xat@demo.example"
HEAD = "lanh-dao.bat-xat@demo.example"
LIST = """
Giao các đơn vị thực hiện một số nhiệm vụ sau:
1. Tổ chức truyền thông lưu động tại các xã biên giới,
   kết hợp phiên chợ.
2. Rà soát, lập danh sách người vắng mặt lâu ngày.
2a) Báo cáo kết quả trước ngày 15/6/2022.
"""


def enter_plan(page: Page, subject: str) -> None:
    """Fill the form of a new document and save it. The form must be open."""
    page.select_option("select[name=kind]", "plan")
    page.fill("input[name=number]", f"{uuid.uuid4().int % 100_000}/KH-UBND")
    type_day(page, "issued_on", "2021-05-20")
    membership = User.objects.get(email=COORDINATOR).memberships.get()
    page.select_option("select[name=issuer]", str(membership.agency_id))
    page.select_option("select[name=area]", str(membership.area_id))
    page.fill("[name=subject]", subject)
    page.click("main form.form button.btn-primary[type=submit]")
    page.wait_for_url(re.compile(r"/documents/\d+/(#.*)?$"))


@pytest.mark.parametrize("size", SIZES)
def test_a_coordinator_cuts_tasks_from_a_document_and_sees_them_by_unit(
    size: str, window: OpenWindow
) -> None:
    mine = window(size=SIZES[size])
    mine.sign_in(COORDINATOR)
    page = mine.open("/documents/new/")
    must_fit(page)
    subject = f"Cao điểm truyền thông {uuid.uuid4().hex[:6]}"
    enter_plan(page, subject)
    must_fit(page)

    page.click("main a[href$='/tasks/cut/'], main a[href$='/tasks/']")
    if not page.url.endswith("/cut/"):
        page.click("main a[href$='/tasks/cut/']")
    page.fill("textarea[name=pasted]", LIST)
    type_day(page, "due_on", "2022-06-15")
    must_fit(page)
    page.click("form:has(textarea[name=pasted]) button.btn-primary")
    expect(page.locator("input[name$='-number']:visible")).to_have_count(3)
    must_fit(page)
    page.locator("label", has_text=re.compile("Bát Xát")).locator("input[name=units]").first.check()
    page.click("form:has(input[name=after]) button.btn-primary[type=submit]")

    page.wait_for_url(re.compile(r"/documents/\d+/tasks/$"))
    expect(page.locator("table.matrix tbody tr")).to_have_count(3)
    expect(page.locator("table.matrix")).to_contain_text("2a. Báo cáo kết quả trước ngày 15/6/2022.")
    expect(page.locator("table.matrix")).to_contain_text("kết hợp phiên chợ")
    expect(page.locator("table.matrix tbody td a[href^='/tasks/']")).to_have_count(3)
    must_fit(page)


@pytest.mark.parametrize("size", SIZES)
def test_a_unit_tells_its_progress_with_an_activity_that_shows_it(size: str, window: OpenWindow) -> None:
    assignment, activity = given_task(), filed_activity()
    mine = window(size=SIZES[size])
    page = mine.sign_in(BAT_XAT)
    mine.open("/tasks/")
    must_fit(page)
    page.click(f"main a[href='/tasks/{assignment.pk}/']")
    must_fit(page)

    page.select_option("select[name=state]", "in_progress")
    page.fill("#progress textarea[name=text]", "Đã truyền thông tại hai xã.")
    offered = page.locator("#progress details")
    if offered.count():
        offered.locator("summary").click()
    page.check(f"input[name=activities][value='{activity.pk}']")
    page.click("#progress button[type=submit]")

    expect(page.locator("main")).to_contain_text("Đã truyền thông tại hai xã.")
    expect(page.locator(f"main a[href='/activities/{activity.pk}/']").first).to_be_visible()
    must_fit(page)

    theirs = window()
    theirs.sign_in(COORDINATOR)
    other = theirs.open(f"/tasks/{assignment.pk}/")
    expect(other.locator("main")).to_contain_text("Đã truyền thông tại hai xã.")
    other = theirs.open(f"/documents/{assignment.task.document_id}/tasks/")
    expect(other.locator("table.matrix tbody td [data-state=running]")).to_have_count(1)


def given_task() -> Assignment:
    """A task of a new plan, given to the unit of Bát Xát."""
    coordinator = User.objects.get(email=COORDINATOR)
    membership = coordinator.memberships.get()
    document = Document.objects.unscoped("made for a test").create(
        kind="plan",
        issuer=membership.agency,
        area=membership.area,
        subject=f"Kế hoạch {uuid.uuid4().hex[:6]}",
        issued_on=dt.date(2021, 5, 20),
        year=2021,
        entered_by=coordinator,
    )
    unit = User.objects.get(email=BAT_XAT).memberships.get()
    task = CutTask("1", "Truyền thông tại các xã biên giới", due_on=dt.date(2099, 6, 15))
    cut_tasks(actor=coordinator, document=document, tasks=[task], units=[Unit(unit.agency, unit.area)])
    made: Assignment = Assignment.objects.unscoped("the one just made").get(task__document=document)
    return made


def filed_activity() -> Activity:
    """One that counts, so that it can be shown: approved by the head of the unit."""
    officer = User.objects.get(email=BAT_XAT)
    unit = officer.memberships.get()
    day = dt.date(2021, 6, 1)
    activity = file_activity(
        actor=officer,
        submission_key=uuid.uuid4(),
        kind=ActivityKind.COMMUNICATION,
        title=f"Truyền thông tại chợ {uuid.uuid4().hex[:6]}",
        narrative="Tổ chức tại chợ phiên.",
        agency=unit.agency,
        area=unit.area,
        started_on=day,
        ended_on=day,
    )
    head = User.objects.get(email=HEAD)
    return approve_activity(activity=activity, actor=head, version=activity.version)
