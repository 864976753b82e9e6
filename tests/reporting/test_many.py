"""Many indicators, areas, periods and parts at once; percentages; phases made of years; today's map."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from incidents.models import StageKind
from programs.models import Measure
from reporting.figures import (
    MapBasis,
    Place,
    answer,
    answer_many,
    areas_below,
    coverage_of,
    records_of,
    silent_units,
)
from reporting.models import FormKind, Indicator, Section
from territory.figure import Coverage, Figure, Status, print_figure_vi
from territory.models import Area, Level
from territory.period import Period, parse_period
from tests.cast import Agencies, Cast, SmallMap
from tests.reporting.records import (
    H1,
    MARCH,
    activity,
    add_stage,
    ask,
    case,
    indicator,
    load_catalogue,
    obligation,
    roll_up,
    submission,
)
from tests.reporting.reform import reform

pytestmark = pytest.mark.django_db

PHASE = parse_period("2016..2020")


@pytest.fixture(autouse=True)
def catalogue(db: None) -> None:
    load_catalogue()


# --- many at once


def _fill(cast: Cast) -> None:
    activity(cast.agencies.bat_xat_police, cast.map.y_ty, says={Measure.PEOPLE: 40}, parts={"women": 12})
    activity(
        cast.agencies.si_ma_cai_police,
        cast.map.si_ma_cai,
        on=dt.date(2019, 3, 5),
        says={Measure.PEOPLE: "trên 7"},
    )
    found = case(cast.agencies.bat_xat_police, cast.map.bat_xat, prosecuted_on=MARCH)
    add_stage(found, StageKind.DETECTED, MARCH)
    owed = obligation(cast.agencies.si_ma_cai_police, cast.map.si_ma_cai)
    submission(owed, says={"tips_received": 5, "tips_resolved": 4})
    obligation(cast.agencies.bat_xat_police, cast.map.bat_xat)


def test_each_answer_of_many_is_the_answer_alone(cast: Cast) -> None:
    _fill(cast)
    asked = list(Indicator.objects.valid_on(H1.end))
    areas = [cast.map.nation, cast.map.lao_cai, cast.map.bat_xat, cast.map.si_ma_cai, cast.map.y_ty]
    periods = [H1, H1.same_period_last_year(), parse_period("2020-03-01..2020-03-10"), parse_period("2020")]

    for _ in ("from the records", "from the facts"):
        many = answer_many(asked, areas=areas, periods=periods, parts=["", "women"])
        assert len(many) == len(asked) * len(areas) * len(periods) * 2
        for area in areas:
            for period in periods:
                for part in ("", "women"):
                    alone = answer(asked, area=area, period=period, part=part)
                    for code, found in alone.items():
                        assert many[Place(code, area.pk, period, part)] == found
        roll_up()


def test_many_cost_as_few_statements_as_one(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    _fill(cast)
    asked = list(Indicator.objects.valid_on(H1.end))
    areas = list(areas_below(cast.map.lao_cai, Level.DISTRICT, H1))
    areas += [cast.map.lao_cai, cast.map.nation, cast.map.y_ty]

    with django_assert_max_num_queries(3):
        answer_many(asked, areas=areas, periods=[H1, PHASE, parse_period("2019")], parts=["", "women"])
    roll_up()
    with django_assert_max_num_queries(3):
        answer_many(asked, areas=areas, periods=[H1, PHASE, parse_period("2019")], parts=["", "women"])
    with django_assert_max_num_queries(5):
        answer_many(asked, areas=areas, periods=[H1], basis=MapBasis.NOW)


def test_facts_and_waiting_marks_are_read_side_by_side(agencies: Agencies, small_map: SmallMap) -> None:
    """What is marked comes from the records, the rest of the period from the facts, and nothing twice."""
    activity(agencies.bat_xat_police, small_map.y_ty, on=dt.date(2020, 2, 1), says={Measure.PEOPLE: 40})
    roll_up()
    activity(agencies.bat_xat_police, small_map.y_ty, on=dt.date(2020, 4, 1), says={Measure.PEOPLE: 2})
    activity(agencies.bat_xat_police, small_map.y_ty, on=dt.date(2020, 2, 10), says={Measure.PEOPLE: 100})

    found = ask("training_people", small_map.lao_cai)

    assert (found.figure, found.records, found.from_facts) == (Figure.exact(142), 3, False)


def test_each_area_has_its_own_coverage(cast: Cast) -> None:
    _fill(cast)
    areas = [cast.map.lao_cai, cast.map.bat_xat, cast.map.si_ma_cai]

    found = answer_many([indicator("tips_received")], areas=areas, periods=[H1])

    coverage = {place.area: each.cell.coverage for place, each in found.items()}
    assert coverage == {
        cast.map.lao_cai.pk: Coverage(2, 1, 0),
        cast.map.bat_xat.pk: Coverage(1, 0, 0),
        cast.map.si_ma_cai.pk: Coverage(1, 1, 0),
    }


def test_the_areas_below_are_those_of_the_periods_end(small_map: SmallMap) -> None:
    districts = areas_below(small_map.kon_tum, Level.DISTRICT, H1)

    assert [area.short_name for area in districts] == ["Đăk Hà", "Ia H'Drai", "Kon Tum"]
    assert not areas_below(small_map.kon_tum, Level.DISTRICT, parse_period("2026")).exists()


# --- percentages


def _tips(cast: Cast, received: Any, resolved: Any) -> None:
    for of, place, got, done in (
        (cast.agencies.bat_xat_police, cast.map.bat_xat, received, resolved),
        (cast.agencies.si_ma_cai_police, cast.map.si_ma_cai, 3, 3),
    ):
        submission(obligation(of, place), says={"tips_received": got, "tips_resolved": done})


def test_a_percentage_is_made_anew_for_the_whole_and_never_added(cast: Cast) -> None:
    _tips(cast, 4, 3)

    district = ask("tips_resolved_share", cast.map.bat_xat)
    province = ask("tips_resolved_share", cast.map.lao_cai)

    assert (district.status, district.figure) == (Status.REPORTED, Figure.exact(75))
    assert province.figure == Figure.exact(Decimal("85.71"))
    assert [side.figure for side in province.made_of] == [Figure.exact(6), Figure.exact(7)]
    assert province.figure is not None
    assert print_figure_vi(province.figure, unit="%") == "85,71%"


def test_a_percentage_of_an_unsure_figure_is_as_unsure(cast: Cast) -> None:
    _tips(cast, "trên 5", 4)

    assert ask("tips_resolved_share", cast.map.bat_xat).figure == Figure.between(0, 80)
    assert ask("tips_resolved_share", cast.map.si_ma_cai).figure == Figure.exact(100)


def test_a_percentage_of_nothing_is_not_comparable(cast: Cast) -> None:
    _tips(cast, 0, 0)

    found = ask("tips_resolved_share", cast.map.bat_xat)

    assert (found.status, found.figure) == (Status.NOT_COMPARABLE, None)


def test_a_percentage_is_missing_where_either_side_is(cast: Cast) -> None:
    submission(obligation(cast.agencies.bat_xat_police, cast.map.bat_xat), says={"tips_received": 4})

    assert ask("tips_resolved_share", cast.map.bat_xat).status is Status.MISSING


def test_a_percentage_may_be_of_measures(agencies: Agencies, small_map: SmallMap) -> None:
    share = Indicator.objects.create(
        code="people_a_class",
        name="Người một lớp",
        name_en="People a class",
        unit="%",
        unit_en="%",
        section=Section.COMMUNICATION,
        rule={"ratio": {"of": ["activity.training.classes"], "over": ["activity.training.people"]}},
        valid_from=dt.date(2004, 1, 1),
    )
    held = activity(agencies.bat_xat_police, small_map.y_ty, says={Measure.CLASSES: 1, Measure.PEOPLE: 40})

    for _ in ("from the records", "from the facts"):
        assert ask("people_a_class", small_map.lao_cai).figure == Figure.exact(Decimal("2.5"))
        roll_up()
    assert records_of(share, area=small_map.lao_cai, period=H1) == [f"programs.activity:{held.pk}"]


# --- phases and years


def _years(cast: Cast, said: dict[str, int | None], code: str = "tips_received") -> None:
    """What the police of Đăk Hà said in each period; None for a confirmed nil."""
    for name, number in said.items():
        period = parse_period(name)
        form = {"H": FormKind.SIX_MONTH}.get(name[5:6], FormKind.PHASE if ".." in name else FormKind.ANNUAL)
        owed = obligation(cast.agencies.dak_ha_police, cast.map.dak_ha, period, form=form)
        submission(owed, is_nil=number is None, says={} if number is None else {code: number})


def _codes(periods: tuple[Period, ...]) -> list[str]:
    return [period.code for period in periods]


def test_a_phase_is_the_sum_of_its_years_and_names_those_missing(cast: Cast) -> None:
    _years(cast, {"2016": 4, "2017": 5, "2019": 6, "2020": None})

    found = ask("tips_received", cast.map.kon_tum, PHASE)

    assert (found.status, found.figure, found.source) == (Status.REPORTED, Figure.exact(15), "submissions")
    assert _codes(found.missing_periods) == ["2018"]
    assert found.cell.coverage == Coverage(1, 1, 0)


def test_a_year_is_the_sum_of_its_halves(cast: Cast) -> None:
    _years(cast, {"2019-H1": 4, "2019-H2": 5, "2020-H1": 1})

    assert ask("tips_received", cast.map.dak_ha, parse_period("2019")).figure == Figure.exact(9)
    half = ask("tips_received", cast.map.dak_ha, parse_period("2020"))
    assert (half.figure, _codes(half.missing_periods)) == (Figure.exact(1), ["2020-H2"])
    phase = ask("tips_received", cast.map.dak_ha, PHASE)
    assert phase.figure == Figure.exact(10)
    assert _codes(phase.missing_periods) == ["2016", "2017", "2018", "2020-H2"]


def test_what_was_reported_for_the_whole_wins_over_its_parts(cast: Cast) -> None:
    _years(cast, {"2019-H1": 4, "2019-H2": 5, "2019": 8, "2018": 1})
    assert ask("tips_received", cast.map.dak_ha, parse_period("2019")).figure == Figure.exact(8)
    assert ask("tips_received", cast.map.dak_ha, PHASE).figure == Figure.exact(9)

    _years(cast, {"2016..2020": 20})

    whole = ask("tips_received", cast.map.dak_ha, PHASE)
    assert (whole.figure, whole.missing_periods) == (Figure.exact(20), ())


def test_no_unit_is_counted_in_its_own_report_and_in_its_provinces(cast: Cast) -> None:
    year = parse_period("2017")
    _years(cast, {"2017": 3, "2018": 2})
    own = obligation(cast.agencies.kon_tum_police, cast.map.kon_tum, year, form=FormKind.ANNUAL)
    submission(own, says={"tips_received": 10})

    assert ask("tips_received", cast.map.kon_tum, PHASE).figure == Figure.exact(12)
    assert ask("tips_received", cast.map.nation, PHASE).figure == Figure.exact(12)

    _years(cast, {"2016..2020": 30})
    assert ask("tips_received", cast.map.kon_tum, PHASE).figure == Figure.exact(30)


def test_a_state_over_a_phase_is_that_of_its_last_year(cast: Cast) -> None:
    _years(cast, {"2019": 7, "2018": 9}, "key_places")
    assert ask("key_places", cast.map.kon_tum, PHASE).status is Status.MISSING
    assert _codes(ask("key_places", cast.map.kon_tum, PHASE).missing_periods) == ["2020"]

    _years(cast, {"2020": 4}, "key_places")

    found = ask("key_places", cast.map.kon_tum, PHASE)
    assert (found.figure, found.missing_periods) == (Figure.exact(4), ())


def test_a_percentage_of_a_phase_is_made_of_the_sums_of_its_years(cast: Cast) -> None:
    for name, received, resolved in (("2018", 10, 5), ("2019", 2, 2)):
        owed = obligation(
            cast.agencies.dak_ha_police, cast.map.dak_ha, parse_period(name), form=FormKind.ANNUAL
        )
        submission(owed, says={"tips_received": received, "tips_resolved": resolved})

    found = ask("tips_resolved_share", cast.map.kon_tum, PHASE)

    assert found.figure == Figure.exact(Decimal("58.33"))
    assert _codes(found.missing_periods) == ["2016", "2017", "2020"]


def test_a_unit_that_owes_years_has_reported_the_phase_with_all_of_them(cast: Cast) -> None:
    _years(cast, {"2016": None, "2017": None, "2018": None, "2019": None})
    owed = obligation(
        cast.agencies.dak_ha_police, cast.map.dak_ha, parse_period("2020"), form=FormKind.ANNUAL
    )

    assert coverage_of(cast.map.kon_tum, PHASE) == (Coverage(1, 0, 0), True)
    assert silent_units(cast.map.kon_tum, PHASE) == [owed]
    nil = ask("cases_detected", cast.map.kon_tum, PHASE)
    assert (nil.status, _codes(nil.missing_periods)) == (Status.CONFIRMED_NIL, ["2020"])

    submission(owed, is_nil=True)

    assert coverage_of(cast.map.kon_tum, PHASE)[0] == Coverage(1, 1, 1)
    assert ask("cases_detected", cast.map.kon_tum, PHASE).missing_periods == ()


def test_a_new_wording_of_an_indicator_keeps_what_was_reported_under_the_old_one(cast: Cast) -> None:
    _years(cast, {"2017": 3})
    old = indicator("tips_received")
    old.valid_to = dt.date(2018, 12, 31)
    old.save()
    new = Indicator.objects.get(pk=old.pk)
    new.pk, new.valid_from, new.valid_to, new.name = None, dt.date(2019, 1, 1), None, "Tin báo"
    new.save()

    found = answer([new], area=cast.map.kon_tum, period=PHASE)["tips_received"]

    assert found.figure == Figure.exact(3)


# --- today's map


@pytest.fixture
def merged(cast: Cast) -> dict[str, Area]:
    return reform(cast.map)


def test_a_new_province_has_the_sum_of_those_it_was_made_of(cast: Cast, merged: dict[str, Area]) -> None:
    activity(cast.agencies.bat_xat_police, cast.map.y_ty, says={Measure.PEOPLE: 40})
    activity(cast.agencies.kon_tum_police, cast.map.kon_tum, says={Measure.PEOPLE: 2})
    submission(obligation(cast.agencies.bat_xat_police, cast.map.bat_xat), says={"tips_received": 5})
    submission(obligation(cast.agencies.dak_ha_police, cast.map.dak_ha), is_nil=True)

    for _ in ("from the records", "from the facts"):
        assert ask("training_people", merged["whole"]).status is Status.MISSING
        people = ask("training_people", merged["whole"], basis=MapBasis.NOW)
        assert (people.figure, people.is_estimated) == (Figure.exact(42), False)
        tips = ask("tips_received", merged["whole"], basis=MapBasis.NOW)
        assert (tips.figure, tips.cell.coverage) == (Figure.exact(5), Coverage(2, 2, 1))
        roll_up()
    assert people.from_facts
    assert len(records_of(people.indicator, area=merged["whole"], period=H1, basis=MapBasis.NOW)) == 2


def test_a_divided_commune_goes_to_its_default_successor_as_an_estimate(
    cast: Cast, merged: dict[str, Area]
) -> None:
    activity(cast.agencies.bat_xat_police, cast.map.y_ty, says={Measure.PEOPLE: 40})
    activity(cast.agencies.bat_xat_police, cast.map.trinh_tuong, says={Measure.PEOPLE: 3})
    activity(cast.agencies.dak_ha_police, cast.map.dak_pxi, says={Measure.PEOPLE: 9})

    def people(name: str) -> tuple[Figure | None, bool]:
        found = ask("training_people", merged[name], basis=MapBasis.NOW)
        return found.figure, found.is_estimated

    assert people("y_ty") == (Figure.exact(40), True)
    assert people("bat_xat") == (Figure.exact(3), True)
    assert people("dak_pxi") == (Figure.exact(9), False)


def test_what_was_filed_for_a_district_goes_to_one_of_its_communes(
    cast: Cast, merged: dict[str, Area]
) -> None:
    activity(cast.agencies.bat_xat_police, cast.map.bat_xat, says={Measure.PEOPLE: 100})
    submission(obligation(cast.agencies.bat_xat_police, cast.map.bat_xat), says={"tips_received": 5})

    every = areas_below(merged["whole"], Level.COMMUNE, H1, MapBasis.NOW)
    found = answer_many(
        [indicator("training_people"), indicator("tips_received")],
        areas=list(every),
        periods=[H1],
        basis=MapBasis.NOW,
    )

    told = {
        (each.area.pk, code): each.figure for (code, *_), each in found.items() if each.figure is not None
    }
    assert sorted(str(figure.low) for figure in told.values()) == ["100", "5"]
    assert len({area for area, _ in told}) == 1
    assert all(each.is_estimated for each in found.values() if each.figure is not None)


def test_the_parts_on_todays_map_add_up_to_the_whole(cast: Cast, merged: dict[str, Area]) -> None:
    for place, people in ((cast.map.y_ty, 1), (cast.map.trinh_tuong, 20), (cast.map.bat_xat, 300)):
        activity(cast.agencies.bat_xat_police, place, says={Measure.PEOPLE: people})
    later = activity(
        cast.agencies.bat_xat_police, merged["y_ty"], on=dt.date(2025, 8, 1), says={Measure.PEOPLE: 4000}
    )
    since = parse_period("2019-12-15..2025-12-14")

    communes = list(areas_below(merged["whole"], Level.COMMUNE, since, MapBasis.NOW))
    found = answer_many(
        [indicator("training_people")],
        areas=[merged["whole"], *communes],
        periods=[since],
        basis=MapBasis.NOW,
    )

    whole, *parts = found.values()
    assert whole.figure == Figure.exact(4321)
    assert sum(int(each.figure.low or 0) for each in parts if each.figure) == 4321
    assert later.area.province_id == merged["whole"].pk
