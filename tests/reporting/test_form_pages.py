"""Forms made in the browser: empty or copied, asked of units from then on, and retired by their last day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import AuditEvent
from reporting.models import Form, Obligation, Section
from reporting.services.forms import AskedIndicator, AskedSection, add_form
from reporting.services.obligations import open_period
from territory.models import Level
from territory.period import parse_period
from tests.cast import Cast
from tests.conftest import SignedIn

#: SQL statements a page takes, session and reader included.
STATEMENTS = {"form_list": 3, "form_detail": 9, "form_new": 4, "form_copy": 8}


@pytest.fixture
def browser(cast: Cast, signed_in: SignedIn) -> Client:
    call_command("load_catalogue", verbosity=0)
    return signed_in(cast.people.administrator)


def sent(cast: Cast, **changed: Any) -> dict[str, Any]:
    """What a browser sends of a small form about victims."""
    return {
        **{"code": "quarter_victims", "valid_from": "2020-01-01"},
        **{"name": "Biểu nạn nhân", "name_en": "Victims", "kind": "six_month", "cut_off": "ND09/2019"},
        **{"due_after_days": "9", "opens_before_days": "20", "may_be_nil": "on"},
        **{"victims-is_asked": "on", "victims-order": "1"},
        "indicators": ["victims_received", "cases_detected"],
        "breakdowns": ["victims_received:sex"],
        "filers": [f"{cast.agencies.bat_xat_police.kind_id}:district"],
        **changed,
    }


def test_a_form_is_made_by_ticking_and_units_owe_it(cast: Cast, browser: Client) -> None:
    response = browser.post(reverse("form_new"), sent(cast))

    form = Form.objects.get(code="quarter_victims")
    assert response["Location"] == reverse("form_detail", args=[form.code])
    assert (form.due_after_days, form.may_be_nil, form.version) == (9, True, 2)
    assert [row.section for row in form.sections.all()] == ["victims"]
    assert [(row.indicator, row.breakdowns) for row in form.indicators.all()] == [
        ("victims_received", ["sex"])
    ]
    opened = open_period(
        form=form, period=parse_period("2020-H1"), actor=cast.people.coordinator, within=[cast.map.lao_cai]
    )
    owed = Obligation.objects.unscoped("the test looks who owes it").filter(form=form)
    assert opened == 2
    assert {row.agency for row in owed} == {cast.agencies.bat_xat_police, cast.agencies.si_ma_cai_police}
    event = AuditEvent.objects.get(kind=AuditEvent.Kind.FORM_CHANGED)
    assert event.detail == {"version": 2, "what": "added"}


def test_a_form_is_copied_with_all_that_it_asks(cast: Cast, browser: Client) -> None:
    source = Form.objects.get(code="six_month")

    page = browser.get(reverse("form_new") + "?from=six_month")
    form = page.context["form"]
    copied = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    for each in form.section_forms:
        for name in each.fields:
            if each[name].value():
                copied[each[name].html_name] = each[name].value()
    copied |= {"code": "copy", "valid_from": "01/01/2024", "name": "Bản sao", "name_en": "Copy"}
    response = browser.post(reverse("form_new") + "?from=six_month", copied)

    assert "It begins as a copy of “Six-month report”." in page.content.decode()
    assert response.status_code == 302, response.context["form"].errors
    made = Form.objects.get(code="copy")
    assert [(row.section, row.is_narrative_required) for row in made.sections.all()] == [
        (row.section, row.is_narrative_required) for row in source.sections.all()
    ]
    assert [(row.indicator, row.breakdowns) for row in made.indicators.all()] == [
        (row.indicator, row.breakdowns) for row in source.indicators.all()
    ]
    assert set(made.filers.values_list("agency_kind", "level")) == set(
        source.filers.values_list("agency_kind", "level")
    )
    assert not made.is_scheduled


@pytest.mark.parametrize(
    "changed, field, message",
    [
        ({"code": "six_month"}, "code", "already exists"),
        ({"code": "new"}, "code", "This word cannot be a code."),
        ({"code": "quý một"}, "code", "valid"),
        ({"valid_from": ""}, "valid_from", "Give the date"),
        ({"valid_to": "2019-12-31"}, "valid_to", "The last day of validity lies before the first."),
        ({"filers": []}, "filers", "Choose at least one kind of agency that files."),
        ({"victims-is_asked": ""}, "__all__", "Choose at least one section."),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_what_was_typed_stays(
    changed: dict[str, Any], field: str, message: str, cast: Cast, browser: Client
) -> None:
    response = browser.post(reverse("form_new"), sent(cast, **changed))

    assert response.status_code == 422
    assert message in str(response.context["form"].errors[field])
    page = response.content.decode()
    assert 'value="Biểu nạn nhân"' in page
    assert 'value="victims_received:sex" checked' in page
    assert Form.objects.count() == 6


def test_a_retired_form_opens_no_later_period_and_keeps_the_earlier(cast: Cast, browser: Client) -> None:
    browser.post(reverse("form_new"), sent(cast))
    form = Form.objects.get(code="quarter_victims")
    retired = {**sent(cast, valid_to="30/06/2020"), "version": str(form.version)}

    assert browser.post(reverse("form_edit", args=[form.code]), retired).status_code == 302

    form.refresh_from_db()
    assert form.valid_to == dt.date(2020, 6, 30)
    who = {"actor": cast.people.coordinator, "within": [cast.map.lao_cai]}
    assert open_period(form=form, period=parse_period("2020-H1"), **who) == 2
    with pytest.raises(ValidationError, match="not in use"):
        open_period(form=form, period=parse_period("2020-H2"), **who)
    assert "until 30/06/2020" in browser.get(reverse("form_list")).content.decode()
    shown = browser.get(reverse("form_detail", args=[form.code])).content.decode()
    assert "30/06/2020" in shown


def test_pages_name_breakdowns_in_words(cast: Cast, browser: Client) -> None:
    browser.post(reverse("form_new"), sent(cast))
    changed = sent(cast, breakdowns=["victims_received:age_group"], version="2")
    browser.post(reverse("form_edit", args=["quarter_victims"]), changed)

    detail = browser.get(reverse("form_detail", args=["quarter_victims"])).content.decode()
    edit = browser.get(reverse("form_edit", args=["quarter_victims"])).content.decode()

    assert "age group" in detail
    assert "asked: sex" in detail
    assert "asked: age group" in detail
    assert "age_group" not in detail
    assert 'value="victims_received:age_group" checked> age group' in edit


@pytest.mark.parametrize("who", ["coordinator", "filing_officer", "steering_member"])
def test_who_keeps_no_forms_cannot_make_one(who: str, cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        add_form(
            actor=getattr(cast.people, who),
            code="mine",
            valid_from=dt.date(2020, 1, 1),
            fields={},
            sections=[AskedSection(Section.VICTIMS)],
            indicators=[AskedIndicator("victims_received")],
            filers=[(cast.agencies.bat_xat_police.kind, Level.DISTRICT)],
        )
    assert not Form.objects.filter(code="mine").exists()


def test_the_pages_take_their_number_of_statements(
    browser: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    pages = {
        "form_list": reverse("form_list"),
        "form_detail": reverse("form_detail", args=["six_month"]),
        "form_new": reverse("form_new"),
        "form_copy": reverse("form_new") + "?from=six_month",
    }
    for name, page in pages.items():
        with django_assert_num_queries(STATEMENTS[name]):
            assert browser.get(page).status_code == 200, name
