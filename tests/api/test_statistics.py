"""Statistics over the API: many figures in one answer, true inside the scope, and never more than asked in time."""

from __future__ import annotations

import csv
import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from programs.models import ActivityKind, Measure
from reporting.figures.answers import REMEMBERED
from reporting.models import AnswerStamp
from reporting.services.releases import release_statistics
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.reporting.records import activity, case, load_catalogue, obligation, roll_up, submission
from tests.signing_in import sign_in_by_force

pytestmark = pytest.mark.django_db
STATISTICS = "/api/v1/statistics/"


@pytest.fixture
def coordinator(cast: Cast, signed_in: SignedIn) -> Client:
    load_catalogue()
    return signed_in(cast.people.coordinator)


def ask(client: Client, headers: dict[str, str] | None = None, **asked: str) -> Any:
    given = {"indicator": "cases_prosecuted", "area": "10", "period": "2020-H1", **asked}
    return client.get(STATISTICS, given, headers={"Accept-Language": "en", **(headers or {})})


def prosecute(cast: Cast, times: int = 1) -> None:
    for _case in range(times):
        case(cast.agencies.bat_xat_police, cast.map.bat_xat, prosecuted_on=dt.date(2020, 3, 5))


def test_one_figure_is_told_with_its_area_period_status_and_coverage(coordinator: Client, cast: Cast) -> None:
    prosecute(cast)
    submission(obligation(cast.agencies.bat_xat_police, cast.map.bat_xat), is_nil=False)
    obligation(cast.agencies.si_ma_cai_police, cast.map.si_ma_cai)
    told = ask(coordinator).json()

    assert told["meta"]["periods"] == [
        {"code": "2020-H1", "start": "2019-12-15", "end": "2020-06-14", "rule": "ND09/2019"}
    ]
    assert told["meta"]["map"] == "then"
    assert told["meta"]["disclosure"] == {"k": 10, "base": 10, "applied": False, "release": None}
    assert told["meta"]["licence"] is None
    (row,) = told["data"]
    assert row["area"] == {"code": "10", "level": "province", "name": "Tỉnh Lào Cai"}
    assert (row["value"], row["qualifier"], row["status"], row["disclosure"]) == (1, None, "reported", None)
    assert row["coverage"] == {"expected": 2, "reported": 1, "nil": 0}


def test_many_indicators_areas_periods_and_parts_come_in_one_answer(coordinator: Client, cast: Cast) -> None:
    prosecute(cast, 2)
    told = ask(
        coordinator,
        indicator="cases_prosecuted,cases_detected",
        level="district",
        period="2020-H1,2019-H1",
        by="offence",
        compare="previous",
    ).json()["data"]
    found = [
        (row["area"]["code"], row["by"], row["value"], row["change"]["direction"])
        for row in told
        if row["indicator"] == "cases_prosecuted" and row["value"]
    ]

    assert ("082", {}, 2, "not_comparable") in found
    assert ("082", {"offence": "150"}, 2, "not_comparable") in found
    assert {row["area"]["code"] for row in told} >= {"082", "084"}
    assert {row["area"]["level"] for row in told} == {"district"}


def test_what_is_outside_the_scope_is_withheld_and_marked(coordinator: Client, cast: Cast) -> None:
    for _case in range(3):
        case(cast.agencies.kon_tum_police, cast.map.kon_tum, prosecuted_on=dt.date(2020, 3, 5))
    release_statistics(today=dt.date(2021, 5, 5))
    told = ask(coordinator, area="62", period="2020").json()

    assert told["meta"]["disclosure"] == {"k": 10, "base": 10, "applied": True, "release": "2021-Q2"}
    assert told["meta"]["licence"]["name"] == "CC BY 4.0"
    (row,) = told["data"]
    assert (row["value"], row["status"], row["disclosure"]) == (None, "suppressed", "withheld")


def test_etag_and_last_modified_change_exactly_when_a_figure_does(coordinator: Client, cast: Cast) -> None:
    prosecute(cast)
    first = ask(coordinator)
    AnswerStamp.objects.update(changed_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    again = ask(coordinator)
    same = ask(coordinator, headers={"If-None-Match": first["ETag"]})
    assert (again["ETag"], again["Last-Modified"]) == (first["ETag"], "Thu, 01 Jan 2026 00:00:00 GMT")
    assert (same.status_code, same.content) == (304, b"")
    assert ask(coordinator, headers={"If-Modified-Since": again["Last-Modified"]}).status_code == 304

    prosecute(cast)
    changed = ask(coordinator, headers={"If-None-Match": first["ETag"]})
    assert (changed.status_code, changed.json()["data"][0]["value"]) == (200, 2)
    assert changed["ETag"] != first["ETag"]
    assert changed["Last-Modified"] != again["Last-Modified"]


@pytest.mark.parametrize(
    ("changed", "parameter"),
    [
        ({"indicator": "no_such_thing"}, "indicator"),
        ({"indicator": ""}, "indicator"),
        ({"indicator": "\0"}, "indicator"),
        ({"indicator": ",".join(f"a{n}" for n in range(51))}, "indicator"),
        ({"area": "ZZ"}, "area"),
        ({"area": "\0"}, "area"),
        ({"level": "street"}, "level"),
        ({"period": "soon"}, "period"),
        ({"period": ""}, "period"),
        ({"by": "colour"}, "by"),
        ({"indicator": "tips_classified", "by": "sex"}, "by"),
        ({"map": "old"}, "map"),
        ({"output": "xml"}, "output"),
        ({"compare": "next"}, "compare"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_parameter_that_cannot_be_read_is_named_with_the_remedy(
    coordinator: Client, changed: dict[str, str], parameter: str
) -> None:
    refused = ask(coordinator, **changed)

    assert (refused.status_code, refused["Content-Type"]) == (400, "application/problem+json")
    (error,) = refused.json()["errors"]
    assert error["parameter"] == parameter
    assert error["message"]


def test_errors_are_told_in_the_language_the_program_asks_for(coordinator: Client, cast: Cast) -> None:
    client = Client()
    sign_in_by_force(client, cast.people.coordinator)
    english = client.get(STATISTICS, headers={"Accept-Language": "en"}).json()

    assert english["title"] == "A parameter cannot be read"
    assert client.get(STATISTICS)["Content-Language"] == "vi"


def test_a_question_that_is_too_large_is_refused_before_a_figure_is_looked_at(
    coordinator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reporting.statistics.asking.MOST_FIGURES", 3)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        refused = ask(coordinator, area="082,084", period="2020-H1,2019-H1")

    assert refused.status_code == 400
    assert "4 figures" in refused.json()["errors"][0]["message"]
    assert not [query for query in seen if "reporting_fact" in query["sql"]]


def test_an_answer_takes_five_statements_and_four_when_it_did_not_change_however_many_figures_are_asked(
    coordinator: Client, cast: Cast
) -> None:
    prosecute(cast, 2)
    activity(cast.agencies.bat_xat_police, cast.map.bat_xat, kind=ActivityKind.COMMUNICATION)
    roll_up()

    def statements(**asked: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert ask(coordinator, **asked).status_code == 200
        return len(seen)

    def both(**asked: str) -> tuple[int, int]:
        ask(coordinator, **asked)
        REMEMBERED.clear()
        return statements(**asked), statements(**asked)

    many = {
        "indicator": "cases_prosecuted,cases_detected,tips_received,communication_activities",
        "level": "district",
        "period": "2020-H1,2020-H2,2020",
    }
    # The session, who reads it, what the question names, what units said, what the records add up to; or the look
    # whether anything of it has changed.
    assert (both(), both(**many)) == ((5, 4), (5, 4))


def test_csv_opens_in_a_spreadsheet_and_holds_the_same_figures(coordinator: Client, cast: Cast) -> None:
    prosecute(cast, 2)
    answer = ask(coordinator, output="csv", area="082,084")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(text)))

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert [(row["area"], row["value"], row["status"]) for row in rows] == [
        ("082", "2", "reported"),
        ("084", "", "missing"),
    ]


def test_json_stat_is_a_cube_of_all_that_was_asked(coordinator: Client, cast: Cast) -> None:
    prosecute(cast, 2)
    cube = ask(coordinator, output="jsonstat", area="082,084", period="2019-H1,2020-H1").json()

    assert (cube["version"], cube["class"]) == ("2.0", "dataset")
    assert (cube["id"], cube["size"]) == (["indicator", "area", "period", "part"], [1, 2, 2, 1])
    assert cube["value"] == [None, 2, None, None]
    assert cube["status"]["0"] == "missing"


def test_a_large_answer_is_sent_packed(coordinator: Client) -> None:
    answer = ask(coordinator, headers={"Accept-Encoding": "gzip"}, period="2020,2019,2018,2017")

    assert answer["Content-Encoding"] == "gzip"


def test_figures_are_those_of_a_count_over_the_records_cell_by_cell(coordinator: Client, cast: Cast) -> None:
    places = [cast.map.bat_xat, cast.map.si_ma_cai]
    for number in range(12):
        area = places[number % 2]
        activity(
            cast.agencies.bat_xat_police if area == places[0] else cast.agencies.si_ma_cai_police,
            area,
            kind=ActivityKind.COMMUNICATION,
            on=dt.date(2020, 1 + number % 12, 3),
            says={Measure.ATTENDANCES: number + 1},
        )
    roll_up()
    told = ask(
        coordinator, indicator="communication_attendances", area="082,084", period="2020-H1,2020-H2"
    ).json()["data"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.code, CASE WHEN a.ended_on <= '2020-06-14' THEN '2020-H1' ELSE '2020-H2' END, sum(q.low)"
            " FROM programs_activity a JOIN programs_activityquantity q ON q.activity_id = a.id"
            " JOIN territory_area d ON d.id = a.area_id WHERE a.ended_on BETWEEN '2019-12-15' AND '2020-12-14'"
            " GROUP BY 1, 2"
        )
        counted = {(code, half): int(low) for code, half, low in cursor.fetchall()}

    assert {(row["area"]["code"], row["period"]): row["value"] for row in told} == counted


def test_the_figures_of_one_agency_are_told_inside_the_scope_and_of_people_not_outside(
    coordinator: Client, cast: Cast
) -> None:
    prosecute(cast, 2)
    case(cast.agencies.si_ma_cai_police, cast.map.si_ma_cai, prosecuted_on=dt.date(2020, 3, 5))
    of = {name: str(getattr(cast.agencies, name).pk) for name in ("bat_xat_police", "kon_tum_police")}
    for _case in range(30):
        case(cast.agencies.kon_tum_police, cast.map.kon_tum, prosecuted_on=dt.date(2020, 3, 5))
    release_statistics(today=dt.date(2021, 5, 5))
    (own,) = ask(coordinator, agency=of["bat_xat_police"]).json()["data"]
    (whole,) = ask(coordinator, area="62", period="2020").json()["data"]
    (one,) = ask(coordinator, area="62", period="2020", agency=of["kon_tum_police"]).json()["data"]

    assert own["value"] == 2
    assert (whole["value"], whole["disclosure"]) == (30, "rounded")
    assert (one["value"], one["status"], one["disclosure"]) == (None, "suppressed", "withheld")


@pytest.mark.parametrize(
    ("asked", "remedy"),
    [
        ({"agency": "0"}, "/api/v1/agencies/"),
        ({"agency": "police"}, "/api/v1/agencies/"),
        ({"agency": "9" * 18}, "/api/v1/agencies/"),
        ({"agency_kind": "police"}, "ask for each by “agency”"),
    ],
)
def test_an_agency_that_is_none_and_a_kind_of_agency_are_named(
    coordinator: Client, asked: dict[str, str], remedy: str
) -> None:
    refused = ask(coordinator, **asked)
    (fault,) = refused.json()["errors"]

    assert (refused.status_code, fault["parameter"]) == (400, next(iter(asked)))
    assert remedy in fault["message"]
