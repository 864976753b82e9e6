"""Submissions written over the API: begun, filled in, sent, accepted and returned as on their page."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEvent
from reporting.models import FormKind, FormSection, Obligation, Section, Submission
from tests.api.sending import API, faults, send
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.reporting.records import form_of, load_catalogue, obligation

pytestmark = pytest.mark.django_db


@pytest.fixture
def owed(cast: Cast) -> Obligation:
    load_catalogue()
    asked = form_of(FormKind.SIX_MONTH)
    asked.sections.all().delete()
    FormSection.objects.create(form=asked, section=Section.JUSTICE, order=1, is_narrative_required=True)
    return obligation(cast.agencies.bat_xat_police, cast.map.bat_xat)


@pytest.fixture
def head(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.people.head_of_unit)


def begun(client: Client, owed: Obligation) -> dict[str, Any]:
    answer = send(client, "submissions", {"obligation": owed.pk})
    assert answer.status_code == 201, answer.content
    told: dict[str, Any] = answer.json()
    return told


def test_what_stands_in_the_way_of_sending_is_told_by_section(owed: Obligation, head: Client) -> None:
    told = begun(head, owed)
    answer = send(head, f"submissions/{told['id']}/submit", version=told["version"])

    assert "required" in faults(answer)["justice"]


def test_a_report_is_begun_once_filled_in_sent_and_accepted(
    cast: Cast, owed: Obligation, head: Client, signed_in: SignedIn
) -> None:
    coordinator = signed_in(cast.people.coordinator)
    first, again = begun(head, owed), begun(head, owed)
    assert first["id"] == again["id"]
    one = f"submissions/{first['id']}"
    said = {
        "figures": [{"key": "tips_received", "as_reported": "trên 12", "taken_from": "Sổ tin báo"}],
        "narratives": [{"section": "justice", "text": "Tình hình ổn định."}],
    }
    filled = send(head, one, said, method="patch", version=first["version"])
    (figure,) = [row for row in filled.json()["figures"] if row["indicator"] == "tips_received"]
    assert (filled.status_code, figure["as_reported"], figure["low"]) == (200, "trên 12", 12)
    assert coordinator.get(f"{API}/{one}/").status_code == 404

    sent = send(head, f"{one}/submit", version=filled.json()["version"])
    assert (sent.status_code, sent.json()["state"]) == (200, "submitted"), sent.content
    assert send(head, f"{one}/accept", version=sent.json()["version"]).status_code == 403
    accepted = send(coordinator, f"{one}/accept", version=sent.json()["version"])
    assert accepted.json()["state"] == "accepted"
    locked = send(head, one, said, method="patch", version=accepted.json()["version"])
    assert locked.status_code == 409
    kinds = AuditEvent.objects.filter(about=f"reporting.submission:{first['id']}").order_by("id")
    assert list(kinds.values_list("kind", flat=True)) == ["submission_sent", "submission_accepted"]


def test_a_report_goes_back_with_a_reason_and_can_be_withdrawn(
    cast: Cast, owed: Obligation, head: Client, signed_in: SignedIn
) -> None:
    coordinator = signed_in(cast.people.coordinator)
    told = begun(head, owed)
    one = f"submissions/{told['id']}"
    text = {"narratives": [{"section": "justice", "text": "Tình hình ổn định."}]}
    send(head, one, text, method="patch", version=told["version"])
    for step, client, body in (
        ("submit", head, None),
        ("withdraw", head, None),
        ("submit", head, None),
        ("return", coordinator, {"reasons": [{"section": "justice", "reason": "Thiếu số tin báo."}]}),
    ):
        now = head.get(f"{API}/{one}/").json()["version"]
        assert send(client, f"{one}/{step}", body, version=now).status_code == 200, step
    now = head.get(f"{API}/{one}/").json()

    assert now["state"] == "returned"
    assert faults(send(coordinator, f"{one}/return", {"reasons": []}, version=now["version"]))
    assert (
        send(coordinator, f"{one}/reopen", {"reasons": [{"reason": "x"}]}, version=now["version"]).status_code
        == 409
    )


def test_nil_is_confirmed_by_a_word_and_not_beside_figures(owed: Obligation, head: Client) -> None:
    told = begun(head, owed)
    one = f"submissions/{told['id']}"
    assert list(faults(send(head, f"{one}/confirm-nil", {"sure": False}, version=told["version"]))) == [
        "sure"
    ]
    nil = send(head, f"{one}/confirm-nil", {"sure": True}, version=told["version"]).json()
    assert nil["is_nil"] is True
    figures = {"figures": [{"key": "tips_received", "as_reported": "2"}]}
    assert send(head, one, figures, method="patch", version=nil["version"]).status_code == 409
    undone = send(head, f"{one}/undo-nil", version=nil["version"]).json()
    assert undone["is_nil"] is False


def test_a_figure_that_cannot_be_is_named(owed: Obligation, head: Client) -> None:
    told = begun(head, owed)
    one, version = f"submissions/{told['id']}", told["version"]
    wrong = {"figures": [{"key": "tips_received", "as_reported": "nhiều lắm"}]}
    unknown = {"figures": [{"key": "moon_landings", "as_reported": "1"}]}

    assert list(faults(send(head, one, wrong, method="patch", version=version))) == ["figures.0.as_reported"]
    assert "does not ask" in faults(send(head, one, unknown, method="patch", version=version))[""]


def test_nobody_answers_for_another_unit(cast: Cast, owed: Obligation, signed_in: SignedIn) -> None:
    for person in (cast.people.stranger, cast.people.coordinator):
        assert send(signed_in(person), "submissions", {"obligation": owed.pk}).status_code == 404
    assert (
        send(signed_in(cast.people.steering_member), "submissions", {"obligation": owed.pk}).status_code
        == 403
    )
    assert not Submission.objects.exists()
