"""The open-data page: the current release for everybody, with files, and never more than the release."""

from __future__ import annotations

import csv
import datetime as dt
import json
from io import StringIO

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from reporting.services.releases import release_statistics
from tests.cast import Cast
from tests.reporting.records import case, load_catalogue

pytestmark = pytest.mark.django_db


def publish(cast: Cast) -> None:
    load_catalogue()
    for agency, area, times in (
        (cast.agencies.lao_cai_police, cast.map.lao_cai, 23),
        (cast.agencies.kon_tum_police, cast.map.kon_tum, 4),
    ):
        for _case in range(times):
            case(agency, area, prosecuted_on=dt.date(2020, 3, 5))
    release_statistics(today=dt.date(2021, 5, 5))


@pytest.fixture
def anybody() -> Client:
    caches["counts"].clear()
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def test_anybody_reads_rounded_figures_and_what_is_held_back(cast: Cast, anybody: Client) -> None:
    publish(cast)
    page = anybody.get(reverse("open_data"), {"indicator": "cases_prosecuted"})
    told = {
        area.code: [each and (each.figure, each.status) for each in row]
        for area, row in page.context["table"].rows
    }
    years = page.context["table"].years

    at = years.index("2020")
    figure, status = told["10"][at]
    assert (int(figure.low), status) == (20, "reported")
    assert told["62"][at] == (None, "suppressed")
    assert "not published" in page.content.decode()
    assert "23" not in [cell for row in told.values() for cell in row]


def test_the_files_hold_the_whole_release(cast: Cast, anybody: Client) -> None:
    publish(cast)
    answer = anybody.get(reverse("open_data_csv"))
    rows = list(csv.DictReader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    told = json.loads(b"".join(anybody.get(reverse("open_data_json")).streaming_content))
    found = [row for row in rows if row["indicator"] == "cases_prosecuted" and row["year"] == "2020"]

    assert {(row["area"], row["value"], row["status"]) for row in found} >= {
        ("10", "20", "reported"),
        ("62", "", "suppressed"),
    }
    assert (len(told["data"]), told["release"], told["disclosure"]) == (
        len(rows),
        "2021-Q2",
        {"k": 10, "base": 10},
    )
    assert {row["licence"] for row in rows} == {told["licence"]} == {"CC BY 4.0"}
    assert told["licence_url"] == "https://creativecommons.org/licenses/by/4.0/"
    assert "2021-Q2" in answer["Content-Disposition"]


def test_an_indicator_that_is_not_published_is_not_found(cast: Cast, anybody: Client) -> None:
    publish(cast)

    assert anybody.get(reverse("open_data"), {"indicator": "victims_rescued"}).status_code == 404
    assert anybody.get(reverse("open_data"), {"indicator": "\0"}).status_code == 404


def test_before_the_first_release_the_page_says_so(anybody: Client, db: None) -> None:
    assert "Nothing is published yet" in anybody.get(reverse("open_data")).content.decode()


def test_the_page_asks_the_database_as_often_whatever_it_shows(
    cast: Cast, anybody: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    publish(cast)
    for code in ("cases_prosecuted", "communication_activities"):
        with django_assert_num_queries(4):
            anybody.get(reverse("open_data"), {"indicator": code})


def test_one_address_takes_the_whole_release_twenty_times_a_minute_at_most(
    cast: Cast, anybody: Client
) -> None:
    publish(cast)
    statuses = [anybody.get(reverse("open_data_csv")).status_code for _time in range(21)]

    assert statuses == [200] * 20 + [429]
