"""Reports that were made and never issued: removed with their files when nobody has needed them for long."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.files.storing import forget_when_certain
from accounts.lots import note_removal, remove_in_lots
from reporting.models import ApprovalStep, Report, ReportDraft, ReportJob

#: Reports that one transaction removes; each has two files and a snapshot of some hundred kilobytes.
LOT = 100
_WHY = "what is over goes wherever it is"
_ENDED = (ReportDraft.State.ISSUED, ReportDraft.State.ABANDONED)


def forget_unissued(now: dt.datetime | None = None) -> int:
    """Remove the reports that are over, with their files. Returns how many; their jobs and histories stay."""
    removed = remove_in_lots(_over(now or timezone.now()), size=LOT, first=_forget_files)
    note_removal(Report, removed)
    return removed


def _over(now: dt.datetime) -> "QuerySet[Report]":
    """Reports that were made long ago, never signed, and that no draft at work, no step and no other report names."""
    found: QuerySet[Report] = Report.objects.unscoped(_WHY).filter(
        ~Exists(ReportDraft.objects.unscoped(_WHY).filter(pk=OuterRef("draft")).exclude(state__in=_ENDED)),
        ~Exists(ReportDraft.objects.unscoped(_WHY).filter(revises=OuterRef("pk"))),
        ~Exists(ApprovalStep.objects.filter(report=OuterRef("pk"))),
        ~Exists(ReportJob.objects.unscoped(_WHY).filter(issues=OuterRef("pk"))),
        ~Exists(Report.objects.unscoped(_WHY).filter(revises=OuterRef("pk"))),
        state=Report.State.DRAFT,
        number=None,
        made_at__lt=now - dt.timedelta(days=settings.REPORT_KEEP_DAYS),
    )
    return found


def _forget_files(keys: Sequence[Any]) -> None:
    for names in Report.objects.unscoped(_WHY).filter(pk__in=keys).values_list("file", "docx"):
        forget_when_certain(names)
