"""The page of notices: what is unread, one marked read, all marked read, and never another person's."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Notice, Notification, User
from accounts.notices import notify
from tests.cast import Cast
from tests.conftest import SignedIn

PAGE = "/notifications/"


def give(user: User, count: int, **more: Any) -> list[Notification]:
    for number in range(count):
        notify(
            people=[user],
            kind=Notice.COMMENTED,
            key=f"n:{number}",
            url="/",
            about={"number": f"Việc {number}"},
        )
    return list(Notification.objects.filter(user=user))


@pytest.fixture
def reader(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.people.coordinator)


def unread(user: User) -> int:
    return Notification.objects.filter(user=user, read_at=None).count()


def test_one_notice_is_marked_read_and_the_others_wait(cast: Cast, reader: Client) -> None:
    _newest, middle, _oldest = give(cast.people.coordinator, 3)

    assert reader.post(f"{PAGE}?show=unread", {"notice": str(middle.pk)})["Location"] == f"{PAGE}?show=unread"
    assert unread(cast.people.coordinator) == 2
    page = reader.get(PAGE, {"show": "unread"}).content.decode()
    assert "Việc 0" in page and "Việc 2" in page and "Việc 1" not in page
    assert "Việc 1" in reader.get(PAGE).content.decode()


def test_a_notice_of_another_person_stays_unread(cast: Cast, reader: Client) -> None:
    (notice,) = give(cast.people.filing_officer, 1)

    assert reader.post(PAGE, {"notice": str(notice.pk)}).status_code == 302
    assert reader.post(PAGE, {"up_to": str(notice.pk)}).status_code == 302
    assert unread(cast.people.filing_officer) == 1


@pytest.mark.parametrize("sent", ["", "x", "-1", "²", "9" * 40, "1; DROP"])
def test_what_no_form_sends_changes_nothing(sent: str, cast: Cast, reader: Client) -> None:
    give(cast.people.coordinator, 1)

    assert reader.post(PAGE, {"notice": sent}).status_code == 302
    assert reader.post(f"{PAGE}?page={sent}&show={sent}", {"up_to": sent}).status_code == 302
    assert unread(cast.people.coordinator) == 1


def test_all_are_marked_read_but_one_that_came_meanwhile(cast: Cast, reader: Client) -> None:
    newest, *_older = give(cast.people.coordinator, 3)
    notify(people=[cast.people.coordinator], kind=Notice.MENTIONED, key="later", url="/")

    reader.post(PAGE, {"up_to": str(newest.pk)})
    assert unread(cast.people.coordinator) == 1
    assert "Mark all as read" in reader.get(PAGE).content.decode()
    reader.post(PAGE, {"up_to": str(newest.pk + 1)})
    page = reader.get(PAGE, {"show": "unread"}).content.decode()
    assert "Nothing unread" in page
    assert "Mark all as read" not in page


def test_the_filter_stays_from_page_to_page(
    cast: Cast, reader: Client, django_assert_num_queries: Any
) -> None:
    notice, *_older = give(cast.people.coordinator, 30)
    reader.get(PAGE)

    with django_assert_num_queries(4):
        page = reader.get(PAGE, {"show": "unread"}).content.decode()
    assert 'href="?show=unread&amp;page=2"' in page
    assert "Việc 4" in reader.get(PAGE, {"show": "unread", "page": "2"}).content.decode()
    answer = reader.post(f"{PAGE}?show=unread&page=2", {"notice": str(notice.pk)})
    assert answer["Location"] == f"{PAGE}?show=unread&page=2"
