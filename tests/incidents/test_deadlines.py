"""Time limits: twenty days, then up to two months, then once more two; at the ends of months, and who is warned."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Notice, Notification
from incidents.deadlines import add_months
from incidents.models import DeadlineRule, DeadlineStep
from incidents.reminders import warn_of_limits
from incidents.services.case import extend_investigation
from incidents.services.tip import assign_tip, extend_tip, refuse_tip, resume_tip, suspend_tip
from territory.working_days import load_special_days
from tests.cast import Cast
from tests.incidents.records import Investigators, case, tip

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2020-03-02", 2, "2020-05-02"),
        ("2019-12-31", 2, "2020-02-29"),
        ("2020-12-31", 2, "2021-02-28"),
        ("2020-08-31", 1, "2020-09-30"),
        ("2020-11-30", 2, "2021-01-30"),
    ],
)
def test_months_end_on_the_same_day_or_on_the_last_of_a_shorter_month(
    day: str, months: int, then: str
) -> None:
    assert add_months(dt.date.fromisoformat(day), months) == dt.date.fromisoformat(then)


def test_a_tip_has_twenty_days_then_two_months_then_two_more(cast: Cast, who: Investigators) -> None:
    one = tip(who.own, cast.agencies.lao_cai_police, cast.map.lao_cai, on=dt.date(2019, 12, 31))
    assert one.due_on == dt.date(2020, 1, 20)

    one = extend_tip(tip=one, actor=who.own, on=dt.date(2020, 1, 18), document_number="05/QĐ")
    assert one.due_on == dt.date(2020, 3, 2)  # 29 February was a Saturday
    one = extend_tip(tip=one, actor=who.own, on=dt.date(2020, 2, 28), document_number="09/QĐ-VKS")
    assert one.due_on == dt.date(2020, 5, 4)

    with pytest.raises(ValidationError, match="twice"):
        extend_tip(tip=one, actor=who.own, on=dt.date(2020, 4, 1), document_number="10/QĐ")


@pytest.mark.parametrize(
    ("received", "due"),
    [
        pytest.param("2024-06-03", "2024-06-24", id="a Sunday"),
        pytest.param("2024-04-07", "2024-05-02", id="a Saturday before a day exchanged and two holidays"),
        pytest.param("2024-04-14", "2024-05-04", id="a Saturday that is worked"),
    ],
)
def test_a_limit_that_ends_on_a_day_off_runs_to_the_next_day_that_is_worked(
    cast: Cast, who: Investigators, received: str, due: str
) -> None:
    load_special_days()
    one = tip(who.own, cast.agencies.lao_cai_police, cast.map.lao_cai, on=dt.date.fromisoformat(received))

    assert one.due_on == dt.date.fromisoformat(due)


def test_an_extension_that_comes_after_the_limit_is_refused(cast: Cast, who: Investigators) -> None:
    one = tip(who.own, cast.agencies.lao_cai_police, cast.map.lao_cai, on=dt.date(2020, 3, 2))

    with pytest.raises(ValidationError, match="ended on"):
        extend_tip(tip=one, actor=who.own, on=dt.date(2020, 3, 24), document_number="05/QĐ")


def test_limits_are_data_and_hold_from_a_day_on(cast: Cast, who: Investigators) -> None:
    old = DeadlineRule.objects.get(step=DeadlineStep.FIRST, valid_to=None)
    old.valid_to = dt.date(2024, 12, 31)
    old.save()
    DeadlineRule.objects.create(
        step=DeadlineStep.FIRST,
        days=30,
        counted_from="receipt",
        legal_basis="Luật mới",
        valid_from=dt.date(2025, 1, 1),
    )
    of, area = cast.agencies.lao_cai_police, cast.map.lao_cai

    assert tip(who.own, of, area, on=dt.date(2024, 12, 31)).due_on == dt.date(2025, 1, 20)
    assert tip(who.own, of, area, on=dt.date(2025, 1, 1)).due_on == dt.date(2025, 1, 31)


def test_a_day_for_which_no_limit_is_known_is_refused_and_named(cast: Cast, who: Investigators) -> None:
    DeadlineRule.objects.all().delete()

    with pytest.raises(ValidationError, match="02/03/2020"):
        tip(who.own, cast.agencies.lao_cai_police, cast.map.lao_cai)


def test_a_suspended_tip_has_no_limit_and_a_resumed_one_a_month(cast: Cast, who: Investigators) -> None:
    one = tip(who.own, cast.agencies.lao_cai_police, cast.map.lao_cai)
    assign_tip(tip=one, actor=who.own, to=who.own, on=dt.date(2020, 3, 3))
    one = suspend_tip(
        tip=one, actor=who.own, on=dt.date(2020, 3, 10), document_number="2/QĐ", note="Chờ giám định"
    )
    assert not one.is_running
    one = resume_tip(tip=one, actor=who.own, on=dt.date(2020, 8, 31), document_number="3/QĐ")

    assert (one.is_running, one.due_on, one.decided_on) == (True, dt.date(2020, 9, 30), None)


def test_an_investigation_has_four_months_and_a_decision_can_give_more(
    cast: Cast, who: Investigators
) -> None:
    one = case(who.own, cast.agencies.lao_cai_police, cast.map.lao_cai, on=dt.date(2020, 10, 31))
    assert one.due_on == dt.date(2021, 3, 1)

    with pytest.raises(ValidationError, match="after the present one"):
        extend_investigation(
            case=one, actor=who.own, decided_on=dt.date(2021, 2, 1), document_number="7", due_on=one.due_on
        )
    extend_investigation(
        case=one,
        actor=who.own,
        decided_on=dt.date(2021, 2, 1),
        document_number="7",
        due_on=dt.date(2021, 6, 28),
    )
    one.refresh_from_db(from_queryset=type(one).objects.unscoped("read again"))
    assert one.due_on == dt.date(2021, 6, 28)


def _told(day: str) -> set[tuple[str, str]]:
    before = set(Notification.objects.values_list("pk", flat=True))
    warn_of_limits(dt.date.fromisoformat(day))
    new = Notification.objects.exclude(pk__in=before).select_related("user")
    return {(notice.user.email.split("@")[0], notice.kind) for notice in new}


def test_warnings_come_before_the_limit_and_after_it_and_only_once(cast: Cast, who: Investigators) -> None:
    one = tip(who.own, cast.agencies.lao_cai_police, cast.map.lao_cai)  # due on Monday, 23/03/2020
    assert _told("2020-03-17") == set()
    assert _told("2020-03-18") == {("tran.van.dung", Notice.TIP_DUE), ("do.thi.hai", Notice.TIP_DUE)}
    assert _told("2020-03-18") == set()
    assign_tip(tip=one, actor=who.own, to=who.second, on=dt.date(2020, 3, 18))
    assert _told("2020-03-22") == {("do.thi.hai", Notice.TIP_DUE)}
    # The portal was down on the first day after the limit; the next day makes up for it.
    assert _told("2020-03-25") == {
        ("do.thi.hai", Notice.TIP_LATE),
        ("lanh.dao.dieu.tra", Notice.TIP_LATE),
    }
    assert _told("2020-03-26") == set()
    refuse_tip(tip=one, actor=who.own, on=dt.date(2020, 3, 26), ground="no_act", document_number="4/QĐ")
    assert _told("2020-04-30") == set()


def test_a_warning_tells_the_code_and_nothing_that_was_told(cast: Cast, who: Investigators) -> None:
    one = tip(who.own, cast.agencies.lao_cai_police, cast.map.lao_cai, text="Bé gái ở xã vùng cao")
    warn_of_limits(dt.date(2020, 3, 20))

    notice = Notification.objects.first()
    assert notice.about == {"number": one.code, "day": "23/03/2020"}
    assert one.code in notice.sentence
