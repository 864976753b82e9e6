"""Parts of a case over the API: by the forms, guards and services of the case's page."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from accounts.models import ReadEvent
from incidents.models import Case, CasePlace, PersonInCase, SeizedItem
from incidents.services.case import reach_stage
from incidents.services.person import add_person
from incidents.services.tip import open_case
from tests.api.sending import API, faults, send
from tests.api.test_incident_writes import events_of
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.incidents.records import DAY, Investigators, article, case, sealed, tip

pytestmark = pytest.mark.django_db

SUSPECT = {"standing": "suspect", "since": "2020-03-03", "sex": "female", "group": "new"}


@pytest.fixture
def own(cast: Cast, who: Investigators) -> Case:
    return case(who.own, cast.agencies.lao_cai_police, cast.map.bat_xat)


def listed(client: Client, address: str) -> list[dict[str, Any]]:
    answer = client.get(f"{API}/{address}/")
    assert answer.status_code == 200, answer.content
    rows: list[dict[str, Any]] = answer.json()["results"]
    return rows


def test_a_person_is_added_corrected_and_goes_through_standing_warrant_and_verdict(
    cast: Cast, who: Investigators, investigator: Client, own: Case
) -> None:
    made = send(investigator, f"cases/{own.pk}/persons", SUSPECT)
    assert (made.status_code, made["ETag"], made.json()["label"]) == (201, '"v2"', "Đ1")
    one = f"cases/{own.pk}/persons/{made.json()['id']}"

    fixed = send(investigator, one, {"sex": "male", "is_ethnic_minority": "no"}, method="put", version=2)
    told = fixed.json()
    assert (told["sex"], told["is_ethnic_minority"], told["group"], fixed["ETag"]) == (
        "male",
        False,
        None,
        '"v3"',
    )
    assert told["standings"] == [{"standing": "suspect", "since": "2020-03-03", "document_number": ""}]

    warrant = {"level": "dangerous", "since": "2020-03-04", "document_number": "1/LTN"}
    search = send(investigator, f"{one}/wanted", warrant).json()["wanted"][0]
    ended = send(
        investigator, f"{one}/wanted/{search['id']}/end", {"ended_by": "arrested", "until": "2020-03-09"}
    )
    assert ended.json()["wanted"][0]["ended_by"] == "arrested"
    accused = send(investigator, f"{one}/standing", {"standing": "accused", "since": "2020-03-10"})
    assert [each["standing"] for each in accused.json()["standings"]] == ["suspect", "accused"]

    kinds = ("investigation_concluded", "indicted", "tried")
    stages = [
        reach_stage(case=own, actor=who.own, kind=kind, reached_on=DAY, agency=own.agency) for kind in kinds
    ]
    sentence = {"stage": stages[-1].pk, "sentence": "imprisonment", "months": 84}
    judged = send(investigator, f"{one}/verdict", sentence).json()["verdicts"]
    assert [(each["trial"], each["sentence"], each["months"]) for each in judged] == [
        ("tried", "imprisonment", 84)
    ]
    person = PersonInCase.objects.get()
    assert set(events_of(person)) == {who.own.pk}
    reads = ReadEvent.objects.filter(record=f"incidents.case:{own.pk}", user=who.own)
    assert set(reads.values_list("how", flat=True)) == {"api"}


def test_places_are_added_once_and_removed(who: Investigators, investigator: Client, own: Case) -> None:
    place = {"kind": "destination", "country": "CN"}
    first, again = (send(investigator, f"cases/{own.pk}/places", place) for _time in range(2))
    assert (first.status_code, again.json()["id"], again["ETag"]) == (201, first.json()["id"], '"v2"')
    one = f"cases/{own.pk}/places/{first.json()['id']}"

    missing, late = (send(investigator, one, method="delete", version=version) for version in (None, 1))
    assert (missing.status_code, late.status_code, late["ETag"]) == (428, 412, '"v2"')
    gone = send(investigator, one, method="delete", version=2)
    assert (gone.status_code, gone["ETag"], listed(investigator, f"cases/{own.pk}/places")) == (
        204,
        '"v3"',
        [],
    )
    assert set(events_of(CasePlace(pk=first.json()["id"]))) == {who.own.pk}


def test_a_seized_item_is_written_down_corrected_and_removed(investigator: Client, own: Case) -> None:
    address = f"cases/{own.pk}/items"
    unsure = {"kind": "money", "description": "Tiền mặt"}
    assert list(faults(send(investigator, address, unsure))) == ["has_no_secret"]
    made = send(investigator, address, {**unsure, "has_no_secret": True, "worth": 3_000_000})
    one = f"{address}/{made.json()['id']}"

    ahead = {"kind": "money", "seized_on": "2031-01-01", "has_no_secret": True}
    assert faults(send(investigator, one, ahead, method="put", version=2)) == {
        "seized_on": "The day lies in the future."
    }
    fixed = send(
        investigator, one, {"kind": "phone", "quantity": 2.5, "has_no_secret": True}, method="put", version=2
    )
    assert (fixed.json()["kind"], fixed.json()["quantity"], fixed.json()["worth"]) == ("phone", 2.5, None)
    assert send(investigator, one, method="put", body=ahead, version=2).status_code == 412
    assert send(investigator, one, method="delete", version=3).status_code == 204
    assert not SeizedItem.objects.exists()


def test_the_tips_of_a_case_are_those_it_was_opened_from(
    cast: Cast, who: Investigators, investigator: Client
) -> None:
    told = tip(who.own, cast.agencies.lao_cai_police, cast.map.bat_xat)
    opened = open_case(tip=told, actor=who.own, on=DAY, document_number="5/QĐ", offences=[article()])

    assert [each["code"] for each in listed(investigator, f"cases/{opened.pk}/tips")] == [told.code]
    read = ReadEvent.objects.filter(user=who.own, how="api").values_list("record", flat=True)
    assert set(read) == {f"incidents.tip:{told.pk}", f"incidents.case:{opened.pk}"}


def test_a_part_sent_twice_is_added_once(investigator: Client, own: Case) -> None:
    key = str(uuid.uuid4())
    first, again = (send(investigator, f"cases/{own.pk}/persons", SUSPECT, key=key) for _time in range(2))

    assert (again.status_code, again.json()["id"]) == (201, first.json()["id"])
    assert again["Idempotency-Replayed"] == "true"
    assert own.persons.count() == 1


def test_a_sealed_case_and_another_agencys_keep_their_parts(
    cast: Cast, who: Investigators, investigator: Client, own: Case, signed_in: SignedIn
) -> None:
    hidden = sealed(who.second, cast.agencies.lao_cai_police, cast.map.bat_xat)
    person = add_person(case=hidden, actor=who.second, standing="suspect", since=DAY)
    through_own = f"cases/{own.pk}/persons/{person.pk}"

    assert investigator.get(f"{API}/cases/{hidden.pk}/persons/").status_code == 404
    assert (
        send(investigator, f"cases/{hidden.pk}/places", {"kind": "origin", "country": "VN"}).status_code
        == 404
    )
    assert investigator.get(f"{API}/{through_own}/").status_code == 404
    assert send(investigator, through_own, {"sex": "male"}, method="put", version=1).status_code == 404
    assert signed_in(who.head).get(f"{API}/cases/{own.pk}/items/").status_code == 200
    assert send(signed_in(who.head), f"cases/{own.pk}/persons", SUSPECT).status_code == 403
