"""Requests of people about their data, what is destroyed when its time is over, what should never have been there."""

from __future__ import annotations

import datetime as dt
import io

from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, Notification, Role, User
from accounts.row_scope import row_scope, system_scope
from incidents.models import StageKind, Tip
from incidents.services.case import add_item, reach_stage
from incidents.services.tip import open_case, refuse_tip
from tests.cast import Cast, person
from tests.conftest import SignedIn
from tests.incidents.records import DAY, article, case, make_investigators, suspect, tip
from tests.victims.files import file_of, opened_by, with_identity
from tests.victims.test_flows import settle, step
from victims.models import (
    DataRequest,
    Facility,
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
from victims.sanity import nothing_is_kept_past_its_time
from victims.services.erasure import find_expired
from victims.services.keeping import receive_data_request
from victims.services.support import add_goal, open_support, plan_follow_up
from victims.services.victim import write_narrative


def everybody() -> set[Victim]:
    return set(Victim.objects.unscoped("a test"))


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
    with system_scope("a check looks at every row"):
        told = {finding.where.partition(":")[2] for finding in nothing_is_kept_past_its_time()}
    assert told == {"identity", "narrative", "words"}
    call_command("erase_expired", stdout=out)
    with system_scope("a check looks at every row"):
        assert not list(nothing_is_kept_past_its_time())
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


def test_an_administrator_puts_a_rule_in_force_and_names_its_basis(cast: Cast, signed_in: SignedIn) -> None:
    rule, _made = RetentionRule.objects.get_or_create(kind="identity", defaults={"months": 60})
    months = rule.months
    browser, address = signed_in(cast.people.administrator), reverse("retention_rule", args=[rule.pk])

    without = browser.post(address, {"months": "24", "basis": "", "is_active": "on"})
    assert without.status_code == 422
    assert "Name the decision or law" in without.content.decode()
    typed = {"months": "24", "basis": "12/QĐ", "is_active": "on"}
    assert browser.post(address, {**typed, "agreed": "0"}).status_code == 302

    rule.refresh_from_db()
    assert (rule.months, rule.basis, rule.is_active) == (24, "12/QĐ", True)
    event = AuditEvent.objects.get(kind="retention_changed")
    assert (event.user, event.about) == (cast.people.administrator, f"victims.retentionrule:{rule.pk}")
    assert event.detail == {
        "kind": "identity",
        "months": [months, 24],
        "is_active": [False, True],
        "records": 0,
    }


def test_a_rule_that_removes_earlier_tells_how_much_falls_under_it_and_wants_a_yes(
    worker: User, head: User, cast: Cast, signed_in: SignedIn
) -> None:
    _closed(worker, head, signed_in, on=dt.date(2015, 1, 1))
    _closed(worker, head, signed_in, on=timezone.localdate())
    rule, _made = RetentionRule.objects.get_or_create(kind="identity", defaults={"months": 60})
    browser, address = signed_in(cast.people.administrator), reverse("retention_rule", args=[rule.pk])
    typed = {"months": "24", "basis": "12/QĐ", "is_active": "on"}

    def stored() -> tuple[int, bool]:
        rule.refresh_from_db()
        return rule.months, rule.is_active

    before = stored()
    for agreed in (
        {},
        {"agreed": ""},
        {"agreed": "0"},
        {"agreed": "one"},
    ):  # too few, as when more ended meanwhile
        refused = browser.post(address, {**typed, **agreed})
        assert (refused.status_code, stored()) == (422, before), agreed
    page = browser.post(address, typed).content.decode()
    assert "Of 1 record, in all provinces," in page
    assert 'name="agreed" value="1"' in page
    assert VictimIdentity.objects.count() == 2, "looking destroys nothing"
    assert not AuditEvent.objects.filter(kind="retention_changed").exists()

    assert browser.post(address, {**typed, "agreed": "1"}).status_code == 302
    assert stored() == (24, True)
    assert browser.post(address, {**typed, "months": "12"}).status_code == 422
    for later in ({"months": "36"}, {"is_active": ""}):
        assert browser.post(address, {**typed, **later}).status_code == 302, "what goes later needs no yes"
    assert AuditEvent.objects.filter(kind="retention_changed").count() == 3


def test_words_of_ended_tips_and_cases_are_destroyed_with_their_history_and_figures_stay(cast: Cast) -> None:
    who, police, here = make_investigators(cast), cast.agencies.lao_cai_police, cast.map.bat_xat
    told = {"on": DAY, "document_number": "1/QĐ"}
    refused, running = tip(who.own, police, here), tip(who.own, police, here)
    refuse_tip(tip=refused, actor=who.own, ground="no_act", note="Đã hỏi chị ấy", **told)
    dropped, going = (case(who.own, police, here, summary="Đưa hai chị em đi") for _ in range(2))
    add_item(case=dropped, actor=who.own, kind="phone", description="Máy màu đỏ")
    reach_stage(case=dropped, actor=who.own, kind=StageKind.DROPPED, reached_on=DAY, agency=police)
    for kind in ("tip_text", "case_text"):
        RetentionRule.objects.update_or_create(kind=kind, defaults={"months": 24, "is_active": True})

    out = io.StringIO()
    call_command("erase_expired", "--preview", stdout=out)
    assert (refused.code in out.getvalue(), dropped.code in out.getvalue()) == (True, True)
    assert running.code not in out.getvalue() and going.code not in out.getvalue()
    call_command("erase_expired", stdout=io.StringIO())
    call_command("erase_expired", stdout=(again := io.StringIO()))

    assert again.getvalue().startswith("0 destroyed")
    for record, text in ((refused, "text"), (dropped, "summary")):
        record.refresh_from_db(from_queryset=type(record).objects.unscoped("a test"))
        assert getattr(record, text) == "…"
    for record, text in ((running, "text"), (going, "summary")):
        record.refresh_from_db(from_queryset=type(record).objects.unscoped("a test"))
        assert getattr(record, text) != "…"
    with connection.cursor() as cursor:
        for table, column, key, pk in (
            ("incidents_tipevent", "text", "pgh_obj_id", refused.pk),
            ("incidents_tipactevent", "note", "tip_id", refused.pk),
            ("incidents_caseevent", "summary", "pgh_obj_id", dropped.pk),
            ("incidents_seizeditemevent", "description", "case_id", dropped.pk),
        ):
            cursor.execute(f'SELECT DISTINCT "{column}" FROM {table} WHERE {key} = %s', [pk])
            assert cursor.fetchall() == [("…",)], table
    assert dropped.stages.count() == 3


def test_a_wrongly_entered_case_is_removed_and_its_tip_and_victim_stay_without_it(cast: Cast) -> None:
    make_investigators(cast)
    police = cast.agencies.lao_cai_police
    both = person("ca.hai@example.vn", (Role.CASE_WORKER, police), (Role.INVESTIGATOR, police))
    told = tip(both, police, police.area)
    secret = open_case(tip=told, actor=both, on=DAY, document_number="1/QĐ", offences=[article()])
    suspect(secret, both)
    victim = file_of(both, case=secret)

    arguments = (f"incidents.case:{secret.pk}", "--decision=7/QĐ-CAT", "--yes")
    call_command("remove_classified", *arguments, stdout=io.StringIO())

    told.refresh_from_db(from_queryset=Tip.objects.unscoped("a test"))
    victim.refresh_from_db(from_queryset=Victim.objects.unscoped("a test"))
    assert (told.case, told.state, victim.case) == (None, "verifying", None)
    with connection.cursor() as cursor:
        for table, key in (
            ("incidents_case", "id"),
            ("incidents_caseevent", "pgh_obj_id"),
            ("incidents_stageevent", "case_id"),
            ("incidents_personincaseevent", "case_id"),
        ):
            cursor.execute(f"SELECT count(*) FROM {table} WHERE {key} = %s", [secret.pk])
            assert cursor.fetchone() == (0,), table


def test_a_case_worker_enters_a_facility_of_own_agency_once(worker: User, signed_in: SignedIn) -> None:
    unit = worker.memberships.get()
    typed = {
        "name": "Nhà Tạm lánh",
        "unit": f"{unit.agency_id}-{unit.area_id}",
        "valid_from": "01/01/2020",
        "capacity": "12",
    }
    browser = signed_in(worker)
    assert browser.post(reverse("facility_new"), typed).status_code == 302
    assert browser.post(reverse("facility_new"), typed).status_code == 422
    made = Facility.objects.get(name="Nhà Tạm lánh")
    assert (made.agency_id, made.capacity) == (unit.agency_id, 12)


def test_a_follow_up_of_a_case_worker_who_left_is_told_to_the_unit(
    worker: User, colleague: User, head: User
) -> None:
    victim = file_of(worker)
    with row_scope(worker):
        open_support(actor=worker, victim=victim, needs=[])
        plan_follow_up(actor=worker, victim=victim, kind="visit", due_on=timezone.localdate())
    worker.memberships.update(valid_to=timezone.localdate() - dt.timedelta(days=1))
    remind_of_the_day(timezone.localdate())

    told = Notification.objects.filter(kind="follow_up_due").values_list("user", flat=True)
    assert set(told) == {colleague.pk, head.pk}
