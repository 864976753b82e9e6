"""From a made report to an issued one that anybody can verify, and on to its revision."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import InternalError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.changing import ChangedMeanwhile
from accounts.models import AuditEvent, Notice, Notification, OutboxEvent, Role, User
from programs.models import ActivityKind
from programs.services.refusals import TransitionNotAllowed
from reporting.models import NumberBook, Report, ReportDraft, ReportJob
from reporting.services import approval, jobs, making, revisions
from reporting.services.numbers import as_printed
from reporting.verification import Standing, check_all, look_up
from tests.cast import Cast, member, person
from tests.conftest import SignedIn
from tests.reporting.records import H1, activity, load_catalogue

WHY = "the test looks at every report"

pytestmark = pytest.mark.usefixtures("patient")


def reports() -> list[Report]:
    return list(Report.objects.unscoped(WHY).order_by("pk"))


def now_of(report: Report) -> Report:
    found: Report = Report.objects.unscoped(WHY).get(pk=report.pk)
    return found


def carry_out(job: ReportJob) -> None:
    """What a worker does with a job."""
    lease = jobs.take(str(job.key))
    assert lease is not None
    making.carry_out(lease)
    job.refresh_from_db()
    assert job.state == ReportJob.State.DONE, job.failure


def make(cast: Cast, **about: Any) -> Report:
    job = jobs.request_report(
        actor=cast.people.coordinator, kind="six_month", area=cast.map.lao_cai, period=H1, **about
    )
    carry_out(job)
    found: Report = Report.objects.unscoped(WHY).get(job=job)
    return found


def sign(draft: ReportDraft, actor: User, **typed: str) -> ReportJob:
    said = {"signer_name": "Nguyễn Văn Thử", "signer_title": "TRƯỞNG BAN", **typed}
    return approval.sign_draft(draft=draft, actor=actor, version=draft.version, **said)


def issue(cast: Cast, draft: ReportDraft) -> Report:
    """All steps by the coordinator, who is alone in the province."""
    seen: dict[str, Any] = {"draft": draft, "actor": cast.people.coordinator, "version": draft.version}
    approval.send_for_review(**seen)
    approval.review_draft(**seen)
    job = sign(draft, cast.people.coordinator)
    carry_out(job)
    assert job.issues is not None
    return now_of(job.issues)


def tell_of_talk(cast: Cast, day: dt.date) -> None:
    """An approved activity that a figure of the report counts."""
    of, here = cast.agencies.lao_cai_police, cast.map.lao_cai
    activity(of, here, kind=ActivityKind.COMMUNICATION, on=day)


@pytest.fixture
def catalogue(cast: Cast) -> None:
    load_catalogue()


@pytest.fixture
def draft(cast: Cast, catalogue: None) -> ReportDraft:
    tell_of_talk(cast, dt.date(2020, 3, 1))
    return approval.adopt_report(report=make(cast), actor=cast.people.coordinator)


@pytest.fixture
def head(cast: Cast) -> User:
    """The head of the standing agency, who reviews and signs besides the coordinator."""
    who = person("truong.phong@example.vn")
    member(who, Role.HEAD_OF_UNIT, cast.agencies.lao_cai_police)
    return who


@pytest.fixture
def issued(cast: Cast, draft: ReportDraft) -> Report:
    return issue(cast, draft)


def test_a_signed_report_is_issued_under_the_next_number_with_files_and_code(
    cast: Cast, issued: Report, files_dir: Path
) -> None:
    document = issued.snapshot["document"]

    assert (issued.state, issued.number, issued.signer_name) == ("issued", 1, "Nguyễn Văn Thử")
    assert (document["number"], document["state"], document["signer"]["position"]) == (
        1,
        "issued",
        "TRƯỞNG BAN",
    )
    assert document["verification"]["code"] == issued.code == as_printed(issued.code or "")
    assert document["verification"]["hash"] == issued.snapshot_sha256
    assert issued.draft is not None
    assert issued.draft.state == ReportDraft.State.ISSUED
    assert len(list(files_dir.rglob("*.pdf"))) == len(list(files_dir.rglob("*.docx"))) == 1
    assert list(check_all()) == []
    assert AuditEvent.objects.filter(kind=AuditEvent.Kind.REPORT_ISSUED).count() == 1
    told = OutboxEvent.objects.get(kind="report.issued")
    assert (told.area, told.data["code"], told.data["path"]) == (
        issued.area,
        issued.code,
        f"/api/v1/reports/{issued.key}/",
    )


def test_a_report_that_is_signed_and_not_issued_yet_shows_its_job(
    cast: Cast, draft: ReportDraft, signed_in: SignedIn
) -> None:
    seen: dict[str, Any] = {"draft": draft, "actor": cast.people.coordinator, "version": draft.version}
    approval.send_for_review(**seen)
    approval.review_draft(**seen)
    job = sign(draft, cast.people.coordinator)
    assert job.issues is not None

    page = signed_in(cast.people.coordinator).get(reverse("report_detail", args=[job.issues.key]))

    assert page.status_code == 200
    assert reverse("report_job", args=[job.key]) in page.content.decode()


def test_numbers_follow_each_other_in_the_book_of_the_year(cast: Cast, issued: Report) -> None:
    second = issue(cast, approval.adopt_report(report=make(cast), actor=cast.people.coordinator))

    assert (issued.number, second.number) == (1, 2)
    assert NumberBook.objects.get(area=cast.map.lao_cai).last == 2


def test_who_sent_a_report_leaves_its_review_to_another(cast: Cast, draft: ReportDraft, head: User) -> None:
    seen: dict[str, Any] = {"draft": draft, "version": draft.version}
    approval.send_for_review(actor=cast.people.coordinator, **seen)

    with pytest.raises(TransitionNotAllowed):
        approval.review_draft(actor=cast.people.coordinator, **seen)

    assert Notification.objects.filter(user=head, kind=Notice.REPORT_TO_REVIEW).count() == 1
    approval.review_draft(actor=head, **seen)
    draft.refresh_from_db()
    assert draft.state == ReportDraft.State.REVIEWED


def test_a_report_is_sent_back_with_a_reason_and_its_drafter_is_told(
    cast: Cast, draft: ReportDraft, head: User
) -> None:
    seen: dict[str, Any] = {"draft": draft, "version": draft.version}
    approval.send_for_review(actor=cast.people.coordinator, **seen)

    with pytest.raises(ValidationError):
        approval.send_back(actor=head, note=" ", **seen)
    approval.send_back(actor=head, note="Bổ sung số liệu tuyên truyền.", **seen)

    draft.refresh_from_db()
    assert draft.state == ReportDraft.State.DRAFTING
    told = Notification.objects.filter(user=cast.people.coordinator, kind=Notice.REPORT_SENT_BACK)
    assert told.count() == 1


@pytest.mark.parametrize(
    "who", ["filing_officer", "head_of_unit", "steering_member", "administrator", "stranger"]
)
def test_others_take_no_step(who: str, cast: Cast, draft: ReportDraft) -> None:
    seen: dict[str, Any] = {"draft": draft, "actor": getattr(cast.people, who), "version": draft.version}

    for step in (approval.send_for_review, approval.review_draft):
        with pytest.raises(PermissionDenied):
            step(**seen)
    with pytest.raises(PermissionDenied):
        approval.send_back(note="Sai", **seen)
    with pytest.raises(PermissionDenied):
        sign(draft, getattr(cast.people, who))


def test_what_is_signed_is_what_was_read(cast: Cast, draft: ReportDraft) -> None:
    seen: dict[str, Any] = {"draft": draft, "actor": cast.people.coordinator}
    ReportDraft.objects.unscoped(WHY).filter(pk=draft.pk).update(version=2)

    with pytest.raises(ChangedMeanwhile):
        approval.send_for_review(version=1, **seen)
    with pytest.raises(TransitionNotAllowed):
        approval.send_for_review(version=2, **seen)


def test_nobody_changes_or_removes_an_issued_report(issued: Report) -> None:
    every = Report.objects.unscoped(WHY).filter(pk=issued.pk)

    with pytest.raises(InternalError), transaction.atomic():
        every.update(title="Khác")
    with pytest.raises(InternalError), transaction.atomic():
        every.update(snapshot={})
    with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM reporting_report WHERE id = %s", [issued.pk])


def test_a_record_changed_afterwards_leaves_the_issue_and_tells_the_coordinator(
    cast: Cast, issued: Report
) -> None:
    before = (issued.sha256, issued.snapshot_sha256)
    tell_of_talk(cast, dt.date(2020, 4, 1))

    assert revisions.look_for_drift() == 1

    assert revisions.look_for_drift() == 1
    kept = now_of(issued)
    assert (kept.sha256, kept.snapshot_sha256) == before
    assert kept.drifted
    told = Notification.objects.filter(user=cast.people.coordinator, kind=Notice.REPORT_DRIFTED)
    assert told.count() == 1


def test_a_revision_carries_the_difference_and_supersedes_the_issue(cast: Cast, issued: Report) -> None:
    tell_of_talk(cast, dt.date(2020, 4, 1))
    actor = cast.people.coordinator

    revision = revisions.start_revision(report=issued, actor=actor, reason="Bổ sung hoạt động.")
    assert revisions.start_revision(report=issued, actor=actor, reason="Lần nữa.") == revision
    make(cast, draft=revision)
    second = issue(cast, revision)

    assert (second.revision, second.revises, second.number) == (1, issued, 2)
    assert second.differences
    assert second.snapshot["document"]["revision"]["number"] == 1
    assert second.snapshot["sections"][-1]["blocks"][0]["type"] == "differences"
    assert now_of(issued).state == Report.State.SUPERSEDED
    assert look_up(issued.code or "").standing is Standing.SUPERSEDED
    assert look_up(second.code or "").standing is Standing.CURRENT
    assert list(check_all()) == []


def test_the_public_page_tells_genuine_and_nothing_of_the_report(issued: Report) -> None:
    page = Client().get(reverse("verify", args=[issued.code]))
    other = Client().get(reverse("verify", args=["2222-2222-2222"]))
    typed = Client().get(reverse("verify_home"), {"code": (issued.code or "").lower().replace("-", " ")})

    text = page.content.decode()
    assert (page.status_code, other.status_code) == (200, 404)
    assert issued.snapshot_sha256 in text
    for secret in ("Lào Cai", issued.signer_name, issued.period_code, issued.title, str(issued.key)):
        assert secret not in text
    assert typed["Location"] == reverse("verify", args=[issued.code])


def test_the_public_page_compares_a_file(issued: Report) -> None:
    address, content = reverse("verify", args=[issued.code]), issued.file.open("rb").read()
    client = Client()
    client.cookies["django_language"] = "en"

    def ask(sent: bytes) -> str:
        return client.post(address, {"file": SimpleUploadedFile("a.pdf", sent)}).content.decode()

    assert "byte for byte" in ask(content)
    assert "is not the report" in ask(content[:-1] + b"x")
    assert "Choose the PDF file" in client.post(address).content.decode()


def test_an_address_that_asks_too_often_has_to_wait(issued: Report) -> None:
    client, address = Client(REMOTE_ADDR="203.0.113.9"), reverse("verify", args=["2222-2222-2222"])

    answers = [client.get(address).status_code for _ in range(62)]

    assert answers[0] == 404
    assert answers[-1] == 429


def test_verify_reports_finds_what_was_changed_behind_the_portal(issued: Report, files_dir: Path) -> None:
    call_command("verify_reports")
    Path(issued.docx.path).write_bytes(b"khac")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE reporting_report DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE reporting_report SET snapshot = jsonb_set(snapshot, '{document,subject}', '\"Khác\"')"
        )
        cursor.execute("ALTER TABLE reporting_report ENABLE TRIGGER USER")

    faults = " ".join(fault for _, fault in check_all())

    assert "its snapshot is not the one that was issued" in faults
    assert "its Word file is not the one that was issued" in faults
    assert "figures that travel" in faults
    with pytest.raises(CommandError):
        call_command("verify_reports")


def test_the_coordinator_takes_a_report_to_issue_in_the_pages(
    cast: Cast, catalogue: None, signed_in: SignedIn
) -> None:
    report = make(cast)
    client = signed_in(cast.people.coordinator)
    steps, page = reverse("report_step", args=[report.key]), reverse("report_detail", args=[report.key])

    client.post(steps, {"step": "adopt"})
    for step in ("send", "review"):
        client.post(steps, {"step": step, "version": "1"})
    refused = client.post(
        steps, {"step": "sign", "version": "1", "signer_name": "", "signer_title": "TRƯỞNG BAN"}
    )
    client.post(
        steps, {"step": "sign", "version": "1", "signer_name": "Lê Thử", "signer_title": "TRƯỞNG BAN"}
    )

    assert refused.status_code == 422
    assert "Fill this in" in refused.content.decode()
    assert "TRƯỞNG BAN" in refused.content.decode()
    carry_out(ReportJob.objects.unscoped(WHY).get(issues=report))
    shown = client.get(page).content.decode()
    assert "01/BC-BCĐ" in shown
    assert (now_of(report).code or "?") in shown
    assert client.get(reverse("report_word", args=[report.key])).status_code == 200
    steering = signed_in(cast.people.steering_member)
    assert steering.get(page).status_code == 200


def test_the_command_issues_a_report_through_the_same_steps(cast: Cast, catalogue: None, head: User) -> None:
    asked = ["--area", "10", "--period", "2020-H1", "--kind", "six_month"]
    asked += [
        "--by",
        cast.people.coordinator.email,
        "--signer-name",
        "Lê Thử",
        "--signer-title",
        "TRƯỞNG BAN",
    ]

    with pytest.raises(CommandError):
        call_command("issue_report", *asked, "--reviewer", cast.people.filing_officer.email)
    call_command("issue_report", *asked, "--reviewer", head.email)

    assert [report.number for report in reports() if report.state == "issued"] == [1]
