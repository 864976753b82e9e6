"""The calendar of working days on its pages: administrators keep it, the clock of requests follows it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.row_scope import row_scope
from territory.models import SpecialDay
from territory.working_days import load_special_days
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.victims.files import file_of
from victims.services.calendar import set_special_day
from victims.services.keeping import receive_data_request

pytestmark = pytest.mark.django_db

NEW = {"day": "12/03/2024", "kind": "off", "name": "Ngày nghỉ riêng", "basis": "Thông báo 1/TB"}


def test_an_administrator_enters_a_day_and_the_clock_of_requests_follows(
    cast: Cast, worker: User, signed_in: SignedIn
) -> None:
    browser = signed_in(cast.people.administrator)
    sent = browser.post(reverse("special_day_new"), NEW)
    assert sent["Location"] == f"{reverse('special_days')}?year=2024"
    assert "Ngày nghỉ riêng" in browser.get(sent["Location"]).content.decode()

    victim = file_of(worker)
    with row_scope(worker):
        asked = receive_data_request(
            actor=worker,
            agency=victim.agency,
            area=victim.area,
            kind="access",
            received_on=dt.date(2024, 3, 11),
        )
    assert asked.due_on == dt.date(2024, 3, 14)


def test_a_day_is_taken_back_by_saying_that_it_goes_by_its_weekday(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.people.administrator)
    browser.post(reverse("special_day_new"), NEW)
    held = SpecialDay.objects.get()
    changed = browser.post(reverse("special_day", args=[held.pk]), {**NEW, "kind": "ordinary"})
    held.refresh_from_db()
    assert (changed.status_code, held.kind) == (302, "ordinary")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "in the calendar already"),
        ({"day": "13/03/2024", "kind": "worked"}, "worked anyway"),
        ({"day": "13/03/2204"}, "Check the year"),
        ({"day": "31/02/2024"}, "Type the date"),
        ({"day": "13/03/2024", "basis": ""}, "This field is required"),
    ],
)
def test_what_makes_no_sense_is_refused(
    changed: dict[str, str], said: str, cast: Cast, signed_in: SignedIn
) -> None:
    browser = signed_in(cast.people.administrator)
    browser.post(reverse("special_day_new"), NEW)
    page = browser.post(reverse("special_day_new"), {**NEW, **changed})
    assert page.status_code == 422
    assert said in page.content.decode()
    assert SpecialDay.objects.count() == 1


def test_nobody_else_keeps_the_calendar(cast: Cast) -> None:
    for person in (cast.people.coordinator, cast.people.case_worker, cast.people.head_of_unit):
        with pytest.raises(PermissionDenied):
            set_special_day(actor=person, day=dt.date(2024, 3, 12), kind="off", name="A", basis="B")


def test_the_page_takes_its_number_of_statements_and_is_safe(
    cast: Cast, signed_in: SignedIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = signed_in(cast.people.administrator)
    browser.get(reverse("special_days"))
    load_special_days()
    with django_assert_num_queries(4):
        page = browser.get(reverse("special_days"), {"year": "2026"}).content.decode()
    assert "Giỗ Tổ Hùng Vương" in page
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\s(style|on\w+)=[\"']", page)
    assert browser.get(reverse("special_days"), {"year": "x' OR 1=1"}).status_code == 200
