"""Reminders of tasks, the page of notices, and the digest by e-mail."""

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice, Notification
from accounts.notice_mail import send_waiting
from accounts.notices import notify
from programs.models import Assignment, Document, DocumentKind, Task
from programs.reminders import remind_of_tasks
from tests.cast import Cast
from tests.signing_in import sign_in_by_force

pytestmark = pytest.mark.django_db
TODAY = dt.date(2020, 6, 1)

TOMORROW = timezone.now() + dt.timedelta(days=1)


def assignment(cast: Cast, due_on: dt.date, **more: object) -> Assignment:
    officer = cast.people.filing_officer.memberships.get()
    document = Document.objects.unscoped("made for a test").create(
        kind=DocumentKind.PLAN, issuer=officer.agency, area=officer.area, subject="Kế hoạch thử nghiệm"
    )
    task = Task.objects.create(
        document=document, order=1, number="1", text="Tuyên truyền tại các xã", due_on=due_on
    )
    made: Assignment = Assignment.objects.unscoped("made for a test").create(
        task=task, agency=officer.agency, area=officer.area, due_on=due_on, **more
    )
    return made


def who_has(kind: Notice) -> set[str]:
    return set(Notification.objects.filter(kind=kind).values_list("user__email", flat=True))


@pytest.mark.parametrize("ahead", [14, 7, 3, 0])
def test_the_unit_is_reminded_before_the_due_date(cast: Cast, ahead: int) -> None:
    assignment(cast, TODAY + dt.timedelta(days=ahead))
    remind_of_tasks(TODAY)
    assert who_has(Notice.TASK_DUE) == {cast.people.filing_officer.email, cast.people.head_of_unit.email}


def test_nobody_is_reminded_on_other_days(cast: Cast) -> None:
    assignment(cast, TODAY + dt.timedelta(days=5))
    assert remind_of_tasks(TODAY) == 0


def test_after_the_due_date_the_coordinator_hears_of_it_too(cast: Cast) -> None:
    assignment(cast, TODAY - dt.timedelta(days=1))
    remind_of_tasks(TODAY)
    assert who_has(Notice.TASK_LATE) == {
        cast.people.filing_officer.email,
        cast.people.head_of_unit.email,
        cast.people.coordinator.email,
    }


def test_a_second_run_on_the_same_day_reminds_nobody_twice(cast: Cast) -> None:
    assignment(cast, TODAY)
    first = remind_of_tasks(TODAY)
    assert first == 2
    assert remind_of_tasks(TODAY) == 0
    assert Notification.objects.count() == first


def test_a_finished_task_is_not_reminded_of(cast: Cast) -> None:
    assignment(cast, TODAY, state=Assignment.State.DONE, done_on=TODAY)
    assert remind_of_tasks(TODAY) == 0


def test_the_page_shows_only_own_notices_and_marks_them_read(cast: Cast, client) -> None:
    notify(people=[cast.people.filing_officer], kind=Notice.TASK_DUE, key="a", url="/", about={"number": "7"})
    notify(people=[cast.people.stranger], kind=Notice.TASK_DUE, key="b", url="/", about={"number": "8"})
    sign_in_by_force(client, cast.people.filing_officer)
    page = client.get(reverse("notifications"))
    assert [notice.key for notice in page.context["page_obj"]] == ["a"]
    newest = Notification.objects.order_by("-pk").values_list("pk", flat=True)[0]
    client.post(reverse("notifications"), {"up_to": newest})
    assert not cast.people.filing_officer.notifications.filter(read_at=None).exists()
    assert cast.people.stranger.notifications.filter(read_at=None).exists()


@pytest.mark.parametrize("up_to", ["", "x", "-1", "9" * 40, "１"])
def test_a_mark_that_is_no_number_changes_nothing(cast: Cast, client, up_to: str) -> None:
    notify(people=[cast.people.filing_officer], kind=Notice.TASK_DUE, key="a", url="/")
    sign_in_by_force(client, cast.people.filing_officer)
    assert client.post(reverse("notifications"), {"up_to": up_to}).status_code == 302
    assert cast.people.filing_officer.notifications.filter(read_at=None).count() == 1


def test_the_digest_goes_once_and_names_no_person(cast: Cast) -> None:
    notify(
        people=[cast.people.filing_officer],
        kind=Notice.TASK_LATE,
        key="a",
        url="/",
        about={"number": "7", "document": "Kế hoạch", "unit": "Công an huyện", "day": "01/06/2020"},
    )
    assert send_waiting(now=TOMORROW) == 1
    assert send_waiting(now=TOMORROW) == 0
    (message,) = mail.outbox
    assert message.to == [cast.people.filing_officer.email]
    assert "Công an huyện" in message.body
    assert cast.people.filing_officer.full_name not in message.body + message.subject


def test_a_read_notice_is_not_mailed(cast: Cast) -> None:
    notify(people=[cast.people.filing_officer], kind=Notice.TASK_DUE, key="a", url="/")
    Notification.objects.update(read_at=timezone.now())
    assert send_waiting(now=TOMORROW) == 0
    assert mail.outbox == []
