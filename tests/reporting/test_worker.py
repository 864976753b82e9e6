"""Real workers, in processes of their own, and what becomes of a report when one of them is killed."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from reporting.models import Report, ReportJob, ReportKind
from reporting.services import jobs
from tests.cast import Cast, make_cast
from tests.reporting.records import (
    H1,
    activity,
    case,
    is_waiting_for_a_lock,
    load_catalogue,
    until,
)

pytestmark = pytest.mark.django_db(transaction=True)

LEASE_SECONDS = "3"

#: How a worker is started by the Procfile, save that it says less.
WORKER = [
    *(sys.executable, "-m", "celery", "-A", "config", "--quiet", "worker", "--queues", "default,reports"),
    *("--concurrency", "2", "--loglevel", "WARNING"),
    *("--without-gossip", "--without-mingle", "--without-heartbeat"),
]

Start = Callable[[], "subprocess.Popen[bytes]"]


def environment(broker_dir: Path, files_dir: Path) -> dict[str, str]:
    """What a process needs to work on the database, the messages and the files of this test."""
    of_test = {
        "PCMBN_DATABASE_NAME": str(connection.settings_dict["NAME"]),
        "PCMBN_KEEP_DATABASE": "1",
        "BROKER_DIR": str(broker_dir),
        "FILES_DIR": str(files_dir),
        "REPORT_LEASE_SECONDS": LEASE_SECONDS,
        "PYTHONPATH": str(settings.BASE_DIR),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    kept = {name: value for name, value in os.environ.items() if name != "REDIS_URL"}
    if "DATABASE_URL" in kept:
        server = urlsplit(kept["DATABASE_URL"])
        of_test["DATABASE_URL"] = urlunsplit(server._replace(path=f"/{connection.settings_dict['NAME']}"))
    return kept | of_test


@pytest.fixture
def start(broker_dir: Path, files_dir: Path, tmp_path: Path) -> Iterator[Start]:
    """Start a worker in a process group of its own. All of them are gone when the test ends."""
    for message in (broker_dir / "queue").iterdir():
        message.unlink()
    started: list[subprocess.Popen[bytes]] = []

    def run() -> subprocess.Popen[bytes]:
        with (tmp_path / f"worker-{len(started)}.log").open("wb") as log:
            worker = subprocess.Popen(
                WORKER,
                cwd=settings.BASE_DIR,
                env=environment(broker_dir, files_dir),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        started.append(worker)
        return worker

    yield run
    for worker in started:
        kill(worker)


def kill(worker: subprocess.Popen[bytes]) -> None:
    """kill -9 for the worker and all its children."""
    if worker.poll() is None:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


@pytest.fixture
def job(transactional_db: None) -> ReportJob:
    """A report of Lào Cai was asked for; there is something to tell in it."""
    cast: Cast = make_cast()
    load_catalogue()
    for _ in range(20):
        activity(cast.agencies.bat_xat_police, cast.map.y_ty)
    case(cast.agencies.lao_cai_police, cast.map.lao_cai, prosecuted_on=H1.start)
    return jobs.request_report(
        actor=cast.people.coordinator, kind=ReportKind.SIX_MONTH, area=cast.map.lao_cai, period=H1
    )


def now_of(job: ReportJob) -> ReportJob:
    found: ReportJob = ReportJob.objects.unscoped("the test looks at its job").get(pk=job.pk)
    return found


def is_done(job: ReportJob) -> bool:
    state = now_of(job)
    assert state.state != ReportJob.State.FAILED, state.failure
    return bool(state.state == ReportJob.State.DONE)


def the_report(files_dir: Path) -> Report:
    """The only report there is, whose file is what was printed."""
    report: Report = Report.objects.unscoped("there must be exactly one").get()
    content = (files_dir / str(report.file.name)).read_bytes()
    assert content.startswith(b"%PDF")
    assert hashlib.sha256(content).hexdigest() == report.sha256
    return report


def test_a_worker_makes_the_report_that_was_asked_for(start: Start, job: ReportJob, files_dir: Path) -> None:
    start()

    until(lambda: is_done(job))

    assert the_report(files_dir).job_id == job.pk
    assert (now_of(job).attempts, now_of(job).progress) == (1, 100)
    assert len(list(files_dir.rglob("*.pdf"))) == 1


@pytest.mark.parametrize(
    ("table", "progress"),
    [("reporting_sectionnarrative", 5), ("reporting_reportevent", 90)],
    ids=["while gathering", "while storing"],
)
def test_a_worker_killed_in_the_middle_leaves_one_report_in_the_end(
    table: str, progress: int, start: Start, job: ReportJob, files_dir: Path
) -> None:
    """The builder is held up by a lock on a table it needs, so that it dies where it should."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        worker = start()
        until(lambda: now_of(job).progress >= progress and is_waiting_for_a_lock())
        kill(worker)
    assert now_of(job).state == ReportJob.State.RUNNING
    assert not Report.objects.unscoped("nothing is half done").exists()

    start()
    until(lambda: str(job.key) in jobs.pick_up_abandoned())
    until(lambda: is_done(job))

    assert the_report(files_dir).job_id == job.pk
    assert (now_of(job).attempts, now_of(job).lease) == (2, None)


def test_a_second_worker_leaves_alone_what_the_first_is_still_at(
    start: Start, job: ReportJob, files_dir: Path
) -> None:
    """The lease is kept while the report takes longer than a lease lasts, and messages come twice."""
    jobs.JOBS.send(job)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE reporting_sectionnarrative IN ACCESS EXCLUSIVE MODE")
        start()
        start()
        until(lambda: now_of(job).lease_until is not None and is_waiting_for_a_lock())
        held = now_of(job)
        first_end = held.lease_until
        assert first_end is not None
        until(lambda: timezone.now() > first_end)
        assert jobs.pick_up_abandoned() == []
        assert (now_of(job).lease, now_of(job).attempts) == (held.lease, 1)
    until(lambda: is_done(job))

    assert the_report(files_dir).job_id == job.pk
    assert now_of(job).attempts == 1


def test_with_redis_away_the_job_waits_in_the_database(broker_dir: Path, files_dir: Path) -> None:
    """Asked by another process, whose settings name a Redis that does not answer."""
    cast = make_cast()
    program = f"""
        import django
        django.setup()
        from accounts.models import User
        from reporting.services.jobs import request_report
        from territory.models import Area
        from territory.period import parse_period
        request_report(
            actor=User.objects.get(pk={cast.people.coordinator.pk}), kind="six_month",
            area=Area.objects.get(pk={cast.map.lao_cai.pk}), period=parse_period("2020-H1"),
        )
    """
    nowhere = {"REDIS_URL": "redis://127.0.0.1:1/0"}
    subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        cwd=settings.BASE_DIR,
        env=environment(broker_dir, files_dir) | nowhere,
        check=True,
        capture_output=True,
        timeout=120,
    )

    job = ReportJob.objects.unscoped("the one that was asked for").get()
    assert (job.state, job.sent_at) == ("queued", None)
    assert jobs.pick_up_abandoned() == [str(job.key)]
