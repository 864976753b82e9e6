"""Administrators keep agencies: added, renamed, merged and closed from a day on, and never deleted."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.agencies import services
from accounts.models import AuditEvent
from territory.models import Agency, AgencyDuty, AgencyKind, AgencySuccession, Duty
from tests.cast import Cast, area
from tests.conftest import SignedIn

pytestmark = pytest.mark.django_db

SINCE = dt.date(2026, 1, 1)
LATER = dt.date(2026, 7, 1)


@pytest.fixture
def standing(cast: Cast) -> Agency:
    """An agency of Lào Cai that exists today, with a duty."""
    province = cast.map.lao_cai
    type(province).objects.filter(pk__in=[province.pk, cast.map.kon_tum.pk]).update(valid_to=None)
    return services.open_agency(
        actor=cast.people.administrator,
        kind=AgencyKind.objects.get(code="health"),
        area=area("10"),
        name="Sở Y tế tỉnh Lào Cai",
        on=SINCE,
        symbol="SYT",
        duties=[Duty.VICTIM_SUPPORT],
    )


def test_a_new_agency_stands_in_the_list_with_its_duties(
    cast: Cast, signed_in: SignedIn, standing: Agency
) -> None:
    browser = signed_in(cast.people.administrator)
    kind = AgencyKind.objects.get(code="culture")
    given = {"name": "Sở Văn hóa", "kind": kind.pk, "area": standing.area_id, "on": "01/01/2026"}

    answer = browser.post(reverse("agency_new"), {**given, "duties": ["communication"]}, follow=True)

    made = Agency.objects.get(name="Sở Văn hóa")
    assert answer.redirect_chain[-1][0] == reverse("agency_detail", args=[made.pk])
    assert [each.duty for each in made.duties.all()] == ["communication"]
    listed = browser.get(reverse("agency_list"), {"q": "van hoa"}).content.decode()
    assert "Sở Văn hóa" in listed
    assert standing.name not in listed
    told = AuditEvent.objects.filter(about=f"territory.agency:{made.pk}").get()
    assert (told.kind, told.detail, told.user) == (
        "agency_changed",
        {"what": "opened"},
        cast.people.administrator,
    )


def test_where_no_agency_exists_today_the_ended_ones_are_listed_and_it_is_said(
    cast: Cast, signed_in: SignedIn
) -> None:
    """The cast is of the old map, whose agencies ended with it."""
    browser = signed_in(cast.people.administrator)

    listed = browser.get(reverse("agency_list")).content.decode()
    ended = browser.get(reverse("agency_list"), {"state": "ended"}).content.decode()

    said = "None of these agencies exists today"
    assert cast.agencies.lao_cai_police.name in listed
    assert said in listed
    assert cast.agencies.lao_cai_police.name in ended
    assert said not in ended


def test_a_renamed_agency_keeps_code_symbol_and_duties_and_its_old_days_the_old_name(
    cast: Cast, standing: Agency
) -> None:
    made = services.rename_agency(
        actor=cast.people.administrator, agency=standing, name="Sở Y tế Lào Cai", on=LATER
    )

    standing.refresh_from_db()
    assert (made.code, made.symbol, made.valid_from) == (standing.code, "SYT", LATER)
    assert (standing.name, standing.valid_to) == ("Sở Y tế tỉnh Lào Cai", dt.date(2026, 6, 30))
    held = AgencyDuty.objects.valid_on(LATER).filter(agency=made)
    assert [each.duty for each in held] == ["victim_support"]
    assert AgencySuccession.objects.get(predecessor=standing).successor == made


def test_a_merged_agency_ends_and_the_other_takes_its_duties(cast: Cast, standing: Agency) -> None:
    actor = cast.people.administrator
    other = services.open_agency(
        actor=actor,
        kind=AgencyKind.objects.get(code="home_affairs"),
        area=standing.area,
        name="Sở Nội vụ",
        on=SINCE,
    )

    services.merge_into(actor=actor, agency=standing, successor=other, on=LATER)

    standing.refresh_from_db()
    assert standing.valid_to == dt.date(2026, 6, 30)
    assert [each.duty for each in AgencyDuty.objects.valid_on(LATER).filter(agency=other)] == [
        "victim_support"
    ]
    with pytest.raises(ValidationError) as refused:
        services.merge_into(actor=actor, agency=other, successor=other, on=LATER)
    assert list(refused.value.message_dict) == ["successor"]


def test_a_closed_agency_ends_with_its_duties_and_its_page_offers_nothing_more(
    cast: Cast, signed_in: SignedIn, standing: Agency
) -> None:
    browser = signed_in(cast.people.administrator)
    step = reverse("agency_step", args=[standing.pk, "close"])
    yesterday = dt.date.today() - dt.timedelta(days=1)

    assert browser.post(step, {"on": "01/01/2020"}).status_code == 422
    assert browser.post(step, {"on": f"{yesterday:%d/%m/%Y}"}).status_code == 302

    standing.refresh_from_db()
    assert standing.valid_to == yesterday
    assert standing.duties.get().valid_to == yesterday
    page = browser.get(reverse("agency_detail", args=[standing.pk])).content.decode()
    assert step not in page
    assert browser.get(step).status_code == 404


def test_a_second_agency_of_a_kind_gets_a_code_of_its_own_and_never_the_same_name(
    cast: Cast, standing: Agency
) -> None:
    second = services.open_agency(
        actor=cast.people.administrator,
        kind=standing.kind,
        area=standing.area,
        name="Chi cục Dân số",
        on=SINCE,
    )

    assert (standing.code, second.code) == ("10-health", "10-health-2")
    renamed = services.rename_agency(
        actor=cast.people.administrator, agency=second, name="Chi cục Dân số tỉnh", on=LATER
    )
    assert renamed.code == "10-health-2"
    with pytest.raises(ValidationError) as refused:
        services.correct_agency(
            actor=cast.people.administrator, agency=renamed, name=standing.name, symbol=""
        )
    assert list(refused.value.message_dict) == ["name"]


def test_nobody_keeps_agencies_of_another_province(cast: Cast, standing: Agency) -> None:
    far = cast.agencies.kon_tum_labour

    with pytest.raises(PermissionDenied):
        services.close_agency(actor=cast.people.administrator, agency=far, last_day=SINCE)
    with pytest.raises(PermissionDenied):
        services.merge_into(actor=cast.people.administrator, agency=standing, successor=far, on=LATER)
    with pytest.raises(PermissionDenied):
        services.rename_agency(actor=cast.people.coordinator, agency=standing, name="Khác", on=LATER)


@pytest.mark.usefixtures("all_areas")
def test_an_area_tells_where_its_territory_went_and_a_list_takes_the_same_statements_for_any_page(
    cast: Cast, signed_in: SignedIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = signed_in(cast.people.administrator)
    commune = area("02695")

    page = browser.get(reverse("area_detail", args=[commune.pk])).content.decode()
    successor = commune.succeeded_by.get().successor
    assert reverse("area_detail", args=[successor.pk]) in page
    for query in ({}, {"q": "trinh tuong", "day": "2020-06-14"}, {"level": "commune", "page": "3"}):
        with django_assert_num_queries(4):
            listed = browser.get(reverse("area_list"), query).content.decode()
    assert "Xã " in listed
