"""Terms in working days: weekends, public holidays, days off and Saturdays worked in the place of others."""

from __future__ import annotations

import datetime as dt

import pytest

from territory.models import SpecialDay
from territory.working_days import last_day_of_term, load_special_days, published_days

pytestmark = pytest.mark.django_db


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("received", "due"),
    [("2026-11-26", "2026-11-30"), ("2026-11-27", "2026-12-01"), ("2026-11-28", "2026-12-01")],
)
def test_without_a_calendar_only_saturdays_and_sundays_are_left_out(received: str, due: str) -> None:
    assert last_day_of_term(_day(received), 2) == _day(due)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        pytest.param("2026-02-13", "2026-02-24", id="over Tết"),
        pytest.param("2026-04-24", "2026-04-29", id="Giỗ Tổ on a Sunday is made up for on Monday"),
        pytest.param("2026-04-29", "2026-05-05", id="over 30 April and 1 May"),
        pytest.param("2026-08-20", "2026-08-22", id="a Saturday worked in the place of a Monday counts"),
        pytest.param("2026-08-28", "2026-09-04", id="over the National Day and the Monday exchanged"),
        pytest.param("2026-11-23", "2026-11-26", id="over the day of Vietnamese culture"),
        pytest.param("2026-12-31", "2027-01-05", id="over the new year"),
    ],
)
def test_a_term_leaves_out_the_holidays_of_the_year(received: str, due: str) -> None:
    load_special_days()
    assert last_day_of_term(_day(received), 2) == _day(due)


def test_what_is_published_names_each_day_once_with_its_basis() -> None:
    days = list(published_days())
    assert len({each.day for each in days}) == len(days)
    assert all(each.name and each.basis for each in days)
    assert {each.day.year for each in days} == {2024, 2025, 2026, 2027}
    assert all(each.day.weekday() == 5 for each in days if each.kind == SpecialDay.Kind.WORKED)


def test_loading_again_adds_nothing_and_leaves_what_an_administrator_changed() -> None:
    assert load_special_days() == len(list(published_days()))
    SpecialDay.objects.filter(day=_day("2026-08-31")).update(kind=SpecialDay.Kind.ORDINARY)

    assert load_special_days() == 0
    assert last_day_of_term(_day("2026-08-28"), 1) == _day("2026-08-31")
