"""What readers inside and outside a scope are shown, and an attacker against all of a release."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command

from programs.models import ActivityKind, Measure
from reporting.disclosure import shown_to
from reporting.disclosure.tables import OPEN_INDICATORS, OPEN_SHARES, closed_years, protected_codes
from reporting.figures import Place
from reporting.models import Indicator, ReleasedFigure, StatisticsRelease
from reporting.services.releases import release_statistics
from territory.agencies import load_agency_kinds
from territory.figure import Status
from territory.models import Area, Level
from territory.period import parse_period
from tests.cast import Cast
from tests.disclosure.attacker import attack
from tests.reporting.records import activity, case, load_catalogue, obligation, submission

pytestmark = pytest.mark.django_db

Y2020 = parse_period("2020")
TODAY = dt.date(2021, 5, 5)


def indicator(code: str) -> Indicator:
    found: Indicator = Indicator.objects.valid_on(Y2020.end).get(code=code)
    return found


def prosecute(cast: Cast, times: int, *, here: str = "lao_cai") -> None:
    of = {"lao_cai": cast.agencies.lao_cai_police, "kon_tum": cast.agencies.kon_tum_police}[here]
    for _case in range(times):
        case(of, getattr(cast.map, here), prosecuted_on=dt.date(2020, 3, 5))


def test_inside_the_scope_figures_are_true_and_outside_they_follow_the_rule(cast: Cast) -> None:
    load_catalogue()
    prosecute(cast, 13)
    prosecute(cast, 3, here="kon_tum")
    release_statistics(today=TODAY)
    asked = {
        "areas": [cast.map.nation, cast.map.lao_cai, cast.map.kon_tum],
        "periods": [Y2020],
    }
    shown = shown_to(cast.people.coordinator, [indicator("cases_prosecuted")], **asked)
    found = {place.area: each for place, each in shown.items()}

    own, far = found[cast.map.lao_cai.pk], found[cast.map.kon_tum.pk]
    assert (own.is_outside, own.is_protected, own.figure.low, own.status) == (
        False,
        False,
        13,
        Status.REPORTED,
    )
    assert (far.is_outside, far.is_protected, far.figure, far.status) == (
        True,
        True,
        None,
        Status.SUPPRESSED,
    )
    public = shown_to(AnonymousUser(), [indicator("cases_prosecuted")], **asked)
    assert [each.figure and int(each.figure.low) for each in public.values()] == [None, 10, None]


def test_a_period_that_is_not_closed_a_district_and_a_breakdown_are_in_no_table(cast: Cast) -> None:
    load_catalogue()
    for _case in range(20):
        case(cast.agencies.bat_xat_police, cast.map.bat_xat, prosecuted_on=dt.date(2020, 3, 5))
    release_statistics(today=TODAY)
    shown = shown_to(
        AnonymousUser(),
        [indicator("cases_prosecuted")],
        areas=[cast.map.lao_cai, cast.map.bat_xat],
        periods=[Y2020, parse_period("2020-H1"), parse_period("2021"), parse_period("2020", Y2020.rule)],
        parts=["", "offence:150"],
    )
    told = {
        (place.area, place.period.code, place.part): int(each.figure.low)
        for place, each in shown.items()
        if each.figure is not None
    }

    assert told == {(cast.map.lao_cai.pk, "2020", ""): 20}
    assert {each.status for each in shown.values() if each.figure is None} == {Status.SUPPRESSED}


def test_work_done_is_exact_for_everybody_and_says_nothing_of_nil_reports(cast: Cast) -> None:
    load_catalogue()
    activity(
        cast.agencies.bat_xat_police,
        cast.map.bat_xat,
        kind=ActivityKind.COMMUNICATION,
        says={Measure.SESSIONS: 3},
    )
    submission(obligation(cast.agencies.bat_xat_police, cast.map.bat_xat, Y2020), is_nil=True)
    indicators = [
        each for each in Indicator.objects.valid_on(Y2020.end) if each.code == "communication_sessions"
    ]
    shown = shown_to(AnonymousUser(), indicators, areas=[cast.map.lao_cai], periods=[Y2020])
    each = shown[Place("communication_sessions", cast.map.lao_cai.pk, Y2020)]

    assert each.figure is not None and each.figure.low == 3
    assert (each.expected, each.reported, each.nil) == (1, 1, None)
    assert (each.answer.records, each.answer.source) == (0, "")


def test_missing_says_that_no_unit_reported_and_never_that_there_was_none(cast: Cast) -> None:
    load_catalogue()
    obligation(cast.agencies.dak_ha_police, cast.map.dak_ha, Y2020)
    submission(obligation(cast.agencies.lao_cai_police, cast.map.lao_cai, Y2020), is_nil=True)
    prosecute(cast, 2, here="kon_tum")
    release_statistics(today=TODAY)
    shown = shown_to(
        AnonymousUser(),
        [indicator("cases_prosecuted")],
        areas=[cast.map.lao_cai, cast.map.kon_tum],
        periods=[Y2020],
    )

    assert [each.status for each in shown.values()] == [Status.SUPPRESSED, Status.MISSING]


def test_a_quarter_has_one_release_and_later_records_do_not_move_it(cast: Cast) -> None:
    load_catalogue()
    prosecute(cast, 14)
    made = release_statistics(today=TODAY)
    prosecute(cast, 1)
    again = release_statistics(today=TODAY + dt.timedelta(days=40))
    later = release_statistics(today=TODAY + dt.timedelta(days=90))

    assert (again.pk, made.quarter, later.quarter) == (made.pk, "2021-Q2", "2021-Q3")
    rows = ReleasedFigure.objects.filter(
        indicator="cases_prosecuted", area=cast.map.lao_cai, period_code="2020"
    )
    assert [row.figure["low"] for row in rows.order_by("release_id")] == [10, 20]
    assert StatisticsRelease.objects.count() == 2


def test_a_year_is_closed_ninety_days_after_its_end() -> None:
    assert closed_years(dt.date(2021, 3, 13))[0].code == "2019"
    assert closed_years(dt.date(2021, 3, 14))[0].code == "2020"


def test_every_indicator_about_people_is_protected_and_so_is_a_share_of_them(cast: Cast) -> None:
    load_catalogue()
    every = list(Indicator.objects.valid_on(Y2020.end))
    protected = protected_codes(every)
    people = {each.code for each in every if each.about == Indicator.About.PEOPLE}

    assert people <= protected
    assert {*OPEN_INDICATORS, *OPEN_SHARES, "support_cost"} <= protected
    assert "communication_integrated_share" not in protected
    assert "communication_sessions" not in protected


def test_no_two_indicators_of_the_list_share_a_measure(cast: Cast) -> None:
    load_catalogue()
    measures = [name for code in OPEN_INDICATORS for name in indicator(code).rule["sum"]]

    assert len(measures) == len(set(measures))
    assert not any("part" in indicator(code).rule for code in OPEN_INDICATORS)
    stages = [name.rpartition(".")[0] for name in measures]
    assert len(stages) == len(set(stages)), "cases and persons of one stage are zero together"


def test_an_attacker_finds_nothing_in_the_whole_release_of_the_demonstration(all_areas: object) -> None:
    load_agency_kinds()
    call_command("load_demo", verbosity=0)
    made = release_statistics(today=dt.date(2026, 11, 28))
    rows = ReleasedFigure.objects.filter(release=made, indicator__in=OPEN_INDICATORS)
    nations = set(Area.objects.filter(level=Level.NATION).values_list("pk", flat=True))
    tables: dict[tuple[str, str], dict[str, int | None]] = {}
    for row in rows:
        place = "nation" if row.area_id in nations else str(row.area_id)
        table = tables.setdefault((row.indicator, row.period_code), {})
        table[place] = int(row.figure["low"]) if row.figure else None
    # All withheld tables of one size are one and the same to an attacker.
    known = {
        (tuple(sorted((v or 0) for k, v in t.items() if k != "nation")), t["nation"]): t
        for t in tables.values()
    }
    found = [
        each
        for table in known.values()
        for each in attack(table, [("nation", [place for place in table if place != "nation"])])
    ]

    assert len(tables) == len(OPEN_INDICATORS) * 10
    assert any(value is not None for table in tables.values() for value in table.values())
    assert found
    assert [each for each in found if each.is_exact or each.is_narrow] == []
