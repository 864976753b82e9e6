"""The first steps of somebody new: of their roles, ticked off by what they did, put away for good."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import NoticeSettings, User
from programs.models import ActivityKind
from programs.services import file_activity
from reporting.first_steps import NEW_DAYS, first_steps
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.test_navigation import PEOPLE

LIST = 'id="first-steps"'


def labels(user: User, *, done: bool | None = None) -> list[str]:
    return [str(step.label) for step in first_steps(user, timezone.now()) if done in (None, step.is_done)]


def file_one(cast: Cast) -> None:
    day = dt.date(2020, 3, 5)
    file_activity(
        actor=cast.people.filing_officer,
        submission_key=uuid.uuid4(),
        kind=ActivityKind.COMMUNICATION,
        title="Tuyên truyền tại chợ phiên",
        narrative="Tổ chức ngày chủ nhật.",
        agency=cast.agencies.bat_xat_police,
        area=cast.map.y_ty,
        started_on=day,
        ended_on=day,
    )


def test_a_step_is_ticked_off_by_what_the_person_really_did(cast: Cast, signed_in: SignedIn) -> None:
    officer, colleague = cast.people.filing_officer, cast.people.stranger
    assert labels(officer, done=True) == []

    file_one(cast)
    NoticeSettings.objects.create(user=officer)

    assert labels(officer, done=True) == ["File a first activity", "Choose what you hear of"]
    assert labels(colleague, done=True) == []
    page = signed_in(officer).get("/").content.decode()
    assert re.search(r"<span>File a first activity</span>", page)
    assert re.search(rf'<a href="{reverse("obligation_list")}">Confirm a nil</a>', page)


@pytest.mark.parametrize("who", PEOPLE)
def test_every_role_has_steps_that_it_may_take(who: str, cast: Cast, signed_in: SignedIn) -> None:
    user = getattr(cast.people, who)
    browser = signed_in(user)

    links = {step.url for step in first_steps(user, timezone.now())}

    assert links
    assert {link: browser.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_the_list_takes_one_query_and_goes_when_it_is_put_away(
    cast: Cast, signed_in: SignedIn, django_assert_num_queries: Any
) -> None:
    officer = cast.people.filing_officer
    labels(officer)
    with django_assert_num_queries(1):
        labels(officer)
    browser = signed_in(officer)
    assert LIST in browser.get("/").content.decode()

    assert browser.post(reverse("first_steps"))["Location"] == "/"

    assert LIST not in browser.get("/").content.decode()
    assert LIST in signed_in(cast.people.head_of_unit).get("/").content.decode()


def test_who_is_not_new_or_has_no_role_sees_no_list(cast: Cast) -> None:
    officer = cast.people.filing_officer
    officer.joined_at = timezone.now() - dt.timedelta(days=NEW_DAYS + 1)

    assert labels(officer) == []
    assert labels(User.objects.create_user("ai.do@example.vn", full_name="Ai Đó")) == []
