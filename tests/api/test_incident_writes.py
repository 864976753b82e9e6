"""Tips and cases written over the API: by the forms, guards and services of the pages."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.changing import event_model
from accounts.keys import make_key, show_secret
from accounts.models import KeyScope, ReadEvent, SentRequest
from accounts.row_scope import row_scope
from incidents.models import Case, StageKind, Tip, TipState
from tests.api.sending import faults, send
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.incidents.records import Investigators, article, case, sealed, tip

pytestmark = pytest.mark.django_db


def new_tip(cast: Cast, **changed: Any) -> dict[str, Any]:
    return {
        "kind": "denunciation",
        "channel": "hotline_111",
        "received_on": "2020-03-02",
        "agency": cast.agencies.lao_cai_police.pk,
        "area": cast.map.bat_xat.pk,
        "urgency": "normal",
        "text": "Một phụ nữ bị rủ đi làm việc nhẹ, lương cao.",
        "has_no_secret": True,
        **changed,
    }


def new_case(cast: Cast, **changed: Any) -> dict[str, Any]:
    return {
        "agency": cast.agencies.lao_cai_police.pk,
        "area": cast.map.bat_xat.pk,
        "detected_on": "2020-03-02",
        "offences": [article().pk],
        "has_no_secret": True,
        **changed,
    }


def act(**more: Any) -> dict[str, Any]:
    return {"on": "2020-03-10", "document_number": "05/QĐ-ĐTTH", "has_no_secret": True, **more}


def events_of(record: Any) -> list[Any]:
    """The persons behind the history of a record."""
    rows = event_model(type(record))._base_manager.filter(pgh_obj=record.pk).order_by("pgh_id")
    return [row.pgh_context.metadata["user"] for row in rows.select_related("pgh_context")]


def test_a_tip_is_taken_in_corrected_and_led_to_a_case(
    cast: Cast, who: Investigators, investigator: Client
) -> None:
    made = send(investigator, "tips", new_tip(cast))
    assert (made.status_code, made["ETag"], made.json()["due_on"]) == (201, '"v1"', "2020-03-23")
    one = f"tips/{made.json()['id']}"
    changed = {name: value for name, value in new_tip(cast).items() if name not in ("agency", "area")}

    fixed = send(investigator, one, {**changed, "urgency": "urgent"}, method="put", version=1)
    assert (fixed.status_code, fixed.json()["urgency"], fixed["ETag"]) == (200, "urgent", '"v2"')
    assigned = send(
        investigator,
        f"{one}/assign",
        {"to": who.second.pk, "on": "2020-03-03", "has_no_secret": True},
        version=2,
    )
    assert assigned.json()["state"] == TipState.VERIFYING
    opened = send(investigator, f"{one}/open-case", act(offences=[article().pk]), version=3)
    told = opened.json()

    assert (opened.status_code, told["state"], told["case"]) == (
        200,
        "case_opened",
        Case.objects.unscoped("the test's").get().code,
    )
    record = Tip.objects.unscoped("the test's").get()
    assert set(events_of(record)) == {who.own.pk}
    reads = ReadEvent.objects.filter(record=f"incidents.tip:{record.pk}", user=who.own)
    assert set(reads.values_list("how", flat=True)) == {"api"}


def test_a_change_names_the_version_it_is_for(cast: Cast, who: Investigators, investigator: Client) -> None:
    own = tip(who.own, cast.agencies.lao_cai_police, cast.map.bat_xat)
    missing, late = (
        send(investigator, f"tips/{own.pk}/extend", act(), version=version) for version in (None, 7)
    )

    assert (missing.status_code, late.status_code, late["ETag"]) == (428, 412, '"v1"')
    assert send(investigator, f"tips/{own.pk}/extend", act(), version=1).json()["due_on"] == "2020-05-04"


def test_what_a_page_refuses_is_refused_in_its_words(
    cast: Cast, who: Investigators, investigator: Client
) -> None:
    own = tip(who.own, cast.agencies.lao_cai_police, cast.map.bat_xat)
    of_page = investigator.post(reverse("tip_refuse", args=[own.pk]), {"version": 1, "on": "2020-03-10"})
    shown = {name: errors[0] for name, errors in of_page.context["form"].errors.items()}

    assert faults(send(investigator, f"tips/{own.pk}/refuse", {"on": "2020-03-10"}, version=1)) == shown
    assert faults(send(investigator, f"tips/{own.pk}/extend", act(on="2031-01-01"), version=1)) == {
        "on": "The day lies in the future."
    }
    resumed = send(investigator, f"tips/{own.pk}/resume", act(), version=1)
    assert resumed.status_code == 409


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"text": 5}, "text"),
        ({"text": "\ud800"}, "text"),
        ({"text": "a\u0000b"}, "text"),
        ({"agency": "1"}, "agency"),
        ({"agency": True}, "agency"),
        ({"received_on": "02/03/2020"}, "received_on"),
        ({"received_on": "2020-02-31"}, "received_on"),
        ({"kind": "gossip"}, "kind"),
        ({"has_no_secret": False}, "has_no_secret"),
        ({"has_no_secret": "yes"}, "has_no_secret"),
        ({"colour": "red"}, "colour"),
        ({"version": 3}, "version"),
    ],
)
def test_a_field_that_is_not_as_described_is_named(
    cast: Cast, investigator: Client, changed: dict[str, Any], field: str
) -> None:
    assert list(faults(send(investigator, "tips", new_tip(cast, **changed)))) == [field]


def test_a_body_that_is_no_object_is_refused(investigator: Client) -> None:
    assert faults(send(investigator, "tips", [1, 2])) == {"": "Send an object."}


def test_what_may_not_be_known_is_404_and_another_agency_is_no_choice(
    cast: Cast, who: Investigators, investigator: Client, signed_in: SignedIn
) -> None:
    sister = tip(who.sister, cast.agencies.si_ma_cai_police, cast.map.si_ma_cai)
    hidden = sealed(who.second, cast.agencies.lao_cai_police, cast.map.bat_xat)
    head = signed_in(who.head)
    own = tip(who.own, cast.agencies.lao_cai_police, cast.map.bat_xat)

    assert send(investigator, f"tips/{sister.pk}/extend", act(), version=1).status_code == 404
    assert send(investigator, f"cases/{hidden.pk}/unseal", version=2).status_code == 404
    assert send(head, f"tips/{own.pk}/extend", act(), version=1).status_code == 403
    assert send(signed_in(cast.people.coordinator), "tips", new_tip(cast)).status_code == 403
    elsewhere = new_tip(cast, agency=cast.agencies.si_ma_cai_police.pk)
    assert list(faults(send(investigator, "tips", elsewhere))) == ["agency"]


def test_a_tip_sent_twice_is_taken_in_once_and_its_words_are_kept_nowhere_else(
    cast: Cast, investigator: Client
) -> None:
    key = str(uuid.uuid4())
    first, again = (send(investigator, "tips", new_tip(cast), key=key) for _time in range(2))

    assert (again.status_code, again.json()) == (201, first.json())
    assert again["Idempotency-Replayed"] == "true"
    assert Tip.objects.unscoped("the test's").count() == 1
    assert SentRequest.objects.get().answer == {"id": first.json()["id"]}


def test_a_case_is_opened_corrected_and_goes_through_its_stages(cast: Cast, investigator: Client) -> None:
    made = send(investigator, "cases", new_case(cast))
    one = f"cases/{made.json()['id']}"
    stage = {
        "kind": "prosecuted",
        "reached_on": "2020-03-09",
        "agency": cast.agencies.lao_cai_police.pk,
        "document_number": "07/QĐ-ĐTTH",
        "persons": 2,
    }
    reached = send(investigator, f"{one}/stage", stage, version=1)
    assert [each["kind"] for each in reached.json()["stages"]] == ["detected", "prosecuted"]
    twice = send(investigator, f"{one}/stage", stage, version=2)
    assert faults(twice) == {"kind": "The case has reached this stage already."}
    fixed = {"offences": [article("151").pk], "summary": "Hai người bị đưa đi.", "has_no_secret": True}
    corrected = send(investigator, one, fixed, method="put", version=2).json()

    assert (corrected["summary"], [each["article"] for each in corrected["offences"]]) == (
        "Hai người bị đưa đi.",
        ["151"],
    )
    later = {"decided_on": "2020-05-01", "document_number": "9/QĐ", "due_on": "2020-12-01"}
    assert send(investigator, f"{one}/extend", later, version=3).json()["due_on"] == "2020-12-01"


def test_a_sealed_case_is_its_readers_alone_over_the_api_too(
    cast: Cast, who: Investigators, investigator: Client, signed_in: SignedIn
) -> None:
    own = case(who.own, cast.agencies.lao_cai_police, cast.map.bat_xat)
    second = signed_in(who.second)
    shut = send(investigator, f"cases/{own.pk}/seal", {"readers": []}, version=1)
    assert (shut.status_code, shut.json()["is_sealed"]) == (200, True)
    stage = {"kind": StageKind.DROPPED, "reached_on": "2020-04-01", "agency": own.agency_id}
    assert send(second, f"cases/{own.pk}/stage", stage, version=2).status_code == 404
    assert send(investigator, f"cases/{own.pk}/unseal", version=2).json()["is_sealed"] is False


def test_a_key_writes_only_with_its_scope_and_by_its_membership(cast: Cast, who: Investigators) -> None:
    def secret(*scopes: KeyScope) -> str:
        key = make_key(
            actor=cast.people.administrator,
            consumer="Phần mềm điều tra",
            scopes=scopes,
            membership=who.own.memberships.get(),
            expires_on=dt.date.today() + dt.timedelta(days=30),
        )
        return show_secret(key=key, actor=who.own)

    reads, writes = secret(KeyScope.RECORDS_READ), secret(KeyScope.RECORDS_READ, KeyScope.RECORDS_WRITE)
    assert send(Client(), "tips", new_tip(cast), secret=reads).status_code == 403
    made = send(Client(), "tips", new_tip(cast), secret=writes)
    assert made.status_code == 201
    with row_scope(who.own):
        assert Tip.objects.visible_to(who.own).get().taken_by_id == who.own.pk
