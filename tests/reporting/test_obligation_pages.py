"""The pages of what units owe: list, one obligation, heat map, forms, consolidation, and the way home."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from accounts.models import AuditEvent
from incidents.models import StageKind
from reporting.models import Form, Obligation, Submission, SubmissionState
from reporting.sanity import submissions_are_kept
from reporting.services.obligations import excuse
from territory.models import AgencyDuty, Duty
from territory.period import parse_period
from tests.cast import Cast, agency, area
from tests.conftest import SignedIn
from tests.reporting.records import H1, add_stage, case, load_catalogue, obligation, submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(cast: Cast, signed_in: SignedIn) -> Client:
    load_catalogue()
    return signed_in(cast.people.coordinator)


def page_of(reader: Client, name: str, query: str = "", **kwargs: Any) -> str:
    response = reader.get(reverse(name, kwargs=kwargs) + query)
    assert response.status_code == 200
    return response.content.decode()


def all_states(cast: Cast) -> dict[str, Obligation]:
    """One silent, one nil, one that reported a zero, one excused, one late draft."""
    of, here = cast.agencies, cast.map
    units = {
        "silent": (of.bat_xat_police, here.bat_xat),
        "nil": (of.si_ma_cai_police, here.si_ma_cai),
        "zero": (of.lao_cai_border_guard, here.lao_cai),
        "excused": (of.lao_cai_labour, here.lao_cai),
        "draft": (of.lao_cai_women, here.lao_cai),
    }
    owed = {name: obligation(unit, place) for name, (unit, place) in units.items()}
    submission(owed["nil"], is_nil=True)
    submission(owed["zero"], says={"cases_detected": 0})
    submission(owed["draft"], state=SubmissionState.DRAFT)
    Submission.objects.exclude(state="draft").update(
        first_submitted_at=dt.datetime(2020, 6, 15, tzinfo=dt.UTC)
    )
    excuse(actor=cast.people.coordinator, obligation=owed["excused"], version=1, reason="Không có địa bàn")
    return owed


def test_five_ways_to_stand_are_five_different_words(cast: Cast, reader: Client) -> None:
    owed = all_states(cast)
    page = page_of(reader, "obligation_heatmap")
    words = {}
    for name, each in owed.items():
        cell = re.search(
            rf'href="{reverse("obligation_detail", args=[each.pk])}"[^>]*>.*?hidden">([^<]*)<', page, re.S
        )
        assert cell
        words[name] = cell[1].strip()
    assert words == {
        "silent": "not reported, late",
        "nil": "nothing to report, accepted",
        "zero": "accepted",
        "excused": "excused",
        "draft": "draft, late",
    }
    assert page.count('scope="row"') == 5
    assert 'scope="col"' in page


def test_the_list_tells_how_many_reported_and_narrows_down(cast: Cast, reader: Client) -> None:
    all_states(cast)
    page = page_of(reader, "obligation_list")
    assert "<strong>2 of 4</strong> reported, 1 with nothing to report, 2 late, 1 excused" in page
    for query, units in {
        "?q=si+ma": {"Công an huyện Si Ma Cai"},
        f"?area={cast.map.bat_xat.pk}": {"Công an huyện Bát Xát"},
        "?state=excused": {cast.agencies.lao_cai_labour.name},
        "?late=yes&state=draft": {cast.agencies.lao_cai_women.name},
        "?form_code=six_month&period=2020-H1&state=missing": {"Công an huyện Bát Xát"},
        f"?agency_kind={cast.agencies.lao_cai_border_guard.kind_id}": {
            cast.agencies.lao_cai_border_guard.name
        },
    }.items():
        found = page_of(reader, "obligation_list", query)
        assert set(re.findall(r'<th scope="row"><a href="[^"]*">([^<]*)</a>', found)) == units, query
    assert "cannot be used" in page_of(reader, "obligation_list", "?area=0")


def test_the_list_goes_out_as_excel_and_csv(cast: Cast, reader: Client) -> None:
    all_states(cast)
    book = load_workbook(
        io.BytesIO(b"".join(reader.get(reverse("obligation_export")).streaming_content))  # type: ignore[arg-type]
    )
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    text = b"".join(reader.get(reverse("obligation_export_csv")).streaming_content).decode("utf-8-sig")  # type: ignore[arg-type]
    lines = list(csv.reader(io.StringIO(text)))
    assert len(rows) == len(lines) == 6
    states = {str(row[9]) for row in rows[1:]}
    assert states == {"not reported", "nothing to report, accepted", "accepted", "excused", "draft"}
    assert {line[9] for line in lines[1:]} == states
    assert AuditEvent.objects.filter(kind=AuditEvent.Kind.EXPORTED).count() == 2


def test_an_officer_sees_the_own_report_and_no_way_to_put_it_off(cast: Cast, signed_in: SignedIn) -> None:
    owed = obligation(cast.agencies.bat_xat_police, cast.map.bat_xat)
    obligation(cast.agencies.si_ma_cai_police, cast.map.si_ma_cai)
    officer = signed_in(cast.people.filing_officer)
    page = page_of(officer, "obligation_list")
    assert "Si Ma Cai" not in page
    assert 'name="chosen"' not in page
    detail = page_of(officer, "obligation_detail", pk=owed.pk)
    assert "Give more time" not in detail
    assert "19/06/2020" in detail


def test_more_time_is_given_with_a_reason_that_is_shown_and_kept(cast: Cast, reader: Client) -> None:
    owed = obligation(cast.agencies.bat_xat_police, cast.map.bat_xat)
    address = reverse("obligation_step", args=[owed.pk, "extend"])
    wrong = reader.post(address, {"version": "1", "due_on": "2020-06-01", "reason": "Lũ lụt"})
    assert wrong.status_code == 422
    assert "Choose a day after the present due date." in wrong.content.decode()
    late = reader.post(address, {"version": "7", "due_on": "01/07/2020", "reason": "Lũ lụt"})
    assert late.status_code == 409
    reader.post(address, {"version": "1", "due_on": "01/07/2020", "reason": "Lũ lụt"})
    page = page_of(reader, "obligation_detail", pk=owed.pk)
    assert "Lũ lụt" in page
    assert page.count("19/06/2020") >= 2  # first due, and in the history


def test_a_unit_is_excused_and_owes_again(cast: Cast, reader: Client) -> None:
    owed = obligation(cast.agencies.bat_xat_police, cast.map.bat_xat)
    reader.post(reverse("obligation_step", args=[owed.pk, "excuse"]), {"version": "1", "reason": "Giải thể"})
    assert "Giải thể" in page_of(reader, "obligation_detail", pk=owed.pk)
    reader.post(reverse("obligation_step", args=[owed.pk, "end-excuse"]), {"version": "2"})
    assert "Excuse the unit" in page_of(reader, "obligation_detail", pk=owed.pk)


def test_several_units_are_extended_from_the_list(cast: Cast, reader: Client) -> None:
    owed = [
        obligation(cast.agencies.bat_xat_police, cast.map.bat_xat),
        obligation(cast.agencies.si_ma_cai_police, cast.map.si_ma_cai),
    ]
    sent = {
        "chosen": [f"{each.pk}:1" for each in owed],
        "act": "extend",
        "due_on": "2020-07-01",
        "reason": "Bão",
    }
    page = reader.post(reverse("obligation_act"), sent, follow=True).content.decode()
    assert "2 units done, 0 left out." in page
    assert "Choose at least one unit." in (
        reader.post(reverse("obligation_act"), {"act": "remind"}, follow=True).content.decode()
    )
    assert reader.post(reverse("obligation_act"), {"chosen": "x:1", "act": "remind"}).status_code == 404


def test_a_period_is_opened_by_hand(cast: Cast, reader: Client) -> None:
    sent = {"form_code": "six_month", "period": "2020-H1", "area": str(cast.map.lao_cai.pk)}
    page = reader.post(reverse("period_open"), sent, follow=True).content.decode()
    assert "6 units have this report to make now." in page
    again = reader.post(reverse("period_open"), sent, follow=True).content.decode()
    assert "Nothing was added" in again
    wrong = reader.post(reverse("period_open"), {**sent, "period": "2020"})
    assert wrong.status_code == 422
    assert "does not fit the form" in wrong.content.decode()


def test_the_administrator_changes_a_form_by_ticking(cast: Cast, signed_in: SignedIn) -> None:
    load_catalogue()
    reader = signed_in(cast.people.administrator)
    form = Form.objects.get(code="six_month")
    kind = cast.agencies.bat_xat_police.kind_id
    assert "cases_detected" in page_of(reader, "form_edit", code=form.code)
    sent = {
        **{"version": "1", "name": "Báo cáo sáu tháng", "name_en": "Half-yearly", "kind": "six_month"},
        **{"cut_off": "ND09/2019", "due_after_days": "7", "opens_before_days": "20", "may_be_nil": "on"},
        **{
            "victims-is_asked": "on",
            "victims-order": "1",
            "situation-is_asked": "on",
            "situation-order": "2",
        },
        "situation-is_narrative_required": "on",
        "indicators": ["cases_detected"],
        "filers": [f"{kind}:district"],
    }
    assert reader.post(reverse("form_edit", args=[form.code]), {**sent, "filers": []}).status_code == 422
    response = reader.post(reverse("form_edit", args=[form.code]), sent)
    assert response.status_code == 302
    page = page_of(reader, "form_detail", code=form.code)
    assert "Half-yearly" in page
    assert "Công an huyện" in page
    form.refresh_from_db()
    assert (form.version, form.due_after_days, form.is_scheduled) == (2, 7, False)
    assert reader.post(reverse("form_edit", args=[form.code]), sent).status_code == 409
    assert AuditEvent.objects.filter(kind=AuditEvent.Kind.FORM_CHANGED).count() == 1


def test_consolidation_sets_units_beside_records_and_names_the_silent(cast: Cast, reader: Client) -> None:
    of, here = cast.agencies, cast.map
    found = case(of.bat_xat_police, here.bat_xat)
    add_stage(found, StageKind.DETECTED, dt.date(2020, 3, 5))
    submission(obligation(of.bat_xat_police, here.bat_xat), says={"cases_detected": 2})
    waiting = obligation(of.lao_cai_border_guard, here.lao_cai)
    submission(waiting, says={"cases_detected": 3}, state=SubmissionState.SUBMITTED)
    obligation(of.si_ma_cai_police, here.si_ma_cai)
    own = obligation(of.lao_cai_police, here.lao_cai)
    submission(own, says={"cases_detected": 7}, state=SubmissionState.SUBMITTED)
    page = page_of(reader, "consolidation", f"?form=six_month&period=2020-H1&area={here.lao_cai.pk}")
    row = re.search(r"Trafficking cases newly found.*?</tr>", page, re.S)
    assert row
    cells = [
        " ".join(re.sub(r"<[^>]*>", " ", cell).split()) for cell in re.findall(r"<td.*?</td>", row[0], re.S)
    ]
    assert cells[:4] == ["2", "3", "7", "1 differs"]
    assert cells[4:] == ["3 not accepted yet", "2", "not reported"]
    assert "2 of 3 units, 0 with nothing to report" in page
    assert "1 unit has not reported" in page
    assert "Công an huyện Si Ma Cai" in page


def test_within_a_district_its_standing_agency_speaks_for_its_units(cast: Cast, reader: Client) -> None:
    of, here = cast.agencies, cast.map
    AgencyDuty.objects.create(agency=of.bat_xat_police, duty=Duty.STANDING, valid_from=dt.date(2004, 1, 1))
    commune = agency("commune_police", "02701")
    submission(obligation(of.bat_xat_police, here.bat_xat), says={"cases_detected": 5})
    submission(obligation(commune, here.y_ty), says={"cases_detected": 4})
    page = page_of(reader, "consolidation", f"?form=six_month&period=2020-H1&area={here.lao_cai.pk}")
    row = re.search(r"Trafficking cases newly found.*?</tr>", page, re.S)
    assert row
    first = re.search(r"<td.*?</td>", row[0], re.S)
    assert first
    assert re.sub(r"<[^>]*>|\s+", "", first[0]) == "5"


def test_home_tells_who_gathers_what_waits_and_who_is_late(cast: Cast, reader: Client) -> None:
    submission(
        obligation(cast.agencies.si_ma_cai_police, cast.map.si_ma_cai), state=SubmissionState.SUBMITTED
    )
    late = obligation(cast.agencies.bat_xat_police, cast.map.bat_xat)
    page = page_of(reader, "home")
    assert "1 report waits for your acceptance" in page
    assert reverse("obligation_detail", args=[late.pk]) in page


@pytest.mark.parametrize(
    ("name", "query", "statements"),
    [
        ("obligation_list", "", 8),
        ("obligation_heatmap", "", 7),
        ("consolidation", "?form=six_month&period=2020-H1", 12),
    ],
)
def test_more_units_take_no_more_statements(
    cast: Cast,
    reader: Client,
    name: str,
    query: str,
    statements: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    all_states(cast)
    address = reverse(name) + query
    with django_assert_num_queries(statements):
        reader.get(address)
    for number in range(6):
        place = area(f"98{number}", f"Huyện Thử {number}", "10")
        unit = agency("district_police", f"98{number}")
        for period in ("2020-H1", "2019-H2"):
            owed = obligation(unit, place, parse_period(period))
            submission(owed, says={"cases_detected": number})
    with django_assert_num_queries(statements):
        assert "Thử 1" in reader.get(address).content.decode()


def test_the_sanity_check_finds_what_was_submitted_and_not_kept(cast: Cast) -> None:
    sent = submission(
        obligation(cast.agencies.bat_xat_police, cast.map.bat_xat), state=SubmissionState.SUBMITTED
    )
    found = [finding.what for finding in submissions_are_kept()]
    assert len(found) == 2
    sent.state = SubmissionState.DRAFT
    sent.save()
    assert list(submissions_are_kept()) == []


def test_the_command_opens_what_the_clock_would(cast: Cast) -> None:
    load_catalogue()
    out = io.StringIO()
    call_command("open_periods", "--date", "2020-05-20", stdout=out)
    assert "six_month 2020-H1: " in out.getvalue()
    assert Obligation.objects.unscoped("counts").filter(period_end=H1.end).exists()
