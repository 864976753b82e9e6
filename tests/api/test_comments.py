"""Comments over the API: read and written by who reads the record, changed and removed by their authors."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Notification
from programs.models import COMMENT_LIMIT, Comment
from programs.services.comment import RATE_LIMIT
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.register import make_register

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(cast: Cast) -> dict[str, int]:
    return make_register(cast)


@pytest.fixture
def address(register: dict[str, int]) -> str:
    return f"/api/v1/documents/{register['plan']}/comments/"


@pytest.fixture
def officer(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.people.filing_officer)


def post(client: Client, address: str, body: Any, **headers: str) -> Any:
    return client.post(address, body, content_type="application/json", headers=headers)


def patch(client: Client, address: str, body: Any) -> Any:
    return client.patch(address, body, content_type="application/json")


def test_a_comment_is_written_tells_people_and_is_read(
    cast: Cast, address: str, officer: Client, signed_in: SignedIn
) -> None:
    head = cast.people.head_of_unit
    told = post(officer, address, {"text": "Xin bổ sung.  @Không Ai Cả", "tell": [head.pk]})
    assert told.status_code == 201
    assert told.json()["told"] == [head.full_name]
    assert told.json()["not_told"] == ["Không"]
    assert Notification.objects.filter(user=head).count() == 1

    (read,) = signed_in(head).get(address).json()["results"]
    assert (read["text"], read["by"]) == (told.json()["text"], cast.people.filing_officer.full_name)


def test_the_same_key_makes_no_second_comment(address: str, officer: Client) -> None:
    key = str(uuid.uuid4())
    for _ in range(2):
        assert post(officer, address, {"text": "Một lần"}, **{"Idempotency-Key": key}).status_code == 201
    assert Comment.objects.unscoped("counted").count() == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": ""},
        {"text": "a\u0007b"},
        {"text": "a" * (COMMENT_LIMIT + 1)},
        {"text": "a", "tell": [10**9]},
        {"text": "a", "tell": [1] * 41},
        {"text": "a", "tell": "all"},
        ["text"],
    ],
)
def test_what_a_page_refuses_the_api_refuses(body: Any, address: str, officer: Client) -> None:
    answer = post(officer, address, body)
    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("application/problem+json")
    assert not Comment.objects.unscoped("counted").exists()


def test_a_flood_of_comments_is_refused(cast: Cast, address: str, officer: Client) -> None:
    for number in range(RATE_LIMIT):
        assert post(officer, address, {"text": str(number)}).status_code == 201
    assert post(officer, address, {"text": "thêm"}).status_code == 400


def test_an_author_changes_and_removes_the_own_comment_and_nobody_elses(
    cast: Cast, address: str, officer: Client, signed_in: SignedIn
) -> None:
    pk = post(officer, address, {"text": "Sai"}).json()["id"]
    one = f"{address}{pk}/"
    for other in (cast.people.coordinator, cast.people.head_of_unit, cast.people.stranger):
        assert patch(signed_in(other), one, {"text": "Khác"}).status_code == 404
        assert signed_in(other).delete(one).status_code == 404
    assert signed_in(cast.people.administrator).delete(one).status_code == 403

    assert patch(officer, one, {"text": "Đúng"}).json()["text"] == "Đúng"
    Comment.objects.unscoped("grown old").filter(pk=pk).update(at=timezone.now() - dt.timedelta(hours=1))
    assert patch(officer, one, {"text": "Muộn"}).status_code == 400
    assert officer.delete(one).status_code == 204
    assert officer.delete(one).status_code == 404
    (read,) = officer.get(address).json()["results"]
    assert (read["text"], read["is_removed"]) == ("", True)


def test_a_comment_is_reached_through_its_own_record_alone(
    register: dict[str, int], address: str, officer: Client
) -> None:
    pk = post(officer, address, {"text": "Ở kế hoạch"}).json()["id"]
    other = register["own_plan"]
    assert officer.delete(f"/api/v1/documents/{other}/comments/{pk}/").status_code == 404
    assert officer.get(f"{address}{pk}/").status_code == 405


def test_a_list_of_comments_takes_its_number_of_statements(
    address: str, officer: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    post(officer, address, {"text": "0"})
    officer.get(address)
    with django_assert_num_queries(5):
        officer.get(address)
    for number in range(5):
        post(officer, address, {"text": str(number)})
    with django_assert_num_queries(5):
        assert len(officer.get(address).json()["results"]) == 6
