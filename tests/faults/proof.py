"""What must hold after any part was killed and started again: nothing lost, doubled or half done."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from accounts.models import AuditEvent
from programs.models import Activity
from reporting.models import (
    ApprovalStep,
    FactMark,
    NumberBook,
    Report,
    ReportDraft,
    ReportJob,
    Submission,
    SubmissionState,
)
from reporting.rollup import check_facts
from reporting.services.submissions.versions import sha256_of
from reporting.verification import faults_of
from territory.figure import Figure
from tests.faults.clients import ACTIONS, Promise
from tests.faults.stories import FIGURE, RETURNED_BECAUSE, days_of, said_in

WHY = "the proof looks at everything"


def is_settled() -> bool:
    """Whether the workers have nothing left to do."""
    unfinished = (ReportJob.State.QUEUED, ReportJob.State.RUNNING)
    busy = ReportJob.objects.unscoped(WHY).filter(state__in=unfinished).exists()
    return not busy and not FactMark.objects.exists()


def faults(promises: Iterable[Promise], files: Path) -> list[str]:
    """Every way in which the portal broke its word, in words. What was proved before is not looked at again."""
    sent: dict[str, list[Promise]] = {action: [] for action in ACTIONS}
    for promise in promises:
        sent[promise.action].append(promise)
    return [
        *_of_activities(sent["file"]),
        *_of_reports([*sent["report"], *sent["issue"]], files),
        *_of_submissions(sent["submit"]),
        *_of_issues(sent["issue"]),
        *check_facts(),
    ]


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
    # Jobs that issue a signed report are looked at with it.
    jobs = {job.request_key: job for job in ReportJob.objects.unscoped(WHY).filter(issues=None)}
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


def _of_submissions(sent: list[Promise]) -> Iterable[str]:
    """Each story has left one report, two versions, one return, and one row of each in the log."""
    if Submission.objects.count() > len(sent):
        yield f"submissions: {Submission.objects.count()} of {len(sent)}"
    for promise in sent:
        if promise.is_proved:
            continue
        first, last = days_of(promise)
        found = list(Submission.objects.filter(obligation__period_start=first, obligation__period_end=last))
        if len(found) != 1 or not promise.is_given:
            yield f"submission {promise.page}: {len(found)} after {promise.tries} tries, done: {promise.is_given}"
            continue
        told = list(_of_submission(promise, found[0]))
        promise.is_proved = not told
        yield from (f"submission {promise.page}: {fault}" for fault in told)


def _of_submission(promise: Promise, submission: Submission) -> Iterable[str]:
    if (submission.state, submission.sent) != (SubmissionState.ACCEPTED, 2):
        yield f"{submission.state}, sent {submission.sent} times"
    figures = [(row.indicator.code, row.low) for row in submission.figures.select_related("indicator")]
    if figures != [(FIGURE, said_in(promise, 2))]:
        yield f"it says {figures}"
    versions = list(submission.versions.all())
    if [version.number for version in versions] != [1, 2]:
        yield f"versions {[version.number for version in versions]}"
    for version in versions:
        said = [Figure.from_json(figure["figure"]) for figure in version.content["figures"]]
        if said != [Figure.exact(said_in(promise, version.number))]:
            yield f"version {version.number} says {said}"
        if sha256_of(version.content) != version.sha256:
            yield f"version {version.number} is not what its hash says"
    reasons = [(row.number, row.section, row.reason) for row in submission.returns.all()]
    if reasons != [(1, "", RETURNED_BECAUSE)]:
        yield f"returned because of {reasons}"
    logged = AuditEvent.objects.filter(about=f"reporting.submission:{submission.pk}").order_by("pk")
    kinds = [kind.removeprefix("submission_") for kind in logged.values_list("kind", flat=True)]
    if kinds != ["sent", "returned", "sent", "accepted"]:
        yield f"the log says {kinds}"
    history = submission.pgh_event_model.objects.filter(pgh_obj=submission.pk).order_by("pgh_id")
    states = [state for state, _same in groupby(history.values_list("state", flat=True))]
    if states != ["draft", "submitted", "returned", "submitted", "accepted"]:
        yield f"its history is {states}"


def _of_issues(sent: list[Promise]) -> Iterable[str]:
    """Each story has left one issued report, with one number of the year's book and files that are whole."""
    given = sorted(
        Report.objects.unscoped(WHY)
        .exclude(number=None)
        .values_list("area", "symbol", "issued_on__year", "number")
    )
    books = {(book.area_id, book.symbol, book.year): book.last for book in NumberBook.objects.all()}
    numbers = [(*book, number) for book, last in sorted(books.items()) for number in range(1, last + 1)]
    if given != numbers:
        yield f"numbers given: {given}; the books say {books}"
    codes = list(
        Report.objects.unscoped(WHY).exclude(code=None).exclude(code="").values_list("code", flat=True)
    )
    if len(codes) != len(set(codes)):
        yield "a code was given twice"
    for promise in sent:
        if promise.is_proved:
            continue
        found = list(Report.objects.unscoped(WHY).filter(job__request_key=promise.key, number__isnull=False))
        if len(found) != 1 or not promise.is_given:
            yield f"issue {promise.page}: {len(found)} after {promise.tries} tries, done: {promise.is_given}"
            continue
        told = list(_of_issue(found[0]))
        promise.is_proved = not told
        yield from (f"issue {promise.page}: {fault}" for fault in told)


def _of_issue(report: Report) -> Iterable[str]:
    yield from faults_of(report)
    if report.state != Report.State.ISSUED or report.draft is None:
        yield f"it is {report.state}"
        return
    if report.draft.state != ReportDraft.State.ISSUED:
        yield f"its draft is {report.draft.state}"
    steps = list(report.draft.steps.values_list("step", flat=True))
    if steps != [ApprovalStep.Step.SENT, ApprovalStep.Step.REVIEWED, ApprovalStep.Step.SIGNED]:
        yield f"its steps are {steps}"
    jobs = [(job.state, job.failure) for job in ReportJob.objects.unscoped(WHY).filter(issues=report)]
    if jobs != [(ReportJob.State.DONE, "")]:
        yield f"it was issued by {jobs}"
    about = f"reporting.report:{report.pk}"
    logged = AuditEvent.objects.filter(kind=AuditEvent.Kind.REPORT_ISSUED, about=about).count()
    if logged != 1:
        yield f"it was issued {logged} times in the log"
