"""An export of case data: asked for by one, approved by another, made once, downloaded by who asked, destroyed."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import uuid
import zipfile
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.files.sealed import download
from accounts.models import AuditEvent, Notification, ReadEvent, Role, User
from accounts.row_scope import row_scope, system_scope
from tests.cast import Cast, person
from tests.conftest import SignedIn
from tests.portal_role import portal_role
from tests.victims.files import ACCOUNT, ADDRESS, CONTACT, NAME, PAPER, PHONE, file_of, with_identity
from victims.models import CaseExport, Consent, Victim
from victims.services import export_jobs
from victims.services.consent import give_consent, withdraw_consent
from victims.services.export import (
    MOST_A_WEEK,
    approve_export,
    ask_export,
    destroy_expired,
    refuse_export,
)
from victims.services.support import TransitionNotAllowed
from victims.services.victim import write_narrative
from victims.standards.anonymity import K
from victims.tasks import make_export

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def patient(settings: Any) -> None:
    """Nothing renews a lease within a test: no other connection sees its transaction."""
    settings.UPLOAD_LEASE_SECONDS = 600


@pytest.fixture
def approver(cast: Cast) -> User:
    """Leads the standing agency of Lào Cai."""
    return person("do.van.khoa@example.vn", (Role.HEAD_OF_UNIT, cast.agencies.lao_cai_police))


def asked(cast: Cast, **changed: Any) -> CaseExport:
    fields = {
        "actor": cast.people.coordinator,
        "standard": "htcds",
        "area": cast.map.lao_cai,
        "first_year": 2024,
        "last_year": 2024,
        "purpose": "Báo cáo nghiên cứu",
        "recipient": "Viện nghiên cứu thanh niên",
        "request_key": uuid.uuid4(),
        **changed,
    }
    return ask_export(**fields)


def made(export: CaseExport, approver: User) -> CaseExport:
    """Approved, and made as a worker does it."""
    approve_export(actor=approver, export=export)
    for _sent_twice in range(2):
        make_export(str(export.key))
    return now(export)


def now(export: CaseExport) -> CaseExport:
    found: CaseExport = CaseExport.objects.unscoped("a test").get(pk=export.pk)
    return found


def agree(worker: User, victim: Victim, purpose: str = Consent.Purpose.RESEARCH) -> Consent:
    with row_scope(worker):
        return give_consent(
            actor=worker,
            victim=victim,
            purpose=purpose,
            given_on=victim.arrived_on,
            how="written",
            given_by="parent" if victim.is_under_18 else "person",
        )


def people(worker: User, count: int = 14, **changed: Any) -> list[Victim]:
    victims = [file_of(worker, **changed) for _each in range(count)]
    for victim in victims:
        agree(worker, victim)
    return victims


def opened(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def rows_of(files: dict[str, str], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[name])))


def test_one_asks_another_approves_and_who_asked_downloads_it_with_a_trace(
    cast: Cast, worker: User, approver: User, signed_in: SignedIn
) -> None:
    people(worker)
    coordinator = signed_in(cast.people.coordinator)
    typed = {
        "request_key": uuid.uuid4(),
        "standard": "htcds",
        "area": cast.map.lao_cai.pk,
        "first_year": 2024,
        "last_year": 2024,
        "purpose": "Báo cáo nghiên cứu",
        "recipient": "Viện nghiên cứu",
    }
    assert coordinator.post(reverse("case_export_new"), typed).status_code == 302
    assert coordinator.post(reverse("case_export_new"), typed).status_code == 302
    export = CaseExport.objects.unscoped("a test").get()
    address = reverse("case_export_detail", args=[export.key])
    assert list(Notification.objects.filter(kind="case_export_asked").values_list("user", flat=True)) == [
        approver.pk
    ]
    assert coordinator.post(address, {"answer": "approve"}).status_code == 404
    assert signed_in(approver).post(address, {"answer": "approve"}).status_code == 302
    lease = export_jobs.take(str(export.key))
    assert lease is not None
    export_jobs.carry_out(lease)

    page = coordinator.get(address).content.decode()
    assert "Of 14 records 14 are in the file" in page
    answer = coordinator.get(reverse("case_export_file", args=[export.key]))
    files = opened(answer.content)
    assert set(files) == {"htcds_cases.csv", "htcds_cases.json", "loss.json", "README.txt"}
    rows = rows_of(files, "htcds_cases.csv")
    assert [row["vic_TypeOfExploitation"] for row in rows] == ["ForcedMarriage"] * 14
    assert json.loads(files["htcds_cases.json"]) == rows
    assert "Viện nghiên cứu" in files["README.txt"]
    assert signed_in(approver).get(reverse("case_export_file", args=[export.key])).status_code == 403

    read = ReadEvent.objects.get(record=f"victims.caseexport:{export.pk}")
    assert (read.user, read.how) == (cast.people.coordinator, "export")
    steps = (
        AuditEvent.objects.filter(kind="case_export_step").order_by("id").values_list("user", "detail__step")
    )
    assert list(steps) == [
        (cast.people.coordinator.pk, "asked"),
        (approver.pk, "approved"),
        (None, "ready"),
        (cast.people.coordinator.pk, "downloaded"),
    ]
    assert Notification.objects.filter(user=cast.people.coordinator, kind="case_export_ready").count() == 1


def test_nothing_of_an_identity_code_or_unit_is_in_any_file(cast: Cast, worker: User, approver: User) -> None:
    victims = people(worker)
    canary = with_identity(worker, victims[0])
    with row_scope(worker):
        write_narrative(actor=worker, victim=canary, kind="account", text=ACCOUNT, version=0)
    secrets = [
        NAME,
        PAPER,
        PHONE,
        ADDRESS,
        CONTACT,
        ACCOUNT,
        worker.full_name,
        cast.agencies.lao_cai_labour.name,
    ]
    secrets += [victim.code for victim in victims]
    for standard in ("htcds", "ic_tip"):
        export = made(asked(cast, standard=standard), approver)
        with default_storage.open(export.file.stored, "rb") as file:
            assert not file.read().startswith(b"PK")
        content = "\n".join(opened(content_of(export)).values())

        assert [secret for secret in secrets if secret in content] == []
        assert str(canary.arrived_on) not in content


def content_of(export: CaseExport) -> bytes:
    return bytes(download(export.file).content)


def test_cases_hold_only_whose_consent_for_research_stands(cast: Cast, worker: User, approver: User) -> None:
    victims = people(worker, 13)
    file_of(worker)
    with row_scope(worker):
        withdraw_consent(actor=worker, consent=victims[0].consents.get())
    export = made(asked(cast), approver)

    assert export.loss["considered"] == 12


def test_statistics_leave_out_who_took_the_consent_for_them_back(
    cast: Cast, worker: User, approver: User
) -> None:
    victims = [file_of(worker) for _each in range(14)]
    consent = agree(worker, victims[0], Consent.Purpose.STATISTICS)
    with row_scope(worker):
        withdraw_consent(actor=worker, consent=consent)
    export = made(asked(cast, standard="ic_tip"), approver)

    assert export.loss["considered"] == 13
    (row,) = rows_of(opened(content_of(export)), "ic_tip_statistics.csv")
    assert (row["event.purpose"], row["reporting_entity.type"], row["victims"]) == (
        "ForcedMarriage",
        "SocialAndHealthServices",
        "10",
    )


def test_another_province_another_year_and_who_is_no_victim_are_not_in_it(
    cast: Cast, worker: User, far_worker: User, approver: User
) -> None:
    people(worker, 12)
    people(worker, 1, arrived_on=dt.date(2023, 5, 1))
    people(far_worker, 1)

    assert made(asked(cast), approver).loss["considered"] == 12


def test_too_few_who_agreed_give_no_file_and_a_reason(
    cast: Cast, worker: User, approver: User, signed_in: SignedIn
) -> None:
    people(worker, K - 1)
    export = made(asked(cast), approver)

    assert (export.state, export.failure) == ("failed", "too_few")
    assert not hasattr(export, "file")
    page = signed_in(cast.people.coordinator).get(reverse("case_export_detail", args=[export.key]))
    assert "Fewer than 11 people who agreed are left" in page.content.decode()
    assert Notification.objects.filter(user=cast.people.coordinator, kind="case_export_failed").count() == 1


def test_nobody_approves_their_own_not_even_in_the_database(cast: Cast) -> None:
    export = asked(cast)
    with pytest.raises(PermissionDenied):
        approve_export(actor=cast.people.coordinator, export=export)
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseExport.objects.unscoped("a test").filter(pk=export.pk).update(
            state="approved", answered_by=cast.people.coordinator
        )


def test_who_leads_another_unit_or_coordinates_another_province_does_not_answer(cast: Cast) -> None:
    export = asked(cast)
    for stranger in (
        person("ksor.h.linh@example.vn", (Role.COORDINATOR, cast.agencies.kon_tum_police)),
        person("vu.thi.hanh@example.vn", (Role.HEAD_OF_UNIT, cast.agencies.lao_cai_labour)),
        cast.people.administrator,
    ):
        with pytest.raises(PermissionDenied):
            approve_export(actor=stranger, export=export)
        with pytest.raises(PermissionDenied):
            refuse_export(actor=stranger, export=export, reason="Không")


def test_a_refusal_has_a_reason_is_told_and_ends_it(cast: Cast, approver: User, signed_in: SignedIn) -> None:
    export = asked(cast)
    address = reverse("case_export_detail", args=[export.key])
    browser = signed_in(approver)
    assert browser.post(address, {"answer": "refuse"}).status_code == 422
    assert browser.post(address, {"answer": "refuse", "reason": "Chưa rõ mục đích"}).status_code == 302

    assert (now(export).state, now(export).refusal) == ("refused", "Chưa rõ mục đích")
    assert Notification.objects.filter(user=cast.people.coordinator, kind="case_export_refused").count() == 1
    assert export_jobs.take(str(export.key)) is None
    with pytest.raises(TransitionNotAllowed):
        approve_export(actor=approver, export=export)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"last_year": 2100}, "last_year"),
        ({"first_year": 1999, "last_year": 2005}, "first_year"),
        ({"first_year": 2025, "last_year": 2024}, "first_year"),
        ({"first_year": 2004, "last_year": 2025}, "last_year"),
        ({"purpose": " "}, "purpose"),
        ({"recipient": ""}, "recipient"),
    ],
)
def test_what_is_asked_wrongly_is_refused_by_field(changed: dict[str, Any], field: str, cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        asked(cast, **changed)
    assert list(refused.value.message_dict) == [field]


def test_nobody_asks_for_a_district_or_another_province(cast: Cast) -> None:
    for area in (cast.map.bat_xat, cast.map.kon_tum, cast.map.nation):
        with pytest.raises(PermissionDenied):
            asked(cast, area=area)


def test_a_person_asks_for_so_many_in_a_week(cast: Cast) -> None:
    for _time in range(MOST_A_WEEK):
        asked(cast)
    with pytest.raises(ValidationError, match="within a week"):
        asked(cast)


def test_a_killed_worker_loses_the_export_and_the_next_makes_it_once(
    cast: Cast, worker: User, approver: User
) -> None:
    people(worker, 12)
    export = asked(cast)
    approve_export(actor=approver, export=export)
    killed = export_jobs.take(str(export.key))
    assert killed is not None
    assert export_jobs.take(str(export.key)) is None
    CaseExport.objects.unscoped("a test").update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    assert export_jobs.pick_up_abandoned() == [str(export.key)]
    second = export_jobs.take(str(export.key))
    assert second is not None
    export_jobs.carry_out(second)
    with pytest.raises(export_jobs.LeaseLost):
        export_jobs.carry_out(killed)

    assert now(export).state == "ready"
    assert AuditEvent.objects.filter(kind="case_export_step", detail__step="ready").count() == 1


def test_an_export_that_is_cut_off_each_time_is_given_up(cast: Cast, approver: User, settings: Any) -> None:
    export = asked(cast)
    approve_export(actor=approver, export=export)
    for _time in range(settings.UPLOAD_MAX_ATTEMPTS):
        assert export_jobs.take(str(export.key)) is not None
        CaseExport.objects.unscoped("a test").update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    export_jobs.pick_up_abandoned()

    assert (now(export).state, now(export).failure) == ("failed", "gave_up")


def test_after_seven_days_the_file_is_gone_and_the_record_stays(
    cast: Cast, worker: User, approver: User, signed_in: SignedIn
) -> None:
    people(worker, 12)
    export = made(asked(cast), approver)
    stored = export.file.stored
    address = reverse("case_export_file", args=[export.key])
    browser = signed_in(cast.people.coordinator)
    assert (destroy_expired(), browser.get(address).status_code) == (0, 200)
    CaseExport.objects.unscoped("a test").update(finished_at=timezone.now() - dt.timedelta(days=7, minutes=1))
    assert browser.get(address).status_code == 404
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transaction, "on_commit", lambda done: done())
        assert (destroy_expired(), destroy_expired()) == (1, 0)

    assert not default_storage.exists(stored)
    assert now(export).state == "destroyed"
    assert "Destroyed" in browser.get(reverse("case_export_detail", args=[export.key])).content.decode()


def test_the_portals_own_role_makes_an_export(cast: Cast, worker: User, approver: User) -> None:
    people(worker, 12)
    export = asked(cast)
    with portal_role():
        with row_scope(approver):
            approve_export(actor=approver, export=export)
        make_export(str(export.key))
        assert destroy_expired() == 0
        with row_scope(cast.people.coordinator):
            assert download(now(export).file).content

    export = now(export)
    assert (export.state, export.loss["considered"]) == ("ready", 12)


def test_another_province_and_who_exports_nothing_are_shown_no_row_of_an_export(
    cast: Cast, worker: User, approver: User
) -> None:
    people(worker, 12)
    export = made(asked(cast), approver)
    far = person("ksor.h.linh@example.vn", (Role.COORDINATOR, cast.agencies.kon_tum_police))
    tables = ("victims_caseexport", "victims_caseexportevent", "victims_caseexportfile")

    def shown_to(reader: User) -> list[int]:
        with portal_role(), row_scope(reader), connection.cursor() as cursor:
            return [_count(cursor, table) for table in tables]

    assert shown_to(far) == shown_to(worker) == shown_to(cast.people.head_of_unit) == [0, 0, 0]
    assert min(shown_to(approver)) > 0 and min(shown_to(cast.people.coordinator)) > 0
    with portal_role(), row_scope(far), pytest.raises(PermissionDenied):
        refuse_export(actor=far, export=export, reason="Không")


def _count(cursor: Any, table: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {table}")
    return int(cursor.fetchone()[0])


def test_every_record_an_export_is_made_of_is_noted_as_read_by_who_asked(
    cast: Cast, worker: User, approver: User
) -> None:
    victims = people(worker, 12)
    file_of(worker)  # who did not agree
    export = made(asked(cast), approver)

    reads = ReadEvent.objects.filter(how="export", record__startswith="victims.victim:")
    assert set(reads.values_list("record", flat=True)) == {f"victims.victim:{each.pk}" for each in victims}
    assert reads.count() == 12
    assert set(reads.values_list("user", "reason")) == {(export.asked_by_id, export.purpose)}


def test_the_pages_take_a_fixed_number_of_statements(
    cast: Cast, worker: User, approver: User, signed_in: SignedIn
) -> None:
    people(worker, 12)
    export = made(asked(cast), approver)
    asked(cast)
    browser = signed_in(cast.people.coordinator)
    taken = {}
    for name, keys in (
        ("case_export_list", []),
        ("case_export_new", []),
        ("case_export_detail", [export.key]),
        ("case_export_status", [export.key]),
    ):
        address = reverse(name, args=keys)
        browser.get(address)
        with CaptureQueriesContext(connection) as statements:
            assert browser.get(address).status_code == 200
        taken[name] = len(statements)

    assert taken == {
        "case_export_list": 8,
        "case_export_new": 7,
        "case_export_detail": 7,
        "case_export_status": 7,
    }


def test_whoever_holds_no_scope_reads_no_record_by_it(cast: Cast) -> None:
    with system_scope("a test"):
        assert CaseExport.objects.visible_to(cast.people.filing_officer).count() == 0
