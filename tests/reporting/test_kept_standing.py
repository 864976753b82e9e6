"""Lists of what is owed and of tasks are kept until one of them stands otherwise, and change no figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role, User
from programs.models import Assignment, Task
from reporting.dashboard.ahead import check_lists, keep_ahead
from reporting.dashboard.answers import Answers
from reporting.dashboard.asked import asked_of
from reporting.models import KeptTally, Obligation, Submission, SubmissionState, WordMark
from reporting.rebuilding import rebuild_facts
from territory.models import AgencyDuty, Area, Duty
from tests.cast import Cast, agency, member
from tests.reporting.kept import standing_differences
from tests.reporting.records import H1, document, load_catalogue, obligation, roll_up, submission

pytestmark = pytest.mark.django_db

WHY = "the test changes what a unit owes behind the services' back"


@pytest.fixture
def owing(cast: Cast) -> Cast:
    """Bát Xát reported, Si Ma Cai has a draft and a task, Kon Tum owes. A member steers all of the nation."""
    load_catalogue()
    committee = agency("steering_committee", "VN")
    member(cast.people.steering_member, Role.STEERING_MEMBER, committee, within=cast.map.nation)
    submission(obligation(cast.agencies.bat_xat_police, cast.map.bat_xat), is_nil=True)
    submission(
        obligation(cast.agencies.si_ma_cai_police, cast.map.si_ma_cai), state=SubmissionState.DRAFT, says={}
    )
    obligation(cast.agencies.kon_tum_police, cast.map.kon_tum)
    task = Task.objects.create(
        document=document(cast.agencies.lao_cai_police, cast.map.lao_cai, None),
        order=1,
        number="1",
        text="Rà soát",
    )
    Assignment.objects.unscoped(WHY).create(
        task=task,
        agency=cast.agencies.si_ma_cai_police,
        area=cast.map.si_ma_cai,
        due_on=dt.date(2020, 1, 1),
    )
    roll_up()
    return cast


def rows(area: Area, reader: User) -> Any:
    return Answers(asked_of({"area": area.code, "period": H1.code}, reader)).rows


def queries(area: Area, reader: User) -> int:
    asked = asked_of({"area": area.code, "period": H1.code}, reader)
    with CaptureQueriesContext(connection) as captured:
        assert Answers(asked).rows
    return len(captured)


def _owed(cast: Cast, area: Area) -> Any:
    return Obligation.objects.unscoped(WHY).filter(area=area)


def _begin_a_draft(cast: Cast) -> None:
    owed = obligation(cast.agencies.lao_cai_women, cast.map.lao_cai)
    roll_up()
    rows(cast.map.lao_cai, cast.people.steering_member)
    submission(owed, state=SubmissionState.DRAFT, says={})


def _take_the_draft_back(cast: Cast) -> None:
    Submission.objects.filter(state=SubmissionState.DRAFT).delete()


def _send_late(cast: Cast) -> None:
    Submission.objects.filter(is_nil=True).update(first_submitted_at=timezone.now())


def _return(cast: Cast) -> None:
    Submission.objects.filter(is_nil=True).update(state=SubmissionState.RETURNED)


def _put_off(cast: Cast) -> None:
    _owed(cast, cast.map.si_ma_cai).update(due_on=timezone.localdate() + dt.timedelta(days=9))


def _excuse(cast: Cast) -> None:
    _owed(cast, cast.map.si_ma_cai).update(
        excused_at=timezone.now(), excused_by=cast.people.coordinator, excuse_reason="Sáp nhập"
    )


def _move_to_another_period(cast: Cast) -> None:
    _owed(cast, cast.map.si_ma_cai).update(period_code="2020")


def _owe_no_more(cast: Cast) -> None:
    Submission.objects.filter(state=SubmissionState.DRAFT).delete()
    _owed(cast, cast.map.si_ma_cai).delete()


def _finish_the_task(cast: Cast) -> None:
    Assignment.objects.unscoped(WHY).update(state=Assignment.State.DONE, done_on=dt.date(2020, 2, 1))


def _put_the_task_off(cast: Cast) -> None:
    Assignment.objects.unscoped(WHY).update(due_on=timezone.localdate() + dt.timedelta(days=9))


def _take_the_task_away(cast: Cast) -> None:
    Assignment.objects.unscoped(WHY).all().delete()


def _rename_the_area(cast: Cast) -> None:
    Area.objects.filter(pk=cast.map.si_ma_cai.pk).update(name="Huyện Ái Mộ", short_name="Ái Mộ")


def _give_a_duty(cast: Cast) -> None:
    AgencyDuty.objects.create(
        agency=cast.agencies.si_ma_cai_police, duty=Duty.STANDING, valid_from=dt.date(2015, 1, 1)
    )


@pytest.mark.parametrize(
    "change",
    [
        *(_begin_a_draft, _take_the_draft_back, _send_late, _return, _put_off, _excuse),
        *(_move_to_another_period, _owe_no_more, _finish_the_task, _put_the_task_off, _take_the_task_away),
        *(_rename_the_area, _give_a_duty),
    ],
)
def test_whatever_stands_otherwise_is_told_at_once(change: Callable[[Cast], None], owing: Cast) -> None:
    areas, reader = (owing.map.nation, owing.map.lao_cai, owing.map.si_ma_cai), owing.people.steering_member
    assert standing_differences(areas, reader) == []

    change(owing)

    assert WordMark.objects.exists()
    assert standing_differences(areas, reader) == []
    roll_up()
    assert standing_differences(areas, reader) == []
    assert [queries(area, reader) for area in areas] == [2, 2, 2]


def test_what_changes_no_figure_leaves_the_figures_kept(owing: Cast) -> None:
    reader = owing.people.steering_member
    rows(owing.map.lao_cai, reader)

    _finish_the_task(owing)

    assert {mark.place for mark in WordMark.objects.all()} == {-owing.map.lao_cai.pk}
    figures = KeptTally.objects.filter(area=owing.map.lao_cai).count()
    assert queries(owing.map.lao_cai, reader) == 4, (
        "one more reads the lists, one makes some; none is kept meanwhile"
    )
    assert KeptTally.objects.filter(area=owing.map.lao_cai).count() == figures


def test_readers_are_told_of_the_tasks_they_may_see(owing: Cast) -> None:
    assert rows(owing.map.lao_cai, owing.people.steering_member).tasks == [("not_started", 1, 1)]
    assert rows(owing.map.bat_xat, owing.people.filing_officer).tasks == []
    assert rows(owing.map.lao_cai, owing.people.steering_member).tasks == [("not_started", 1, 1)]


def test_a_right_that_was_taken_away_is_gone_at_once(owing: Cast) -> None:
    reader = owing.people.steering_member
    assert rows(owing.map.lao_cai, reader).tasks == [("not_started", 1, 1)]

    reader.memberships.exclude(area=owing.map.nation).delete()
    reader.memberships.update(area=owing.map.kon_tum)

    assert rows(owing.map.kon_tum, User.objects.get(pk=reader.pk)).tasks == []


def test_lists_of_another_day_are_made_anew(owing: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    reader, tomorrow = owing.people.steering_member, timezone.localdate() + dt.timedelta(days=1)
    Assignment.objects.unscoped(WHY).update(due_on=timezone.localdate())
    roll_up()
    assert rows(owing.map.lao_cai, reader).tasks == [("not_started", 1, 0)]

    monkeypatch.setattr(timezone, "localdate", lambda *of: tomorrow)

    assert rows(owing.map.lao_cai, reader).tasks == [("not_started", 1, 1)]


def test_rebuilt_facts_leave_no_list_that_was_kept(owing: Cast) -> None:
    rows(owing.map.nation, owing.people.steering_member)

    rebuild_facts()

    assert queries(owing.map.nation, owing.people.steering_member) > 2
    assert queries(owing.map.nation, owing.people.steering_member) == 2


def test_lists_are_kept_before_somebody_looks(owing: Cast) -> None:
    keep_ahead()

    assert check_lists() == []
    of_tasks_alone = 2  # they depend on the reader: one statement makes them, one keeps them
    assert queries(owing.map.lao_cai, owing.people.steering_member) == 2 + of_tasks_alone


def test_a_list_that_is_wrong_is_named(owing: Cast) -> None:
    keep_ahead()
    name = owing.agencies.si_ma_cai_police.name
    kept = KeptTally.objects.filter(area=owing.map.lao_cai)
    (silent,) = (row for row in kept if row.tallies and row.tallies[0][2] == name)
    silent.tallies[0][2] = "Công an tỉnh khác"
    silent.save()

    (difference,) = check_lists()

    assert "Công an tỉnh khác" in difference
