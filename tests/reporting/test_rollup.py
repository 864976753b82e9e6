"""The roll-up follows the records, whatever is done to them and by whatever way."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F

from incidents.models import Case, PersonInCase, PersonStanding, Stage, StageKind, Standing
from programs.models import Activity, ActivityQuantity, Measure
from reporting.models import Fact, FactMark, MeasureRow
from reporting.rebuilding import rebuild_facts
from reporting.rollup import check_facts, recompute_marked
from territory.figure import Figure
from territory.models import Area
from tests.cast import Agencies, Cast, SmallMap, make_cast
from tests.reporting.records import (
    MARCH,
    activity,
    add_person,
    add_quantity,
    add_stage,
    ask,
    case,
    document,
    is_waiting_for_a_lock,
    load_catalogue,
    roll_up,
    until,
)

WHY = "the test changes a record behind the services' back"

needs_database = pytest.mark.django_db
needs_commits = pytest.mark.django_db(transaction=True)


def people_in(area: Area) -> list[int]:
    facts = Fact.objects.filter(area=area, measure="activity.training.people").order_by("bucket")
    return [int(fact.nominal) for fact in facts]


# --- marks and sums


@needs_database
def test_a_filed_activity_is_in_the_facts_of_its_district_province_and_nation(
    agencies: Agencies, small_map: SmallMap
) -> None:
    activity(agencies.bat_xat_police, small_map.y_ty, says={Measure.PEOPLE: 40})
    assert FactMark.objects.exists()

    roll_up()

    assert not FactMark.objects.exists()
    for area in (small_map.bat_xat, small_map.lao_cai, small_map.nation):
        assert people_in(area) == [40]
    assert people_in(small_map.si_ma_cai) == people_in(small_map.kon_tum) == []
    assert check_facts() == []


@needs_database
def test_a_record_of_the_province_itself_is_in_no_district(agencies: Agencies, small_map: SmallMap) -> None:
    activity(agencies.lao_cai_police, small_map.lao_cai, says={Measure.PEOPLE: 40})

    roll_up()

    assert people_in(small_map.lao_cai) == [40]
    assert not Fact.objects.filter(area__level="district").exists()
    assert check_facts() == []


@needs_database
def test_marks_are_worked_off_in_small_lots(agencies: Agencies, small_map: SmallMap) -> None:
    for day in range(1, 29):
        activity(agencies.bat_xat_police, small_map.y_ty, on=MARCH.replace(day=day), says={Measure.PEOPLE: 1})

    while recompute_marked(limit=3).marks:
        pass

    assert people_in(small_map.lao_cai) == [14, 14]
    assert check_facts() == []


@needs_database
def test_the_nation_is_summed_again_only_for_what_came_out_differently(
    agencies: Agencies, small_map: SmallMap
) -> None:
    activity(agencies.bat_xat_police, small_map.y_ty, says={Measure.PEOPLE: 40, Measure.ATTENDANCES: 90})
    roll_up()
    of_nation = Fact.objects.filter(area=small_map.nation)
    before = dict(of_nation.values_list("measure", "pk"))

    ActivityQuantity.objects.filter(measure=Measure.PEOPLE).update(low=41, high=41)
    roll_up()

    after = dict(of_nation.values_list("measure", "pk"))
    assert people_in(small_map.nation) == [41]
    assert after.keys() == before.keys()
    assert {measure for measure in after if after[measure] != before[measure]} == {"activity.training.people"}


@needs_database
def test_cells_without_records_are_removed(agencies: Agencies, small_map: SmallMap) -> None:
    made = activity(agencies.bat_xat_police, small_map.y_ty, says={Measure.PEOPLE: 40})
    roll_up()
    assert Fact.objects.exists()

    made.delete()
    roll_up()

    assert not Fact.objects.exists()


@needs_database
def test_a_move_to_another_district_leaves_nothing_behind(agencies: Agencies, small_map: SmallMap) -> None:
    made = activity(agencies.lao_cai_police, small_map.y_ty, says={Measure.PEOPLE: 40})
    roll_up()

    made.area = small_map.si_ma_cai
    made.save()
    roll_up()

    assert people_in(small_map.bat_xat) == []
    assert people_in(small_map.si_ma_cai) == people_in(small_map.lao_cai) == [40]
    assert check_facts() == []


@needs_database
def test_a_person_moved_to_another_case_leaves_the_first(agencies: Agencies, small_map: SmallMap) -> None:
    """Two cases were joined: the facts of both agencies follow."""
    first = case(agencies.bat_xat_police, small_map.bat_xat, prosecuted_on=MARCH)
    second = case(agencies.kon_tum_police, small_map.kon_tum, prosecuted_on=MARCH)
    accused = add_person(first, Standing.ACCUSED, MARCH + dt.timedelta(days=60))
    roll_up()

    PersonInCase.objects.filter(pk=accused.person_id).update(case=second)

    assert check_facts() == []
    assert not Fact.objects.filter(area=small_map.lao_cai, measure="person.accused.count").exists()
    assert Fact.objects.filter(area=small_map.kon_tum, measure="person.accused.count").exists()


@needs_database
def test_documents_follow_their_commune_to_another_district(agencies: Agencies, small_map: SmallMap) -> None:
    document(agencies.lao_cai_police, small_map.y_ty, MARCH)
    roll_up()

    small_map.y_ty.parent = small_map.si_ma_cai
    small_map.y_ty.save()

    assert check_facts() == []
    assert Fact.objects.filter(area=small_map.si_ma_cai, source="document").exists()
    assert not Fact.objects.filter(area=small_map.bat_xat, source="document").exists()


@needs_database
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE programs_activity SET ended_on = ended_on + 20, started_on = started_on - 5",
        "UPDATE programs_activity SET kind = 'seminar', is_integrated = true",
        "UPDATE programs_activityquantity SET low = 7, high = 7, qualifier = 'exact', words = ''",
        "DELETE FROM programs_activityquantity",
        "UPDATE incidents_stage SET reached_on = reached_on + 40",
        "DELETE FROM incidents_stage WHERE kind = 'investigation_concluded'",
        "UPDATE incidents_personstanding SET since = since - 90",
        "UPDATE incidents_caseoffence SET article = '151'",
        "UPDATE incidents_case SET agency_id = (SELECT id FROM territory_agency WHERE code = '10-border_guard')",
        "UPDATE programs_document SET issued_on = issued_on + 30, kind = 'directive'",
    ],
)
def test_what_is_changed_by_hand_in_sql_is_summed_again(
    statement: str, agencies: Agencies, small_map: SmallMap
) -> None:
    activity(agencies.bat_xat_police, small_map.y_ty, says={Measure.PEOPLE: "hàng trăm", Measure.CLASSES: 2})
    opened = case(agencies.bat_xat_police, small_map.bat_xat, prosecuted_on=MARCH)
    add_person(opened, Standing.ACCUSED, MARCH + dt.timedelta(days=30))
    add_stage(opened, StageKind.INVESTIGATION_CONCLUDED, MARCH + dt.timedelta(days=60))
    document(agencies.lao_cai_police, small_map.y_ty, MARCH)
    roll_up()
    before = set(Fact.objects.values_list("area", "agency", "bucket", "measure", "part", "nominal"))

    with connection.cursor() as cursor:
        cursor.execute(statement)

    assert check_facts() == []
    assert before != set(Fact.objects.values_list("area", "agency", "bucket", "measure", "part", "nominal"))


@needs_database
def test_a_change_that_is_rolled_back_leaves_no_mark(agencies: Agencies, small_map: SmallMap) -> None:
    activity(agencies.bat_xat_police, small_map.y_ty, says={Measure.PEOPLE: 40})
    roll_up()

    with transaction.atomic():
        ActivityQuantity.objects.update(low=F("low") + 1, high=F("high") + 1)
        assert FactMark.objects.exists()
        transaction.set_rollback(True)

    assert not FactMark.objects.exists()
    assert check_facts() == []


# --- the check


@needs_database
@pytest.mark.parametrize("level", ["bat_xat", "lao_cai", "nation"])
def test_a_fact_that_was_tampered_with_is_found_and_mended(
    level: str, agencies: Agencies, small_map: SmallMap
) -> None:
    activity(agencies.bat_xat_police, small_map.y_ty, says={Measure.PEOPLE: 40})
    roll_up()
    area: Area = getattr(small_map, level)
    Fact.objects.filter(area=area, measure="activity.training.people").update(nominal=41)

    assert any("activity.training.people" in line for line in check_facts())
    with pytest.raises(CommandError, match="differ from the records"):
        call_command("rebuild_facts", check=True)

    call_command("rebuild_facts")
    call_command("rebuild_facts", check=True)
    assert people_in(area) == [40]


@needs_database
def test_a_surplus_fact_and_a_missing_one_are_found(agencies: Agencies, small_map: SmallMap) -> None:
    activity(agencies.bat_xat_police, small_map.y_ty)
    roll_up()
    Fact.objects.filter(area=small_map.bat_xat).update(measure="activity.seminar.count")

    found = check_facts()

    assert any(line.startswith("district: missing activity") for line in found)
    assert any(line.startswith("district: surplus activity") for line in found)


@needs_database
def test_facts_made_anew_are_the_same_facts(agencies: Agencies, small_map: SmallMap) -> None:
    activity(agencies.bat_xat_police, small_map.y_ty, says={Measure.PEOPLE: "hàng trăm"})
    activity(agencies.kon_tum_police, small_map.dak_pxi, says={Measure.PEOPLE: 0}, parts={"women": 0})
    case(agencies.kon_tum_police, small_map.kon_tum, prosecuted_on=MARCH)
    roll_up()
    columns = [
        "source",
        "area",
        "agency",
        "bucket",
        "measure",
        "part",
        "nominal",
        "flags",
        "words",
        "records",
    ]
    kept = set(Fact.objects.values_list(*columns))

    assert rebuild_facts() == len(kept)

    assert set(Fact.objects.values_list(*columns)) == kept
    assert check_facts() == []


# --- writers who have not committed yet


InOther = Callable[[Callable[[], None]], threading.Thread]
NotCommitted = Callable[[Callable[[], object]], Callable[[], None]]


@needs_commits
def test_a_change_not_committed_yet_is_summed_once_it_is(not_committed_yet: NotCommitted) -> None:
    cast = make_cast()
    activity(cast.agencies.bat_xat_police, cast.map.y_ty, says={Measure.PEOPLE: 40})
    commit = not_committed_yet(
        lambda: activity(cast.agencies.bat_xat_police, cast.map.y_ty, says={Measure.PEOPLE: 2})
    )
    roll_up()
    assert people_in(cast.map.lao_cai) == [40]

    commit()
    assert FactMark.objects.exists()
    roll_up()

    assert people_in(cast.map.lao_cai) == [42]
    assert check_facts() == []


@needs_commits
def test_facts_made_anew_by_two_connections_are_the_same_facts() -> None:
    cast = make_cast()
    for agency, area in (
        (cast.agencies.bat_xat_police, cast.map.y_ty),
        (cast.agencies.kon_tum_police, cast.map.dak_pxi),
    ):
        activity(agency, area, says={Measure.PEOPLE: 40})
    roll_up()
    kept = set(Fact.objects.values_list("source", "area", "agency", "bucket", "measure", "part", "nominal"))
    activity(cast.agencies.bat_xat_police, cast.map.y_ty, says={Measure.PEOPLE: 2})
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE reporting_fact_anew ()")  # as a rebuilding that was ended leaves it

    rebuild_facts()

    assert not FactMark.objects.exists()
    assert check_facts() == []
    assert people_in(cast.map.lao_cai) == people_in(cast.map.bat_xat) == [42]
    assert people_in(cast.map.kon_tum) == [40]
    assert people_in(cast.map.nation) == [82]
    assert Fact.objects.count() == len(kept)
    activity(cast.agencies.bat_xat_police, cast.map.dak_pxi)  # facts that come later get numbers of their own
    roll_up()
    assert check_facts() == []


def overlapping(in_other: InOther, first: Callable[[], None], second: Callable[[], None]) -> None:
    """The second change is written and summed while the first is not committed, as far as the database lets it."""
    written, may_commit, done = threading.Event(), threading.Event(), threading.Event()

    def slow_writer() -> None:
        with transaction.atomic():
            first()
            written.set()
            assert may_commit.wait(30)

    def quick_writer() -> None:
        with transaction.atomic():
            second()
        roll_up()
        done.set()

    slow = in_other(slow_writer)
    assert written.wait(30)
    quick = in_other(quick_writer)
    until(lambda: done.is_set() or is_waiting_for_a_lock())
    may_commit.set()
    slow.join(30)
    quick.join(30)
    assert done.is_set()


@needs_commits
@pytest.mark.parametrize("moves_first", [True, False])
def test_a_quantity_added_while_its_activity_moves_is_counted_where_it_went(
    moves_first: bool, in_other_connection: InOther
) -> None:
    cast = make_cast()
    made = activity(cast.agencies.bat_xat_police, cast.map.y_ty)

    def moves() -> None:
        Activity.objects.unscoped(WHY).filter(pk=made.pk).update(area=cast.map.dak_pxi)

    def counts() -> None:
        add_quantity(made, Measure.PEOPLE, 40)

    overlapping(in_other_connection, *((moves, counts) if moves_first else (counts, moves)))

    roll_up()
    assert people_in(cast.map.kon_tum) == [40]
    assert check_facts() == []


@needs_commits
@pytest.mark.parametrize("ends_first", [True, False])
def test_a_person_accused_while_the_investigation_ends_leaves_the_stock_with_the_case(
    ends_first: bool, in_other_connection: InOther
) -> None:
    cast = make_cast()
    load_catalogue()
    opened = case(cast.agencies.bat_xat_police, cast.map.bat_xat, prosecuted_on=dt.date(2019, 11, 20))

    def ends() -> None:
        add_stage(opened, StageKind.INVESTIGATION_CONCLUDED, MARCH)

    def accuses() -> None:
        add_person(opened, Standing.ACCUSED, dt.date(2020, 1, 10))

    overlapping(in_other_connection, *((ends, accuses) if ends_first else (accuses, ends)))

    roll_up()
    assert ask("accused_under_investigation", cast.map.lao_cai).figure == Figure.exact(0)
    assert check_facts() == []


@needs_commits
def test_two_workers_do_not_sum_at_once(in_other_connection: InOther) -> None:
    cast = make_cast()
    activity(cast.agencies.bat_xat_police, cast.map.y_ty, says={Measure.PEOPLE: 40})
    found: list[int] = []

    with transaction.atomic():
        first = recompute_marked()
        in_other_connection(lambda: found.append(recompute_marked().marks)).join(30)

    assert first.marks > 0
    assert found == [0]
    assert people_in(cast.map.lao_cai) == [40]


# --- everything that is counted is in one view


@needs_database
def test_a_case_is_deleted_with_all_it_counted_for(cast: Cast) -> None:
    opened = case(cast.agencies.bat_xat_police, cast.map.bat_xat, prosecuted_on=MARCH)
    add_person(opened, Standing.SUSPECT, MARCH + dt.timedelta(days=20))
    add_stage(opened, StageKind.TRIED, MARCH + dt.timedelta(days=200), victims=3)
    roll_up()
    assert MeasureRow.objects.count() > 5

    Case.objects.unscoped(WHY).get(pk=opened.pk).delete()

    assert check_facts() == []
    assert not Fact.objects.exists()
    assert not Stage.objects.exists()
    assert not PersonStanding.objects.exists()
