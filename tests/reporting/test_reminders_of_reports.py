"""Who is reminded of a report on which day, and who is left in peace."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Notice, Notification
from reporting.models import Obligation, SubmissionState
from reporting.reminders import remind_of_reports
from reporting.services.obligations import excuse, remind_now
from tests.cast import Cast
from tests.reporting.records import obligation, submission

pytestmark = pytest.mark.django_db
DUE = dt.date(2020, 6, 19)


@pytest.fixture
def one(cast: Cast) -> Obligation:
    return obligation(cast.agencies.bat_xat_police, cast.map.bat_xat)


def who_has(kind: Notice) -> set[str]:
    return set(Notification.objects.filter(kind=kind).values_list("user__email", flat=True))


def unit(cast: Cast) -> set[str]:
    return {cast.people.filing_officer.email, cast.people.head_of_unit.email}


@pytest.mark.parametrize("ahead", [14, 7, 3, 0])
def test_the_unit_is_reminded_before_and_on_the_day(cast: Cast, one: Obligation, ahead: int) -> None:
    assert remind_of_reports(DUE - dt.timedelta(days=ahead)) == 2
    assert who_has(Notice.REPORT_DUE) == unit(cast)
    assert "6 tháng đầu năm 2020" in Notification.objects.all()[0].sentence


@pytest.mark.parametrize("late", [1, 3, 7, 14, 30])
def test_after_it_the_coordinator_gets_one_summary(cast: Cast, one: Obligation, late: int) -> None:
    obligation(cast.agencies.si_ma_cai_police, cast.map.si_ma_cai)
    assert remind_of_reports(DUE + dt.timedelta(days=late)) == 3
    assert who_has(Notice.REPORT_LATE) == unit(cast)
    summary = Notification.objects.get(kind=Notice.REPORTS_LATE)
    assert (summary.user, summary.about) == (cast.people.coordinator, {"number": "2"})


@pytest.mark.parametrize("days", [-15, -8, -1, 2, 5, 31])
def test_on_other_days_nobody_is(one: Obligation, days: int) -> None:
    assert remind_of_reports(DUE + dt.timedelta(days=days)) == 0


def test_a_second_run_gives_nobody_a_second_notice(one: Obligation) -> None:
    assert remind_of_reports(DUE + dt.timedelta(days=1)) == 3
    assert remind_of_reports(DUE + dt.timedelta(days=1)) == 0


@pytest.mark.parametrize("state", [SubmissionState.SUBMITTED, SubmissionState.ACCEPTED])
def test_who_has_sent_is_left_in_peace(one: Obligation, state: SubmissionState) -> None:
    submission(one, state=state)
    assert remind_of_reports(DUE) == 0


@pytest.mark.parametrize("state", [SubmissionState.DRAFT, SubmissionState.RETURNED])
def test_a_draft_and_a_returned_report_are_reminded_of(one: Obligation, state: SubmissionState) -> None:
    submission(one, state=state)
    assert remind_of_reports(DUE) == 2


def test_excused_historical_and_not_begun_ones_are_not(cast: Cast, one: Obligation) -> None:
    excuse(actor=cast.people.coordinator, obligation=one, version=1, reason="Giải thể")
    old = obligation(cast.agencies.si_ma_cai_police, cast.map.si_ma_cai)
    old.is_historical = True
    old.save()
    ahead = obligation(cast.agencies.lao_cai_women, cast.map.lao_cai)
    ahead.period_start = DUE + dt.timedelta(days=1)
    ahead.period_end = DUE + dt.timedelta(days=9)
    ahead.save()
    assert remind_of_reports(DUE) == 0


def test_a_coordinator_reminds_by_hand_once_a_day(cast: Cast, one: Obligation) -> None:
    actor = cast.people.coordinator
    assert remind_now(actor=actor, obligation=one, today=DUE) == 2
    with pytest.raises(ValidationError, match="today"):
        remind_now(actor=actor, obligation=one, today=DUE)
    assert remind_now(actor=actor, obligation=one, today=DUE + dt.timedelta(days=1)) == 2


def test_a_unit_without_anybody_is_told_to_the_coordinator(cast: Cast) -> None:
    alone = obligation(cast.agencies.lao_cai_women, cast.map.lao_cai)
    with pytest.raises(ValidationError):
        remind_now(actor=cast.people.coordinator, obligation=alone, today=DUE)
