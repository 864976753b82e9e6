"""An attacker who takes every format there is, over several years: all say the same, and together say no more.

The tables are drawn at random: nine indicators of ten years, in three releases.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import random
from collections.abc import Iterable
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from reporting.disclosure.tables import OPEN_INDICATORS, closed_years
from reporting.models import Obligation, ReleasedFigure
from reporting.services.releases import release_statistics
from territory.models import Area
from tests.cast import Cast, agency, area
from tests.conftest import SignedIn
from tests.disclosure.attacker import attack
from tests.reporting.records import load_catalogue, obligation, submission

pytestmark = pytest.mark.django_db

FIRST_RELEASE = dt.date(2021, 5, 5)
RELEASES = 3
#: Provinces besides the two of the small map.
MORE = {f"9{number}": f"Tỉnh Thử {number}" for number in range(4)}

#: What is published, by indicator, area and year; None where it is withheld.
Known = dict[tuple[str, str, str], int | None]


def draw(provinces: Iterable[Area], drawn: random.Random) -> None:
    """What the provinces report for ten years: small counts, many of them below the threshold."""
    for province in provinces:
        of = agency("provincial_police", province.code)
        for year in closed_years(FIRST_RELEASE):
            scale = drawn.choice([4, 8, 15, 40])
            says = {code: int(drawn.expovariate(1 / scale)) for code in OPEN_INDICATORS}
            submission(obligation(of, province, year), says=says)


def release(number: int) -> Known:
    """The figures of one more release, as they are kept."""
    made = release_statistics(today=FIRST_RELEASE + dt.timedelta(days=92 * number))
    rows = ReleasedFigure.objects.filter(release=made, indicator__in=OPEN_INDICATORS).select_related("area")
    return {
        (row.indicator, row.area.code, row.period_code): int(row.figure["low"]) if row.figure else None
        for row in rows
    }


def number_of(said: object) -> int | None:
    """A published count as a file writes it; None for one that is withheld."""
    text = str("" if said is None else said).removeprefix("about ").replace(".", "")
    return int(text) if text.isdigit() else None


def from_api(client: Client, provinces: list[Area], years: list[str]) -> list[Known]:
    """The answers of the API as JSON, CSV and JSON-stat, and the CSV of a free table."""
    asked = {
        "indicator": ",".join(OPEN_INDICATORS),
        "area": ",".join(["VN", *(each.code for each in provinces)]),
        "period": ",".join(years),
    }
    address = reverse("api-statistics")
    rows = client.get(address, asked).json()["data"]
    as_json = {(r["indicator"], r["area"]["code"], r["period"]): number_of(r["value"]) for r in rows}
    cube = client.get(address, {**asked, "output": "jsonstat"}).json()
    keys = [list(cube["dimension"][name]["category"]["index"]) for name in cube["id"][:3]]
    places = [(code, place, year) for code in keys[0] for place in keys[1] for year in keys[2]]
    as_cube = {place: number_of(value) for place, value in zip(places, cube["value"], strict=True)}
    files = (
        client.get(address, {**asked, "output": "csv"}),
        client.get(reverse("explore_export_csv"), asked),
    )
    as_csv = [
        {(r["indicator"], r["area"], r["period"]): number_of(r["value"]) for r in lines(file)}
        for file in files
    ]
    return [as_json, as_cube, *as_csv]


def from_open_data(anybody: Client) -> list[Known]:
    """The two files of the open-data page."""
    told = json.loads(content(anybody.get(reverse("open_data_json"))))["data"]
    rows = (told, lines(anybody.get(reverse("open_data_csv"))))
    return [
        {
            (r["indicator"], r["area"], r["year"]): number_of(r["value"])
            for r in each
            if r["indicator"] in OPEN_INDICATORS
        }
        for each in rows
    ]


def from_workbook(client: Client, code: str, provinces: list[Area], years: list[str]) -> Known:
    """One indicator by area and year, as the Excel file of a free table has it."""
    book: Any = load_workbook(
        io.BytesIO(content(client.get(reverse("explore_export"), pivot(code, provinces, years))))
    )
    codes = {each.name: each.code for each in provinces}
    rows = [row for row in book["Table"].iter_rows(values_only=True) if row[0] in codes]
    return {
        (code, codes[row[0]], year): number_of(cell)
        for row in rows
        for year, cell in zip(years, row[1:], strict=False)
    }


def pivot(code: str, provinces: list[Area], years: list[str]) -> dict[str, str]:
    areas = ",".join(each.code for each in provinces)
    return {"indicator": code, "area": areas, "period": ",".join(years), "rows": "area", "columns": "period"}


def content(answer: Any) -> bytes:
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def lines(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content(answer).decode("utf-8-sig"))))


def test_whoever_takes_every_format_of_ten_years_finds_no_count(cast: Cast, signed_in: SignedIn) -> None:
    load_catalogue()
    drawn = random.Random(20261128)  # noqa: S311 tables, not secrets
    provinces = [cast.map.lao_cai, cast.map.kon_tum, *(area(code, name, "VN") for code, name in MORE.items())]
    years = [each.code for each in closed_years(FIRST_RELEASE)]
    outsider, anybody = signed_in(cast.people.filing_officer), Client()
    attacked = withheld = 0
    for number in range(RELEASES):
        Obligation.objects.unscoped("the test's").all().delete()
        draw(provinces, drawn)
        caches["counts"].clear()
        kept = release(number)

        assert [each == kept for each in from_api(outsider, provinces, years)] == [True] * 4
        assert [each == kept for each in from_open_data(anybody)] == [True] * 2
        for code in OPEN_INDICATORS:
            told = from_workbook(outsider, code, provinces, years)
            assert told == {key: kept[key] for key in told}
            assert len(told) == len(provinces) * len(years)
            for year in years:
                table = {
                    place: kept[code, place, year] for place in ("VN", *(each.code for each in provinces))
                }
                found = attack(table, [("VN", [place for place in table if place != "VN"])])
                assert [each for each in found if each.is_exact or each.is_narrow] == []
                attacked, withheld = attacked + 1, withheld + len(found)

    assert attacked >= 200
    assert withheld > attacked


def test_a_printed_table_of_an_outsider_has_no_withheld_and_no_exact_count(
    cast: Cast, signed_in: SignedIn
) -> None:
    load_catalogue()
    counts = {"10": 137, "62": 8}
    for province in (cast.map.lao_cai, cast.map.kon_tum):
        of = agency("provincial_police", province.code)
        for year in closed_years(FIRST_RELEASE)[:3]:
            says = {"victims_received": counts[province.code]}
            submission(obligation(of, province, year), says=says)
    release(0)
    caches["counts"].clear()
    years = [each.code for each in closed_years(FIRST_RELEASE)[:3]]
    query = pivot("victims_received", [cast.map.lao_cai, cast.map.kon_tum], years)
    file = content(signed_in(cast.people.filing_officer).get(reverse("explore_print"), query))
    told = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(file)).pages).split())

    assert told.count("140") >= 3 and "137" not in told
    assert told.count("not published") >= 3


@pytest.mark.parametrize(
    "name", ["dashboard", "dashboard_export", "dashboard_print", "compare_export", "compare_print"]
)
def test_the_dashboard_and_its_files_are_for_the_own_area_alone(
    cast: Cast, signed_in: SignedIn, name: str
) -> None:
    load_catalogue()
    for who in (cast.people.coordinator, cast.people.steering_member):
        for period in ("2020", "2019", "2020-H1"):
            for place in ("62", "VN"):
                answer = signed_in(who).get(reverse(name), {"area": place, "period": period})
                assert answer.status_code == 404
