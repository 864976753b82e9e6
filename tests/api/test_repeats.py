"""Requests that are sent again, and answers that are cut to the fields asked for."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client

from accounts.api.repeats import forget_sent_requests
from accounts.models import SentRequest
from programs.models import Document
from tests.api.test_register import DOCUMENTS, new_plan
from tests.cast import Cast
from tests.conftest import SignedIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.people.coordinator)


def send(client: Client, body: Any, key: str) -> Any:
    return client.post(DOCUMENTS, body, content_type="application/json", headers={"Idempotency-Key": key})


def documents() -> int:
    count: int = Document.objects.unscoped("counts what the test made").count()
    return count


def test_a_request_sent_again_makes_nothing_and_gets_the_same_answer(coordinator: Client, cast: Cast) -> None:
    key = str(uuid.uuid4())
    first, again = (send(coordinator, new_plan(cast), key) for _time in range(2))

    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.json(), again["ETag"]) == (first.json(), first["ETag"])
    assert (first.get("Idempotency-Replayed"), again["Idempotency-Replayed"]) == (None, "true")
    assert documents() == 1


def test_the_key_of_another_request_is_refused(coordinator: Client, cast: Cast) -> None:
    key = str(uuid.uuid4())
    send(coordinator, new_plan(cast), key)
    other = send(coordinator, new_plan(cast, number="16/KH-UBND"), key)

    assert (other.status_code, other["Content-Type"]) == (422, "application/problem+json")
    assert documents() == 1


def test_what_was_refused_leaves_the_key_free(coordinator: Client, cast: Cast) -> None:
    key = str(uuid.uuid4())
    assert send(coordinator, new_plan(cast, kind="poem"), key).status_code == 400
    assert not SentRequest.objects.exists()
    assert send(coordinator, new_plan(cast), key).status_code == 201
    assert send(coordinator, new_plan(cast), "not-a-uuid").status_code == 400


def test_keys_of_two_people_are_apart(coordinator: Client, cast: Cast, signed_in: SignedIn) -> None:
    key = str(uuid.uuid4())
    officer = signed_in(cast.people.filing_officer)
    plan = new_plan(cast)
    own = new_plan(cast, issuer=cast.agencies.bat_xat_police.pk, area=cast.map.bat_xat.pk, number="3/KH-CAH")

    assert [send(coordinator, plan, key).status_code, send(officer, own, key).status_code] == [201, 201]


def test_a_key_is_forgotten_after_a_day(coordinator: Client, cast: Cast) -> None:
    key = str(uuid.uuid4())
    send(coordinator, new_plan(cast), key)
    row = SentRequest.objects.get()
    SentRequest.objects.update(sent_at=row.sent_at - dt.timedelta(hours=25))
    anew = send(coordinator, new_plan(cast, number="16/KH-UBND"), key)

    assert (anew.status_code, documents()) == (201, 2)
    SentRequest.objects.update(sent_at=row.sent_at - dt.timedelta(hours=25))
    assert forget_sent_requests() == 1


def test_an_answer_holds_only_the_fields_asked_for(coordinator: Client, cast: Cast) -> None:
    made = send(coordinator, new_plan(cast), str(uuid.uuid4())).json()
    (listed,) = coordinator.get(DOCUMENTS, {"fields": "id,number"}).json()["results"]
    one = coordinator.get(f"{DOCUMENTS}{made['id']}/", {"fields": "subject"}).json()
    refused = coordinator.get(DOCUMENTS, {"fields": "id,colour"})

    assert listed == {"id": made["id"], "number": made["number"]}
    assert one == {"subject": made["subject"]}
    assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (400, "fields")
