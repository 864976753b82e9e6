"""Agencies change names and duties; an old day shows the old ones."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from territory.agencies import (
    KIND_HANDOVERS,
    KINDS,
    REORGANISED_ON,
    DutyNotHeld,
    KindNotValid,
    NoSuccessorArea,
    PredecessorNotStanding,
    SuccessionRefused,
    SuccessorExists,
    load_agency_kinds,
    succeed_agency,
)
from territory.models import Agency, AgencyDuty, AgencyKind, AgencySuccession, Area, Duty
from territory.selectors import agency_with_duty, area_on, standing_agency

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("all_areas")]

IN_2020 = dt.date(2020, 6, 14)
EVE = dt.date(2025, 2, 28)
MERGED_ON = dt.date(2025, 7, 1)
SINCE = dt.date(2008, 1, 1)


@pytest.fixture(autouse=True)
def kinds() -> None:
    load_agency_kinds()


@pytest.fixture
def kon_tum() -> Area:
    return area_on("62", IN_2020)


def kind(code: str) -> AgencyKind:
    return AgencyKind.objects.get(code=code)


def make_agency(area: Area, kind_code: str, name: str, *duties: Duty) -> Agency:
    agency: Agency = Agency.objects.create(
        code=f"{area.code}-{kind_code}", kind=kind(kind_code), area=area, name=name, valid_from=SINCE
    )
    for duty in duties:
        AgencyDuty.objects.create(agency=agency, duty=duty, valid_from=SINCE)
    return agency


@pytest.fixture
def labour(kon_tum: Area) -> Agency:
    name = "Sở Lao động - Thương binh và Xã hội tỉnh Kon Tum"
    return make_agency(kon_tum, "labour", name, Duty.VICTIM_SUPPORT, Duty.LABOUR)


def to_health(labour: Agency, on: dt.date = REORGANISED_ON) -> Agency:
    return succeed_agency(
        predecessor=labour,
        successor_kind=kind("health"),
        name="Sở Y tế tỉnh Kon Tum",
        on=on,
        duties=[Duty.VICTIM_SUPPORT],
    )


def test_kinds_are_loaded_once_and_an_edited_name_stays() -> None:
    AgencyKind.objects.filter(code="culture").update(name="Sở Văn hóa và Thể thao")

    assert load_agency_kinds() == 0
    assert AgencyKind.objects.count() == len(KINDS)
    assert kind("culture").name == "Sở Văn hóa và Thể thao"
    assert kind("labour").valid_to == EVE
    assert kind("district_committee").valid_to == dt.date(2025, 6, 30)


def test_every_handover_is_between_kinds_that_exist_on_its_day() -> None:
    for handover in KIND_HANDOVERS:
        assert kind(handover.predecessor).held_on(handover.on - dt.timedelta(days=1))
        assert kind(handover.successor).held_on(handover.on)


def test_victim_support_goes_from_labour_to_health(
    labour: Agency, kon_tum: Area, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    health = to_health(labour)

    with django_assert_num_queries(2):
        before = agency_with_duty(kon_tum, Duty.VICTIM_SUPPORT, EVE)
        after = agency_with_duty(kon_tum, Duty.VICTIM_SUPPORT, REORGANISED_ON)
    assert before == labour
    assert before.name == "Sở Lao động - Thương binh và Xã hội tỉnh Kon Tum"
    assert after == health
    assert after.name == "Sở Y tế tỉnh Kon Tum"
    link = AgencySuccession.objects.get()
    assert (link.predecessor, link.successor, link.duty) == (labour, health, Duty.VICTIM_SUPPORT)
    assert labour.valid_to == EVE


def test_the_duties_of_one_agency_go_to_two(labour: Agency, kon_tum: Area) -> None:
    health = to_health(labour)
    home_affairs = succeed_agency(
        predecessor=labour,
        successor_kind=kind("home_affairs"),
        name="Sở Nội vụ tỉnh Kon Tum",
        on=REORGANISED_ON,
        duties=[Duty.LABOUR],
    )

    assert agency_with_duty(kon_tum, Duty.LABOUR, REORGANISED_ON) == home_affairs
    assert agency_with_duty(kon_tum, Duty.VICTIM_SUPPORT, REORGANISED_ON) == health
    assert agency_with_duty(kon_tum, Duty.LABOUR, EVE) == labour
    assert not AgencyDuty.objects.valid_on(REORGANISED_ON).filter(agency=labour).exists()


def test_a_department_that_was_there_before_takes_over_under_its_own_row(
    labour: Agency, kon_tum: Area
) -> None:
    health = make_agency(kon_tum, "health", "Sở Y tế tỉnh Kon Tum")

    assert to_health(labour) == health
    assert agency_with_duty(kon_tum, Duty.VICTIM_SUPPORT, EVE) == labour


def test_handing_over_twice_makes_nothing_twice(labour: Agency) -> None:
    assert to_health(labour) == to_health(labour)
    assert AgencySuccession.objects.count() == 1
    assert AgencyDuty.objects.valid_on(REORGANISED_ON).filter(duty=Duty.VICTIM_SUPPORT).count() == 1


def test_after_a_change_of_name_all_duties_go_on(kon_tum: Area) -> None:
    old = make_agency(kon_tum, "provincial_police", "Công an tỉnh Kon Tum", Duty.STANDING)

    new = succeed_agency(
        predecessor=old, successor_kind=old.kind, name="Công an Kon Tum", on=dt.date(2021, 1, 1), duties=[]
    )

    assert standing_agency(kon_tum, IN_2020) == old
    assert standing_agency(kon_tum, dt.date(2021, 1, 1)) == new
    assert new.code == old.code


def test_after_a_merger_the_successor_belongs_to_the_new_province(kon_tum: Area) -> None:
    police = make_agency(kon_tum, "provincial_police", "Công an tỉnh Kon Tum", Duty.STANDING)

    merged = succeed_agency(
        predecessor=police,
        successor_kind=police.kind,
        name="Công an tỉnh Quảng Ngãi",
        on=MERGED_ON,
        duties=[],
    )

    assert merged.area == area_on("51", MERGED_ON)
    assert standing_agency(merged.area, MERGED_ON) == merged
    assert standing_agency(kon_tum, MERGED_ON) is None


def test_of_two_holders_the_later_one_answers(labour: Agency, kon_tum: Area) -> None:
    health = make_agency(kon_tum, "health", "Sở Y tế tỉnh Kon Tum", Duty.COMMUNICATION)
    AgencyDuty.objects.create(agency=health, duty=Duty.VICTIM_SUPPORT, valid_from=dt.date(2019, 1, 1))

    assert agency_with_duty(kon_tum, Duty.VICTIM_SUPPORT, IN_2020) == health
    assert agency_with_duty(kon_tum, Duty.VICTIM_SUPPORT, dt.date(2018, 1, 1)) == labour
    assert agency_with_duty(kon_tum, Duty.BORDER, IN_2020) is None


def test_an_agency_that_is_gone_cannot_be_succeeded(labour: Agency) -> None:
    to_health(labour)
    with pytest.raises(PredecessorNotStanding, match="did not exist on 2025-12-31"):
        to_health(labour, on=dt.date(2026, 1, 1))


def test_a_kind_that_ended_takes_over_nothing(kon_tum: Area) -> None:
    health = make_agency(kon_tum, "health", "Sở Y tế tỉnh Kon Tum", Duty.VICTIM_SUPPORT)
    with pytest.raises(KindNotValid, match="Sở Lao động"):
        succeed_agency(
            predecessor=health, successor_kind=kind("labour"), name="Sở", on=dt.date(2026, 1, 1), duties=[]
        )


def test_a_duty_that_was_not_held_is_not_handed_over_and_nothing_changes(labour: Agency) -> None:
    with pytest.raises(DutyNotHeld, match="border"):
        succeed_agency(
            predecessor=labour,
            successor_kind=kind("health"),
            name="Sở Y tế",
            on=REORGANISED_ON,
            duties=[Duty.BORDER],
        )
    labour.refresh_from_db()
    assert labour.valid_to is None


def test_a_second_agency_of_the_same_kind_is_refused_and_nothing_changes(
    labour: Agency, kon_tum: Area
) -> None:
    make_agency(kon_tum, "health", "Sở Y tế Kon Tum")
    with pytest.raises(SuccessorExists, match="end that one before 2025-03-01"):
        to_health(labour)
    labour.refresh_from_db()
    assert labour.valid_to is None


def test_a_district_agency_has_no_successor_where_districts_ended() -> None:
    district = area_on("445", IN_2020)
    committee = make_agency(district, "district_committee", "UBND huyện Thạch Hà")
    with pytest.raises(NoSuccessorArea, match="Huyện Thạch Hà on 2025-07-01"):
        succeed_agency(
            predecessor=committee,
            successor_kind=kind("commune_committee"),
            name="UBND xã Thạch Hà",
            on=MERGED_ON,
            duties=[],
        )


def test_every_refusal_is_a_value_error() -> None:
    assert issubclass(SuccessionRefused, ValueError)


def test_the_same_agency_code_is_not_valid_twice_on_one_day(labour: Agency, kon_tum: Area) -> None:
    with pytest.raises(IntegrityError, match="territory_agency_code_once_a_day"), transaction.atomic():
        Agency.objects.create(code=labour.code, kind=labour.kind, area=kon_tum, name="Sở", valid_from=EVE)


def test_the_validity_of_an_agency_is_in_order(labour: Agency) -> None:
    labour.valid_to = SINCE - dt.timedelta(days=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        labour.save()
