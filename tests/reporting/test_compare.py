"""Areas, agencies and periods side by side, from the same figures as everywhere."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.models import AuditEvent
from programs.models import Measure
from territory.period import parse_period
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.reporting.records import activity, load_catalogue, obligation, roll_up, submission

pytestmark = pytest.mark.django_db

VICTIMS = "Returned victims received, verified and supported"


@pytest.fixture(autouse=True)
def reported(cast: Cast) -> None:
    load_catalogue()
    bat_xat = (cast.agencies.bat_xat_police, cast.map.bat_xat)
    submission(obligation(*bat_xat), says={"victims_received": 5})
    submission(obligation(*bat_xat, parse_period("2019-H1")), says={"victims_received": 2})
    submission(obligation(cast.agencies.si_ma_cai_police, cast.map.si_ma_cai), is_nil=True)


def _row(browser: Client, query: str, name: str = VICTIMS) -> list[str]:
    """The cells of an indicator, in words."""
    answered = browser.get(f"{reverse('compare')}?period=2020-H1&{query}")
    assert answered.status_code == 200
    found = re.search(rf'<th scope="row" class="pin">{name}<.*?</tr>', answered.content.decode(), re.S)
    assert found
    cells = re.findall(r"<td.*?</td>", found[0], re.S)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", cell)).strip() for cell in cells]


def test_a_period_stands_beside_the_same_of_the_year_before(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.people.steering_member)

    assert _row(browser, "") == ["5", "2 down 3 (60%)"]
    assert _row(browser, "periods=2019-H1&periods=2020-H1") == ["2", "5 up 3 (150%)"]


def test_areas_stand_beside_each_other_and_nil_is_a_word(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.people.steering_member)

    cells = _row(browser, "by=areas&areas=10&areas=082&areas=084")

    assert cells == ["5", "5 the same", "nothing, confirmed down 5 (100%)"]


def test_agencies_stand_beside_each_other_each_with_its_own_figures(cast: Cast, signed_in: SignedIn) -> None:
    activity(cast.agencies.bat_xat_police, cast.map.y_ty, says={Measure.PEOPLE: 40})
    activity(cast.agencies.lao_cai_women, cast.map.bat_xat, says={Measure.PEOPLE: 10})
    browser = signed_in(cast.people.coordinator)
    police, women = cast.agencies.bat_xat_police.code, cast.agencies.lao_cai_women.code

    cells = _row(browser, f"by=agencies&agencies={police}&agencies={women}", "People trained")

    assert cells == ["40", "10 down 30 (75%)"]


@pytest.mark.parametrize(
    "query",
    [
        "by=luck",
        "section=luck",
        "by=areas&areas=62",
        "by=agencies&agencies=62-labour",
        "periods=soon",
        "by=areas&" + "&".join(f"areas=0{number}" for number in range(9)),
    ],
)
def test_what_is_not_the_readers_stands_in_no_column(cast: Cast, signed_in: SignedIn, query: str) -> None:
    browser = signed_in(cast.people.steering_member)

    assert browser.get(f"{reverse('compare')}?period=2020-H1&{query}").status_code == 404


def test_an_officer_compares_nothing_but_the_own_agencys_part(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.people.filing_officer)

    assert _row(browser, "") == ["5", "2 down 3 (60%)"]
    address = f"{reverse('compare')}?period=2020-H1"
    assert browser.get(f"{address}&by=agencies&agencies=082-district_police").status_code == 404
    assert browser.get(f"{address}&by=areas&areas=084").status_code == 404


def test_more_columns_take_no_more_statements(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.people.steering_member)
    roll_up()
    _row(browser, "by=areas&areas=10&areas=082")
    with CaptureQueriesContext(connection) as few:
        _row(browser, "by=areas&areas=10")
    with CaptureQueriesContext(connection) as many:
        _row(browser, "by=areas&areas=10&areas=082&areas=084")

    assert len(many) == len(few) + 2  # each area chosen is looked up once


def test_the_comparison_is_taken_as_a_file_and_on_paper_as_it_is_shown(
    cast: Cast, signed_in: SignedIn
) -> None:
    browser = signed_in(cast.people.steering_member)
    query = "period=2020-H1&by=areas&areas=082&areas=084"

    file = browser.get(f"{reverse('compare_export')}?{query}")
    paper = browser.get(f"{reverse('compare_print')}?{query}")

    book = load_workbook(io.BytesIO(b"".join(file.streaming_content)))
    rows = {row[0]: row[1:] for row in book["Side by side"].iter_rows(values_only=True)}
    assert rows["Indicator"] == ("Unit", "Huyện Bát Xát", "Huyện Si Ma Cai", "Huyện Si Ma Cai: change")
    assert rows[VICTIMS] == ("victims", 5, 0, "down 5 (100%)")
    about: dict[Any, Any] = dict(book["About this file"].iter_rows(values_only=True))
    assert about["Address"].endswith("period=2020-H1&by=areas&areas=082&areas=084")
    told = " ".join(PdfReader(io.BytesIO(paper.content)).pages[0].extract_text().split())
    assert "Huyện Si Ma Cai" in told
    assert "down 5 (100%)" in told
    events = AuditEvent.objects.filter(kind=AuditEvent.Kind.EXPORTED, about="reporting.compare")
    assert sorted(event.detail["kind"] for event in events) == ["pdf", "xlsx"]
