"""How the portal is: what waits and failed, the nightly checks, the page of it, and what Prometheus reads."""

from __future__ import annotations

import datetime as dt
import urllib.request
from collections.abc import Iterator

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from prometheus_client import start_http_server
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.findings import Level
from accounts.models import (
    AuditEvent,
    CheckRun,
    Digest,
    Notice,
    NoticeSettings,
    Notification,
    User,
    WaitingInvitation,
)
from accounts.notices import notify
from config.condition.archiving import the_log_is_archived
from config.condition.checks import check_and_record
from config.condition.figures import figures_now
from config.condition.metrics import registry
from programs.models import Attachment
from reporting.models import FactMark, ReportJob, WordMark
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.reporting.records import H1, MARCH, activity, load_catalogue

pytestmark = pytest.mark.django_db

TODAY = dt.date.today()


def job(cast: Cast, state: str, minutes_ago: int) -> ReportJob:
    made: ReportJob = ReportJob.objects.create(
        kind="six_month", area=cast.map.lao_cai, period_code=H1.code, period_rule="ND09/2019", state=state
    )
    then = timezone.now() - dt.timedelta(minutes=minutes_ago)
    ReportJob.objects.unscoped("set the clock").filter(pk=made.pk).update(asked_at=then, finished_at=then)
    return made


def test_the_figures_tell_what_waits_and_what_failed_in_one_statement(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    FactMark.objects.all().delete()
    job(cast, "queued", 10)
    job(cast, "failed", 30)
    job(cast, "failed", 60 * 30)
    activity(cast.agencies.bat_xat_police, cast.map.y_ty, on=MARCH)
    AuditEvent.objects.create(kind="backed_up", detail={"what": "made", "name": "x"})
    AuditEvent.objects.create(kind="backed_up", detail={"what": "drill", "name": "x", "differences": 2})

    with django_assert_num_queries(1):
        now = figures_now(TODAY)

    assert (now.jobs_waiting, now.jobs_running, now.jobs_failed_in_a_day) == (1, 0, 1)
    assert now.oldest_job_seconds == pytest.approx(600, abs=60)
    assert now.marks_waiting > 0
    assert now.last_backup_seconds is not None
    assert now.last_drill_seconds is None  # one that found differences is none
    assert now.check_errors is None


def test_what_units_said_waits_for_the_worker_as_records_do(cast: Cast) -> None:
    FactMark.objects.all().delete()
    WordMark.objects.all().delete()
    assert (figures_now(TODAY).marks_waiting, figures_now(TODAY).oldest_mark_seconds) == (0, None)

    WordMark.objects.create(place=cast.map.lao_cai.pk, marked_at=timezone.now() - dt.timedelta(minutes=2))

    assert figures_now(TODAY).marks_waiting == 1
    assert figures_now(TODAY).oldest_mark_seconds == pytest.approx(120, abs=30)


def test_an_e_mail_is_late_only_for_who_is_to_get_one(cast: Cast) -> None:
    reader, quiet, closed = cast.people.filing_officer, cast.people.coordinator, cast.people.head_of_unit
    NoticeSettings.objects.create(user=quiet, digest=Digest.NEVER)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    for kind in (Notice.COMMENTED, Notice.NEW_DEVICE):
        notify(people=[reader, quiet, closed], kind=kind, key=kind.value, url="/")
    assert figures_now(TODAY).mails_late == 0

    long_ago = timezone.now() - dt.timedelta(hours=27)
    Notification.objects.update(created_at=long_ago)
    WaitingInvitation.objects.create(user=reader, asked_at=long_ago)

    assert figures_now(TODAY).mails_late == 2 + 1 + 1


def test_a_server_whose_log_is_not_archived_is_told(
    cast: Cast, signed_in: SignedIn, settings: Settings
) -> None:
    settings.DATABASE_IS_EMBEDDED = False

    assert figures_now(TODAY).archive_late_seconds is None
    assert [finding.level for finding in the_log_is_archived()] == [Level.INFO]
    page = signed_in(cast.people.administrator).get(reverse("condition")).content.decode()
    assert "The log of the database is not archived" in page


def broken_attachment(cast: Cast) -> Attachment:
    held = activity(cast.agencies.bat_xat_police, cast.map.y_ty, on=MARCH)
    made: Attachment = Attachment.objects.create(
        activity=held,
        file=ContentFile(b"%PDF-1.7", name="a.pdf"),
        name="a.pdf",
        media_type="application/pdf",
        size=8,
        sha256="0" * 64,
        added_by=cast.people.filing_officer,
    )
    return made


def test_the_nightly_checks_are_recorded_and_errors_told(cast: Cast) -> None:
    load_catalogue()
    broken = broken_attachment(cast)

    run = check_and_record()

    assert run.finished_at is not None
    assert run.errors >= 1
    where = f"programs.attachment:{broken.pk}"
    assert {
        "level": "error",
        "where": where,
        "what": "the file is not the one that was stored",
    } in run.findings
    told = Notification.objects.get(kind="checks_failed", user=cast.people.administrator)
    assert str(run.errors) in told.sentence
    assert figures_now(TODAY).check_errors == run.errors


def test_the_page_is_the_administrators_and_says_what_is_late(cast: Cast, signed_in: SignedIn) -> None:
    job(cast, "queued", 10)
    CheckRun.objects.create(
        finished_at=timezone.now(),
        errors=1,
        findings=[{"level": "error", "where": "x:1", "what": "is broken"}],
    )

    page = signed_in(cast.people.administrator).get(reverse("condition")).content.decode()

    assert "x:1: is broken" in page
    assert "the oldest waits too long" in page
    assert "No backup was made in the last 26 hours." in page
    assert signed_in(cast.people.coordinator).get(reverse("condition")).status_code == 403


@pytest.fixture
def scraped(settings: Settings) -> Iterator[str]:
    settings.METRICS_DIR = ""
    server, thread = start_http_server(0, "127.0.0.1", registry())
    yield f"http://127.0.0.1:{server.server_port}/metrics"
    server.shutdown()
    thread.join()


@pytest.mark.django_db(transaction=True)
def test_prometheus_reads_the_figures_and_no_personal_data(cast: Cast, scraped: str) -> None:
    job(cast, "queued", 10)

    with urllib.request.urlopen(scraped) as answer:  # noqa: S310
        told = answer.read().decode()

    lines = dict(line.rsplit(" ", 1) for line in told.splitlines() if not line.startswith("#"))
    assert lines["portal_up"] == "1.0"
    assert lines["portal_jobs_waiting"] == "1.0"
    assert float(lines["portal_oldest_job_seconds"]) > 500
    assert "@" not in told
    assert cast.people.administrator.full_name not in told
