"""Checks of `sanity_check`: facts agree with the records, kept figures with both, and what was submitted is kept."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q

from accounts.findings import Finding, Level
from reporting.dashboard.ahead import check_lists
from reporting.figures.checking import check_kept
from reporting.models import Submission, SubmissionState, SubmissionVersion
from reporting.rollup import check_facts
from reporting.verification import check_all


def facts_agree_with_records() -> Iterator[Finding]:
    for difference in check_facts():
        yield Finding(Level.ERROR, f"{difference}; run manage.py rebuild_facts", "reporting_fact")


def kept_figures_are_what_is_counted() -> Iterator[Finding]:
    for difference in (*check_kept(), *check_lists()):
        yield Finding(Level.ERROR, f"kept: {difference}", "reporting_kepttally")


def submissions_are_kept() -> Iterator[Finding]:
    """What was sent has its version and the day it was first sent."""
    sent = Submission.objects.filter(
        Q(state__in=[SubmissionState.SUBMITTED, SubmissionState.RETURNED, SubmissionState.ACCEPTED]),
        obligation__is_demo=False,
    ).annotate(
        has_version=Exists(
            SubmissionVersion.objects.filter(submission=OuterRef("pk"), number=OuterRef("sent"))
        )
    )
    faults = {
        "it was submitted and has no day on which it was first": Q(first_submitted_at=None),
        "the version that was sent last is not kept": Q(has_version=False),
    }
    for fault, condition in faults.items():
        for pk in sent.filter(condition).order_by("pk").values_list("pk", flat=True).iterator():
            yield Finding(Level.ERROR, fault, f"reporting.submission:{pk}")


def issued_reports_are_whole() -> Iterator[Finding]:
    for report, fault in check_all():
        yield Finding(
            Level.ERROR, f"report {report.number}/{report.symbol}: {fault}", f"reporting.report:{report.pk}"
        )


CHECKS = [
    facts_agree_with_records,
    kept_figures_are_what_is_counted,
    submissions_are_kept,
    issued_reports_are_whole,
]
