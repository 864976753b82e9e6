"""The disk of the files, of the database or of its log is full: clear answers, nothing half written, all well after."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psycopg2
import pytest

from programs.models import Activity, Attachment
from reporting.models import Report, ReportJob
from reporting.services.jobs import FAILURES
from tests.faults.clients import FILING, Answer, Promise, activity_fields
from tests.faults.conftest import Deployment
from tests.faults.disk import SmallDisk
from tests.faults.portal import KillablePortal
from tests.faults.staff import Staff
from tests.reporting.records import until

WHY = "the test looks at what was kept"
#: A file that does not fit into a block.
PAPER = (
    "bien-ban.pdf",
    b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%" + os.urandom(64_000).hex().encode() + b"\n%%EOF\n",
)


def _needs(disk: SmallDisk) -> None:
    if not disk.is_mounted:
        pytest.skip("a small disk is mounted by root only")


def _kept(files: Path) -> set[Path]:
    return {path for path in files.rglob("*") if path.is_file()}


def test_with_a_full_disk_files_are_refused_whole_and_taken_when_there_is_room(
    deployment: Deployment,
) -> None:
    staff, disk, files = deployment.staff, deployment.files_disk, deployment.portal.files
    _needs(disk)
    staff.prove("before")
    kept, attached = _kept(files), Attachment.objects.count()
    with_file, report = staff.bystander.begin("file"), staff.bystander.begin("report")
    disk.fill()
    try:
        refused = _file(staff, with_file)
        assert refused.status == 503
        assert "Hệ thống tạm dừng" in refused.text
        staff.bystander.bring_to_an_end(report)
        job = ReportJob.objects.unscoped(WHY).get(request_key=report.key)
        until(lambda: _is_ended(job))
        assert (job.state, job.failure) == (ReportJob.State.FAILED, "no_space")
        page = staff.bystander.ask("GET", f"/reports/jobs/{job.key}/")
        assert page is not None
        assert str(FAILURES["no_space"])[:30] in page.text
    finally:
        disk.empty()

    assert _kept(files) == kept
    assert Attachment.objects.count() == attached
    assert not Activity.objects.unscoped(WHY).filter(submission_key=with_file.key).exists()
    assert not Report.objects.unscoped(WHY).filter(job=job).exists()

    assert _file(staff, with_file).status == 302
    with_file.is_given = True
    again = staff.bystander.ask("POST", f"/reports/jobs/{job.key}/again/", {})
    assert again is not None
    assert again.status == 302
    until(lambda: _is_ended(job))
    assert (job.state, job.attempts) == (ReportJob.State.DONE, 1)
    assert Attachment.objects.count() == attached + 1
    staff.prove("the disk of the files was full")


def test_a_database_out_of_space_says_to_come_back_and_recovers(deployment: Deployment) -> None:
    staff, disk = deployment.staff, deployment.database_disk
    _needs(disk)
    with staff.at_work():
        staff.do("file")
        _fill(disk, lambda told: told >= 2, staff)
        deployment.portal.mend()
        staff.do("file")
    staff.prove("the disk of the database was full")


def test_with_a_full_disk_of_its_log_the_database_ends_and_has_lost_nothing_when_there_is_room(
    deployment: Deployment,
) -> None:
    staff, disk, portal = deployment.staff, deployment.log_disk, deployment.portal
    _needs(disk)
    with staff.at_work():
        staff.do("file")
        _fill(disk, lambda told: _needs_more_log(portal) and told >= 2, staff)
        portal.mend()
        staff.do("file")
    staff.prove("the disk of the log was full")


def _fill(disk: SmallDisk, is_enough: Callable[[int], bool], staff: Staff) -> None:
    """Fill a disk until people were told to come back often enough, and make room again.

    The others may all be waiting for workers, who need room as well, so the bystander goes on filing meanwhile.
    """
    told_before = staff.told_to_come_back()

    def is_seen() -> bool:
        staff.go_on_filing()
        return is_enough(staff.told_to_come_back() - told_before)

    disk.fill()
    try:
        until(is_seen, seconds=180)
    finally:
        disk.empty()


def _needs_more_log(portal: KillablePortal) -> bool:
    """Let the next write take a new file of the log, so that it takes seconds and not hours to fill what is there.

    Whether the database needs to be started over it.
    """
    with suppress(psycopg2.Error):
        line = portal.server.connect()
        try:
            with line.cursor() as cursor:
                cursor.execute("SELECT pg_switch_wal()")
        finally:
            line.close()
    return portal.needs_a_start()


def _file(staff: Staff, promise: Promise) -> Answer:
    """The bystander files an activity with a paper."""
    fields = activity_fields(staff.cast, promise.key, promise.says)
    answer = staff.bystander.talk("POST", FILING, fields, file=PAPER)
    assert answer is not None
    return answer


def _is_ended(job: ReportJob) -> bool:
    job.refresh_from_db()
    return job.state in (ReportJob.State.DONE, ReportJob.State.FAILED)
