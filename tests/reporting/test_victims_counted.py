"""Victims in figures: counted for everybody, told apart with consent, and read by nobody who must not."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from accounts.row_scope import row_scope
from incidents.models import CasePlace
from reporting.breakdowns import parts_of
from reporting.figures import records_of
from reporting.rollup import check_facts
from territory.figure import Figure, Status
from territory.period import parse_period
from tests.cast import Cast
from tests.reporting.records import ask, case, indicator, load_catalogue, roll_up
from tests.victims.files import DAY, file_of
from victims.models import Consent, FacilityStay, SupportService, Victim, VictimRoute

pytestmark = pytest.mark.django_db

PERIOD = parse_period("2024-H1")


@pytest.fixture(autouse=True)
def catalogue(db: None) -> None:
    load_catalogue()


def test_a_coordinator_reads_sums_of_victims_and_not_one_of_them(cast: Cast, as_portal: str) -> None:
    """Sums come from a view that runs with its owner's rights; the table itself shows the coordinator nothing."""
    file_of(cast.people.case_worker)

    with row_scope(cast.people.coordinator):
        waiting = ask("victims_confirmed", cast.map.lao_cai, PERIOD)
        women = ask("victims_confirmed", cast.map.lao_cai, PERIOD, part="sex:female")
        assert list(Victim.objects.visible_to(cast.people.coordinator)) == []
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM victims_victim")
            assert cursor.fetchone() == (0,)
    roll_up()
    with row_scope(cast.people.coordinator):
        summed = ask("victims_confirmed", cast.map.lao_cai, PERIOD)

    assert (waiting.figure, waiting.from_facts) == (Figure.exact(1), False)
    assert (summed.figure, summed.from_facts) == (Figure.exact(1), True)
    assert women.figure == Figure.exact(1)


def test_who_takes_the_consent_back_is_counted_and_told_apart_no_more(cast: Cast) -> None:
    victim = file_of(cast.people.case_worker)
    consent = Consent.objects.create(
        victim=victim, purpose=Consent.Purpose.STATISTICS, given_on=DAY, how=Consent.How.ORAL
    )
    roll_up()
    assert ask("victims_received", cast.map.lao_cai, PERIOD, part="purpose:forced_marriage").figure

    consent.withdrawn_on = DAY
    consent.save()

    for _ in ("from the records", "from the facts"):
        assert ask("victims_received", cast.map.lao_cai, PERIOD).figure == Figure.exact(1)
        apart = ask("victims_received", cast.map.lao_cai, PERIOD, part="purpose:forced_marriage")
        assert apart.status is Status.MISSING
        roll_up()
    assert check_facts() == []


def test_services_count_by_kind_and_cost_in_millions(cast: Cast) -> None:
    victim = file_of(cast.people.case_worker)
    for kind, amount in (("medical", 1_250_000), ("loan", 20_000_000), ("travel", None)):
        SupportService.objects.create(
            victim=victim, kind=kind, provider="Sở Y tế", starts_on=DAY, amount=amount
        )

    for _ in ("from the records", "from the facts"):
        assert ask("services_given", cast.map.lao_cai, PERIOD).figure == Figure.exact(3)
        assert ask("services_given", cast.map.lao_cai, PERIOD, part="service:loan").figure == Figure.exact(1)
        assert ask("services_essential_needs", cast.map.lao_cai, PERIOD).figure == Figure.exact(1)
        cost = ask("support_cost", cast.map.lao_cai, PERIOD).figure
        assert cost is not None
        assert str(cost.low) == "21.25"
        assert ask("victims_supported", cast.map.lao_cai, PERIOD).figure == Figure.exact(1)
        share = ask("victims_supported_share", cast.map.lao_cai, PERIOD)
        assert share.figure == Figure.exact(100)
        roll_up()
    assert records_of(indicator("support_cost"), area=cast.map.lao_cai, period=PERIOD) == [
        f"victims.victim:{victim.pk}"
    ]


def test_who_stays_is_told_at_the_end_of_the_period(cast: Cast) -> None:
    victim = file_of(cast.people.case_worker)
    facility = cast.agencies.lao_cai_labour.facilities.create(
        name="Cơ sở bảo trợ", area=cast.map.lao_cai, valid_from=dt.date(2010, 1, 1)
    )
    FacilityStay.objects.create(victim=victim, facility=facility, valid_from=DAY, valid_to=PERIOD.end)

    assert ask("stays_running", cast.map.lao_cai, PERIOD).figure == Figure.exact(1)
    assert ask("stays_running", cast.map.lao_cai, parse_period("2024-H2")).figure == Figure.exact(0)


def test_a_country_that_no_list_names_is_one_part_of_victims_and_of_cases(cast: Cast) -> None:
    """Victims call it XX and cases ZZ. An indicator of both sums them, from records and from facts."""
    both = indicator("cases_prosecuted")
    both.rule = {"sum": ["case.prosecuted.count", "victim.received.count"]}
    both.save()
    VictimRoute.objects.create(
        victim=file_of(cast.people.case_worker), order=1, kind="destination", country="XX"
    )
    told = case(cast.agencies.lao_cai_police, cast.map.bat_xat, prosecuted_on=DAY)
    CasePlace.objects.create(case=told, kind=CasePlace.Kind.DESTINATION, country="ZZ")

    waiting = ask("cases_prosecuted", cast.map.lao_cai, PERIOD, part="country:XX")
    roll_up()
    summed = ask("cases_prosecuted", cast.map.lao_cai, PERIOD, part="country:XX")

    assert (waiting.figure, waiting.from_facts) == (Figure.exact(2), False)
    assert (summed.figure, summed.from_facts) == (Figure.exact(2), True)


def test_breakdowns_by_country_name_each_once() -> None:
    for code in ("country", "nationality"):
        names = [str(name) for name in parts_of([code]).values()]

        assert names.count("other country") == 1
        assert len(set(names)) == len(names)
