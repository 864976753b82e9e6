"""Requests of people about their data, what is destroyed when its time is over, what should never have been there."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, Notification, User
from accounts.row_scope import row_scope
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.victims.files import file_of, opened_by, with_identity
from tests.victims.test_flows import settle, step
from victims.models import (
    DataRequest,
    IdentityOpening,
    IdentityPaper,
    RetentionRule,
    SupportCase,
    SupportGoal,
    Victim,
    VictimIdentity,
    VictimNarrative,
)
from victims.reminders import remind_of_the_day
from victims.services.erasure import find_expired
from victims.services.keeping import due_after, receive_data_request
from victims.services.support import add_goal, open_support
from victims.services.victim import write_narrative


def everybody() -> set[Victim]:
    return set(Victim.objects.unscoped("a test"))


@pytest.mark.parametrize(
    ("received", "due"),
    [("2026-11-23", "2026-11-25"), ("2026-11-26", "2026-11-30"), ("2026-11-28", "2026-12-01")],
)
def test_the_clock_of_a_request_runs_on_working_days(received: str, due: str) -> None:
    assert due_after(dt.date.fromisoformat(received)) == dt.date.fromisoformat(due)


def test_a_request_is_entered_reminded_of_and_answered_once(worker: User, signed_in: SignedIn) -> None:
    victim, browser = file_of(worker), signed_in(worker)
    unit = f"{victim.agency_id}-{victim.area_id}"
    typed = {"unit": unit, "kind": "access", "received_on": "05/03/2024", "code": victim.code}
    assert browser.post(reverse("data_request_new"), {**typed, "code": "NN-222222"}).status_code == 422
    assert browser.post(reverse("data_request_new"), typed).status_code == 302
    asked = DataRequest.objects.unscoped("a test").get()
    assert asked.due_on == dt.date(2024, 3, 7)
    assert "Late" in browser.get(reverse("data_request_list")).content.decode()
    remind_of_the_day(timezone.localdate())
    assert Notification.objects.filter(user=worker, kind="data_request_due").count() == 1
    answer = reverse("data_request_answer", args=[asked.pk])
    assert browser.post(answer, {"state": "done", "answer": "Đã cho xem"}).status_code == 302
    assert browser.post(answer, {"state": "done", "answer": "Đã cho xem"}).status_code == 404


def _closed(worker: User, head: User, signed_in: SignedIn, *, on: dt.date) -> Victim:
    victim = with_identity(worker, file_of(worker))
    opened_by(worker, victim)
    with row_scope(worker):
        write_narrative(
            actor=worker, victim=victim, kind=VictimNarrative.Kind.ACCOUNT, text="Kể lại", version=0
        )
        open_support(actor=worker, victim=victim, needs=["medical"])
        add_goal(actor=worker, victim=victim, text="Có việc làm ở xưởng may")
    step(signed_in(worker), victim, "closure", outcome="reintegrated")
    settle(signed_in(head), victim, "closure-approved", victim.support.pk)
    SupportCase.objects.filter(victim=victim).update(closed_on=on)
    return victim


def test_what_is_past_its_time_is_destroyed_and_statistics_stay(
    worker: User, head: User, signed_in: SignedIn
) -> None:
    old = _closed(worker, head, signed_in, on=dt.date(2015, 1, 1))
    recent = _closed(worker, head, signed_in, on=timezone.localdate())
    going = with_identity(worker, file_of(worker))
    assert not list(find_expired(timezone.localdate())), "no rule is in force"
    for kind in RetentionRule.Kind:  # tests that empty all tables take the rules of the migration away
        RetentionRule.objects.update_or_create(kind=kind, defaults={"months": 60, "is_active": True})
    out = io.StringIO()

    call_command("erase_expired", "--preview", stdout=out)
    assert out.getvalue().count(old.code) == 3
    assert recent.code not in out.getvalue()
    assert VictimIdentity.objects.count() == 3, "a preview destroys nothing"
    call_command("erase_expired", stdout=out)
    call_command("erase_expired", stdout=(again := io.StringIO()))

    assert again.getvalue().startswith("0 destroyed")
    assert {row.victim_id for row in VictimIdentity.objects.all()} == {recent.pk, going.pk}
    assert not IdentityPaper.objects.filter(victim=old).exists()
    assert not VictimNarrative.objects.filter(victim=old).exists()
    assert {goal.text for goal in SupportGoal.objects.filter(victim=old)} == {"…"}
    assert {row.reason for row in IdentityOpening.objects.filter(victim=old)} == {"…"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT text FROM victims_supportgoalevent WHERE victim_id = %s", [old.pk])
        assert cursor.fetchall() == [("…",)]
    assert everybody() == {old, recent, going}
    old.refresh_from_db()
    assert old.erased_at is not None
    assert AuditEvent.objects.filter(kind="data_erased", about=f"victims.victim:{old.pk}").count() == 3


def test_a_wrongly_entered_record_is_removed_everywhere(
    worker: User, head: User, cast: Cast, signed_in: SignedIn
) -> None:
    wrong = _closed(worker, head, signed_in, on=dt.date(2024, 4, 1))
    kept = _closed(worker, head, signed_in, on=dt.date(2024, 4, 1))
    with row_scope(worker):
        receive_data_request(
            actor=worker,
            agency=wrong.agency,
            area=wrong.area,
            kind="access",
            received_on=wrong.arrived_on,
            victim=wrong,
        )
    record, decision = f"victims.victim:{wrong.code}", "--decision=7/QĐ-CAT"
    call_command("remove_classified", record, decision, stdout=io.StringIO())
    assert everybody() == {wrong, kept}, "nothing goes without --yes"

    out = io.StringIO()
    call_command("remove_classified", record, decision, "--yes", stdout=out)

    assert "Backups" in out.getvalue()
    assert everybody() == {kept}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND table_name LIKE 'victims\\_%' AND column_name IN ('victim_id', 'pgh_obj_id')"
        )
        for table, column in cursor.fetchall():
            if column == "victim_id" or table == "victims_victimevent":
                cursor.execute(f'SELECT count(*) FROM "{table}" WHERE "{column}" = %s', [wrong.pk])
                assert cursor.fetchone() == (0,), table
    assert not Notification.objects.filter(about__code=wrong.code).exists()
    removed = AuditEvent.objects.get(kind="classified_removed")
    assert removed.about == f"victims.victim:{wrong.pk}"
    assert removed.detail["decision"] == "7/QĐ-CAT"
    assert removed.detail["rows"] > 10
