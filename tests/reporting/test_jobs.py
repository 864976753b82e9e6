"""A report that was asked for ends in one report, or in a reason a person understands."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from pytest_django import Settings

from accounts.leases import LeaseLost
from accounts.models import AuditEvent, User
from reporting.building import build_snapshot
from reporting.models import Report, ReportJob, ReportKind, ReportTemplate
from reporting.rendering.pdf import render_pdf
from reporting.rendering.word import render_docx
from reporting.services import jobs, making
from reporting.services.jobs import FAILURES, UNFINISHED_LIMIT, request_report, take
from reporting.services.making import Files
from reporting.tasks import make_report
from territory.models import Area
from tests.cast import Cast, make_cast
from tests.reporting.records import H1, is_waiting_for_a_lock, load_catalogue, until

WHY = "the test looks at every job"


def all_jobs() -> list[ReportJob]:
    return list(ReportJob.objects.unscoped(WHY).order_by("pk"))


def now_of(job: ReportJob) -> ReportJob:
    found: ReportJob = ReportJob.objects.unscoped(WHY).get(pk=job.pk)
    return found


def reports() -> list[Report]:
    return list(Report.objects.unscoped(WHY))


def let_lease_run_out(job: ReportJob) -> None:
    """As if the worker had been killed a while ago."""
    past = timezone.now() - dt.timedelta(seconds=1)
    ReportJob.objects.unscoped(WHY).filter(pk=job.pk).update(lease_until=past)


def stored_files(files_dir: Path) -> list[Path]:
    return sorted(files_dir.rglob("*.pdf"))


@pytest.fixture
def queue(broker_dir: Path) -> Iterator[Path]:
    """The folder of messages, empty at the beginning and there again at the end."""
    folder = broker_dir / "queue"
    for message in folder.iterdir():
        message.unlink()
    yield folder
    folder.mkdir(exist_ok=True)


def sent_keys(queue: Path) -> list[str]:
    """The keys of the jobs that messages speak of."""
    keys = []
    for message in queue.glob("*.reports.msg"):
        body = json.loads(base64.b64decode(json.loads(message.read_text())["body"]))
        keys.append(body[0][0])
    return sorted(keys)


def ask(actor: User, area: Area, request_key: uuid.UUID | None = None) -> ReportJob:
    return request_report(
        actor=actor, kind=ReportKind.SIX_MONTH, area=area, period=H1, request_key=request_key
    )


# --- asking


@pytest.mark.parametrize(
    "who",
    [
        "filing_officer",
        "head_of_unit",
        "case_worker",
        "investigator",
        "steering_member",
        "administrator",
        "stranger",
    ],
)
def test_who_does_not_draft_reports_cannot_ask_for_one(who: str, cast: Cast) -> None:
    for area in (cast.map.lao_cai, cast.map.bat_xat, cast.map.kon_tum, cast.map.nation):
        with pytest.raises(PermissionDenied):
            ask(getattr(cast.people, who), area)

    assert all_jobs() == []
    assert not AuditEvent.objects.exists()


def test_a_coordinator_asks_for_the_own_province_and_its_districts(cast: Cast) -> None:
    coordinator = cast.people.coordinator

    of_province, of_district = ask(coordinator, cast.map.lao_cai), ask(coordinator, cast.map.bat_xat)

    assert all_jobs() == [of_province, of_district]
    assert (of_province.state, of_province.period_code, of_province.period_rule) == (
        "queued",
        "2020-H1",
        "ND09/2019",
    )
    asked = AuditEvent.objects.get(about=f"reporting.reportjob:{of_district.pk}")
    assert (asked.kind, asked.user, asked.detail["area"]) == (
        AuditEvent.Kind.REPORT_ASKED,
        coordinator,
        "082",
    )
    for elsewhere in (cast.map.kon_tum, cast.map.nation):
        with pytest.raises(PermissionDenied):
            ask(coordinator, elsewhere)


def test_an_officer_of_the_standing_agency_drafts_the_report_of_the_province(cast: Cast) -> None:
    assert ask(cast.people.standing_officer, cast.map.kon_tum).area == cast.map.kon_tum


def test_the_same_request_twice_is_one_job(cast: Cast) -> None:
    key = uuid.uuid4()

    first = ask(cast.people.coordinator, cast.map.lao_cai, key)
    second = ask(cast.people.coordinator, cast.map.lao_cai, key)

    assert first == second
    assert all_jobs() == [first]
    assert AuditEvent.objects.count() == 1


def test_one_person_has_only_so_many_reports_in_the_making(cast: Cast) -> None:
    key = uuid.uuid4()
    first = ask(cast.people.coordinator, cast.map.lao_cai, key)
    for _ in range(UNFINISHED_LIMIT - 1):
        ask(cast.people.coordinator, cast.map.lao_cai)

    with pytest.raises(ValidationError) as refused:
        ask(cast.people.coordinator, cast.map.lao_cai)

    assert refused.value.code == "too_many"
    assert ask(cast.people.coordinator, cast.map.lao_cai, key) == first
    assert ask(cast.people.standing_officer, cast.map.kon_tum)
    ReportJob.objects.unscoped(WHY).filter(pk=first.pk).update(state=ReportJob.State.DONE)
    assert ask(cast.people.coordinator, cast.map.lao_cai)


# --- leases


@pytest.fixture
def job(cast: Cast) -> ReportJob:
    return ask(cast.people.coordinator, cast.map.lao_cai)


def test_a_running_job_is_not_given_to_a_second_worker(job: ReportJob) -> None:
    lease = take(str(job.key))

    assert lease is not None
    assert (now_of(job).state, now_of(job).attempts) == ("running", 1)
    assert take(str(job.key)) is None
    assert now_of(job).lease == lease.token


def test_a_job_nobody_knows_is_not_taken(db: None) -> None:
    assert take(str(uuid.uuid4())) is None


@pytest.mark.parametrize("state", [ReportJob.State.DONE, ReportJob.State.FAILED])
def test_a_finished_job_is_not_taken_again(state: str, job: ReportJob) -> None:
    ReportJob.objects.unscoped(WHY).filter(pk=job.pk).update(state=state)

    assert take(str(job.key)) is None


def test_a_worker_that_renews_keeps_the_job(job: ReportJob) -> None:
    lease = take(str(job.key))
    assert lease is not None
    let_lease_run_out(job)

    jobs.JOBS.renew(lease, progress=40, step="gathering")

    assert take(str(job.key)) is None
    assert (now_of(job).progress, now_of(job).step) == (40, "gathering")


def test_a_job_whose_lease_ran_out_is_taken_over(job: ReportJob) -> None:
    first = take(str(job.key))
    assert first is not None
    jobs.JOBS.renew(first, progress=40, step="gathering")
    let_lease_run_out(job)

    second = take(str(job.key))

    assert second is not None
    assert (now_of(job).lease, now_of(job).attempts, now_of(job).progress) == (second.token, 2, 0)
    with pytest.raises(LeaseLost):
        jobs.JOBS.renew(first, progress=50)
    assert now_of(job).progress == 0


def test_a_job_is_given_up_with_a_reason_after_some_attempts(
    job: ReportJob, settings: Settings, queue: Path
) -> None:
    for _ in range(settings.REPORT_MAX_ATTEMPTS):
        assert jobs.pick_up_abandoned() in ([str(job.key)], [])
        assert take(str(job.key)) is not None
        let_lease_run_out(job)

    assert jobs.pick_up_abandoned() == []

    given_up = now_of(job)
    assert (given_up.state, given_up.failure, given_up.lease) == ("failed", "gave_up", None)
    assert given_up.finished_at is not None
    assert "gave_up" in FAILURES
    assert take(str(job.key)) is None


# --- messages


def test_a_job_whose_message_got_lost_is_sent_again(job: ReportJob, queue: Path) -> None:
    assert jobs.pick_up_abandoned() == [str(job.key)]
    assert sent_keys(queue) == [str(job.key)]

    assert jobs.pick_up_abandoned() == []

    long_ago = timezone.now() - dt.timedelta(minutes=1)
    ReportJob.objects.unscoped(WHY).filter(pk=job.pk).update(sent_at=long_ago)
    assert jobs.pick_up_abandoned() == [str(job.key)]


def test_a_job_of_a_killed_worker_is_sent_again(job: ReportJob, queue: Path) -> None:
    take(str(job.key))
    assert jobs.pick_up_abandoned() == []
    let_lease_run_out(job)

    assert jobs.pick_up_abandoned() == [str(job.key)]

    assert sent_keys(queue) == [str(job.key)]


def test_a_job_from_before_the_clock_was_set_back_does_not_wait_for_that_hour(
    job: ReportJob, queue: Path
) -> None:
    later = timezone.now() + dt.timedelta(hours=7)
    ReportJob.objects.unscoped(WHY).filter(pk=job.pk).update(sent_at=later)
    assert jobs.pick_up_abandoned() == [str(job.key)]

    take(str(job.key))
    ReportJob.objects.unscoped(WHY).filter(pk=job.pk).update(lease_until=later)
    assert jobs.pick_up_abandoned() == [str(job.key)]
    assert take(str(job.key)) is not None


def test_finished_jobs_are_left_alone(job: ReportJob, queue: Path) -> None:
    ReportJob.objects.unscoped(WHY).filter(pk=job.pk).update(state=ReportJob.State.DONE)

    assert jobs.pick_up_abandoned() == []
    assert sent_keys(queue) == []


@pytest.mark.django_db(transaction=True)
def test_a_message_goes_out_only_with_the_job(queue: Path) -> None:
    cast = make_cast()
    with transaction.atomic():
        ask(cast.people.coordinator, cast.map.lao_cai)
        assert sent_keys(queue) == []
        transaction.set_rollback(True)
    assert sent_keys(queue) == []

    job = ask(cast.people.coordinator, cast.map.lao_cai)

    assert sent_keys(queue) == [str(job.key)]
    assert now_of(job).sent_at is not None


@pytest.mark.django_db(transaction=True)
def test_with_the_broker_away_the_job_waits_and_is_picked_up_later(queue: Path) -> None:
    cast = make_cast()
    queue.rmdir()

    job = ask(cast.people.coordinator, cast.map.lao_cai)

    assert (now_of(job).state, now_of(job).sent_at) == ("queued", None)
    queue.mkdir()
    assert jobs.pick_up_abandoned() == [str(job.key)]
    assert sent_keys(queue) == [str(job.key)]


# --- making and storing


@pytest.fixture
def committed(transactional_db: None) -> tuple[Cast, ReportJob]:
    """A job in a database that other connections see, as the thread that renews the lease must."""
    cast = make_cast()
    load_catalogue()
    return cast, ask(cast.people.coordinator, cast.map.lao_cai)


def test_a_job_ends_in_one_report_and_its_file(committed: tuple[Cast, ReportJob], files_dir: Path) -> None:
    cast, job = committed

    make_report(str(job.key))
    make_report(str(job.key))

    (report,) = reports()
    (file,) = stored_files(files_dir)
    content = file.read_bytes()
    assert content.startswith(b"%PDF")
    assert (report.sha256, report.size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert report.pages >= 1
    assert (report.area, report.made_by, report.period_start) == (cast.map.lao_cai, job.asked_by, H1.start)
    assert report.snapshot["area"]["code"] == "10"
    done = now_of(job)
    assert (done.state, done.progress, done.lease, done.attempts) == ("done", 100, None, 1)


def test_a_worker_that_lost_its_lease_stores_nothing(
    committed: tuple[Cast, ReportJob], files_dir: Path
) -> None:
    cast, job = committed
    slow = take(str(job.key))
    assert slow is not None
    snapshot = build_snapshot(kind=job.kind, area=cast.map.lao_cai, period=H1)
    printed = Files(*render_pdf(snapshot), render_docx(snapshot))
    let_lease_run_out(job)
    quick = take(str(job.key))
    assert quick is not None

    with pytest.raises(LeaseLost):
        making._finish(slow, snapshot, printed)

    assert reports() == []
    assert stored_files(files_dir) == []
    making.carry_out(quick)
    assert len(reports()) == len(stored_files(files_dir)) == 1
    with pytest.raises(LeaseLost):
        making._finish(slow, snapshot, printed)
    assert len(reports()) == len(stored_files(files_dir)) == 1


def test_a_worker_that_lost_its_lease_stops_at_the_next_step(committed: tuple[Cast, ReportJob]) -> None:
    _, job = committed
    slow = take(str(job.key))
    assert slow is not None
    let_lease_run_out(job)
    quick = take(str(job.key))
    assert quick is not None

    with pytest.raises(LeaseLost):
        making.carry_out(slow)

    assert (now_of(job).state, now_of(job).lease, now_of(job).failure) == ("running", quick.token, "")


def test_a_job_cannot_be_taken_over_while_its_report_is_being_stored(
    committed: tuple[Cast, ReportJob],
) -> None:
    cast, job = committed
    lease = take(str(job.key))
    assert lease is not None
    snapshot = build_snapshot(kind=job.kind, area=cast.map.lao_cai, period=H1)
    printed = Files(*render_pdf(snapshot), render_docx(snapshot))
    let_lease_run_out(job)

    def store() -> None:
        try:
            making._finish(lease, snapshot, printed)
        finally:
            connection.close()

    storing = threading.Thread(target=store)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE reporting_report IN SHARE MODE")
        storing.start()
        until(is_waiting_for_a_lock)
        with pytest.raises(OperationalError), transaction.atomic():
            ReportJob.objects.unscoped(WHY).select_for_update(nowait=True).get(pk=job.pk)
    storing.join(30)

    assert take(str(job.key)) is None
    assert (now_of(job).state, len(reports())) == ("done", 1)


def test_without_a_template_the_job_fails_with_that_reason(committed: tuple[Cast, ReportJob]) -> None:
    _, job = committed
    ReportTemplate.objects.all().delete()

    make_report(str(job.key))

    assert (now_of(job).state, now_of(job).failure) == ("failed", "no_template")
    assert reports() == []


def test_a_defect_fails_the_job_and_is_not_tried_for_ever(committed: tuple[Cast, ReportJob]) -> None:
    _, job = committed
    template = ReportTemplate.objects.get(code=ReportKind.SIX_MONTH, level="")
    template.layout["parts"][0]["blocks"] = [{"kind": "a kind nobody knows"}]
    template.save()

    make_report(str(job.key))
    make_report(str(job.key))

    failed = now_of(job)
    assert (failed.state, failed.failure, failed.attempts, failed.lease) == ("failed", "defect", 1, None)
    assert set(FAILURES) >= {"defect", "no_template", "no_font", "gave_up"}


@contextmanager
def no_room_for_reports() -> Iterator[None]:
    """The server answers that its disk is full where a report is to be stored."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END $$"
        )
        cursor.execute("CREATE TRIGGER no_room BEFORE INSERT ON reporting_report EXECUTE FUNCTION no_room()")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION no_room CASCADE")


def test_a_database_without_room_costs_no_attempt_for_a_day(
    committed: tuple[Cast, ReportJob], settings: Settings
) -> None:
    settings.REPORT_MAX_ATTEMPTS = 1
    _, job = committed

    with no_room_for_reports():
        for _time in range(2):
            make_report(str(job.key))
            assert (now_of(job).state, now_of(job).attempts) == ("running", 0)
            let_lease_run_out(job)
            assert jobs.pick_up_abandoned() == [str(job.key)]
        ReportJob.objects.unscoped(WHY).update(asked_at=timezone.now() - dt.timedelta(days=2))
        make_report(str(job.key))
        assert (now_of(job).state, now_of(job).attempts) == ("running", 1)
        ReportJob.objects.unscoped(WHY).update(asked_at=job.asked_at, attempts=0)
        let_lease_run_out(job)

    make_report(str(job.key))
    assert (now_of(job).state, now_of(job).attempts, len(reports())) == ("done", 1, 1)
