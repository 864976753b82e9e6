"""Where a unit's own figure is added to what records say, stands in the place of its records, or waits."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from incidents.models import Standing, Tip, TipKind
from incidents.models.tip import Channel
from programs.models import Measure
from reporting.consolidation import Consolidation
from reporting.figures import Way, records_counted, records_of
from reporting.models import FactMark, Indicator, ReportedFigure, Section, Submission
from territory.figure import Figure
from territory.models import Agency, Area
from territory.period import CutOff, parse_period
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.reporting.records import (
    H1,
    MARCH,
    activity,
    add_person,
    ask,
    case,
    indicator,
    load_catalogue,
    obligation,
    roll_up,
    submission,
)

pytestmark = pytest.mark.django_db

Stands = ReportedFigure.Stands


@pytest.fixture(autouse=True)
def catalogue(db: None) -> None:
    load_catalogue()


def decide(
    on: Submission, cast: Cast, stands: Stands = Stands.REPORTED, code: str = "training_people"
) -> None:
    """A person decides about the whole figure."""
    ReportedFigure.objects.filter(submission=on, indicator__code=code, part="").update(
        stands=stands, decided_by=cast.people.coordinator, decided_at=dt.datetime.now(dt.UTC)
    )


def trained(of: Agency, area: Area, people: int, women: int = 0, on: dt.date = MARCH) -> None:
    activity(of, area, on=on, says={Measure.PEOPLE: people}, parts={"women": women})


def both_ways(code: str, area: Area, part: str = "") -> Figure | None:
    """What is told from the records, which must be what is told from the facts."""
    from_records = ask(code, area, part=part).figure
    roll_up()
    from_facts = ask(code, area, part=part).figure
    assert from_records == from_facts
    return from_facts


def test_a_report_that_stands_takes_the_place_of_its_units_records(cast: Cast) -> None:
    of, here = cast.agencies, cast.map
    trained(of.bat_xat_police, here.y_ty, 40, women=30)
    trained(of.si_ma_cai_police, here.si_ma_cai, 7, women=2)
    trained(of.kon_tum_police, here.dak_ha, 100)
    said = submission(
        obligation(of.bat_xat_police, here.bat_xat), says={"training_people": 45, "training_people/women": 33}
    )
    decide(said, cast)

    assert both_ways("training_people", here.bat_xat) == Figure.exact(45)
    assert both_ways("training_people", here.lao_cai) == Figure.exact(52)
    assert both_ways("training_people", here.nation) == Figure.exact(152)
    assert both_ways("training_people", here.lao_cai, part="women") == Figure.exact(35)
    assert both_ways("training_people", here.si_ma_cai) == Figure.exact(7)


def test_the_answer_tells_what_the_records_say_and_that_a_report_stands(cast: Cast) -> None:
    trained(cast.agencies.bat_xat_police, cast.map.y_ty, 40)
    said = submission(
        obligation(cast.agencies.bat_xat_police, cast.map.bat_xat), says={"training_people": 45}
    )
    decide(said, cast)

    told = ask("training_people", cast.map.lao_cai)

    assert (told.figure, told.recorded, told.source) == (Figure.exact(45), Figure.exact(40), "submissions")
    assert [each.way for each in told.hearings] == [Way.INSTEAD]
    assert told.also_reported is None


def test_figures_keep_their_qualifiers_when_a_part_of_them_is_replaced(cast: Cast) -> None:
    of, here = cast.agencies, cast.map
    activity(of.bat_xat_police, here.y_ty, says={Measure.PEOPLE: "hơn 1.000"})
    trained(of.si_ma_cai_police, here.si_ma_cai, 7)
    said = submission(obligation(of.bat_xat_police, here.bat_xat), says={"training_people": 990})

    assert both_ways("training_people", here.lao_cai) == Figure.over(1007)
    decide(said, cast)
    assert both_ways("training_people", here.lao_cai) == Figure.exact(997)


def test_what_a_unit_without_records_reports_is_added(cast: Cast) -> None:
    of, here = cast.agencies, cast.map
    trained(of.bat_xat_police, here.y_ty, 40)
    assert "reported" not in indicator("training_people").rule
    submission(obligation(of.si_ma_cai_police, here.si_ma_cai), says={"training_people": "trên 5"})

    told = ask("training_people", here.lao_cai)

    assert (told.figure, told.source, told.records) == (Figure.over(45, "trên"), "both", 2)
    assert told.also_reported is None
    assert both_ways("training_people", here.nation) == Figure.over(45, "trên")


def test_records_that_come_later_are_not_counted_besides(cast: Cast) -> None:
    of, here = cast.agencies, cast.map
    submission(obligation(of.si_ma_cai_police, here.si_ma_cai), says={"training_people": 5})
    assert both_ways("training_people", here.lao_cai) == Figure.exact(5)

    trained(of.si_ma_cai_police, here.si_ma_cai, 3)
    told = ask("training_people", here.lao_cai)

    assert (told.figure, told.also_reported) == (Figure.exact(3), Figure.exact(5))
    assert [each.way for each in told.hearings] == [Way.UNDECIDED]


def test_where_the_records_stand_the_report_is_not_heard(cast: Cast) -> None:
    of, here = cast.agencies, cast.map
    trained(of.bat_xat_police, here.y_ty, 40, women=30)
    said = submission(
        obligation(of.bat_xat_police, here.bat_xat), says={"training_people": 45, "training_people/women": 33}
    )
    decide(said, cast, Stands.RECORDS)

    told = ask("training_people", here.lao_cai)

    assert (told.figure, told.also_reported, told.hearings) == (Figure.exact(40), None, ())
    assert both_ways("training_people", here.lao_cai, part="women") == Figure.exact(30)


def test_what_the_unit_did_elsewhere_still_counts(cast: Cast) -> None:
    of, here = cast.agencies, cast.map
    trained(of.bat_xat_police, here.y_ty, 40)
    trained(of.bat_xat_police, here.si_ma_cai, 8)
    trained(of.lao_cai_women, here.bat_xat, 2)
    decide(submission(obligation(of.bat_xat_police, here.bat_xat), says={"training_people": 45}), cast)

    assert both_ways("training_people", here.lao_cai) == Figure.exact(55)
    assert both_ways("training_people", here.bat_xat) == Figure.exact(47)
    assert both_ways("training_people", here.nation) == Figure.exact(55)


def test_a_report_of_a_commune_takes_the_place_of_its_records_alone(cast: Cast) -> None:
    of, here = cast.agencies, cast.map
    trained(of.bat_xat_police, here.y_ty, 40)
    trained(of.bat_xat_police, here.trinh_tuong, 8)
    decide(submission(obligation(of.bat_xat_police, here.y_ty), says={"training_people": 45}), cast)

    assert both_ways("training_people", here.bat_xat) == Figure.exact(53)
    assert both_ways("training_people", here.y_ty) == Figure.exact(45)


def test_the_standing_agency_speaks_for_every_record_of_its_area(cast: Cast) -> None:
    of, here = cast.agencies, cast.map
    trained(of.bat_xat_police, here.y_ty, 40)
    trained(of.lao_cai_women, here.si_ma_cai, 8)
    trained(of.kon_tum_police, here.dak_ha, 100)
    decide(submission(obligation(of.lao_cai_police, here.lao_cai), says={"training_people": 60}), cast)

    assert both_ways("training_people", here.lao_cai) == Figure.exact(60)
    assert both_ways("training_people", here.nation) == Figure.exact(160)
    assert both_ways("training_people", here.bat_xat) == Figure.exact(40)


def test_only_the_half_year_that_was_reported_is_replaced_in_its_year(cast: Cast) -> None:
    of, here = cast.agencies, cast.map
    trained(of.bat_xat_police, here.y_ty, 40)
    trained(of.bat_xat_police, here.y_ty, 5, on=dt.date(2020, 9, 1))
    decide(submission(obligation(of.bat_xat_police, here.bat_xat), says={"training_people": 45}), cast)
    roll_up()

    assert ask("training_people", here.lao_cai, parse_period("2020")).figure == Figure.exact(50)
    assert ask("training_people", here.lao_cai, parse_period("2020-H2")).figure == Figure.exact(5)


def test_a_state_at_the_end_is_replaced_as_well(cast: Cast) -> None:
    of, here = cast.agencies, cast.map
    for agency, area in ((of.bat_xat_police, here.bat_xat), (of.si_ma_cai_police, here.si_ma_cai)):
        opened = case(agency, area, prosecuted_on=MARCH)
        add_person(opened, Standing.ACCUSED, MARCH)
    said = submission(obligation(of.bat_xat_police, here.bat_xat), says={"cases_under_investigation": 4})
    decide(said, cast, code="cases_under_investigation")

    assert both_ways("cases_under_investigation", here.lao_cai) == Figure.exact(5)


def test_a_percentage_is_made_of_the_figures_that_stand(cast: Cast) -> None:
    of, here = cast.agencies, cast.map
    Tip.objects.create(
        code="T-1",
        kind=TipKind.REPORT,
        channel=Channel.choices[0][0],
        received_on=MARCH,
        agency=of.bat_xat_police,
        area=here.bat_xat,
        text="Tin",
        due_on=MARCH,
    )
    said = submission(
        obligation(of.bat_xat_police, here.bat_xat), says={"tips_received": 10, "tips_resolved": 9}
    )
    decide(said, cast, code="tips_received")

    assert ask("tips_resolved_share", here.lao_cai).figure == Figure.exact(90)


def test_marks_in_one_province_leave_the_others_facts_in_the_nations_sum(cast: Cast) -> None:
    trained(cast.agencies.bat_xat_police, cast.map.y_ty, 40)
    trained(cast.agencies.kon_tum_police, cast.map.dak_ha, 100)
    roll_up()
    FactMark.objects.create(
        source="activity",
        province=cast.map.lao_cai,
        agency=cast.agencies.bat_xat_police,
        bucket=dt.date(2020, 3, 1),
    )

    assert ask("training_people", cast.map.nation).figure == Figure.exact(140)


def test_units_that_speak_cost_no_more_statements(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    of, here = cast.agencies, cast.map
    trained(of.bat_xat_police, here.y_ty, 40)
    roll_up()
    with django_assert_num_queries(3):
        ask("training_people", here.lao_cai)
    decide(submission(obligation(of.bat_xat_police, here.bat_xat), says={"training_people": 45}), cast)
    with django_assert_num_queries(3):
        ask("training_people", here.lao_cai)
    submission(obligation(of.si_ma_cai_police, here.si_ma_cai), says={"training_people": 5})
    with django_assert_num_queries(3):
        ask("training_people", here.lao_cai)


# --- where it is shown


def test_the_records_that_a_report_replaces_are_left_out_of_the_drill_down(
    cast: Cast, signed_in: SignedIn
) -> None:
    of, here = cast.agencies, cast.map
    trained(of.bat_xat_police, here.y_ty, 40)
    trained(of.si_ma_cai_police, here.si_ma_cai, 7)
    decide(submission(obligation(of.bat_xat_police, here.bat_xat), says={"training_people": 45}), cast)
    asked = {"indicator": "training_people", "area": "10", "period": "2020-H1"}

    page = signed_in(cast.people.coordinator).get(reverse("figure_detail"), asked).content.decode()

    assert "52 người" in page
    assert "All records say" in page
    assert "47 người" in page
    assert "counts in the place of the unit&#x27;s records" in page
    assert "1 record does not count: the report of its unit stands in its place." in page
    told = ask("training_people", here.lao_cai)
    assert len(records_counted(told)) == 1


def test_a_percentage_leaves_out_the_records_that_a_report_replaces_in_one_of_its_sides(cast: Cast) -> None:
    of, here = cast.agencies, cast.map
    share = Indicator.objects.create(
        code="people_a_class",
        name="Số lớp trên số người",
        name_en="Classes to people",
        unit="%",
        unit_en="%",
        section=Section.COMMUNICATION,
        rule={"ratio": {"of": ["activity.training.classes"], "over": "training_people"}},
        valid_from=dt.date(2004, 1, 1),
    )
    trained(of.bat_xat_police, here.y_ty, 40)
    kept = activity(of.si_ma_cai_police, here.si_ma_cai, says={Measure.CLASSES: 1, Measure.PEOPLE: 5})
    decide(submission(obligation(of.bat_xat_police, here.bat_xat), says={"training_people": 45}), cast)

    told = ask("people_a_class", here.lao_cai)

    assert told.figure == Figure.exact(2)
    assert records_counted(told) == [f"programs.activity:{kept.pk}"]
    assert len(records_of(share, area=here.lao_cai, period=H1)) == 2


def test_the_consolidation_shows_what_stands_and_finds_no_difference(cast: Cast) -> None:
    of, here = cast.agencies, cast.map
    trained(of.bat_xat_police, here.y_ty, 40)
    owed = obligation(of.bat_xat_police, here.bat_xat)
    owed.form.indicators.get_or_create(indicator="training_people", defaults={"order": 1})
    said = submission(owed, says={"training_people": 45})

    def row() -> tuple[str, str, bool]:
        found = Consolidation(
            reader=cast.people.coordinator, form="six_month", period="2020-H1", area=str(here.bat_xat.pk)
        )
        rows = [each for _name, rows in found.sections for each in rows]
        one = next(each for each in rows if each.indicator.code == "training_people")
        return one.accepted, one.records, one.disagrees

    assert row() == ("45", "40", True)
    decide(said, cast)
    assert row() == ("45", "40", False)


def test_a_figure_is_asked_for_by_the_calendars_rule(cast: Cast, signed_in: SignedIn) -> None:
    trained(cast.agencies.bat_xat_police, cast.map.y_ty, 40, on=dt.date(2020, 6, 20))
    browser = signed_in(cast.people.coordinator)
    asked = {"indicator": "training_people", "area": "10", "period": "2020-H1"}

    calendar = browser.get(reverse("figure_detail"), {**asked, "rule": CutOff.CALENDAR.value})
    decree = browser.get(reverse("figure_detail"), asked)

    assert "40 người" in calendar.content.decode()
    assert "rule=calendar" in calendar.content.decode().split('id="below"')[1]
    assert "40 người" not in decree.content.decode()
    assert browser.get(reverse("figure_detail"), {**asked, "rule": "lunar"}).status_code == 404


def test_a_figure_is_picked_from_lists(cast: Cast, signed_in: SignedIn) -> None:
    trained(cast.agencies.bat_xat_police, cast.map.y_ty, 40)
    browser = signed_in(cast.people.coordinator)

    page = browser.get(reverse("figure_detail"))
    picked = {"pick": "1", "indicator": "training_people", "area": "10", "period": "2020-H1", "rule": ""}

    assert page.status_code == 200
    assert '<option value="training_people">' in page.content.decode()
    assert "40 người" in browser.get(reverse("figure_detail"), picked).content.decode()
    gone = browser.get(reverse("figure_detail"), {**picked, "area": "99"})
    assert gone.status_code == 404
    assert "There is no such figure" in gone.content.decode()


def test_the_lists_hold_only_areas_of_the_reader(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.people.filing_officer).get(reverse("figure_detail")).content.decode()

    assert cast.map.y_ty.name in page
    assert cast.map.kon_tum.name not in page
    assert signed_in(cast.people.administrator).get(reverse("figure_detail")).status_code == 404


def test_picking_costs_as_much_with_many_areas(
    cast: Cast, signed_in: SignedIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    province, district = signed_in(cast.people.coordinator), signed_in(cast.people.filing_officer)
    for browser in (province, district):
        browser.get(reverse("figure_detail"))

    for browser in (province, district):
        with django_assert_max_num_queries(11):
            assert browser.get(reverse("figure_detail")).status_code == 200
