"""Activities over the API: figures as they were reported, the way from draft to approved, nothing overwritten."""

import uuid
from typing import Any

import pytest
from django.test import Client

from programs.models import Activity
from tests.cast import Cast
from tests.conftest import SignedIn

pytestmark = pytest.mark.django_db
ACTIVITIES = "/api/v1/activities/"


@pytest.fixture
def officer(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.people.filing_officer)


@pytest.fixture
def head(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.people.head_of_unit)


def typed(cast: Cast, **changed: Any) -> dict[str, Any]:
    return {
        "kind": "communication",
        "title": "Truyền thông tại chợ phiên",
        "agency": cast.agencies.bat_xat_police.pk,
        "area": cast.map.bat_xat.pk,
        "started_on": "2020-03-05",
        "ended_on": "2020-03-05",
        "narrative": "Tổ chức tại chợ.",
        "quantities": [
            {"measure": "attendances", "as_reported": "trên 6.770", "women": 300},
            {"measure": "leaflets", "as_reported": "hàng trăm"},
        ],
        "costs": [{"source": "local", "amount": 1_500_000}],
        **changed,
    }


def send(client: Client, address: str, body: Any = None, method: str = "post", **headers: str) -> Any:
    return getattr(client, method)(address, body or {}, content_type="application/json", headers=headers)


def test_a_figure_is_read_back_as_it_was_reported(officer: Client, cast: Cast) -> None:
    made = send(officer, ACTIVITIES, typed(cast))

    assert (made.status_code, made["ETag"], made.json()["state"]) == (201, '"v1"', "submitted")
    attendances, leaflets = made.json()["quantities"]
    assert (attendances["low"], attendances["high"], attendances["qualifier"]) == (6770, None, "over")
    assert (attendances["women"], leaflets["high"], leaflets["qualifier"]) == (300, 999, "words")
    assert made.json()["costs"] == [{"source": "local", "amount": 1_500_000}]


def test_a_key_sent_again_makes_no_second_record(officer: Client, cast: Cast) -> None:
    key = str(uuid.uuid4())
    first, second = (
        send(officer, ACTIVITIES, typed(cast), **{"Idempotency-Key": key}).json()["id"] for _ in range(2)
    )

    assert first == second
    assert send(officer, ACTIVITIES, typed(cast), **{"Idempotency-Key": "nope"}).status_code == 400


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"quantities": [{"measure": "people", "as_reported": "6,770"}]}, "quantities.0.as_reported"),
        ({"quantities": [{"measure": "people", "as_reported": "10", "women": 11}]}, "quantities"),
        ({"costs": [{"source": "local", "amount": 1}, {"source": "local", "amount": 2}]}, "costs"),
        ({"ended_on": "2020-03-01"}, "ended_on"),
        ({"title": "ẩn \x00"}, "title"),
        ({"agency": "Công an"}, "agency"),
        ({"occurrences": [{"venue": "Trường A", "held_on": "2021-01-01"}]}, "occurrences"),
    ],
)
def test_what_cannot_be_stored_is_answered_by_field(
    officer: Client, cast: Cast, changed: dict[str, Any], field: str
) -> None:
    refused = send(officer, ACTIVITIES, typed(cast, **changed))

    assert refused.status_code == 400
    assert {each["field"] for each in refused.json()["errors"]} == {field}
    assert not Activity.objects.unscoped("nothing was stored").exists()


def test_nobody_files_for_another_unit(officer: Client, cast: Cast) -> None:
    sister = {"agency": cast.agencies.si_ma_cai_police.pk, "area": cast.map.si_ma_cai.pk}

    assert send(officer, ACTIVITIES, typed(cast, **sister)).status_code == 403


def test_the_head_returns_and_approves_and_only_then_the_coordinator_sees_it(
    officer: Client, head: Client, cast: Cast, signed_in: SignedIn
) -> None:
    coordinator = signed_in(cast.people.coordinator)
    address = f"{ACTIVITIES}{send(officer, ACTIVITIES, typed(cast)).json()['id']}/"
    assert coordinator.get(address).status_code == 404
    assert send(officer, f"{address}approve/", **{"If-Match": '"v1"'}).status_code == 403

    back = send(head, f"{address}return/", {"reason": "Thiếu số xã."}, **{"If-Match": '"v1"'})
    assert (back.json()["state"], back.json()["return_reason"]) == ("returned", "Thiếu số xã.")
    mended = send(officer, address, typed(cast, narrative="Tại 03 xã."), "put", **{"If-Match": back["ETag"]})
    assert mended.json()["state"] == "submitted"
    assert send(head, f"{address}approve/", **{"If-Match": back["ETag"]}).status_code == 412
    approved = send(head, f"{address}approve/", **{"If-Match": mended["ETag"]})
    assert approved.json()["state"] == "approved"
    assert coordinator.get(address).json()["narrative"] == "Tại 03 xã."
    late = send(officer, f"{address}withdraw/", **{"If-Match": approved["ETag"]})
    assert late.status_code == 409


def test_a_change_for_an_older_version_is_refused_and_nothing_is_lost(officer: Client, cast: Cast) -> None:
    made = send(officer, ACTIVITIES, typed(cast, state="draft"))
    address = f"{ACTIVITIES}{made.json()['id']}/"
    send(officer, address, typed(cast, state="draft", title="Bản thứ hai"), "put", **{"If-Match": '"v1"'})
    late = send(officer, address, typed(cast, title="Bản thứ ba"), "put", **{"If-Match": '"v1"'})

    assert (late.status_code, late["ETag"]) == (412, '"v2"')
    assert officer.get(address).json()["title"] == "Bản thứ hai"


def test_the_list_is_narrowed_as_on_the_page(officer: Client, cast: Cast) -> None:
    send(officer, ACTIVITIES, typed(cast))
    send(officer, ACTIVITIES, typed(cast, title="Tập huấn", kind="training"))

    found = officer.get(ACTIVITIES, {"kind": "training"}).json()["results"]
    assert [row["title"] for row in found] == ["Tập huấn"]
    assert officer.get(ACTIVITIES, {"kind": "không có"}).status_code == 400


def test_of_several_sent_together_each_is_stored_or_refused_for_itself(officer: Client, cast: Cast) -> None:
    far = typed(cast, agency=cast.agencies.dak_ha_police.pk, area=cast.map.dak_ha.pk)
    items = [typed(cast), typed(cast, kind="party"), far, typed(cast, title="Lớp thứ hai")]
    key = str(uuid.uuid4())
    answers = [
        send(officer, f"{ACTIVITIES}bulk/", {"items": items}, **{"Idempotency-Key": key})
        for _time in range(2)
    ]
    results = answers[0].json()["results"]

    assert [each["status"] for each in results] == [201, 400, 403, 201]
    assert [each["field"] for each in results[1]["errors"]] == ["kind"]
    assert answers[1].json() == answers[0].json()
    stored = Activity.objects.unscoped("what was stored").values_list("pk", flat=True)
    assert set(stored) == {results[0]["id"], results[3]["id"]}


def test_no_more_than_a_hundred_are_sent_together(officer: Client, cast: Cast) -> None:
    refused = send(officer, f"{ACTIVITIES}bulk/", {"items": [typed(cast)] * 101})

    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "items")
    assert send(officer, f"{ACTIVITIES}bulk/", {"items": []}).status_code == 400
