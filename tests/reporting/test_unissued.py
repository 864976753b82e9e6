"""Reports that were made and never signed go with their files when their time is over; all others stay."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import AuditEvent
from reporting.models import Report, ReportDraft, ReportJob
from reporting.services import approval, revisions
from reporting.services.drafting import abandon_draft
from reporting.services.unissued import forget_unissued
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.reporting.test_issuing import catalogue, draft, issue, issued, make, reports, sign

__all__ = ["catalogue", "draft", "issued"]

pytestmark = pytest.mark.usefixtures("patient")

YEARS = dt.timedelta(days=731)


def later() -> dt.datetime:
    return timezone.now() + YEARS


def kept(files: Path) -> set[str]:
    return {path.suffix for path in files.rglob("*") if path.is_file()}


def test_a_report_nobody_needed_goes_with_its_files_and_its_page_says_so(
    cast: Cast,
    catalogue: None,
    files_dir: Path,
    signed_in: SignedIn,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    report = make(cast)
    assert report.job is not None
    browser, page = signed_in(cast.people.coordinator), reverse("report_job", args=[report.job.key])
    assert forget_unissued() == 0
    assert browser.get(page).status_code == 302

    with django_capture_on_commit_callbacks(execute=True):
        assert forget_unissued(later()) == 1

    assert (reports(), kept(files_dir)) == ([], set())
    assert ReportJob.objects.unscoped("a test").get().state == ReportJob.State.DONE
    event = AuditEvent.objects.get(kind=AuditEvent.Kind.DATA_ERASED)
    assert (event.about, event.detail) == ("reporting.report", {"rows": 1})
    for name in ("report_job", "report_job_status"):
        answer = browser.get(reverse(name, args=[report.job.key]))
        assert "never signed" in answer.content.decode(), name
    assert forget_unissued(later()) == 0
    assert AuditEvent.objects.filter(kind=AuditEvent.Kind.DATA_ERASED).count() == 1


def test_a_report_of_a_draft_stays_until_the_draft_is_given_up(cast: Cast, draft: ReportDraft) -> None:
    assert forget_unissued(later()) == 0
    abandon_draft(actor=cast.people.coordinator, draft=draft, version=draft.version)
    assert forget_unissued(later()) == 1


def test_a_report_that_somebody_read_for_approval_stays(cast: Cast, draft: ReportDraft) -> None:
    coordinator = cast.people.coordinator
    approval.send_for_review(draft=draft, actor=coordinator, version=draft.version)
    approval.send_back(draft=draft, actor=coordinator, version=draft.version, note="Thiếu số liệu")
    draft.refresh_from_db(from_queryset=ReportDraft.objects.unscoped("a test"))
    abandon_draft(actor=coordinator, draft=draft, version=draft.version)
    assert forget_unissued(later()) == 0


def test_a_signed_report_stays_while_it_waits_to_be_issued(cast: Cast, draft: ReportDraft) -> None:
    told = {"draft": draft, "actor": cast.people.coordinator, "version": draft.version}
    approval.send_for_review(**told)
    approval.review_draft(**told)
    sign(draft, cast.people.coordinator)
    assert forget_unissued(later()) == 0


def test_issued_and_superseded_reports_stay_with_their_files(
    cast: Cast, issued: Report, files_dir: Path, signed_in: SignedIn
) -> None:
    begun = revisions.start_revision(report=issued, actor=cast.people.coordinator, reason="Sửa số liệu")
    make(cast, draft=begun)
    issue(cast, begun)
    assert {report.state for report in reports()} == {"issued", "superseded"}

    assert forget_unissued(later()) == 0
    assert len(reports()) == 2
    job = ReportJob.objects.unscoped("a test").get(issues=issued)
    browser = signed_in(cast.people.coordinator)
    assert browser.get(reverse("report_job", args=[job.key]))["Location"].endswith(f"{issued.key}/")
