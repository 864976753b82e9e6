"""What the units of an area said, who kept silent, and what that makes of an answer."""

from __future__ import annotations

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from incidents.models import StageKind
from reporting.figures import answer, coverage_of, silent_units
from reporting.models import FormKind, Indicator, Obligation, SubmissionState
from territory.figure import Coverage, Figure, Status
from territory.models import Area
from territory.period import parse_period
from tests.cast import Agencies, Cast, SmallMap
from tests.reporting.records import (
    H1,
    MARCH,
    add_stage,
    ask,
    case,
    load_catalogue,
    obligation,
    roll_up,
    submission,
)

pytestmark = pytest.mark.django_db

TOMORROW = dt.date.today() + dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def catalogue(db: None) -> None:
    load_catalogue()


@pytest.fixture
def own(agencies: Agencies, small_map: SmallMap) -> Obligation:
    """What the standing agency of Kon Tum owes: the report of the whole province."""
    return obligation(agencies.kon_tum_police, small_map.kon_tum)


@pytest.fixture
def city(agencies: Agencies, small_map: SmallMap) -> Obligation:
    return obligation(agencies.kon_tum_city_police, small_map.kon_tum_city)


@pytest.fixture
def dak_ha(agencies: Agencies, small_map: SmallMap) -> Obligation:
    return obligation(agencies.dak_ha_police, small_map.dak_ha)


@pytest.fixture
def ia_hdrai(agencies: Agencies, small_map: SmallMap) -> Obligation:
    return obligation(agencies.ia_hdrai_police, small_map.ia_hdrai)


# --- nil, zero, silence


def test_a_silent_district_is_missing_not_nil(ia_hdrai: Obligation, small_map: SmallMap) -> None:
    found = ask("cases_detected", small_map.ia_hdrai)

    assert found.status is Status.MISSING
    assert found.figure is None
    assert found.cell.coverage == Coverage(1, 0, 0)


def test_a_district_that_confirms_nil_is_nil(dak_ha: Obligation, small_map: SmallMap) -> None:
    submission(dak_ha, is_nil=True)

    found = ask("cases_detected", small_map.dak_ha)

    assert (found.status, found.figure) == (Status.CONFIRMED_NIL, Figure.exact(0))
    assert (found.source, found.records) == ("submissions", 1)
    assert found.cell.coverage == Coverage(1, 1, 1)


def test_nil_tells_of_people_and_not_of_work(dak_ha: Obligation, small_map: SmallMap) -> None:
    submission(dak_ha, is_nil=True)

    everything = answer(list(Indicator.objects.valid_on(H1.end)), area=small_map.dak_ha, period=H1)

    for found in everything.values():
        if found.indicator.is_ratio:
            assert found.figure is None
            continue
        is_nil = found.status is Status.CONFIRMED_NIL
        assert is_nil == (found.indicator.about == Indicator.About.PEOPLE)
        assert is_nil or found.status is Status.MISSING


def test_a_reported_zero_is_reported(city: Obligation, small_map: SmallMap) -> None:
    submission(city, says={"cases_detected": 0})

    found = ask("cases_detected", small_map.kon_tum)

    assert (found.status, found.figure, found.source) == (Status.REPORTED, Figure.exact(0), "submissions")


def test_zeros_and_nils_together_are_a_confirmed_nil(
    city: Obligation, dak_ha: Obligation, ia_hdrai: Obligation, small_map: SmallMap
) -> None:
    submission(city, says={"cases_detected": 0})
    submission(dak_ha, is_nil=True)

    found = ask("cases_detected", small_map.kon_tum)

    assert (found.status, found.figure) == (Status.CONFIRMED_NIL, Figure.exact(0))
    assert found.cell.coverage == Coverage(expected=3, reported=2, nil=1)


def test_one_unit_with_a_case_outweighs_the_nils(
    city: Obligation, dak_ha: Obligation, small_map: SmallMap
) -> None:
    submission(city, says={"cases_detected": 2})
    submission(dak_ha, is_nil=True)

    found = ask("cases_detected", small_map.kon_tum)

    assert (found.status, found.figure, found.records) == (Status.REPORTED, Figure.exact(2), 1)


def test_zero_is_never_shown_where_nobody_said_anything(
    dak_ha: Obligation, city: Obligation, small_map: SmallMap
) -> None:
    places: list[Area] = [
        small_map.nation,
        small_map.kon_tum,
        small_map.dak_ha,
        small_map.dak_pxi,
        small_map.lao_cai,
    ]
    catalogue = list(Indicator.objects.valid_on(H1.end))

    for place in places:
        for found in answer(catalogue, area=place, period=H1).values():
            assert (found.status, found.figure, found.records) == (Status.MISSING, None, 0)


def test_what_is_not_due_yet_is_not_missing(agencies: Agencies, small_map: SmallMap) -> None:
    owed = obligation(agencies.dak_ha_police, small_map.dak_ha, due_on=TOMORROW)

    assert ask("cases_detected", small_map.dak_ha).status is Status.NOT_DUE

    submission(owed, is_nil=True)
    assert ask("cases_detected", small_map.dak_ha).status is Status.CONFIRMED_NIL


@pytest.mark.parametrize("state", [SubmissionState.DRAFT, SubmissionState.RETURNED])
def test_what_is_still_being_written_or_mended_does_not_count(
    state: SubmissionState, city: Obligation, dak_ha: Obligation, small_map: SmallMap
) -> None:
    submission(city, state=state, says={"cases_detected": 2})
    submission(dak_ha, state=state, is_nil=True)

    found = ask("cases_detected", small_map.kon_tum)

    assert found.status is Status.MISSING
    assert found.cell.coverage == Coverage(expected=2, reported=0, nil=0)


def test_what_was_submitted_counts_before_it_is_accepted(city: Obligation, small_map: SmallMap) -> None:
    submission(city, state=SubmissionState.SUBMITTED, says={"cases_detected": 2})

    assert ask("cases_detected", small_map.kon_tum).figure == Figure.exact(2)


# --- sums of what units said


def test_figures_of_units_are_added_with_their_qualifiers(
    city: Obligation, dak_ha: Obligation, small_map: SmallMap
) -> None:
    submission(city, says={"tips_received": "trên 10", "tips_received/women": 4})
    submission(dak_ha, says={"tips_received": 5})

    found = ask("tips_received", small_map.kon_tum)

    assert (found.figure, found.records) == (Figure.over(15, "trên"), 2)
    assert ask("tips_received", small_map.kon_tum, part="women").figure == Figure.exact(4)


def test_the_standing_agencys_own_figure_is_the_total(
    own: Obligation, city: Obligation, dak_ha: Obligation, small_map: SmallMap
) -> None:
    submission(own, says={"tips_received": 7})
    submission(city, says={"tips_received": 4, "tips_resolved": 1})
    submission(dak_ha, says={"tips_received": 2, "tips_resolved": 1})

    assert ask("tips_received", small_map.kon_tum).figure == Figure.exact(7)
    assert ask("tips_resolved", small_map.kon_tum).figure == Figure.exact(2)
    assert ask("tips_received", small_map.dak_ha).figure == Figure.exact(2)


def test_the_nation_adds_a_provinces_total_and_not_its_units_once_more(
    own: Obligation, city: Obligation, cast: Cast
) -> None:
    submission(own, says={"tips_received": 7})
    submission(city, says={"tips_received": 4})
    bat_xat = obligation(cast.agencies.bat_xat_police, cast.map.bat_xat)
    submission(bat_xat, says={"tips_received": 10})

    assert ask("tips_received", cast.map.nation).figure == Figure.exact(17)


def test_an_agency_is_asked_for_its_own_submission(
    own: Obligation, city: Obligation, agencies: Agencies, small_map: SmallMap
) -> None:
    submission(own, says={"tips_received": 7})
    submission(city, says={"tips_received": 4})

    found = ask("tips_received", small_map.kon_tum, agency=agencies.kon_tum_city_police)

    assert found.figure == Figure.exact(4)
    assert found.cell.coverage == Coverage(1, 1, 0)


def test_a_submission_for_another_period_says_nothing_about_this_one(
    agencies: Agencies, small_map: SmallMap
) -> None:
    second_half = obligation(agencies.dak_ha_police, small_map.dak_ha, parse_period("2020-H2"))
    submission(second_half, says={"tips_received": 4})

    assert ask("tips_received", small_map.dak_ha).status is Status.MISSING
    assert ask("tips_received", small_map.dak_ha, parse_period("2020-H2")).figure == Figure.exact(4)


# --- records and submissions


def test_where_records_and_units_disagree_both_are_told(
    dak_ha: Obligation, agencies: Agencies, small_map: SmallMap
) -> None:
    found = case(agencies.dak_ha_police, small_map.dak_ha)
    add_stage(found, StageKind.DETECTED, MARCH)
    submission(dak_ha, says={"cases_detected": 2})

    for _ in ("from the records", "from the facts"):
        told = ask("cases_detected", small_map.kon_tum)
        assert (told.status, told.figure, told.source) == (Status.REPORTED, Figure.exact(1), "records")
        assert told.also_reported == Figure.exact(2)
        roll_up()


def test_where_records_and_units_agree_one_is_told(
    dak_ha: Obligation, agencies: Agencies, small_map: SmallMap
) -> None:
    found = case(agencies.dak_ha_police, small_map.dak_ha)
    add_stage(found, StageKind.DETECTED, MARCH)
    submission(dak_ha, says={"cases_detected": 1})

    told = ask("cases_detected", small_map.kon_tum)

    assert (told.figure, told.also_reported) == (Figure.exact(1), None)


def test_a_record_outweighs_a_nil_and_the_nil_is_still_counted(
    dak_ha: Obligation, agencies: Agencies, small_map: SmallMap
) -> None:
    found = case(agencies.dak_ha_police, small_map.dak_ha)
    add_stage(found, StageKind.DETECTED, MARCH)
    submission(dak_ha, is_nil=True)

    told = ask("cases_detected", small_map.dak_ha)

    assert (told.status, told.figure) == (Status.REPORTED, Figure.exact(1))
    assert told.cell.coverage == Coverage(1, 1, 1)


# --- coverage


def test_the_standing_agency_is_not_one_of_the_units_it_puts_together(
    own: Obligation, city: Obligation, dak_ha: Obligation, ia_hdrai: Obligation, small_map: SmallMap
) -> None:
    submission(own, says={"cases_detected": 0})
    submission(city, says={"cases_detected": 0})
    submission(dak_ha, is_nil=True)

    assert coverage_of(small_map.kon_tum, H1) == (Coverage(expected=3, reported=2, nil=1), True)
    assert silent_units(small_map.kon_tum, H1) == [ia_hdrai]


def test_silent_units_are_named_in_alphabetical_order(
    own: Obligation, city: Obligation, dak_ha: Obligation, ia_hdrai: Obligation, small_map: SmallMap
) -> None:
    submission(city, state=SubmissionState.RETURNED)

    silent = [owed.area.name for owed in silent_units(small_map.kon_tum, H1)]

    assert silent == ["Huyện Đăk Hà", "Huyện Ia H'Drai", "Thành phố Kon Tum"]


def test_without_obligations_there_is_no_coverage(small_map: SmallMap) -> None:
    assert coverage_of(small_map.kon_tum, H1) == (None, True)


def test_two_forms_for_the_same_days_are_two_obligations(
    dak_ha: Obligation, agencies: Agencies, small_map: SmallMap
) -> None:
    obligation(agencies.dak_ha_police, small_map.dak_ha, form=FormKind.THEMATIC)
    submission(dak_ha, is_nil=True)

    assert coverage_of(small_map.dak_ha, H1)[0] == Coverage(expected=2, reported=1, nil=1)


def test_many_units_cost_no_more_queries_than_one(
    cast: Cast, own: Obligation, dak_ha: Obligation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    catalogue = list(Indicator.objects.valid_on(H1.end))
    submission(dak_ha, says={"tips_received": 5, "cases_detected": 1})
    with django_assert_num_queries(3):
        answer(catalogue, area=cast.map.kon_tum, period=H1)
    submission(own, says={"tips_received": 7, "tips_resolved": 6})
    city = obligation(cast.agencies.kon_tum_city_police, cast.map.kon_tum_city)
    submission(city, says={"tips_received": 2, "victims_received": 1})

    with django_assert_num_queries(3):
        answer(catalogue, area=cast.map.kon_tum, period=H1)
