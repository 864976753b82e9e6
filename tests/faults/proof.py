"""What must hold after any part was killed and started again: nothing lost, doubled or half done."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from accounts.models import AuditEvent
from programs.models import Activity
from reporting.models import FactMark, Report, ReportJob
from reporting.rollup import check_facts
from tests.faults.clients import Promise

WHY = "the proof looks at everything"


def is_settled() -> bool:
    """Whether the workers have nothing left to do."""
    unfinished = (ReportJob.State.QUEUED, ReportJob.State.RUNNING)
    busy = ReportJob.objects.unscoped(WHY).filter(state__in=unfinished).exists()
    return not busy and not FactMark.objects.exists()


def faults(promises: Iterable[Promise], files: Path) -> list[str]:
    """Every way in which the portal broke its word, in words."""
    sent: dict[str, list[Promise]] = {"file": [], "report": []}
    for promise in promises:
        sent[promise.action].append(promise)
    return [*_of_activities(sent["file"]), *_of_reports(sent["report"], files), *check_facts()]


def _of_activities(sent: list[Promise]) -> Iterable[str]:
    stored: dict[object, list[Activity]] = {}
    for activity in Activity.objects.unscoped(WHY).prefetch_related("quantities"):
        stored.setdefault(activity.submission_key, []).append(activity)
    for promise in sent:
        rows = stored.pop(promise.key, [])
        if len(rows) > 1 or (promise.is_given and not rows):
            yield f"activity {promise.key}: {len(rows)} rows after {promise.tries} tries"
        for row in rows:
            told = [(quantity.measure, quantity.low) for quantity in row.quantities.all()]
            if told != [("attendances", promise.says)] or row.state != Activity.State.APPROVED:
                yield f"activity {promise.key}: {row.state} {told}, said {promise.says}"
    yield from (f"activity {key}: nobody filed it" for key in stored)
    made = Activity.pgh_event_model.objects.filter(pgh_label="insert")  # type: ignore[attr-defined]
    if made.count() != Activity.objects.unscoped(WHY).count():
        yield f"history: {made.count()} activities were made"


def _of_reports(sent: list[Promise], files: Path) -> Iterable[str]:
    jobs = {job.request_key: job for job in ReportJob.objects.unscoped(WHY)}
    reports: dict[int, list[Report]] = {}
    for report in Report.objects.unscoped(WHY).defer("snapshot"):
        reports.setdefault(report.job_id, []).append(report)
    for promise in sent:
        job = jobs.pop(promise.key, None)
        if job is None:
            if promise.is_given:
                yield f"report {promise.key}: the job is lost"
            continue
        asked = AuditEvent.objects.filter(
            kind=AuditEvent.Kind.REPORT_ASKED, about=f"reporting.reportjob:{job.pk}"
        )
        if asked.count() != 1:
            yield f"report {promise.key}: asked for {asked.count()} times in the log"
        made = reports.pop(job.pk, [])
        if job.state != ReportJob.State.DONE or len(made) != 1:
            yield f"report {promise.key}: {job.state} {job.failure}, {len(made)} reports"
        for report in made:
            content = (files / str(report.file.name)).read_bytes()
            if hashlib.sha256(content).hexdigest() != report.sha256:
                yield f"report {promise.key}: its file is not what was printed"
    yield from (f"report {key}: nobody asked for it" for key in jobs)
    yield from (f"report of job {pk}: there is no such job" for pk in reports)
