"""What a worker does with a report job it has taken: make a report, or issue a signed one."""

import hashlib
import logging
import resource
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import override

from accounts.leases import Keeper, Lease, LeaseLost
from accounts.models import Notice
from accounts.tracing import where_it_failed
from reporting.building import NoTemplate, build_snapshot
from reporting.models import Report, ReportJob
from reporting.rendering.pdf import FontMissing, Printed, render_pdf
from reporting.rendering.signing import SigningError
from reporting.rendering.snapshot import Snapshot
from reporting.rendering.word import render_docx
from reporting.services.issuing import Issue, content_hash, prepare_issue, settle_issue, signed_if_configured
from reporting.services.jobs import JOBS, fail, tell_of_end
from territory.period import Period, stored_period

logger = logging.getLogger("portal.jobs")

#: The reason a job is given for each failure that is not a defect.
_REASONS: dict[type[BaseException], str] = {
    NoTemplate: "no_template",
    FontMissing: "no_font",
    SigningError: "no_signature",
    SoftTimeLimitExceeded: "too_long",
    MemoryError: "too_large",
}


@dataclass(frozen=True)
class Files:
    """A report as files: the PDF (signed, where a certificate is configured) and the Word file."""

    pdf: bytes
    pages: int
    word: bytes
    is_signed: bool = False

    def store(self, report: Report) -> None:
        """Put the files beside the report and note their hashes; the row is not saved yet."""
        stem = f"{report.key.hex}-{uuid.uuid4().hex[:8]}"
        report.file.save(f"{stem}.pdf", ContentFile(self.pdf), save=False)
        report.sha256, report.size, report.pages = _sha256(self.pdf), len(self.pdf), self.pages
        report.docx.save(f"{stem}.docx", ContentFile(self.word), save=False)
        report.docx_sha256, report.docx_size = _sha256(self.word), len(self.word)
        report.is_signed = self.is_signed


def carry_out(lease: Lease[ReportJob]) -> None:
    """Do what a job asks for and finish it; a failure is noted with its reason.

    Raises LeaseLost when another worker has taken over or the job was stopped; nothing is stored then.
    """
    job = lease.work
    keeper = _Keeper(JOBS, lease)
    try:
        with keeper, override("vi"), memory_limit(settings.REPORT_MEMORY_LIMIT_MB):
            if job.issues is not None:
                issue = prepare_issue(job.issues)
                files = _print(issue.snapshot, keeper, is_final=True)
            else:
                snapshot = _gather(job, keeper)
                files = _print(snapshot, keeper)
        if job.issues is not None:
            _finish_issue(lease, job.issues, issue, files)
        else:
            _finish(lease, snapshot, files)
    except LeaseLost:
        logger.warning("report job %s was taken over by another worker or stopped", job.pk)
        raise
    except tuple(_REASONS) as error:
        reason = next(said for kind, said in _REASONS.items() if isinstance(error, kind))
        logger.warning("report job %s ended: %s", job.pk, reason)
        fail(lease, reason)
    except Exception as error:
        logger.error("report job %s failed: %s%s", job.pk, type(error).__name__, where_it_failed(error))
        fail(lease, "defect")


@contextmanager
def memory_limit(megabytes: int) -> Iterator[None]:
    """Refuse this process more memory than it has now and so much besides, so that one report cannot take all.

    What goes beyond raises MemoryError. 0 sets no limit.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if not megabytes:
        yield
        return
    in_use = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    wanted = in_use + megabytes * 1024 * 1024
    resource.setrlimit(
        resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard)
    )
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def period_of(job: ReportJob) -> Period:
    """The period a job is about."""
    return stored_period(job.period_code, job.period_rule)


def _gather(job: ReportJob, keeper: "_Keeper") -> Snapshot:
    keeper.at(5, "gathering")
    return build_snapshot(
        kind=job.kind,
        area=job.area,
        period=period_of(job),
        map_basis=job.map_basis,
        draft=job.draft,
        progress=lambda p: keeper.at(5 + p * 35 // 100, "gathering"),
    )


def _print(snapshot: Snapshot, keeper: "_Keeper", *, is_final: bool = False) -> Files:
    keeper.at(45, "printing")
    printed: Printed = render_pdf(snapshot, progress=lambda p: keeper.at(45 + p * 4 // 10, "printing"))
    word = render_docx(snapshot)
    keeper.at(95, "printing")
    pdf, is_signed = printed.content, False
    if is_final:
        pdf, is_signed = signed_if_configured(printed, snapshot["document"]["place"])
    return Files(pdf, printed.pages, word, is_signed)


def _finish(lease: Lease[ReportJob], snapshot: Snapshot, files: Files) -> None:
    """Store the report and end the job, in one transaction, if the lease still holds."""
    job = lease.work
    period = period_of(job)
    report = Report(
        key=uuid.uuid4(),
        job=job,
        kind=job.kind,
        area=job.area,
        period_code=period.code,
        period_start=period.start,
        period_end=period.end,
        title=f"{snapshot['document']['title']} {snapshot['document']['subject']}"[:300],
        snapshot=snapshot,
        snapshot_sha256=content_hash(snapshot),
        draft=job.draft,
        draft_version=job.draft.version if job.draft is not None else None,
        map_basis=job.map_basis,
        made_by=job.asked_by,
        is_demo=snapshot["document"]["is_demo"],
    )
    with _stored(report, files), transaction.atomic():
        _end(lease)
        report.save()
        tell_of_end(job, Notice.REPORT_READY)


def _finish_issue(lease: Lease[ReportJob], report: Report, issue: Issue, files: Files) -> None:
    """Store the final files, issue the report and end the job, in one transaction, if the lease still holds."""
    draft_files = [(kept.storage, str(kept.name)) for kept in (report.file, report.docx) if kept]
    with _stored(report, files), transaction.atomic():
        _end(lease)
        settle_issue(report, issue)
    for storage, name in draft_files:
        storage.delete(name)


@contextmanager
def _stored(report: Report, files: Files) -> Iterator[None]:
    """The files stored for what is written meanwhile; removed again when that does not stand."""
    before = {kept.name for kept in (report.file, report.docx) if kept}
    try:
        files.store(report)
        yield
    except BaseException:
        for kept in (report.file, report.docx):
            if kept and kept.name not in before:
                kept.storage.delete(str(kept.name))
        raise


def _end(lease: Lease[ReportJob]) -> None:
    """End the job as done. Raises LeaseLost when it is another worker's by now, or was stopped."""
    JOBS.release(lease, state=ReportJob.State.DONE, progress=100, step="")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class _Keeper(Keeper[ReportJob]):
    """Keeps the lease while the report is made, since printing takes its time."""

    def at(self, progress: int, step: str) -> None:
        """Note progress at once, for the page that waits. Raises LeaseLost when the job is another worker's by now."""
        before = self.noted
        self.note(progress=progress, step=step)
        if self.noted != before:
            self.leases.renew(self.lease, **self.noted)
