"""Who did what with an obligation and its submission, and how it came to stand where it stands."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import User
from programs.selectors.history import Related, record_history
from programs.templatetags.history import ENTRIES_A_PAGE, PAGE_PARAMETER
from reporting.models import Obligation, Submission, SubmissionReturn, SubmissionVersion

_TOLD = ("due_on", "first_due_on", "extension_reason", "excused_at", "excuse_reason")


@dataclass(frozen=True)
class Step:
    """One thing that happened to a report: when, what, by whom."""

    at: dt.datetime
    what: str
    who: User | None
    text: str = ""


def obligation_history(obligation: Obligation, request: HttpRequest) -> dict[str, Any]:
    """What the history partial shows: the changes of the obligation and of its submission, newest first."""
    assert isinstance(request.user, User)
    submission = getattr(obligation, "submission", None)
    related = []
    if submission is not None:
        related = [
            Related(Submission, Q(pgh_obj=submission.pk), columns=["state", "is_nil"], summary=["state"]),
            Related(SubmissionReturn, Q(submission=submission.pk), summary=["section", "reason"]),
        ]
    entries = record_history(obligation, reader=request.user, columns=_TOLD, related=related)
    others = request.GET.copy()
    others.pop(PAGE_PARAMETER, None)
    page = Paginator(entries, ENTRIES_A_PAGE).get_page(request.GET.get(PAGE_PARAMETER))
    return {"history": page, "rest": others.urlencode()}


def steps_of(obligation: Any) -> list[Step]:
    """The way of the report: opened, each version sent, each return with its reasons, accepted. Two queries."""
    steps = []
    if obligation.opened_at:
        steps.append(Step(obligation.opened_at, _("opened"), obligation.opened_by))
    submission = getattr(obligation, "submission", None)
    if submission is None:
        return steps
    versions = SubmissionVersion.objects.filter(submission=submission).select_related("submitted_by")
    for version in versions.defer("content"):
        what = _("version %(number)d submitted") % {"number": version.number}
        steps.append(Step(version.submitted_at, what, version.submitted_by))
    for each in SubmissionReturn.objects.filter(submission=submission).select_related("by"):
        what = _("version %(number)d returned") % {"number": each.number}
        if each.section:
            what = f"{what}: {each.get_section_display()}"
        steps.append(Step(each.at, what, each.by, each.reason))
    if submission.nil_confirmed_at and submission.is_nil:
        steps.append(
            Step(submission.nil_confirmed_at, _("nothing to report, confirmed"), submission.nil_confirmed_by)
        )
    if submission.accepted_at:
        steps.append(Step(submission.accepted_at, _("accepted"), submission.accepted_by))
    return sorted(steps, key=lambda step: step.at)
