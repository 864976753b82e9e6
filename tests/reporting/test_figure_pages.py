"""The catalogue and its changes, and the page a number leads to."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.changing import ChangedMeanwhile
from accounts.models import AuditEvent
from programs.models import Measure
from reporting.measures import MEASURES, told_by
from reporting.models import Indicator
from reporting.rules import choices_of, in_words, rule_of
from reporting.services.indicators import add_indicator, change_indicator
from territory.figure import Figure
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.reporting.records import (
    MARCH,
    activity,
    ask,
    case,
    indicator,
    load_catalogue,
    obligation,
    roll_up,
    submission,
)

pytestmark = pytest.mark.django_db

TYPED: dict[str, Any] = {
    "code": "training_women",
    "name": "Phụ nữ được tập huấn",
    "name_en": "Women trained",
    "unit": "người",
    "unit_en": "people",
    "section": "communication",
    "order": "15",
    "about": "work",
    "over_periods": "sum",
    "way": "sum",
    "measures": ["activity.training.people"],
    "part": "women",
    "valid_from": "01/01/2004",
}


@pytest.fixture(autouse=True)
def catalogue(db: None) -> None:
    load_catalogue()


def test_the_catalogue_holds_the_six_sections_and_nothing_that_no_record_tells() -> None:
    rows = list(Indicator.objects.all())

    assert len(rows) >= 60
    assert len({row.section for row in rows}) == 6
    for row in rows:
        for measure in [*row.rule.get("sum", ()), *row.rule.get("stock", {}).get("in", ())]:
            assert told_by(measure) is not None, (row.code, measure)
        way = choices_of(row.rule)
        assert rule_of(**way, before=row.rule) == row.rule, row.code
        assert in_words(row.rule, {})
    assert all(told.label for told in MEASURES.values())


def test_an_administrator_adds_an_indicator_by_choosing(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.people.administrator)
    activity(cast.agencies.bat_xat_police, cast.map.y_ty, says={Measure.PEOPLE: 60}, parts={"women": 40})

    answered = browser.post(reverse("indicator_new"), TYPED)

    made = Indicator.objects.get(code="training_women")
    assert answered["Location"] == reverse("indicator_detail", args=[made.pk])
    assert made.rule == {"sum": ["activity.training.people"], "part": "women"}
    assert ask("training_women", cast.map.lao_cai).figure == Figure.exact(40)
    page = browser.get(answered["Location"]).content.decode()
    assert "Sum over the period of" in page
    event = AuditEvent.objects.get(kind=AuditEvent.Kind.INDICATOR_CHANGED)
    assert (event.user, event.about) == (cast.people.administrator, f"reporting.indicator:{made.pk}")


@pytest.mark.parametrize(
    "wrong",
    [
        {"measures": []},
        {"measures": ["activity.training.nonsense"]},
        {"way": "ratio", "of": "tips_resolved", "over": ""},
        {"way": "ratio", "of": "tips_resolved_share", "over": "tips_received"},
        {"way": "stock"},
        {"unit": ""},
        {"code": "tips_received"},
        {"code": "no spaces"},
        {"breakdowns": ["star_sign"]},
        {"valid_to": "01/01/2003"},
    ],
)
def test_what_cannot_be_counted_is_refused(cast: Cast, signed_in: SignedIn, wrong: dict[str, Any]) -> None:
    before = Indicator.objects.count()

    answered = signed_in(cast.people.administrator).post(reverse("indicator_new"), {**TYPED, **wrong})

    assert answered.status_code == 422
    assert Indicator.objects.count() == before


def test_a_change_from_a_day_on_leaves_earlier_periods_alone(cast: Cast, signed_in: SignedIn) -> None:
    old = indicator("tips_received")
    browser = signed_in(cast.people.administrator)
    shown = browser.get(reverse("indicator_edit", args=[old.pk])).context["form"].initial
    typed = {name: value for name, value in shown.items() if value not in (None, False)}

    answered = browser.post(
        reverse("indicator_edit", args=[old.pk]),
        {**typed, "name": "Tin báo tiếp nhận", "since": "01/01/2026"},
    )

    assert answered.status_code == 302
    old.refresh_from_db()
    new = Indicator.objects.get(code="tips_received", valid_to=None)
    assert (old.valid_to, old.name != new.name) == (dt.date(2025, 12, 31), True)
    assert (new.valid_from, new.rule, new.name) == (dt.date(2026, 1, 1), old.rule, "Tin báo tiếp nhận")
    load_catalogue()
    assert Indicator.objects.filter(code="tips_received").count() == 2


def test_two_administrators_do_not_undo_each_other(cast: Cast) -> None:
    held = indicator("tips_received")
    change_indicator(actor=cast.people.administrator, indicator=held, version=held.version, name="Một")

    with pytest.raises(ChangedMeanwhile):
        change_indicator(actor=cast.people.administrator, indicator=held, version=held.version, name="Hai")


def test_nobody_else_changes_the_catalogue(cast: Cast) -> None:
    held = indicator("tips_received")
    with pytest.raises(PermissionDenied):
        change_indicator(actor=cast.people.coordinator, indicator=held, version=held.version, name="Ba")
    with pytest.raises(PermissionDenied):
        add_indicator(actor=cast.people.coordinator, code="x", valid_from=MARCH)


def test_a_change_on_an_impossible_day_is_refused(cast: Cast) -> None:
    held = indicator("tips_received")
    with pytest.raises(ValidationError):
        change_indicator(
            actor=cast.people.administrator, indicator=held, version=1, since=dt.date(2003, 1, 1), name="Bốn"
        )


# --- where a number comes from


def _address(**query: str) -> str:
    asked = {"indicator": "training_people", "area": "10", "period": "2020-H1", **query}
    return f"{reverse('figure_detail')}?" + "&".join(f"{name}={value}" for name, value in asked.items())


def test_a_number_leads_to_its_records_and_to_the_areas_below(cast: Cast, signed_in: SignedIn) -> None:
    held = activity(cast.agencies.bat_xat_police, cast.map.y_ty, says={Measure.PEOPLE: 40})
    owed = obligation(cast.agencies.si_ma_cai_police, cast.map.si_ma_cai)

    page = signed_in(cast.people.coordinator).get(_address()).content.decode()

    assert "40 người" in page
    assert reverse("activity_detail", args=[held.pk]) in page
    assert "area=082" in page
    assert owed.agency.name in page
    assert "0 of 1 units reported" in page


def test_records_a_reader_may_not_open_are_only_counted(cast: Cast, signed_in: SignedIn) -> None:
    case(cast.agencies.bat_xat_police, cast.map.bat_xat, prosecuted_on=MARCH)
    submission(obligation(cast.agencies.bat_xat_police, cast.map.bat_xat), says={"cases_prosecuted": 2})

    page = signed_in(cast.people.coordinator).get(_address(indicator="cases_prosecuted")).content.decode()

    assert "1 record that you may not open" in page
    assert "/cases/" not in page.split("<main")[1]
    assert "The records say something else" in page


def test_an_officer_sees_only_the_own_agencys_part(cast: Cast, signed_in: SignedIn) -> None:
    activity(cast.agencies.bat_xat_police, cast.map.y_ty, says={Measure.PEOPLE: 40})
    activity(cast.agencies.lao_cai_women, cast.map.bat_xat, says={Measure.PEOPLE: 5})
    browser = signed_in(cast.people.filing_officer)

    page = browser.get(_address(area="082")).content.decode()

    assert "40 người" in page
    assert "45 người" not in page
    assert browser.get(_address()).status_code == 404
    assert signed_in(cast.people.stranger).get(_address()).status_code == 404
    assert signed_in(cast.people.administrator).get(_address()).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"area": "99"}, {"period": "soon"}, {"indicator": "luck"}, {"part": "star"}, {"map": "tomorrow"}],
)
def test_an_address_that_asks_for_nothing_is_not_found(
    cast: Cast, signed_in: SignedIn, wrong: dict[str, str]
) -> None:
    assert signed_in(cast.people.coordinator).get(_address(**wrong)).status_code == 404


def test_the_page_costs_as_much_with_many_records(
    cast: Cast, signed_in: SignedIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser = signed_in(cast.people.coordinator)
    browser.get(_address())
    for _ in range(5):
        activity(cast.agencies.bat_xat_police, cast.map.y_ty, says={Measure.PEOPLE: 40})
    roll_up()
    with django_assert_max_num_queries(30):
        assert browser.get(_address()).status_code == 200
