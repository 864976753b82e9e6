"""The form that asks for a report: what is wrong is said beside the field, and what was typed stays."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from reporting.forms import ReportForm
from reporting.models import ReportJob
from territory.period import CutOff, Period, parse_period
from tests.cast import Cast
from tests.conftest import SignedIn


@pytest.fixture
def coordinator(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.people.coordinator)


def typed(cast: Cast, **changed: Any) -> dict[str, str]:
    """What a browser sends for a sound form."""
    return {
        "kind": "six_month",
        "area": str(cast.map.lao_cai.pk),
        "period": "2020-H1",
        "rule": CutOff.ND09.value,
        "request_key": str(uuid.uuid4()),
        **{name: str(value) for name, value in changed.items()},
    }


def jobs() -> list[ReportJob]:
    return list(ReportJob.objects.unscoped("the test looks at every job"))


@pytest.mark.parametrize(
    ("kind", "period", "message"),
    [
        ("six_month", "", "This field is required."),
        ("six_month", "nửa đầu năm", "This is not a period."),
        ("six_month", "2020-H3", "This is not a period."),
        ("six_month", "x" * 61, "at most 60 characters"),
        ("six_month", "2020\x00-H1", "Null characters are not allowed."),
        ("thematic", "2021-02-30..2021-03-01", "One of the dates does not exist."),
        ("thematic", "2021-05-02..2021-05-01", "The period ends before it starts."),
        ("thematic", "1999-01-01..1999-06-30", "The year must lie between 2000 and 2100."),
        ("thematic", "2001-01-01..2031-01-02", "A period is at most 30 years long."),
        ("six_month", "2020", "A six-month report needs a half-year"),
        ("six_month", "2020-01-01..2020-06-30", "A six-month report needs a half-year"),
        ("six_month", "2026-H1", "The area did not exist at the end of this period."),
        ("thematic", "2025-06-01..2025-07-01", "The area did not exist at the end of this period."),
    ],
)
def test_a_period_that_cannot_be_is_told_beside_the_field_and_stays(
    kind: str, period: str, message: str, cast: Cast, coordinator: Client
) -> None:
    response = coordinator.post(reverse("report_new"), typed(cast, kind=kind, period=period))

    assert response.status_code == 422
    form = response.context["form"]
    assert list(form.errors) == ["period"]
    (told,) = form.errors["period"]
    assert message in told
    page = response.content.decode()
    assert message in page
    assert form["period"].value() == period
    assert re.search(rf'<option value="{kind}"[^>]* selected', page)
    assert jobs() == []


@pytest.mark.parametrize("elsewhere", ["kon_tum", "nation", "y_ty"])
def test_a_foreign_area_is_refused_beside_the_field(elsewhere: str, cast: Cast, coordinator: Client) -> None:
    area = getattr(cast.map, elsewhere)

    response = coordinator.post(reverse("report_new"), typed(cast, area=area.pk))

    assert response.status_code == 422
    assert response.context["form"].errors["area"] == [
        "You do not make reports of this area. Choose one of the list."
    ]
    assert jobs() == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "yearbook"),
        ("rule", "lunar"),
        ("request_key", "7"),
        ("area", "many"),
        ("area", ""),
        ("area", "9" * 30),
    ],
)
def test_what_no_browser_sends_is_refused_too(
    field: str, value: str, cast: Cast, coordinator: Client
) -> None:
    response = coordinator.post(reverse("report_new"), typed(cast, **{field: value}))

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert jobs() == []


def test_sending_the_same_form_twice_makes_one_job(cast: Cast, coordinator: Client) -> None:
    sent = typed(cast)

    first = coordinator.post(reverse("report_new"), sent)
    second = coordinator.post(reverse("report_new"), sent)

    (job,) = jobs()
    address = reverse("report_job", kwargs={"key": job.key})
    assert (first.status_code, first.headers["Location"]) == (302, address)
    assert (second.status_code, second.headers["Location"]) == (302, address)


def test_each_new_form_is_a_request_of_its_own(cast: Cast, coordinator: Client) -> None:
    keys = {coordinator.get(reverse("report_new")).context["form"]["request_key"].value() for _ in range(3)}

    assert len(keys) == 3


def test_too_many_reports_at_once_are_refused_and_the_form_stays(cast: Cast, coordinator: Client) -> None:
    for _ in range(5):
        coordinator.post(reverse("report_new"), typed(cast))

    response = coordinator.post(reverse("report_new"), typed(cast, period="2019-H2"))

    assert response.status_code == 422
    assert "You have 5 reports in the making." in response.content.decode()
    assert response.context["form"]["period"].value() == "2019-H2"
    assert len(jobs()) == 5


@pytest.mark.parametrize(
    ("period", "rule", "expected"),
    [
        ("2020-H1", CutOff.ND09, parse_period("2020-H1")),
        (" 2020-H1 ", CutOff.CALENDAR, parse_period("2020-H1", CutOff.CALENDAR)),
        ("2013-01-01..2019-10-08", CutOff.ND09, parse_period("2013-01-01..2019-10-08")),
    ],
)
def test_a_sound_period_is_read_with_its_cut_off(
    period: str, rule: CutOff, expected: Period, cast: Cast
) -> None:
    kind = "thematic" if ".." in period else "six_month"

    form = ReportForm(typed(cast, kind=kind, period=period, rule=rule.value), user=cast.people.coordinator)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["period"] == expected


def test_a_job_keeps_the_cut_off_that_was_chosen(cast: Cast, coordinator: Client) -> None:
    coordinator.post(reverse("report_new"), typed(cast, rule=CutOff.CALENDAR.value))

    (job,) = jobs()
    assert (job.period_code, job.period_rule) == ("2020-H1", "calendar")


def test_only_areas_whose_reports_the_person_drafts_are_offered(cast: Cast) -> None:
    offered = set(ReportForm(user=cast.people.coordinator).fields["area"].queryset)

    assert {cast.map.lao_cai, cast.map.bat_xat, cast.map.si_ma_cai} <= offered
    assert not {cast.map.kon_tum, cast.map.nation, cast.map.y_ty} & offered


@pytest.mark.parametrize(
    "who", ["filing_officer", "case_worker", "steering_member", "administrator", "stranger"]
)
def test_who_drafts_no_reports_does_not_get_the_form(who: str, cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(getattr(cast.people, who))

    assert browser.get(reverse("report_new")).status_code == 403
    assert browser.post(reverse("report_new"), typed(cast)).status_code == 403
    assert jobs() == []
