"""Reports of many areas at once and by the clock; jobs that are stopped, stuck or too large."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from pytest_django import Settings

from accounts.leases import LeaseLost
from accounts.models import Notice, Notification
from reporting.models import ReportBatch, ReportJob
from reporting.services import batches, jobs, making
from reporting.services.schedules import add_schedule, stop_schedule
from territory.period import CutOff
from tests.cast import Cast
from tests.reporting.records import H1, load_catalogue

WHY = "the test looks at every job"

pytestmark = pytest.mark.usefixtures("patient")


def all_jobs() -> list[ReportJob]:
    return list(ReportJob.objects.unscoped(WHY).select_related("area").order_by("area__sort_key"))


def ask(cast: Cast) -> ReportJob:
    return jobs.request_report(
        actor=cast.people.coordinator, kind="six_month", area=cast.map.lao_cai, period=H1
    )


@pytest.fixture
def batch(cast: Cast) -> ReportBatch:
    return batches.request_batch(
        actor=cast.people.coordinator, kind="six_month", period=H1, level="district", within=cast.map.lao_cai
    )


def test_a_batch_asks_for_every_area_of_the_level(cast: Cast, batch: ReportBatch) -> None:
    assert [job.area for job in all_jobs()] == [cast.map.bat_xat, cast.map.si_ma_cai]
    assert {job.batch for job in all_jobs()} == {batch}


def test_nobody_asks_for_a_batch_elsewhere_or_of_nothing(cast: Cast) -> None:
    about = {"kind": "six_month", "period": H1}
    with pytest.raises(PermissionDenied):
        batches.request_batch(
            actor=cast.people.coordinator,
            level="district",
            within=cast.map.kon_tum,
            **about,  # type: ignore[arg-type]
        )
    with pytest.raises(ValidationError):
        batches.request_batch(
            actor=cast.people.coordinator,
            level="nation",
            within=cast.map.lao_cai,
            **about,  # type: ignore[arg-type]
        )
    assert all_jobs() == []


def test_who_asked_gets_one_mail_with_a_link_and_no_file(cast: Cast, batch: ReportBatch) -> None:
    assert batches.tell_of_finished() == 0
    load_catalogue()
    for job in all_jobs():
        lease = jobs.take(str(job.key))
        assert lease is not None
        making.carry_out(lease)

    assert (batches.tell_of_finished(), batches.tell_of_finished()) == (1, 0)

    (sent,) = mail.outbox
    assert sent.to == [cast.people.coordinator.email]
    assert str(batch.key) in sent.body
    assert sent.attachments == []


def test_a_schedule_starts_once_after_its_days_and_not_when_stopped(cast: Cast) -> None:
    actor = cast.people.coordinator
    schedule = add_schedule(
        actor=actor, kind="six_month", cut_off=CutOff.ND09.value, area=cast.map.lao_cai, after_days=5
    )

    assert batches.start_scheduled(dt.date(2020, 6, 18)) == []
    (started,) = batches.start_scheduled(dt.date(2020, 6, 19))
    assert batches.start_scheduled(dt.date(2020, 6, 20)) == []

    assert (started.period_code, [job.area for job in all_jobs()]) == ("2020-H1", [cast.map.lao_cai])
    stop_schedule(actor=actor, schedule=schedule)
    assert batches.start_scheduled(dt.date(2020, 12, 20)) == []
    with pytest.raises(PermissionDenied):
        add_schedule(
            actor=actor, kind="annual", cut_off=CutOff.ND09.value, area=cast.map.kon_tum, after_days=5
        )


def test_a_stopped_job_stores_nothing_and_can_be_made_after_all(cast: Cast) -> None:
    load_catalogue()
    job = ask(cast)
    lease = jobs.take(str(job.key))
    assert lease is not None

    assert jobs.cancel_job(job=job, actor=cast.people.coordinator)
    with pytest.raises(LeaseLost):
        making.carry_out(lease)

    assert not jobs.cancel_job(job=job, actor=cast.people.coordinator)
    again = jobs.try_again(job=job, actor=cast.people.coordinator)
    assert (again.state, again.attempts) == ("queued", 0)
    with pytest.raises(PermissionDenied):
        jobs.cancel_job(job=job, actor=cast.people.stranger)
    with pytest.raises(PermissionDenied):
        jobs.try_again(job=job, actor=cast.people.stranger)


def test_a_stuck_job_is_found_and_ended_with_its_reason(cast: Cast, settings: Settings) -> None:
    job = ask(cast)
    assert jobs.take(str(job.key)) is not None
    past = timezone.now() - dt.timedelta(seconds=settings.REPORT_TIME_LIMIT_SECONDS * 2)
    ReportJob.objects.unscoped(WHY).filter(pk=job.pk).update(taken_at=past, lease_until=past)

    jobs.pick_up_abandoned()

    job.refresh_from_db()
    assert (job.state, job.failure) == ("failed", "too_long")
    assert Notification.objects.filter(user=cast.people.coordinator, kind=Notice.REPORT_FAILED).count() == 1


def test_a_report_that_wants_too_much_memory_fails_with_that_reason(cast: Cast, settings: Settings) -> None:
    load_catalogue()
    settings.REPORT_MEMORY_LIMIT_MB = 60
    job = ask(cast)
    lease = jobs.take(str(job.key))
    assert lease is not None

    with making.memory_limit(60), pytest.raises(MemoryError):
        bytearray(200 * 1024 * 1024)
    assert len(bytearray(200 * 1024 * 1024)) == 200 * 1024 * 1024
