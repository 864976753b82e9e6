"""Feedback: nameless unless a name is given, about a pattern and never a record, answered in the area."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.feedback import give_feedback, route_named, step_feedback
from accounts.models import AuditEvent, Feedback, Notice, Notification, Role, User
from tests.cast import Cast, agency, person
from tests.conftest import SignedIn

FORM = "/feedback/"
SAID = {"kind": "wrong_figure", "text": "Số vụ của kỳ này lớn hơn thực tế."}


@pytest.fixture(autouse=True)
def no_counts(db: None) -> None:
    cache.clear()


@pytest.fixture
def officer(cast: Cast) -> User:
    return cast.people.filing_officer


@pytest.fixture
def reader(officer: User, signed_in: SignedIn) -> Client:
    return signed_in(officer)


@pytest.fixture
def administrator(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.people.administrator)


def test_a_remark_keeps_neither_who_gave_it_nor_the_record_they_looked_at(
    cast: Cast, reader: Client, officer: User
) -> None:
    assert reader.post(FORM, {**SAID, "page": "activity_detail"})["Location"] == "/"

    kept = Feedback.objects.get()
    assert (kept.author, kept.route, kept.area) == (None, "/activities/<pk>/", cast.map.lao_cai)
    values = " ".join(map(str, Feedback.objects.values_list().get()))
    assert officer.full_name not in values and officer.email not in values
    assert not AuditEvent.objects.filter(user=officer, about__startswith="accounts.feedback").exists()


def test_every_page_links_to_the_form_with_the_name_of_its_view_and_nothing_else(
    reader: Client, officer: User
) -> None:
    page = reader.get("/activities/?q=Y+Ty&page=1").content.decode()

    assert 'href="/feedback/?page=activity_list"' in page
    shown = reader.get(FORM, {"page": "activity_list"}).content.decode()
    assert "<code>/activities/</code>" in shown


@pytest.mark.parametrize(
    "page", ["", "/activities/12/", "no_such_view", "<script>", "x" * 5000, "admin:index"]
)
def test_a_page_that_is_not_ours_is_not_kept(page: str, reader: Client) -> None:
    assert route_named(page) == ""
    assert reader.get(FORM, {"page": page}).status_code == 200
    reader.post(FORM, {**SAID, "page": page})

    assert all(not kept.route for kept in Feedback.objects.all())


def test_who_may_be_contacted_is_told_of_the_answer(
    cast: Cast, reader: Client, administrator: Client, officer: User
) -> None:
    reader.post(FORM, {**SAID, "may_contact": "on"})
    kept = Feedback.objects.get()
    assert kept.author == officer
    address = reverse("feedback_detail", args=[kept.pk])

    administrator.post(address, {"step": "answer", "answer": "Đã sửa, cảm ơn đồng chí."})

    told = Notification.objects.get(user=officer)
    assert (told.kind, told.url) == (Notice.FEEDBACK_ANSWERED, address)
    assert "Đã sửa" not in told.sentence
    page = reader.get(address).content.decode()
    assert "Đã sửa, cảm ơn đồng chí." in page and "Mark as done" not in page
    kept.refresh_from_db()
    assert (kept.state, kept.answered_by) == ("answered", cast.people.administrator)


def test_administrators_of_the_area_are_told_and_those_of_another_are_not(
    cast: Cast, officer: User, signed_in: SignedIn
) -> None:
    other = person("quan-tri.kontum@example.vn", (Role.ADMINISTRATOR, agency("provincial_police", "62")))
    kept = give_feedback(giver=officer, kind=Feedback.Kind.IDEA, text="Chữ nên to hơn.")

    assert list(Notification.objects.values_list("user", flat=True)) == [cast.people.administrator.pk]
    assert "Chữ nên to" not in signed_in(other).get(reverse("feedback_list")).content.decode()
    assert signed_in(other).get(reverse("feedback_detail", args=[kept.pk])).status_code == 404
    with pytest.raises(PermissionDenied):
        step_feedback(feedback=kept, actor=other, step="done")


def test_the_list_is_told_by_state_and_takes_a_constant_number_of_statements(
    cast: Cast, administrator: Client, officer: User, django_assert_num_queries: Any
) -> None:
    for number in range(30):
        give_feedback(giver=officer, kind=Feedback.Kind.IDEA, text=f"Ý kiến thứ {number} của đơn vị")
    done = Feedback.objects.order_by("pk")[0]
    step_feedback(feedback=done, actor=cast.people.administrator, step="done")

    with django_assert_num_queries(5):
        page = administrator.get(reverse("feedback_list"), {"state": "new"}).content.decode()
    assert "Ý kiến thứ 29" in page and "Ý kiến thứ 0 " not in page
    assert "Ý kiến thứ 0 " in administrator.get(reverse("feedback_list"), {"state": "done"}).content.decode()
    assert AuditEvent.objects.filter(kind=AuditEvent.Kind.FEEDBACK_ANSWERED).count() == 1


def test_what_is_done_is_answered_no_more(cast: Cast, administrator: Client, officer: User) -> None:
    kept = give_feedback(giver=officer, kind=Feedback.Kind.IDEA, text="Chữ nên to hơn.")
    address = reverse("feedback_detail", args=[kept.pk])
    administrator.post(address, {"step": "done"})

    answer = administrator.post(address, {"step": "answer", "answer": "Vâng."}, follow=True)

    assert "This feedback is done already." in answer.content.decode()
    kept.refresh_from_db()
    assert (kept.state, kept.answer) == ("done", "")


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ""},
        {"text": "Ngắn"},
        {"text": "x" * 2001},
        {"text": "Có ký tự\x07 lạ trong câu này"},
        {"text": "Gọi cho anh ấy số 0912 345 678 nhé"},
        {"text": "Căn cước 001-085-123-456 bị sai"},
        {"kind": "praise"},
        {"kind": ""},
    ],
)
def test_what_is_too_long_or_says_who_a_person_is_is_refused(wrong: dict[str, str], reader: Client) -> None:
    assert reader.post(FORM, {**SAID, **wrong}).status_code == 422
    assert not Feedback.objects.exists()


def test_nobody_floods_the_administrator(reader: Client, cast: Cast, signed_in: SignedIn) -> None:
    answers = [reader.post(FORM, SAID).status_code for _time in range(7)]

    assert answers == [302] * 6 + [429]
    assert Feedback.objects.count() == 6
    assert signed_in(cast.people.head_of_unit).post(FORM, SAID).status_code == 302
