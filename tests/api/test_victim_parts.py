"""Routes, goals, consents, linked persons and transfers of victims over the API: by the services of the pages."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from accounts.models import ReadEvent, Role
from accounts.row_scope import row_scope
from incidents.services.person import add_person
from territory.models import Duty
from tests.api.sending import API, faults, send
from tests.cast import Cast, person
from tests.conftest import SignedIn
from tests.incidents.records import DAY, case, make_investigators
from tests.victims.files import NAME, file_of, with_identity
from victims.models import Transfer, Victim
from victims.services.consent import give_consent
from victims.services.support import add_goal, open_support

pytestmark = pytest.mark.django_db


@pytest.fixture
def victim(cast: Cast) -> Victim:
    return file_of(cast.people.case_worker)


def listed(client: Client, address: str) -> Any:
    answer = client.get(f"{API}/{address}/")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_route_is_read_and_replaced_whole(cast: Cast, worker: Client, victim: Victim) -> None:
    address = f"victims/{victim.code}/route"
    assert listed(worker, address) == {"stops": []}
    here = cast.map.lao_cai
    stops = [
        {"kind": "origin", "country": "VN", "area": here.pk, "reached_on": "2023-05-01"},
        {"kind": "destination", "country": "CN"},
    ]

    led = send(worker, address, {"stops": stops}, method="put", version=1)
    assert (led.status_code, led["ETag"]) == (200, '"v2"')
    assert [(each["kind"], each["country"]) for each in led.json()["stops"]] == [
        ("origin", "VN"),
        ("destination", "CN"),
    ]
    assert led.json()["stops"][0]["area"]["code"] == here.code
    assert send(worker, address, {"stops": []}, method="put").status_code == 428
    assert send(worker, address, {"stops": []}, method="put", version=1).status_code == 412
    reads = ReadEvent.objects.filter(record=f"victims.victim:{victim.pk}", user=cast.people.case_worker)
    assert "api" in set(reads.values_list("how", flat=True))


def test_a_place_that_cannot_be_is_named_by_its_number(cast: Cast, worker: Client, victim: Victim) -> None:
    def refused(**stop: Any) -> list[str]:
        body = {"stops": [{"kind": "origin", "country": "VN"}, stop]}
        return list(faults(send(worker, f"victims/{victim.code}/route", body, method="put", version=1)))

    assert refused(kind="transit", country="CN", area=cast.map.lao_cai.pk) == ["stops.1.area"]
    assert refused(kind="transit", country="VN", area=cast.map.bat_xat.pk) == ["stops.1.area"]
    assert refused(kind="transit", country="XY") == ["stops.1.country"]
    assert refused(kind="transit", country="VN", reached_on="soon") == ["stops.1.reached_on"]
    assert refused(kind="transit", country="VN", reached_on="2131-01-01") == ["stops"]


def test_what_steps_left_is_listed_and_settled_once(cast: Cast, worker: Client, victim: Victim) -> None:
    actor = cast.people.case_worker
    with row_scope(actor):
        open_support(actor=actor, victim=victim, needs=["medical"])
        goal = add_goal(actor=actor, victim=victim, text="Có việc làm")
        consent = give_consent(
            actor=actor,
            victim=victim,
            purpose="research",
            given_on=victim.arrived_on,
            how="written",
            given_by="person",
        )
    one = f"victims/{victim.code}"
    assert [each["text"] for each in listed(worker, f"{one}/goals")] == ["Có việc làm"]
    send(worker, f"{one}/follow-ups", {"kind": "visit", "due_on": "2024-04-01"})
    visit = listed(worker, f"{one}/follow-ups")[0]

    assert send(worker, f"{one}/goals/{goal.pk}/reached").status_code == 200
    assert send(worker, f"{one}/follow-ups/{visit['id']}/done").status_code == 200
    assert send(worker, f"{one}/consents/{consent.pk}/withdraw").status_code == 200
    assert listed(worker, f"{one}/goals")[0]["state"] == "reached"
    assert listed(worker, f"{one}/follow-ups")[0]["done_on"] is not None
    assert listed(worker, f"{one}/consents")[0]["withdrawn_on"] is not None
    assert send(worker, f"{one}/follow-ups/{visit['id']}/done").status_code == 404
    other = file_of(actor)
    assert send(worker, f"victims/{other.code}/goals/{goal.pk}/reached").status_code == 404


def test_who_sees_the_case_links_its_persons_and_who_does_not_learns_nothing(
    cast: Cast, signed_in: SignedIn
) -> None:
    who, police = make_investigators(cast), cast.agencies.lao_cai_police
    own = case(who.own, police, cast.map.bat_xat)
    suspect = add_person(case=own, actor=who.own, standing="suspect", since=DAY)
    both = person("ca.hai.vai@example.vn", (Role.CASE_WORKER, police), (Role.INVESTIGATOR, police))
    blind = person("chi.ho.tro@example.vn", (Role.CASE_WORKER, police))
    victim = file_of(both, case=own)
    client, address = signed_in(both), f"victims/{victim.code}/persons"

    linked = send(client, address, {"person": suspect.pk, "part": "recruiter"})
    assert (linked.status_code, linked.json()["case"]) == (200, own.code)
    row = listed(client, address)[0]
    assert (row["label"], row["case"], row["part"]) == ("Đ1", own.code, "recruiter")
    other = signed_in(blind)
    assert listed(other, address) == []
    assert listed(other, f"victims/{victim.code}")["case"] is None
    assert send(other, f"{address}/{row['id']}", method="delete").status_code == 404
    assert send(signed_in(both), f"{address}/{row['id']}", method="delete").status_code == 204


def test_a_file_goes_to_another_province_when_it_is_accepted(
    cast: Cast, worker: Client, victim: Victim, signed_in: SignedIn
) -> None:
    receiver = person("kon.tum.worker@example.vn", (Role.CASE_WORKER, cast.agencies.kon_tum_labour))
    far = cast.agencies.kon_tum_labour
    far.duties.get_or_create(duty=Duty.VICTIM_SUPPORT, defaults={"valid_from": far.valid_from})
    asked = {"victim": victim.code, "to_agency": far.pk, "reason": "Về gần nhà"}
    assert list(faults(send(worker, "transfers", asked))) == ["urgent_reason"]
    key = str(uuid.uuid4())
    made, again = (
        send(worker, "transfers", {**asked, "urgent_reason": "Đang bị đe dọa"}, key=key) for _time in range(2)
    )
    told = made.json()
    assert (made.status_code, told["state"], again.json()["key"]) == (201, "asked", told["key"])
    assert Transfer.objects.unscoped("the test's").count() == 1
    address = f"transfers/{told['key']}"
    assert send(worker, f"{address}/accept").status_code == 404

    client = signed_in(receiver)
    assert client.get(f"{API}/victims/{victim.code}/").status_code == 404
    assert listed(client, "transfers")["results"][0]["code"] == victim.code
    accepted = send(client, f"{address}/accept")
    assert (accepted.status_code, accepted.json()["state"]) == (200, "accepted")
    assert send(client, f"{address}/refuse", {"answer_reason": "Hết chỗ"}).status_code == 409
    assert client.get(f"{API}/victims/{victim.code}/").json()["agency"]["id"] == far.pk
    reads = ReadEvent.objects.filter(user=receiver, record=f"victims.victim:{victim.pk}", how="api")
    assert reads.exists()


def test_a_transfer_is_refused_with_a_reason_or_taken_back(
    cast: Cast, worker: Client, victim: Victim, signed_in: SignedIn
) -> None:
    far = cast.agencies.kon_tum_labour
    far.duties.get_or_create(duty=Duty.VICTIM_SUPPORT, defaults={"valid_from": far.valid_from})
    receiver = signed_in(person("kon.tum.worker@example.vn", (Role.CASE_WORKER, far)))
    body = {"victim": victim.code, "to_agency": far.pk, "reason": "Về gần nhà", "urgent_reason": "Gấp"}

    def asked() -> str:
        return f"transfers/{send(worker, 'transfers', body).json()['key']}"

    first = asked()
    assert list(faults(send(receiver, f"{first}/refuse"))) == ["answer_reason"]
    assert send(receiver, f"{first}/withdraw").status_code == 404
    assert send(receiver, f"{first}/refuse", {"answer_reason": "Hết chỗ"}).json()["state"] == "refused"
    assert send(worker, f"{asked()}/withdraw").json()["state"] == "withdrawn"


def test_a_transfer_and_a_route_say_nothing_that_names_the_person(
    cast: Cast, worker: Client, victim: Victim
) -> None:
    with_identity(cast.people.case_worker, victim)
    far = cast.agencies.kon_tum_labour
    far.duties.get_or_create(duty=Duty.VICTIM_SUPPORT, defaults={"valid_from": far.valid_from})
    body = {"victim": victim.code, "to_agency": far.pk, "reason": f"{NAME} về quê", "urgent_reason": "Gấp"}

    assert list(faults(send(worker, "transfers", body))) == ["reason"]
