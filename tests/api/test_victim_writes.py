"""Files of victims and their support written over the API: under codes, and never who a person is."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role, SentRequest
from tests.api.sending import API, faults, send
from tests.cast import Cast, person
from tests.conftest import SignedIn
from tests.victims.files import NAME, file_of, with_identity
from victims.models import SupportService, Victim

pytestmark = pytest.mark.django_db


def new_file(cast: Cast, **changed: Any) -> dict[str, Any]:
    held = cast.people.case_worker.memberships.get()
    return {
        "unit": f"{held.agency_id}-{held.area_id}",
        "circle": "victim",
        "status": "confirmed",
        "decided_on": "2024-03-05",
        "arrival": "received",
        "arrived_on": "2024-03-05",
        "sex": "female",
        "age": 22,
        "minority": "unknown",
        "nationality": "VN",
        "education": "unknown",
        "occupation": "unknown",
        "recruiter_relation": "unknown",
        "channel": "unknown",
        "purposes": ["forced_marriage"],
        "no_secrets": True,
        **changed,
    }


def test_a_file_is_made_and_changed_under_its_code(cast: Cast, worker: Client) -> None:
    made = send(worker, "victims", new_file(cast))
    told = made.json()
    assert (made.status_code, told["status"], told["age_band"]) == (201, "confirmed", "adult")
    only_new = ("unit", "status", "decided_on")
    change = {name: value for name, value in new_file(cast, age=24).items() if name not in only_new}
    one = f"victims/{told['code']}"

    assert send(worker, one, change, method="put").status_code == 428
    changed = send(worker, one, change, method="put", version=told["version"])
    assert (changed.status_code, changed["ETag"]) == (200, f'"v{told["version"] + 1}"')
    late = send(worker, one, {**change, "age": 30}, method="put", version=told["version"])
    assert late.status_code == 412
    assert faults(send(worker, "victims", new_file(cast, case_code="VA-1"))) == {
        "case_code": "This field is not known here."
    }


def test_support_is_begun_served_and_closed_by_the_head(
    cast: Cast, worker: Client, signed_in: SignedIn
) -> None:
    victim = file_of(cast.people.case_worker)
    head = signed_in(person("lanh.dao.ho.tro@example.vn", (Role.HEAD_OF_UNIT, victim.agency)))
    one = f"victims/{victim.code}"
    service = {
        "victim": victim.code,
        "kind": "medical",
        "provider": "Bệnh viện huyện",
        "starts_on": "2024-03-06",
        "amount": 1_250_000,
        "funding": "local",
    }
    assert send(worker, "services", service).status_code == 409
    assert worker.get(f"{API}/{one}/support/").status_code == 404
    begun = send(worker, f"{one}/support", {"needs": ["medical"]}, method="put", version=0)
    assert (begun.status_code, begun["ETag"], begun.json()["state"]) == (200, '"v1"', "open")
    assert send(worker, f"{one}/support", {"needs": []}, method="put", version=0).status_code == 412
    given = send(worker, "services", service)
    assert (given.status_code, given.json()["amount"]) == (201, 1_250_000)
    assert send(worker, f"{one}/goals", {"text": "Học nghề may"}).status_code == 200
    asked = send(worker, f"{one}/ask-closure", {"outcome": "reintegrated"})
    assert asked.json()["support"] == "closure_asked"
    assert send(worker, f"{one}/approve-closure").status_code == 404
    assert send(head, f"{one}/return-closure", {"reason": "Chưa học xong."}).json()["support"] == "open"
    assert send(head, f"{one}/approve-closure").status_code == 409
    send(worker, f"{one}/ask-closure", {"outcome": "reintegrated"})
    assert send(head, f"{one}/approve-closure").json()["support"] == "closed"


def test_what_another_unit_cares_for_does_not_exist(cast: Cast, worker: Client, signed_in: SignedIn) -> None:
    victim = file_of(cast.people.case_worker)
    stranger = signed_in(cast.people.head_of_unit)

    assert send(stranger, f"victims/{victim.code}/approve-closure").status_code == 404
    assert send(signed_in(cast.people.coordinator), "victims", new_file(cast)).status_code == 403
    assert send(worker, "services", {"victim": "NN-AAAAAA"}).status_code == 404
    assert list(faults(send(worker, "victims", new_file(cast, unit="1-1")))) == ["unit"]


def test_nothing_that_names_a_person_goes_in_or_out(cast: Cast, worker: Client) -> None:
    victim = with_identity(cast.people.case_worker, file_of(cast.people.case_worker))
    one = f"victims/{victim.code}"
    send(worker, f"{one}/support", {"needs": []}, method="put", version=0)
    refused = send(worker, f"{one}/goals", {"text": f"Gặp {NAME} mỗi tuần"})

    assert list(faults(refused)) == ["text"]
    for part in ("identity", "account", "narrative", "files"):
        assert worker.get(f"{API}/{one}/{part}/").status_code == 404
        assert send(worker, f"{one}/{part}", {"text": "x"}).status_code == 404


def test_a_file_sent_twice_is_made_once_and_kept_by_its_code_alone(cast: Cast, worker: Client) -> None:
    key = str(uuid.uuid4())
    first, again = (send(worker, "victims", new_file(cast), key=key) for _time in range(2))

    assert again.json() == first.json() and again["Idempotency-Replayed"] == "true"
    assert Victim.objects.unscoped("the test's").count() == 1
    assert SentRequest.objects.get().answer == {"code": first.json()["code"]}
    assert not SupportService.objects.exists()
