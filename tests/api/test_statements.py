"""Statements, models, pilots, programmes and registers over the API: what the pages do, in the same scope."""

import uuid
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Notice, Notification
from programs.models import PreventionModel, Programme, Recommendation, Target
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.register import document
from tests.statements.stating import club, provincial_officer, recommended, stated

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def officer(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.people.filing_officer)


@pytest.fixture
def coordinator(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.people.coordinator)


def send(client: Client, address: str, body: Any = None, method: str = "post", **headers: str) -> Any:
    return getattr(client, method)(
        f"{API}/{address}", body or {}, content_type="application/json", headers=headers
    )


def fields_of(refused: Any) -> list[str]:
    return [each["field"] for each in refused.json()["errors"]]


def difficulty(cast: Cast, **changed: Any) -> dict[str, Any]:
    return {
        "agency": cast.agencies.bat_xat_police.pk,
        "area": cast.map.bat_xat.pk,
        "period": "2020-H1",
        "text": "Thiếu cán bộ biết tiếng dân tộc.",
        **changed,
    }


# --- statements ---


def test_a_difficulty_is_filed_once_and_changed_at_the_version_read(officer: Client, cast: Cast) -> None:
    key = str(uuid.uuid4())
    made, again = (
        send(officer, "difficulties/", difficulty(cast), **{"Idempotency-Key": key}) for _ in range(2)
    )
    assert (made.status_code, made["ETag"], again.json()["id"]) == (201, '"v1"', made.json()["id"])
    assert (made.json()["period"], made.json()["state"]) == ("2020-H1", "open")

    address = f"difficulties/{made.json()['id']}/"
    mended = difficulty(cast, state="overcome", overcome_on="2020-06-01", note="Đã cử người học.")
    changed = send(officer, address, mended, "put", **{"If-Match": made["ETag"]})
    assert (changed.status_code, changed.json()["state"]) == (200, "overcome")
    late = send(officer, address, difficulty(cast), "put", **{"If-Match": '"v1"'})
    assert (late.status_code, late["ETag"]) == (412, '"v2"')
    assert send(officer, address, difficulty(cast), "put").status_code == 428


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"period": "năm ngoái"}, "period"),
        ({"period": "2999"}, "period"),
        ({"text": ""}, "text"),
        ({"text": "ẩn \x07"}, "text"),
        ({"state": "overcome"}, "overcome_on"),
        ({"area": 10**12}, "area"),
    ],
)
def test_a_difficulty_that_cannot_be_stored_is_answered_by_field(
    officer: Client, cast: Cast, changed: dict[str, Any], field: str
) -> None:
    refused = send(officer, "difficulties/", difficulty(cast, **changed))

    assert (refused.status_code, fields_of(refused)) == (400, [field])


def test_nobody_states_anything_for_another_unit(officer: Client, coordinator: Client, cast: Cast) -> None:
    sister = {"agency": cast.agencies.si_ma_cai_police.pk, "area": cast.map.si_ma_cai.pk}
    own = stated(cast)

    assert send(officer, "difficulties/", difficulty(cast, **sister)).status_code == 403
    assert send(coordinator, "difficulties/", difficulty(cast)).status_code == 403
    changed = send(coordinator, f"difficulties/{own.pk}/", difficulty(cast), "put", **{"If-Match": '"v1"'})
    assert changed.status_code == 403


def test_statements_are_narrowed_as_on_the_page(officer: Client, cast: Cast) -> None:
    first, _second = stated(cast), stated(cast, text="Thiếu kinh phí.", state="in_hand")
    direction = stated(cast, "direction", text="Tiếp tục tuyên truyền.")

    def found(address: str, **asked: str) -> list[int]:
        return [row["id"] for row in officer.get(f"{API}/{address}", asked).json()["results"]]

    assert found("difficulties/", q="dia hinh") == [first.pk]
    assert found("difficulties/", state="open") == [first.pk]
    assert found("directions/", state="open") == []
    assert found("directions/") == [direction.pk]
    refused = officer.get(f"{API}/difficulties/", {"period": "2020-H9"})
    assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (400, "period")


def test_the_higher_body_answers_and_the_unit_is_told(
    officer: Client, cast: Cast, signed_in: SignedIn
) -> None:
    asked = signed_in(provincial_officer(cast))
    body = {**difficulty(cast), "addressed_to": cast.agencies.lao_cai_police.pk}
    made = send(officer, "recommendations/", body)
    assert made.json()["addressee"] == cast.agencies.lao_cai_police.name
    address = f"recommendations/{made.json()['id']}"

    assert send(asked, f"{address}/receive/").json()["state"] == "received"
    answer = {"outcome": "accept", "text": "Đồng ý bổ sung.", "answered_on": "2020-07-01"}
    assert send(officer, f"{address}/answer/", answer).status_code == 403
    assert fields_of(send(asked, f"{address}/answer/", {**answer, "text": ""})) == ["text"]
    answered = send(asked, f"{address}/answer/", answer).json()
    assert (answered["state"], answered["answering_agency"]["id"]) == (
        "accepted",
        cast.agencies.lao_cai_police.pk,
    )
    assert Notification.objects.filter(
        user=cast.people.filing_officer, kind=Notice.RECOMMENDATION_MOVED
    ).exists()
    assert send(officer, f"{address}/withdraw/").status_code == 409
    assert Recommendation.objects.unscoped("what was stored").get().state == "accepted"


def test_the_document_of_an_answer_is_told_only_to_who_may_see_it(
    officer: Client, coordinator: Client, cast: Cast
) -> None:
    one = recommended(cast, addressed_to=None, addressee="Ủy ban nhân dân tỉnh")
    paper = document(cast.agencies.si_ma_cai_police, cast.map.si_ma_cai, "Trả lời kiến nghị")
    answer = {"outcome": "refuse", "text": "Không có nguồn.", "answered_on": "2020-07-01"}
    address = f"recommendations/{one.pk}/answer/"

    assert fields_of(send(coordinator, address, answer)) == ["document"]
    told = send(coordinator, address, {**answer, "document": paper.pk})
    assert (told.status_code, told.json()["answer_document"]) == (200, paper.pk)
    assert officer.get(f"{API}/recommendations/{one.pk}/").json()["answer_document"] is None


# --- models ---


def model(cast: Cast, **changed: Any) -> dict[str, Any]:
    return {
        "kind": "club",
        "name": "Câu lạc bộ phụ nữ Y Tý",
        "agency": cast.agencies.bat_xat_police.pk,
        "area": cast.map.y_ty.pk,
        "since": "2019-03-08",
        "members": "hơn 30",
        **changed,
    }


def test_a_model_is_entered_assessed_made_anew_paused_and_stopped(
    officer: Client, coordinator: Client, cast: Cast
) -> None:
    made = send(officer, "models/", model(cast))
    told = made.json()
    assert (made.status_code, told["members"], told["members_low"]) == (201, "over 30", 30)
    address = f"models/{told['id']}"

    key = {"Idempotency-Key": str(uuid.uuid4())}
    found = {"assessed_on": "2020-03-08", "text": "Có hiệu quả.", "verdict": "replicate"}
    assert [send(officer, f"{address}/assess/", found, **key).status_code for _ in range(2)] == [201, 201]
    assert len(officer.get(f"{API}/{address}/").json()["assessments"]) == 1

    unit = {"agency": cast.agencies.si_ma_cai_police.pk, "area": cast.map.si_ma_cai.pk}
    anew = {"since": "2021-03-08", "units": [unit]}
    assert send(officer, f"{address}/replicate/", anew).status_code == 403
    copies = send(coordinator, f"{address}/replicate/", anew).json()
    assert [(copy["copied_from"], copy["members"]) for copy in copies] == [(told["id"], None)]

    assert send(officer, f"{address}/pause/").json()["state"] == "paused"
    assert send(coordinator, f"{address}/replicate/", anew).status_code == 409
    stop = {"ended_on": "2021-12-31", "end_reason": "Hết kinh phí."}
    assert send(officer, f"{address}/stop/", stop).json()["state"] == "stopped"
    assert send(officer, f"{address}/resume/").status_code == 409


def test_a_model_is_changed_at_the_version_read(officer: Client, cast: Cast) -> None:
    made = send(officer, "models/", model(cast))
    address = f"models/{made.json()['id']}/"
    changed = send(officer, address, model(cast, members=None), "put", **{"If-Match": made["ETag"]})

    assert (changed.json()["version"], changed.json()["members"]) == (2, None)
    assert send(officer, address, model(cast), "put", **{"If-Match": made["ETag"]}).status_code == 412
    assert fields_of(send(officer, "models/", model(cast, members="3,000"))) == ["members"]
    assert fields_of(send(officer, "models/", model(cast, since="2999-01-01"))) == ["since"]
    assert PreventionModel.objects.unscoped("only the first was stored").count() == 1


def test_the_origin_of_a_copy_is_told_only_to_who_may_see_it(
    coordinator: Client, cast: Cast, signed_in: SignedIn
) -> None:
    origin = club(cast)
    unit = {"agency": cast.agencies.lao_cai_women.pk, "area": cast.map.lao_cai.pk}
    body = {"since": "2021-03-08", "units": [unit]}
    copy = send(coordinator, f"models/{origin.pk}/replicate/", body).json()[0]
    steering = signed_in(cast.people.steering_member).get(f"{API}/models/{copy['id']}/").json()

    assert (copy["copied_from"], steering["copied_from"]) == (origin.pk, origin.pk)
    assert signed_in(cast.people.stranger).get(f"{API}/models/{copy['id']}/").status_code == 404


def test_lists_ask_the_database_as_often_for_two_rows_as_for_ten(
    coordinator: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def ask(statements: dict[str, int]) -> None:
        for address, number in statements.items():
            with django_assert_num_queries(number, info=address):
                coordinator.get(f"{API}/{address}/")

    pinned = {"difficulties": 3, "recommendations": 3, "models": 5}
    for _ in range(2):
        stated(cast), recommended(cast), club(cast)
    ask(pinned)
    for _ in range(8):
        stated(cast), recommended(cast), club(cast)
    ask(pinned)


# --- pilots ---


def pilot(cast: Cast, plan: int, **changed: Any) -> dict[str, Any]:
    return {
        "document": plan,
        "name": "Thí điểm tại hai huyện",
        "areas": [cast.map.bat_xat.pk, cast.map.si_ma_cai.pk],
        "lead": cast.agencies.lao_cai_police.pk,
        "starts_on": "2021-05-01",
        "ends_on": "2022-06-30",
        **changed,
    }


def test_the_coordinator_starts_changes_assesses_and_stops_a_pilot(coordinator: Client, cast: Cast) -> None:
    plan = document(cast.agencies.lao_cai_police, cast.map.lao_cai, "Kế hoạch thí điểm")
    made = send(coordinator, "pilots/", pilot(cast, plan.pk))
    assert (made.status_code, len(made.json()["areas"])) == (201, 2)
    assert fields_of(send(coordinator, "pilots/", pilot(cast, plan.pk))) == ["document"]
    address = f"pilots/{made.json()['id']}"

    longer = pilot(cast, plan.pk, ends_on="2022-12-31")
    changed = send(coordinator, f"{address}/", longer, "put", **{"If-Match": made["ETag"]})
    assert changed.json()["ends_on"] == "2022-12-31"
    figures = {
        "occasion": "baseline",
        "figures": [{"name": "Vụ mua bán người", "unit": "vụ", "as_reported": "12"}],
    }
    assert send(coordinator, f"{address}/figures/", figures).json()["figures"][0]["as_reported"] == "12"
    final = {"occasion": "final", "assessed_on": "2022-07-01", "text": "Đạt mục tiêu."}
    assert send(coordinator, f"{address}/assess/", final).json()["assessments"][0]["text"] == "Đạt mục tiêu."
    stop = {"decided_on": "2022-07-02", "reason": "Đã xong.", "open_tasks": 1}
    assert send(coordinator, f"{address}/stop/", stop).status_code == 400
    stopped = send(coordinator, f"{address}/stop/", {**stop, "open_tasks": 0}).json()
    assert (stopped["decision"], stopped["decision_reason"]) == ("stop", "Đã xong.")


def test_the_tasks_of_a_pilot_are_made_anew_under_a_plan_of_the_own_register(
    coordinator: Client, cast: Cast
) -> None:
    plan, next_plan = (
        document(cast.agencies.lao_cai_police, cast.map.lao_cai, f"Kế hoạch {number}") for number in range(2)
    )
    far = document(cast.agencies.kon_tum_police, cast.map.kon_tum, "Kế hoạch của tỉnh khác")
    cut = {"document": plan.pk, "after": 0, "tasks": [{"number": "1", "text": "Tuyên truyền"}]}
    task = send(coordinator, "tasks/", cut).json()[0]
    made = send(coordinator, "pilots/", pilot(cast, plan.pk)).json()
    unit = {"agency": cast.agencies.si_ma_cai_police.pk, "area": cast.map.si_ma_cai.pk}
    body = {"units": [unit], "starts_on": "2022-09-01", "due_on": "2023-06-30"}
    address = f"pilots/{made['id']}/replicate/"

    assert fields_of(send(coordinator, address, {**body, "document": far.pk})) == ["document"]
    anew = send(coordinator, address, {**body, "document": next_plan.pk})
    assert [each["copied_from"] for each in anew.json()] == [task["id"]]


def test_pilots_are_found_by_words_area_and_decision(coordinator: Client, cast: Cast) -> None:
    plan = document(cast.agencies.lao_cai_police, cast.map.lao_cai, "Chỉ đạo điểm")
    made = send(coordinator, "pilots/", pilot(cast, plan.pk, areas=[cast.map.bat_xat.pk])).json()["id"]

    def found(**asked: Any) -> list[int]:
        return [row["id"] for row in coordinator.get(f"{API}/pilots/", asked).json()["results"]]

    assert found(q="thi diem hai huyen") == [made]
    assert found(q="chi dao diem", area=cast.map.bat_xat.pk, decision="open") == [made]
    assert found(decision="stop") == found(q="khác") == []
    assert coordinator.get(f"{API}/pilots/", {"area": cast.map.si_ma_cai.pk}).status_code == 400


# --- programmes, registers ---


def test_a_target_is_judged_for_own_units_only(officer: Client, cast: Cast) -> None:
    programme = Programme.objects.create(
        code="thu-nghiem", name="Giai đoạn thử", starts_on="2016-01-01", ends_on="2020-12-31"
    )
    Target.objects.create(programme=programme, text="Giải quyết 90% tin báo", value=90)
    told = officer.get(f"{API}/programmes/thu-nghiem/targets/", {"year": 2019}).json()

    own = f"{cast.map.bat_xat.pk}-{cast.agencies.bat_xat_police.pk}"
    assert (told["unit"], told["units"], told["period_start"]) == (own, [own], "2018-12-15")
    assert [(each["verdict"], bool(each["why"])) for each in told["findings"]] == [("not_measurable", True)]
    assert officer.get(f"{API}/programmes/thu-nghiem/").json()["targets"][0]["value"] == 90
    for asked in ({"unit": str(cast.map.lao_cai.pk)}, {"year": "2030"}):
        refused = officer.get(f"{API}/programmes/thu-nghiem/targets/", asked)
        assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (400, *asked)


def test_a_register_is_begun_and_kept_at_the_version_read(officer: Client, cast: Cast) -> None:
    activity = {
        "kind": "training",
        "title": "Tập huấn nhận biết nạn nhân",
        "agency": cast.agencies.bat_xat_police.pk,
        "area": cast.map.bat_xat.pk,
        "started_on": "2020-03-05",
        "ended_on": "2020-03-05",
        "narrative": "Tổ chức tại huyện.",
        "state": "draft",
    }
    address = f"activities/{send(officer, 'activities/', activity).json()['id']}/register/"
    assert officer.get(f"{API}/{address}").status_code == 404
    row = {"agency": cast.agencies.bat_xat_police.pk, "offered": 10, "attended": 9, "attended_women": 4}
    body = {"topic": "Nhận biết nạn nhân", "average_after": "8.5", "taken_after": 9, "places": [row]}

    assert send(officer, address, body, "put").status_code == 428
    kept = send(officer, address, body, "put", **{"If-Match": '"v0"'})
    assert (kept.status_code, kept["ETag"], kept.json()["places"][0]["attended"]) == (200, '"v1"', 9)
    more = {**body, "places": [{**row, "attended_women": 10}]}
    assert fields_of(send(officer, address, more, "put", **{"If-Match": '"v1"'})) == ["places"]
    nobody = {**body, "places": [{"attended": 3}]}
    assert fields_of(send(officer, address, nobody, "put", **{"If-Match": '"v1"'})) == ["places.0.agency"]
    assert send(officer, address, {**body, "days": 2}, "put", **{"If-Match": '"v0"'}).status_code == 412
