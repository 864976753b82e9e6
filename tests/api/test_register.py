"""Documents, tasks and pilots over the API: the scope, the filters and the rules of the pages."""

import uuid
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.api.throttles import WriteThrottle
from accounts.models import AuditEvent
from programs.models import Assignment, Document, ProgressNote, Task
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.register import document, make_register

pytestmark = pytest.mark.django_db
DOCUMENTS = "/api/v1/documents/"


@pytest.fixture
def register(cast: Cast) -> dict[str, int]:
    return make_register(cast)


@pytest.fixture
def officer(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.people.filing_officer)


@pytest.fixture
def coordinator(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.people.coordinator)


def post(client: Client, address: str, body: Any) -> Any:
    return client.post(address, body, content_type="application/json")


def patch(client: Client, address: str, body: Any, **headers: str) -> Any:
    return client.patch(address, body, content_type="application/json", headers=headers)


def new_plan(cast: Cast, **changed: Any) -> dict[str, Any]:
    return {
        "kind": "plan",
        "number": "15/KH-UBND",
        "issued_on": "2021-05-20",
        "issuer": cast.agencies.lao_cai_police.pk,
        "area": cast.map.lao_cai.pk,
        "subject": "Phòng, chống mua bán người",
        **changed,
    }


def test_an_officer_is_given_the_documents_of_the_page_and_no_others(
    officer: Client, register: dict[str, int], cast: Cast
) -> None:
    sister = document(cast.agencies.si_ma_cai_police, cast.map.si_ma_cai, "Kế hoạch của huyện bạn")
    listed = {row["id"] for row in officer.get(DOCUMENTS).json()["results"]}

    assert listed == {register["plan"], register["own_plan"], register["letter"]}
    assert officer.get(f"{DOCUMENTS}{sister.pk}/").status_code == 404


def test_a_filter_of_the_page_narrows_the_answer(officer: Client, register: dict[str, int]) -> None:
    found = officer.get(DOCUMENTS, {"q": "ke hoach cua huyen"}).json()["results"]

    assert [row["id"] for row in found] == [register["own_plan"]]


def test_a_parameter_that_cannot_be_read_is_named_and_nothing_is_given(officer: Client) -> None:
    refused = officer.get(DOCUMENTS, {"issued_from": "hôm qua"})

    assert (refused.status_code, refused["Content-Type"]) == (400, "application/problem+json")
    assert [each["parameter"] for each in refused.json()["errors"]] == ["issued_from"]


def test_pages_follow_each_other_by_cursor_and_are_never_larger_than_two_hundred(
    officer: Client, cast: Cast
) -> None:
    made = [document(cast.agencies.bat_xat_police, cast.map.bat_xat, f"Kế hoạch {n}").pk for n in range(5)]
    page = officer.get(DOCUMENTS, {"per_page": "2"}).json()
    seen = [row["id"] for row in page["results"]]
    while page["next"]:
        page = officer.get(page["next"]).json()
        seen += [row["id"] for row in page["results"]]

    assert seen == made[::-1]
    for wrong in ("29127671324490655072256", "201", "0", "-1", "many", "2.5"):
        refused = officer.get(DOCUMENTS, {"per_page": wrong})
        assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (400, "per_page")


def test_the_coordinator_enters_a_document_and_changes_it_at_the_version_read(
    coordinator: Client, register: dict[str, int], cast: Cast
) -> None:
    made = post(
        coordinator,
        DOCUMENTS,
        new_plan(cast, rests_on=[{"kind": "based_on", "document": register["letter"]}]),
    )
    assert (made.status_code, made["ETag"]) == (201, '"v1"')
    assert made.json()["rests_on"] == [{"kind": "based_on", "document": register["letter"]}]

    address = f"{DOCUMENTS}{made.json()['id']}/"
    changed = patch(coordinator, address, {"signer": "Nguyễn Văn Mẫu"}, **{"If-Match": made["ETag"]})
    assert (changed.status_code, changed["ETag"]) == (200, '"v2"')

    late = patch(coordinator, address, {"signer": "Người khác"}, **{"If-Match": '"v1"'})
    assert (late.status_code, late["ETag"]) == (412, '"v2"')
    assert coordinator.get(address).json()["signer"] == "Nguyễn Văn Mẫu"
    assert patch(coordinator, address, {"signer": "x"}).status_code == 428
    assert patch(coordinator, address, {"signer": "x"}, **{"If-Match": "*"}).status_code == 400


def test_the_same_document_sent_twice_is_entered_once(coordinator: Client, cast: Cast) -> None:
    first, second = (post(coordinator, DOCUMENTS, new_plan(cast)).json()["id"] for _ in range(2))

    assert first == second


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"number": "không số"}, "number"),
        ({"issued_on": "2999-01-01"}, "issued_on"),
        ({"subject": "chữ \x07 ẩn"}, "subject"),
        ({"issuer": 10**12}, "issuer"),
        ({"rests_on": [{"kind": "based_on", "document": 10**12}]}, "rests_on.0.document"),
        ({"valid_from": "2021-06-01", "valid_to": "2021-05-01"}, "valid_to"),
    ],
)
def test_what_cannot_be_stored_is_answered_by_field(
    coordinator: Client, cast: Cast, changed: dict[str, Any], field: str
) -> None:
    refused = post(coordinator, DOCUMENTS, new_plan(cast, **changed))

    assert refused.status_code == 400
    assert [each["field"] for each in refused.json()["errors"]] == [field]
    assert not Document.objects.unscoped("nothing was stored").exists()


def test_an_officer_enters_nothing_in_the_register_of_the_province(officer: Client, cast: Cast) -> None:
    assert post(officer, DOCUMENTS, new_plan(cast)).status_code == 403


def test_a_refusal_is_noted_once(signed_in: SignedIn, cast: Cast) -> None:
    assert signed_in(cast.people.administrator).get(DOCUMENTS).status_code == 403

    noted = AuditEvent.objects.get(kind=AuditEvent.Kind.REFUSED)
    assert (noted.user, noted.about) == (cast.people.administrator, "api-document-list")


def test_a_document_of_another_province_cannot_be_rested_on(coordinator: Client, cast: Cast) -> None:
    far = document(cast.agencies.kon_tum_police, cast.map.kon_tum, "Kế hoạch của tỉnh khác")
    relation = {"kind": "based_on", "document": far.pk}
    refused = post(coordinator, DOCUMENTS, new_plan(cast, rests_on=[relation]))

    assert [each["field"] for each in refused.json()["errors"]] == ["rests_on.0.document"]


def test_a_body_that_is_nested_without_end_is_refused(coordinator: Client) -> None:
    nested = coordinator.post(DOCUMENTS, "[" * 100_000, content_type="application/json")

    assert nested.status_code == 400


def test_tasks_are_cut_all_or_none_and_given_to_units(
    coordinator: Client, register: dict[str, int], cast: Cast
) -> None:
    unit = {"agency": cast.agencies.bat_xat_police.pk, "area": cast.map.bat_xat.pk}
    sitting: dict[str, Any] = {
        "document": register["plan"],
        "after": 0,
        "units": [unit],
        "tasks": [
            {"number": "1", "text": "Tuyên truyền", "due_on": "2022-06-30"},
            {"number": "2", "text": "Tập huấn"},
        ],
    }
    broken = {**sitting, "tasks": [*sitting["tasks"], {"number": "3", "text": ""}]}
    refused = post(coordinator, "/api/v1/tasks/", broken)
    assert [each["field"] for each in refused.json()["errors"]] == ["tasks.2.text"]
    assert not Task.objects.filter(document=register["plan"]).exists()

    made = post(coordinator, "/api/v1/tasks/", sitting)
    assert [task["number"] for task in made.json()] == ["1", "2"]
    again = post(coordinator, "/api/v1/tasks/", sitting)
    assert [task["id"] for task in again.json()] == [task["id"] for task in made.json()]
    given = Assignment.objects.unscoped("what was given").filter(task__document=register["plan"])
    assert given.count() == 2


def test_a_unit_tells_progress_once_and_only_of_its_own_task(
    officer: Client, coordinator: Client, register: dict[str, int]
) -> None:
    address = f"/api/v1/assignments/{register['own_task']}/progress/"
    note = {"state": "in_progress", "text": "Đã làm hai xã.", "submission_key": str(uuid.uuid4())}
    told = [post(officer, address, note) for _ in range(2)]

    assert [each.status_code for each in told] == [201, 201]
    assert ProgressNote.objects.count() == 1
    assert officer.get(f"/api/v1/assignments/{register['own_task']}/").json()["state"] == "in_progress"
    assert [each["text"] for each in coordinator.get(address).json()] == ["Đã làm hai xã."]
    sister = f"/api/v1/assignments/{register['sister_task']}/progress/"
    assert post(officer, sister, note).status_code == 404
    assert post(coordinator, address, note).status_code == 403


def test_late_tasks_are_found_as_on_the_page(officer: Client, register: dict[str, int]) -> None:
    own = Assignment.objects.unscoped("made late").filter(pk=register["own_task"])
    own.update(due_on="2021-01-01")

    assert [
        row["is_late"] for row in officer.get("/api/v1/assignments/", {"state": "late"}).json()["results"]
    ] == [True]
    assert officer.get("/api/v1/assignments/", {"state": "done"}).json()["results"] == []


def test_lists_ask_the_database_as_often_for_three_rows_as_for_thirty(
    officer: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def ask(expected: int) -> None:
        with django_assert_num_queries(expected):
            officer.get(DOCUMENTS)

    for number in range(3):
        document(cast.agencies.bat_xat_police, cast.map.bat_xat, f"Kế hoạch {number}")
    ask(5)
    for number in range(27):
        document(cast.agencies.bat_xat_police, cast.map.bat_xat, f"Kế hoạch thêm {number}")
    ask(5)


def test_a_person_who_writes_too_fast_is_told_how_long_to_wait(
    coordinator: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WriteThrottle, "THROTTLE_RATES", {"write": "2/min"})
    statuses = [post(coordinator, DOCUMENTS, new_plan(cast)).status_code for _ in range(3)]
    refused = post(coordinator, DOCUMENTS, new_plan(cast))

    assert statuses == [201, 201, 429]
    assert 0 < int(refused["Retry-After"]) <= 60


def test_the_description_names_every_endpoint(client: Client, settings: Settings) -> None:
    described = client.get("/api/v1/schema/", headers={"accept": "application/json"}).json()

    assert described["openapi"].startswith("3.1")
    assert {"/api/v1/documents/", "/api/v1/tasks/", "/api/v1/assignments/{id}/progress/"} <= set(
        described["paths"]
    )
