"""What figures are made of is kept while nothing of it changes, and not a moment longer."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.together import read_together
from programs.models import Measure
from reporting.dashboard.ahead import keep_ahead
from reporting.dashboard.answers import Answers
from reporting.dashboard.asked import asked_of
from reporting.figures import Answer, Asking, MapBasis, Place, Question, grounds_of
from reporting.figures.by_agency import done_by_agency, sums_by_agency
from reporting.figures.checking import check_kept
from reporting.figures.keeping import forget_kept
from reporting.figures.kept_lists import KeptList, KeptLists
from reporting.figures.tallies import Sent, Summed, Tally, tally_as_json, tally_of_json
from reporting.models import (
    FigureVersion,
    Indicator,
    KeptSheet,
    KeptTally,
    Obligation,
    ReportedFigure,
    Submission,
    SubmissionState,
    WordMark,
)
from reporting.rebuilding import rebuild_facts
from territory.figure import Coverage, Figure, Total
from territory.models import Area
from territory.period import parse_period
from tests.cast import Cast, make_cast
from tests.reporting.kept import answered, differences
from tests.reporting.records import (
    H1,
    activity,
    figures,
    indicator,
    is_waiting_for_a_lock,
    load_catalogue,
    obligation,
    roll_up,
    submission,
    until,
)
from tests.reporting.reform import reform

PEOPLE, TIPS = "training_people", "tips_received"
WHY = "the test changes what a unit owes behind the services' back"

needs_database = pytest.mark.django_db
needs_commits = pytest.mark.django_db(transaction=True)
InOther = Callable[[Callable[[], None]], threading.Thread]
NotCommitted = Callable[[Callable[[], object]], Callable[[], None]]


def look(*areas: Area, code: str = PEOPLE) -> list[Answer]:
    """What a dashboard would tell of one indicator."""
    return list(answered([indicator(code)], areas, [H1], keeps=True, parts=[""]).values())


def figure_in(area: Area, code: str = PEOPLE) -> Figure | None:
    return look(area, code=code)[0].figure


def queries(*areas: Area) -> int:
    asked = [indicator(PEOPLE)]
    with CaptureQueriesContext(connection) as captured:
        answered(asked, areas, [H1], keeps=True, parts=[""])
    return len(captured)


@pytest.fixture
def filled(cast: Cast) -> Cast:
    """Two provinces with records and words, rolled up."""
    load_catalogue()
    activity(cast.agencies.bat_xat_police, cast.map.y_ty, says={Measure.PEOPLE: 40}, parts={"women": 12})
    activity(cast.agencies.kon_tum_police, cast.map.kon_tum, says={Measure.PEOPLE: "trên 7"})
    submission(obligation(cast.agencies.si_ma_cai_police, cast.map.si_ma_cai), says={TIPS: 5})
    submission(obligation(cast.agencies.kon_tum_police, cast.map.kon_tum), is_nil=True)
    roll_up()
    return cast


# --- kept and used


@needs_database
def test_what_was_looked_at_once_is_looked_up_in_one_query(filled: Cast) -> None:
    areas = [filled.map.nation, filled.map.lao_cai, filled.map.bat_xat, filled.map.y_ty]

    assert queries(*areas) > 1
    assert queries(*areas) == 1
    assert check_kept() == []


@needs_database
def test_all_that_is_told_from_what_is_kept_is_what_is_counted(filled: Cast) -> None:
    asked = list(Indicator.objects.valid_on(H1.end))
    areas = [filled.map.nation, filled.map.lao_cai, filled.map.bat_xat, filled.map.y_ty, filled.map.kon_tum]

    assert differences(asked, areas, [H1, parse_period("2020"), parse_period("2016..2020")]) == []


@needs_database
def test_an_area_of_today_is_kept_with_all_that_became_part_of_it(filled: Cast) -> None:
    made = reform(filled.map)
    roll_up()
    asked, areas = [indicator(PEOPLE), indicator(TIPS)], [made["whole"], made["y_ty"], filled.map.nation]

    assert differences(asked, areas, [H1], MapBasis.NOW) == []
    assert differences(asked, areas, [H1], MapBasis.THEN) == []
    assert check_kept() == []


@needs_database
def test_the_nation_hears_what_its_own_authority_says_against_all_others(filled: Cast) -> None:
    submission(obligation(filled.agencies.lao_cai_police, filled.map.nation), says={TIPS: 90, PEOPLE: 3})
    roll_up()

    asked = [indicator(PEOPLE), indicator(TIPS), indicator("cases_detected")]
    assert differences(asked, [filled.map.nation, filled.map.lao_cai], [H1]) == []


# --- what no longer holds


@needs_database
def test_nothing_kept_is_told_while_a_record_waits_to_be_summed(filled: Cast) -> None:
    assert figure_in(filled.map.lao_cai) == figure_in(filled.map.lao_cai) == Figure.exact(40)

    activity(filled.agencies.bat_xat_police, filled.map.y_ty, says={Measure.PEOPLE: 2})

    assert figure_in(filled.map.lao_cai) == Figure.exact(42)
    assert KeptTally.objects.get(area=filled.map.lao_cai).version < 42
    roll_up()
    assert figure_in(filled.map.lao_cai) == figure_in(filled.map.lao_cai) == Figure.exact(42)


def _say_otherwise(cast: Cast) -> None:
    ReportedFigure.objects.filter(low=5).update(low=6, high=6)


def _return(cast: Cast) -> None:
    Submission.objects.filter(is_nil=False).update(state=SubmissionState.RETURNED)


def _excuse(cast: Cast) -> None:
    owed = Obligation.objects.unscoped(WHY).get(area=cast.map.si_ma_cai)
    owed.excused_at, owed.excused_by, owed.excuse_reason = (
        dt.datetime.now(dt.UTC),
        cast.people.coordinator,
        "Sáp nhập",
    )
    owed.save()


def _owe_more(cast: Cast) -> None:
    obligation(cast.agencies.bat_xat_police, cast.map.bat_xat)


@needs_database
@pytest.mark.parametrize("change", [_say_otherwise, _return, _excuse, _owe_more])
def test_what_units_say_and_owe_is_told_at_once(change: Callable[[Cast], None], filled: Cast) -> None:
    before = look(filled.map.lao_cai, filled.map.nation, code=TIPS)

    change(filled)

    assert WordMark.objects.filter(place=filled.map.lao_cai.pk).exists()
    now = look(filled.map.lao_cai, filled.map.nation, code=TIPS)
    assert [each.cell for each in now] != [each.cell for each in before]
    roll_up()
    assert [each.cell for each in look(filled.map.lao_cai, filled.map.nation, code=TIPS)] == [
        each.cell for each in now
    ]


@needs_database
def test_a_draft_changes_nothing_that_is_kept(filled: Cast) -> None:
    owed = obligation(filled.agencies.bat_xat_police, filled.map.bat_xat)
    roll_up()
    look(filled.map.lao_cai)

    submission(owed, state=SubmissionState.DRAFT, says={TIPS: 3})

    assert not WordMark.objects.filter(place__gte=0).exists()
    assert queries(filled.map.lao_cai) == 1


@needs_database
def test_a_change_in_one_province_leaves_what_is_kept_of_the_other(filled: Cast) -> None:
    look(filled.map.lao_cai, filled.map.kon_tum)

    activity(filled.agencies.kon_tum_police, filled.map.kon_tum, says={Measure.PEOPLE: 1})

    assert queries(filled.map.lao_cai) == 1
    assert queries(filled.map.kon_tum) > 1


@needs_database
def test_rebuilt_facts_are_counted_anew(filled: Cast) -> None:
    look(filled.map.nation)

    rebuild_facts()

    assert FigureVersion.objects.filter(place=WordMark.EVERYWHERE).exists()
    assert queries(filled.map.nation) > 1
    assert differences([indicator(PEOPLE)], [filled.map.nation], [H1]) == []


@needs_database
def test_what_is_wrong_is_named(filled: Cast) -> None:
    look(filled.map.lao_cai)
    kept = KeptTally.objects.get(area=filled.map.lao_cai)
    kept.tallies[1][0][0][0][0][0] += 1
    kept.save()

    (difference,) = check_kept()

    assert PEOPLE in difference


@needs_database
def test_a_reader_of_one_agency_keeps_nothing(filled: Cast) -> None:
    grounds = {ground.area.pk: ground for ground in grounds_of([filled.map.lao_cai])}
    question = Question([indicator(PEOPLE)], [filled.map.lao_cai], [H1])
    asking = Asking([question], grounds=grounds, agencies=[filled.agencies.bat_xat_police.pk], keeps=True)
    (rows,) = read_together(asking.statement)
    found = asking.answered(rows).at(0, Place(PEOPLE, filled.map.lao_cai.pk, H1))

    assert found.figure == Figure.exact(40)
    assert not KeptTally.objects.exists()


@needs_database
def test_the_oldest_is_forgotten_where_too_much_is_kept(filled: Cast) -> None:
    look(filled.map.lao_cai)
    look(filled.map.kon_tum, code=TIPS)

    forget_kept(most=1)

    assert KeptTally.objects.count() == KeptSheet.objects.count() == 1


@needs_database
def test_a_list_that_records_decide_is_kept_like_figures(filled: Cast) -> None:
    asked = [indicator(PEOPLE)]
    (ground,) = grounds_of([filled.map.lao_cai])

    def people_by_agency() -> tuple[int, list[Figure | None]]:
        kept = KeptList(ground, H1, sums_by_agency(asked, ground=ground, period=H1, agencies=None))
        made = KeptLists([kept], remembers=False)
        with CaptureQueriesContext(connection) as captured:
            (listed,) = made.rows(*read_together(*made.statements))
        return len(captured), [done.figure(PEOPLE) for done in done_by_agency(asked, listed)]

    assert people_by_agency() == (3, [Figure.exact(40)])
    assert people_by_agency() == (1, [Figure.exact(40)])

    activity(filled.agencies.bat_xat_police, filled.map.y_ty, says={Measure.PEOPLE: 2})

    assert people_by_agency() == (2, [Figure.exact(42)]), "while a mark waits nothing is kept"
    roll_up()
    assert people_by_agency() == (3, [Figure.exact(42)])
    filled.agencies.bat_xat_police.name = "Công an Bát Xát"
    filled.agencies.bat_xat_police.save()
    assert people_by_agency()[0] == 2, "a list names agencies"


@needs_database
def test_a_dashboard_that_nobody_opened_yet_finds_its_figures(filled: Cast) -> None:
    obligation(filled.agencies.bat_xat_police, filled.map.bat_xat, H1)
    roll_up()

    keep_ahead()

    given = {"area": filled.map.lao_cai.code, "period": H1.code}
    answers = Answers(asked_of(given, filled.people.steering_member))
    assert answers.at(PEOPLE).figure == Figure.exact(40)
    kept = KeptTally.objects.filter(area__in=[filled.map.nation, filled.map.lao_cai], period_code=H1.code)
    assert {row.area for row in kept} == {filled.map.nation, filled.map.lao_cai}
    assert check_kept() == []


@needs_database
def test_a_worker_counts_ahead_for_some_seconds_at_most(filled: Cast) -> None:
    assert keep_ahead(seconds=-1) == 0
    assert keep_ahead() > 1


# --- at the same time


@needs_commits
def test_what_a_writer_has_not_committed_is_told_once_it_is(not_committed_yet: NotCommitted) -> None:
    """A reader counts and keeps while a record is written; what was kept is not told after that."""
    cast = make_cast()
    load_catalogue()
    activity(cast.agencies.bat_xat_police, cast.map.y_ty, says={Measure.PEOPLE: 40})
    roll_up()
    commit = not_committed_yet(
        lambda: activity(cast.agencies.bat_xat_police, cast.map.y_ty, says={Measure.PEOPLE: 2})
    )
    assert figure_in(cast.map.lao_cai) == Figure.exact(40)
    assert queries(cast.map.lao_cai) > 0
    assert KeptTally.objects.filter(area=cast.map.lao_cai).exists()

    commit()
    assert figure_in(cast.map.lao_cai) == Figure.exact(42)
    roll_up()
    assert figure_in(cast.map.lao_cai) == Figure.exact(42)
    assert check_kept() == []


@needs_commits
def test_a_figure_written_while_its_submission_is_sent_leaves_a_mark(in_other_connection: InOther) -> None:
    cast = make_cast()
    load_catalogue()
    sent = submission(
        obligation(cast.agencies.bat_xat_police, cast.map.bat_xat),
        state=SubmissionState.DRAFT,
        says={TIPS: 3},
    )
    roll_up()
    written, may_commit, done = threading.Event(), threading.Event(), threading.Event()

    def sends() -> None:
        with transaction.atomic():
            Submission.objects.filter(pk=sent.pk).update(state=SubmissionState.SUBMITTED)
            written.set()
            assert may_commit.wait(30)
        roll_up()

    def corrects() -> None:
        ReportedFigure.objects.filter(submission=sent).update(low=4, high=4)
        done.set()

    sender = in_other_connection(sends)
    assert written.wait(30)
    corrector = in_other_connection(corrects)
    until(lambda: done.is_set() or is_waiting_for_a_lock())
    may_commit.set()
    sender.join(30)
    corrector.join(30)

    assert figure_in(cast.map.lao_cai, TIPS) == Figure.exact(4)
    roll_up()
    assert figure_in(cast.map.lao_cai, TIPS) == Figure.exact(4)
    assert check_kept() == []


# --- what is kept, as it is written

totals = st.lists(figures(), max_size=3).map(lambda said: sum(map(Total.of, said), Total.empty()))
summed = totals.map(lambda total: Summed(((total, total.parts),)))


@given(summed, summed, totals, st.integers(1, 9))
def test_a_tally_is_read_as_it_was_written(
    recorded: Summed, counted: Summed, heard: Total, number: int
) -> None:
    days = frozenset({(H1.start, H1.end)})
    for tally in (
        Tally(recorded, recorded),
        Tally(recorded, counted, heard, number, days),
        Tally(recorded, counted, heard, number, days, (counted, heard)),
    ):
        written = tally_as_json(tally)
        assert tally_as_json(tally_of_json(written)) == written
        assert tally_of_json(written).counted.made({}) == tally.counted.made({})


def test_a_report_is_due_when_its_day_has_come() -> None:
    today = dt.date.today()
    assert [Sent(Coverage(1, 0, 0), today + dt.timedelta(days=days)).is_due for days in (-1, 0, 1)] == [
        True,
        True,
        False,
    ]
