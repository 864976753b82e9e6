"""What the records of an area add up to, and that the roll-up says the same."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from incidents.models import StageKind, Standing
from programs.models import Activity, ActivityKind, Measure
from reporting.building import build_snapshot
from reporting.figures import Answer, answer, records_of
from reporting.models import FactMark, Indicator, MeasureRow
from territory.figure import Figure, Status, Total, print_figure_vi, sum_figures
from territory.period import CutOff, Period, parse_period
from tests.cast import Agencies, Cast, SmallMap, area
from tests.reporting.records import (
    H1,
    MARCH,
    activity,
    add_person,
    add_quantity,
    add_stage,
    ask,
    case,
    document,
    figures,
    indicator,
    load_catalogue,
    roll_up,
)

pytestmark = pytest.mark.django_db

#: A few examples each, since every one writes to the database; the fixtures are the same map for all of them.
with_database = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(autouse=True)
def catalogue(db: None) -> None:
    load_catalogue()


def both_ways(ask_once: Callable[[], Answer]) -> Answer:
    """The answer from the records and, once the marks are worked off, from the facts: the same."""
    from_records = ask_once()
    assert not from_records.from_facts
    roll_up()
    from_facts = ask_once()
    assert from_facts.from_facts
    assert (from_facts.cell, from_facts.records) == (from_records.cell, from_records.records)
    return from_facts


# --- sums


@pytest.mark.parametrize(
    ("said", "total"),
    [
        ([40, 25], "65"),
        (["trên 6.770", 30], "trên 6.800"),
        (["hơn 100", "trên 50"], "hơn 150"),
        (["gần 31.000", 1000], "gần 32.000"),
        (["khoảng 500", 10], "khoảng 510"),
        (["100 - 200", 50], "từ 150 đến 250"),
        (["hàng trăm"], "hàng trăm"),
        (["hàng trăm", 0], "hàng trăm"),
        (["hàng trăm", 10], "từ 110 đến 1.009"),
        (["12,5", "0,75"], "13,25"),
    ],
)
def test_the_sum_is_as_qualified_as_its_parts(
    said: list[str | int], total: str, agencies: Agencies, small_map: SmallMap
) -> None:
    for one in said:
        activity(agencies.bat_xat_police, small_map.y_ty, says={Measure.PEOPLE: one})

    found = both_ways(lambda: ask("training_people", small_map.lao_cai))

    assert found.status is Status.REPORTED
    assert found.figure is not None
    assert print_figure_vi(found.figure) == total
    assert found.records == len(said)


@with_database
@given(said=st.lists(figures(), min_size=1, max_size=6), days=st.data())
def test_facts_records_and_python_add_up_alike(said: list[Figure], days: st.DataObject, cast: Cast) -> None:
    districts = [cast.map.bat_xat, cast.map.si_ma_cai, cast.map.lao_cai]
    police = [cast.agencies.bat_xat_police, cast.agencies.si_ma_cai_police, cast.agencies.lao_cai_police]
    with transaction.atomic():
        for one in said:
            place = days.draw(st.integers(0, 2))
            day = days.draw(st.dates(H1.start, H1.end))
            activity(police[place], districts[place], on=day, says={Measure.PEOPLE: one})

        for level in (cast.map.lao_cai, cast.map.nation):
            found = both_ways(lambda level=level: ask("training_people", level))  # type: ignore[misc]
            assert found.figure == sum_figures(said)
            FactMark.objects.create(
                source="activity",
                province=cast.map.lao_cai,
                agency=police[0],
                bucket=H1.start,
            )
        transaction.set_rollback(True)


@with_database
@given(said=figures())
def test_the_view_writes_a_figure_as_python_does(said: Figure, cast: Cast) -> None:
    with transaction.atomic():
        activity(cast.agencies.bat_xat_police, cast.map.y_ty, says={Measure.PEOPLE: said})

        row = MeasureRow.objects.get(measure="activity.training.people")

        stored = Total.from_columns(
            low=row.low, high=row.high, nominal=row.nominal, flags=row.flags, words=row.words, parts=1
        )
        assert stored == Total.of(said)
        transaction.set_rollback(True)


def test_no_activity_is_missing_and_not_zero(small_map: SmallMap) -> None:
    found = ask("training_people", small_map.lao_cai)

    assert found.status is Status.MISSING
    assert found.figure is None


def test_a_draft_counts_only_once_it_is_approved(agencies: Agencies, small_map: SmallMap) -> None:
    draft = activity(
        agencies.bat_xat_police, small_map.y_ty, says={Measure.PEOPLE: 40}, state=Activity.State.DRAFT
    )
    assert ask("training_people", small_map.lao_cai).status is Status.MISSING
    roll_up()

    Activity.objects.unscoped("the head approves it").filter(pk=draft.pk).update(
        state=Activity.State.APPROVED
    )

    assert both_ways(lambda: ask("training_people", small_map.lao_cai)).figure == Figure.exact(40)


def test_an_activity_counts_in_the_period_in_which_it_ended(agencies: Agencies, small_map: SmallMap) -> None:
    activity(
        agencies.bat_xat_police,
        small_map.y_ty,
        since=dt.date(2020, 6, 10),
        on=dt.date(2020, 6, 15),
        says={Measure.PEOPLE: 40},
    )

    assert ask("training_people", small_map.lao_cai).status is Status.MISSING
    second_half = ask("training_people", small_map.lao_cai, parse_period("2020-H2"))
    assert second_half.figure == Figure.exact(40)


# --- breakdowns, agencies, levels


def test_women_and_children_are_parts_of_the_people(agencies: Agencies, small_map: SmallMap) -> None:
    activity(
        agencies.bat_xat_police,
        small_map.y_ty,
        says={Measure.PEOPLE: "trên 60"},
        parts={"women": 40, "children": 5},
    )
    activity(agencies.bat_xat_police, small_map.y_ty, says={Measure.PEOPLE: 10}, parts={"women": 2})

    def part(name: str) -> Answer:
        return both_ways_kept(lambda: ask("training_people", small_map.bat_xat, part=name))

    assert part("women").figure == Figure.exact(42)
    assert part("children").figure == Figure.exact(5)
    assert part("ethnic_minority").status is Status.MISSING
    assert part("").figure == Figure.over(70, "trên")


def both_ways_kept(ask_once: Callable[[], Answer]) -> Answer:
    """As `both_ways`, and the marks are put back for the next question."""
    kept = list(FactMark.objects.all())
    found = both_ways(ask_once)
    FactMark.objects.bulk_create(kept)
    return found


def test_a_stock_has_no_parts_of_the_women(agencies: Agencies, small_map: SmallMap) -> None:
    case(agencies.bat_xat_police, small_map.bat_xat, prosecuted_on=MARCH)

    found = ask("cases_under_investigation", small_map.lao_cai, part="women")

    assert found.status is Status.MISSING


def test_an_indicator_may_be_one_part_of_a_measure(agencies: Agencies, small_map: SmallMap) -> None:
    trained = Indicator.objects.get(code="training_people")
    women = Indicator.objects.create(
        code="training_women",
        name="Phụ nữ tham dự tập huấn",
        name_en="Women trained",
        unit="người",
        unit_en="people",
        section=trained.section,
        rule={**trained.rule, "part": "women"},
        valid_from=trained.valid_from,
    )
    held = activity(agencies.bat_xat_police, small_map.y_ty, says={Measure.PEOPLE: 60}, parts={"women": 40})
    activity(agencies.bat_xat_police, small_map.y_ty, says={Measure.PEOPLE: 10})

    assert both_ways(lambda: ask("training_women", small_map.lao_cai)).figure == Figure.exact(40)
    assert records_of(women, area=small_map.lao_cai, period=H1) == [f"programs.activity:{held.pk}"]
    assert ask("training_women", small_map.lao_cai, part="children").status is Status.MISSING


def test_an_agency_is_asked_for_its_own_work(agencies: Agencies, small_map: SmallMap) -> None:
    activity(agencies.lao_cai_women, small_map.lao_cai, says={Measure.PEOPLE: 30})
    activity(agencies.lao_cai_border_guard, small_map.y_ty, says={Measure.PEOPLE: 12})

    for level in (small_map.lao_cai, small_map.nation):
        women = ask("training_people", level, agency=agencies.lao_cai_women)
        assert women.figure == Figure.exact(30)
    roll_up()
    for level in (small_map.lao_cai, small_map.nation):
        women = ask("training_people", level, agency=agencies.lao_cai_women)
        assert women.figure == Figure.exact(30)
    guard_in_bat_xat = ask("training_people", small_map.bat_xat, agency=agencies.lao_cai_border_guard)
    assert guard_in_bat_xat.figure == Figure.exact(12)


@pytest.mark.parametrize(
    ("asked", "people"),
    [("VN", 127), ("10", 27), ("62", 100), ("082", 17), ("084", 0), ("02701", 5), ("02695", 10)],
)
def test_each_level_adds_up_what_lies_in_it(
    asked: str, people: int, agencies: Agencies, small_map: SmallMap
) -> None:
    activity(agencies.bat_xat_police, small_map.y_ty, says={Measure.PEOPLE: 5})
    activity(agencies.bat_xat_police, small_map.trinh_tuong, says={Measure.PEOPLE: 10})
    activity(agencies.bat_xat_police, small_map.bat_xat, says={Measure.PEOPLE: 2})
    activity(agencies.lao_cai_police, small_map.lao_cai, says={Measure.PEOPLE: 10})
    activity(agencies.kon_tum_police, small_map.dak_pxi, says={Measure.PEOPLE: 100})

    before = ask("training_people", area(asked))
    roll_up()
    after = ask("training_people", area(asked))

    assert before.cell == after.cell
    assert after.figure == (Figure.exact(people) if people else None)
    assert after.from_facts == (len(asked) < 5)


def test_activities_of_another_kind_are_not_added(agencies: Agencies, small_map: SmallMap) -> None:
    patrol = activity(
        agencies.lao_cai_border_guard, small_map.y_ty, kind=ActivityKind.PATROL, says={Measure.PATROLS: 7}
    )
    add_quantity(patrol, Measure.PERSONS_STOPPED, "hàng trăm")

    assert both_ways(lambda: ask("persons_stopped", small_map.lao_cai)).figure == Figure.in_words("hàng trăm")
    assert ask("patrols", small_map.lao_cai).figure == Figure.exact(7)
    assert ask("training_people", small_map.lao_cai).status is Status.MISSING


def test_documents_of_every_kind_are_counted_on_their_day(agencies: Agencies, small_map: SmallMap) -> None:
    document(agencies.lao_cai_committee, small_map.lao_cai, MARCH)
    document(agencies.bat_xat_police, small_map.bat_xat, H1.end)
    document(agencies.bat_xat_police, small_map.bat_xat, None)
    document(agencies.bat_xat_police, small_map.bat_xat, H1.end + dt.timedelta(days=1))

    assert both_ways(lambda: ask("documents_issued", small_map.lao_cai)).figure == Figure.exact(2)


# --- periods


def test_a_period_that_cuts_a_half_month_is_answered_from_the_records(
    agencies: Agencies, small_map: SmallMap
) -> None:
    activity(agencies.bat_xat_police, small_map.y_ty, on=dt.date(2020, 3, 5), says={Measure.PEOPLE: 40})
    activity(agencies.bat_xat_police, small_map.y_ty, on=dt.date(2020, 3, 12), says={Measure.PEOPLE: 2})
    roll_up()

    cut = ask("training_people", small_map.lao_cai, parse_period("2020-03-01..2020-03-10"))
    whole = ask("training_people", small_map.lao_cai, parse_period("2020-03-01..2020-03-14"))

    assert (cut.figure, cut.from_facts) == (Figure.exact(40), False)
    assert (whole.figure, whole.from_facts) == (Figure.exact(42), True)


@pytest.mark.parametrize(
    ("period", "people", "left_out"),
    [
        (parse_period("2013-01-01..2019-10-08"), 6770, False),
        (parse_period("2012-12-15..2019-10-14"), 6770, False),
        (parse_period("2019", CutOff.CALENDAR), None, True),
        (parse_period("2013-01-01..2019-09-30"), None, False),
        (parse_period("2019-11-01..2019-11-30"), None, False),
    ],
)
def test_figures_gathered_over_years_count_only_where_a_period_holds_them_all(
    period: Period, people: int | None, left_out: bool, agencies: Agencies, small_map: SmallMap
) -> None:
    gathered = activity(
        agencies.kon_tum_labour,
        small_map.kon_tum,
        since=dt.date(2013, 1, 1),
        on=dt.date(2019, 10, 8),
        is_cumulative=True,
        says={Measure.PEOPLE: 6770},
    )

    before = ask("training_people", small_map.kon_tum, period)
    roll_up()
    after = ask("training_people", small_map.kon_tum, period)

    assert before.cell == after.cell
    assert after.figure == (Figure.exact(people) if people else None)
    assert before.left_out == after.left_out == ({f"programs.activity:{gathered.pk}"} if left_out else set())


def test_what_is_left_out_is_told_where_it_would_have_counted(
    agencies: Agencies, small_map: SmallMap
) -> None:
    """Of what is gathered over years, a report of one of them says that it is not in its figures."""
    activity(
        agencies.kon_tum_labour,
        small_map.kon_tum,
        since=dt.date(2013, 1, 1),
        on=dt.date(2020, 10, 8),
        is_cumulative=True,
        says={Measure.PEOPLE: 6770, Measure.CLASSES: 118},
    )

    told = answer(list(Indicator.objects.valid_on(H1.end)), area=small_map.kon_tum, period=H1)

    assert {code for code, found in told.items() if found.left_out} == {"training_people", "training_classes"}
    snapshot = build_snapshot(kind="six_month", area=small_map.kon_tum, period=H1)
    written = json.dumps(snapshot, ensure_ascii=False)
    assert written.count("Không tính 01 mục lũy kế nhiều năm") == 2


def test_marks_elsewhere_do_not_keep_a_province_from_its_facts(
    agencies: Agencies, small_map: SmallMap
) -> None:
    activity(agencies.bat_xat_police, small_map.y_ty, says={Measure.PEOPLE: 40})
    roll_up()
    activity(agencies.kon_tum_police, small_map.kon_tum, says={Measure.PEOPLE: 1})

    assert ask("training_people", small_map.lao_cai).from_facts
    assert not ask("training_people", small_map.nation).from_facts


# --- stocks


def test_one_case_and_nobody_accused_yet(agencies: Agencies, small_map: SmallMap) -> None:
    """01 vụ - 0 bị can."""
    case(agencies.kon_tum_police, small_map.kon_tum, prosecuted_on=dt.date(2019, 11, 20))

    for _ in ("from the records", "from the facts"):
        cases = ask("cases_under_investigation", small_map.kon_tum)
        accused = ask("accused_under_investigation", small_map.kon_tum)
        assert (cases.status, cases.figure, cases.records) == (Status.REPORTED, Figure.exact(1), 1)
        assert (accused.status, accused.figure) == (Status.REPORTED, Figure.exact(0))
        roll_up()
    assert ask("cases_prosecuted", small_map.kon_tum).status is Status.MISSING


def test_an_area_without_cases_has_no_zero_accused(small_map: SmallMap) -> None:
    assert ask("accused_under_investigation", small_map.kon_tum).status is Status.MISSING


def test_the_accused_join_a_case_on_their_own_days(agencies: Agencies, small_map: SmallMap) -> None:
    opened = case(agencies.kon_tum_police, small_map.dak_ha, prosecuted_on=dt.date(2019, 11, 20))
    add_person(opened, Standing.ACCUSED, dt.date(2020, 1, 10))
    add_person(opened, Standing.ACCUSED, dt.date(2020, 7, 1))
    add_person(opened, Standing.SUSPECT, dt.date(2020, 1, 10))

    def accused(period: str) -> Figure | None:
        return ask("accused_under_investigation", small_map.kon_tum, parse_period(period)).figure

    for _ in ("from the records", "from the facts"):
        assert accused("2019-H2") == Figure.exact(0)
        assert accused("2020-H1") == Figure.exact(1)
        assert accused("2020-H2") == Figure.exact(2)
        assert ask("suspects_detected", small_map.kon_tum).figure == Figure.exact(1)
        roll_up()


@pytest.mark.parametrize("end", [StageKind.INVESTIGATION_CONCLUDED, StageKind.SUSPENDED, StageKind.DROPPED])
def test_a_case_that_ends_leaves_the_stock_with_its_accused(
    end: StageKind, agencies: Agencies, small_map: SmallMap
) -> None:
    stays = case(agencies.kon_tum_police, small_map.dak_ha, prosecuted_on=dt.date(2019, 11, 20))
    ends = case(agencies.kon_tum_police, small_map.dak_ha, prosecuted_on=dt.date(2019, 11, 20))
    for one in (stays, ends):
        add_person(one, Standing.ACCUSED, dt.date(2019, 12, 1))
    add_stage(ends, end, MARCH)

    for _ in ("from the records", "from the facts"):
        before = ask("accused_under_investigation", small_map.kon_tum, parse_period("2019-H2"))
        now = ask("accused_under_investigation", small_map.kon_tum)
        cases = ask("cases_under_investigation", small_map.kon_tum)
        assert (before.figure, now.figure) == (Figure.exact(2), Figure.exact(1))
        assert (cases.figure, cases.records) == (Figure.exact(1), 1)
        roll_up()
    held = records_of(indicator("cases_under_investigation"), area=small_map.kon_tum, period=H1)
    assert held == [f"incidents.case:{stays.pk}"]


def test_when_every_case_has_ended_the_stock_is_a_reported_zero(
    agencies: Agencies, small_map: SmallMap
) -> None:
    ended = case(agencies.kon_tum_police, small_map.dak_ha, prosecuted_on=dt.date(2019, 11, 20))
    add_stage(ended, StageKind.INVESTIGATION_CONCLUDED, MARCH)

    cases = ask("cases_under_investigation", small_map.kon_tum)

    assert (cases.status, cases.figure) == (Status.REPORTED, Figure.exact(0))
    assert ask("cases_concluded", small_map.kon_tum).figure == Figure.exact(1)


# --- cost


def test_a_whole_catalogue_is_answered_in_a_handful_of_queries(
    agencies: Agencies, small_map: SmallMap, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    case(agencies.bat_xat_police, small_map.bat_xat, prosecuted_on=MARCH)
    activity(agencies.bat_xat_police, small_map.y_ty, says={Measure.PEOPLE: 40, Measure.CLASSES: 2})
    catalogue = list(Indicator.objects.valid_on(H1.end))

    with django_assert_num_queries(3):
        from_records = answer(catalogue, area=small_map.lao_cai, period=H1)
    roll_up()
    with django_assert_num_queries(3):
        from_facts = answer(catalogue, area=small_map.lao_cai, period=H1)

    assert {code: found.cell for code, found in from_records.items()} == {
        code: found.cell for code, found in from_facts.items()
    }
