"""Tips, cases, victims, services and submissions over the API: the scope of the pages, each read noted."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import AuditEvent, ReadEvent
from accounts.row_scope import row_scope
from reporting.models import SubmissionState
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.incidents.records import case, make_investigators, tip
from tests.reporting.records import load_catalogue, obligation, submission
from tests.victims.files import file_of
from victims.services.support import add_service, open_support

pytestmark = pytest.mark.django_db
API = "/api/v1"


def rows(client: Client, noun: str, **asked: str) -> list[dict[str, Any]]:
    answer = client.get(f"{API}/{noun}/", asked)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def reads(record: Any) -> list[str]:
    name = f"{record._meta.label_lower}:{record.pk}"
    return list(ReadEvent.objects.filter(record=name).values_list("how", flat=True))


def test_tips_and_cases_of_own_agency_are_given_and_each_is_noted(cast: Cast, signed_in: SignedIn) -> None:
    who = make_investigators(cast)
    own = tip(who.own, cast.agencies.lao_cai_police, cast.map.bat_xat)
    sister = tip(who.sister, cast.agencies.si_ma_cai_police, cast.map.si_ma_cai)
    opened = case(who.own, cast.agencies.lao_cai_police, cast.map.bat_xat)
    reader = signed_in(who.own)

    assert [row["code"] for row in rows(reader, "tips")] == [own.code]
    assert "text" not in rows(reader, "tips")[0]
    assert reader.get(f"{API}/tips/{own.pk}/").json()["text"] == own.text
    assert reader.get(f"{API}/tips/{sister.pk}/").status_code == 404
    assert rows(reader, "tips", state="forwarded") == []
    assert [row["code"] for row in rows(reader, "cases")] == [opened.code]
    assert reads(own) == ["api", "api", "api"]
    assert (reads(sister), reads(opened)) == ([], ["api"])
    assert AuditEvent.objects.filter(kind="refused", about__startswith="api-tip-detail").count() == 1


def test_a_filter_of_tips_that_cannot_be_read_is_named(cast: Cast, signed_in: SignedIn) -> None:
    who = make_investigators(cast)
    refused = signed_in(who.own).get(f"{API}/tips/", {"state": "asleep"})

    assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (400, "state")


def test_victims_and_their_services_are_given_under_codes_and_each_read_is_noted(
    cast: Cast, signed_in: SignedIn
) -> None:
    worker = cast.people.case_worker
    victim = file_of(worker)
    with row_scope(worker):
        open_support(actor=worker, victim=victim, needs=["medical"])
        given = add_service(
            actor=worker,
            victim=victim,
            kind="medical",
            provider="Bệnh viện huyện",
            starts_on=dt.date(2020, 3, 6),
        )
    reader = signed_in(worker)
    (listed,) = rows(reader, "victims")
    (service,) = rows(reader, "services", kind="medical")

    assert (listed["code"], listed["support"]) == (victim.code, "open")
    assert (service["id"], service["victim"]) == (given.pk, victim.code)
    assert rows(reader, "services", kind="legal_aid") == []
    assert reader.get(f"{API}/victims/{victim.code}/").json()["code"] == victim.code
    assert reads(victim).count("api") == 3
    assert signed_in(cast.people.coordinator).get(f"{API}/victims/").status_code == 403
    told = str(listed) + str(service)
    assert "full_name" not in told and "phone" not in told


def test_a_submission_is_its_units_own_until_it_is_sent(cast: Cast, signed_in: SignedIn) -> None:
    load_catalogue()
    owed = obligation(cast.agencies.bat_xat_police, cast.map.bat_xat)
    sent = submission(owed, state=SubmissionState.DRAFT, says={"tips_received": "trên 12"})
    officer, coordinator = signed_in(cast.people.filing_officer), signed_in(cast.people.coordinator)
    assert [row["id"] for row in rows(officer, "submissions")] == [sent.pk]
    assert rows(coordinator, "submissions") == []
    assert coordinator.get(f"{API}/submissions/{sent.pk}/").status_code == 404

    sent.state, sent.first_submitted_at = SubmissionState.SUBMITTED, sent.submitted_at
    sent.save()
    assert [row["id"] for row in rows(coordinator, "submissions", period="2020-H1")] == [sent.pk]
    (figure,) = coordinator.get(f"{API}/submissions/{sent.pk}/").json()["figures"]
    assert (figure["indicator"], figure["as_reported"], figure["low"]) == ("tips_received", "trên 12", 12)
    assert signed_in(cast.people.stranger).get(f"{API}/submissions/{sent.pk}/").status_code == 404


def test_lists_ask_the_database_as_often_for_two_rows_as_for_twelve(
    cast: Cast, signed_in: SignedIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    who = make_investigators(cast)
    reader = signed_in(who.own)

    def make(number: int) -> None:
        for _each in range(number):
            tip(who.own, cast.agencies.lao_cai_police, cast.map.bat_xat)
            case(who.own, cast.agencies.lao_cai_police, cast.map.bat_xat)

    def ask(noun: str, expected: int) -> None:
        with django_assert_num_queries(expected):
            rows(reader, noun)

    make(2)
    ask("tips", 8)
    ask("cases", 10)
    make(10)
    ask("tips", 8)
    ask("cases", 10)
