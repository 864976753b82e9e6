"""Free tables read from outside: the disclosure layer of the API, and files that leave a trail."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.models import AuditEvent
from programs.models import Measure
from reporting.models import Indicator
from reporting.services.releases import release_statistics
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.reporting.records import activity, case, load_catalogue, obligation, submission
from tests.reporting.test_explore import page_of, table_of, text_of

pytestmark = pytest.mark.django_db

#: Kon Tum, in the year of a release: 12 and 3 cases, and work done.
OF_KON_TUM = "indicator=cases_prosecuted,cases_detected,training_people&area=62,VN&period=2020"


@pytest.fixture(autouse=True)
def counted(cast: Cast) -> None:
    load_catalogue()
    caches["counts"].clear()
    for day in range(1, 13):
        case(cast.agencies.kon_tum_police, cast.map.kon_tum, prosecuted_on=dt.date(2020, 3, day))
    activity(cast.agencies.kon_tum_police, cast.map.kon_tum, says={Measure.PEOPLE: 7})
    release_statistics(today=dt.date(2021, 5, 5))


def of_api(browser: Client, query: str) -> list[dict[str, Any]]:
    answered = browser.get(f"{reverse('api-statistics')}?{query}", headers={"Accept-Language": "en"})
    rows: list[dict[str, Any]] = answered.json()["data"]
    return rows


# --- rights


def test_a_reader_from_outside_is_shown_what_the_api_tells_him(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.people.coordinator)
    told = {(row["indicator"], row["area"]["code"]): row for row in of_api(browser, OF_KON_TUM)}

    page = page_of(browser, f"{OF_KON_TUM}&rows=area&columns=indicator")

    (kon_tum,) = [row for row in table_of(page) if row[0] == "Tỉnh Kon Tum"]
    assert [
        told[code, "62"]["value"] for code in ("cases_prosecuted", "cases_detected", "training_people")
    ] == [
        *(10, None, 7),
    ]
    assert kon_tum[1:] == ["about 10 rounded to 10", "not published", "7"]
    assert "/figures/?" not in page


def test_the_reader_is_told_how_much_was_left_out(cast: Cast, signed_in: SignedIn) -> None:
    query = "indicator=cases_prosecuted,cases_detected&area=62&period=2020"

    outside = text_of(page_of(signed_in(cast.people.coordinator), query))
    inside = text_of(page_of(signed_in(cast.people.standing_officer), query))

    assert "1 figure about people or cases lies outside your scope and is not published." in outside
    assert "1 figure from outside your scope is rounded to 10." in outside
    assert "outside your scope" not in inside
    assert "12" in inside


def test_what_the_rule_rounded_or_withheld_is_not_added(cast: Cast, signed_in: SignedIn) -> None:
    query = "indicator=cases_prosecuted,training_people&area=62,10&period=2020&rows=area&columns=indicator"

    rows = table_of(page_of(signed_in(cast.people.coordinator), query))

    assert rows[-1][:2] == ["Sum of these areas", "not published"]


def test_an_officer_reads_no_more_of_the_own_district_than_the_api_tells(
    cast: Cast, signed_in: SignedIn
) -> None:
    case(cast.agencies.bat_xat_police, cast.map.bat_xat, prosecuted_on=dt.date(2020, 3, 5))
    browser = signed_in(cast.people.filing_officer)
    query = "indicator=cases_prosecuted&area=082&period=2020-H1"

    assert [row["status"] for row in of_api(browser, query)] == ["suppressed"]
    page = page_of(browser, query)
    assert table_of(page)[1][1] == "all units, not shown"
    assert "What your own unit counted stands in its reports." in text_of(page)
    assert "outside your scope" not in text_of(page)


# --- files


def book_of(browser: Client, query: str) -> Any:
    answered = browser.get(f"{reverse('explore_export')}?{query}")
    assert answered.status_code == 200
    return load_workbook(io.BytesIO(b"".join(answered.streaming_content)))  # type: ignore[attr-defined]


def test_the_workbook_holds_the_table_every_figure_and_where_it_is_from(
    cast: Cast, signed_in: SignedIn
) -> None:
    submission(obligation(cast.agencies.bat_xat_police, cast.map.bat_xat), says={"victims_received": 5})
    submission(obligation(cast.agencies.si_ma_cai_police, cast.map.si_ma_cai), is_nil=True)
    query = (
        "indicator=victims_received,victims_confirmed&area=082,084&period=2020-H1,2019-H1"
        "&rows=area,indicator&compare=previous"
    )

    book = book_of(signed_in(cast.people.coordinator), query)

    table = list(book["Table"].iter_rows(values_only=True))
    assert table[0][:3] == ("Area", "Indicator", "first half of 2020")
    assert [row[0] for row in table[1:]] == [
        *("Huyện Bát Xát", "Huyện Bát Xát", "Huyện Si Ma Cai", "Huyện Si Ma Cai"),
        *("Sum of these areas", "Sum of these areas"),
    ]
    assert [row[2] for row in table[1::2]] == [5, "nothing, confirmed", 5]
    figures = list(book["Figures"].iter_rows(values_only=True))
    assert len(figures) == 1 + 8
    assert figures[1][7:10] == (5, 1, 1)
    assert figures[1][-1].endswith("/figures/?indicator=victims_received&area=082&period=2020-H1")
    about = dict(book["About this file"].iter_rows(values_only=True))
    assert "/explore/?indicator=victims_received" in about["Address"]
    assert about["Made by"] == cast.people.coordinator.full_name


def test_the_workbook_of_a_reader_from_outside_holds_no_more_than_the_page(
    cast: Cast, signed_in: SignedIn
) -> None:
    book = book_of(signed_in(cast.people.coordinator), f"{OF_KON_TUM}&rows=area&columns=indicator")

    (kon_tum,) = [row for row in book["Table"].iter_rows(values_only=True) if row[0] == "Tỉnh Kon Tum"]
    assert kon_tum[1:] == ("about 10", "not published", 7)
    held = [value for sheet in book for row in sheet.iter_rows(values_only=True) for value in row]
    assert 12 not in held


def test_csv_is_line_for_line_what_the_api_gives(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.people.coordinator)

    def lines(address: str) -> list[dict[str, str]]:
        answered = browser.get(address, headers={"Accept-Language": "en"})
        told = b"".join(answered.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
        return list(csv.DictReader(io.StringIO(told)))

    mine = lines(f"{reverse('explore_export_csv')}?{OF_KON_TUM}")

    assert len(mine) == 6
    assert mine == lines(f"{reverse('api-statistics')}?{OF_KON_TUM}&output=csv")


def test_the_table_is_printed_as_the_reader_may_see_it(cast: Cast, signed_in: SignedIn) -> None:
    answered = signed_in(cast.people.coordinator).get(
        f"{reverse('explore_print')}?{OF_KON_TUM}&rows=area&columns=indicator"
    )

    assert answered["Content-Type"] == "application/pdf"
    told = " ".join(" ".join(p.extract_text() for p in PdfReader(io.BytesIO(answered.content)).pages).split())
    assert "Tỉnh Kon Tum" in told
    assert "not published" in told
    assert "Unit: people." in told
    assert "about people or cases" in told


def test_the_page_leads_to_the_same_figures_of_the_api(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.people.coordinator)

    page = page_of(browser, f"{OF_KON_TUM}&rows=area&columns=indicator&chart=trend")

    address = f"{reverse('api-statistics')}?indicator=cases_prosecuted%2Ccases_detected%2Ctraining_people"
    assert f'href="{address}&amp;area=62%2CVN&amp;period=2020&amp;output=jsonstat"' in page
    cube = browser.get(f"{address}&area=62%2CVN&period=2020&output=jsonstat").json()
    assert (cube["class"], cube["size"]) == ("dataset", [3, 2, 1, 1])


@pytest.mark.parametrize(
    ("name", "kind"), [("explore_export", "xlsx"), ("explore_export_csv", "csv"), ("explore_print", "pdf")]
)
def test_a_file_leaves_a_trail(cast: Cast, signed_in: SignedIn, name: str, kind: str) -> None:
    browser = signed_in(cast.people.coordinator)

    taken = [browser.get(f"{reverse(name)}?{OF_KON_TUM}").status_code for _time in range(2)]

    assert taken == [200, 200]
    events = AuditEvent.objects.filter(kind=AuditEvent.Kind.EXPORTED, about="reporting.explore")
    assert [(each.user, each.detail["kind"], each.detail["area"]) for each in events] == [
        (cast.people.coordinator, kind, "62,VN")
    ] * 2


def test_a_name_that_is_markup_is_printed_in_table_and_chart(cast: Cast, signed_in: SignedIn) -> None:
    hostile = "<img src='file:///etc/passwd'>&<b>"
    Indicator.objects.filter(code="cases_prosecuted").update(name_en=hostile, name=hostile)
    browser = signed_in(cast.people.coordinator)
    asked = "indicator=cases_prosecuted&area=62,VN&period=2019,2020"

    paper = b"".join(browser.get(f"{reverse('explore_print')}?{asked}"))  # type: ignore[call-overload]

    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)
    assert "<imgsrc='file:///etc/passwd'>&<b>" in "".join(text.split())
    assert "root:" not in text


def test_of_what_cannot_be_asked_there_is_no_file_and_no_trail(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.people.coordinator)

    refused = browser.get(f"{reverse('explore_export')}?indicator=cases_detected&period=soon")

    assert refused.status_code == 422
    assert "A period is written 2020-H1" in refused.content.decode()
    assert not AuditEvent.objects.filter(kind=AuditEvent.Kind.EXPORTED).exists()
