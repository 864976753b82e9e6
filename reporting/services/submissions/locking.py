"""What every write of a submission begins with: the lock, the version, and why it may not be."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.changing import ChangedMeanwhile
from accounts.models import User
from programs.services.refusals import TransitionNotAllowed
from reporting.models import Submission, SubmissionState
from reporting.services.submissions.asked import share_asked
from reporting.services.validation import Finding
from reporting.submission_rights import may_write


class Locked(TransitionNotAllowed):
    """The submission is accepted; the message says since when."""


class NilContradicted(TransitionNotAllowed):
    """Figures about people stand against a nil statement; the message says which."""


class NotReady(TransitionNotAllowed):
    """Findings stand in the way of submitting: errors, and warnings that nobody explained."""

    def __init__(self, message: Any, findings: Sequence[Finding]) -> None:
        super().__init__(message)
        self.findings = findings


def locked(submission: Submission) -> Submission:
    """The row, locked, with what a judgement needs."""
    current: Submission = (
        Submission.objects.select_for_update(of=("self",))
        .select_related("obligation__form", "obligation__agency", "obligation__area")
        .get(pk=submission.pk)
    )
    share_asked(submission.obligation.form, current.obligation.form)
    return current


def refuse_locked(submission: Submission) -> None:
    """Raise Locked when the submission is accepted, TransitionNotAllowed while it waits for acceptance."""
    if submission.state == SubmissionState.ACCEPTED:
        raise Locked(accepted_sentence(submission))
    if submission.state == SubmissionState.SUBMITTED:
        raise TransitionNotAllowed(_("It is submitted. Withdraw it to change it."))


def accepted_sentence(submission: Submission) -> str:
    """Since when the submission is locked, as a page says it."""
    day = timezone.localtime(submission.accepted_at or timezone.now())
    return _("accepted and locked on %(day)s") % {"day": f"{day:%d/%m/%Y}"}


def refuse_changed(submission: Submission, version: int) -> None:
    """Raise ChangedMeanwhile when the submission was changed since ``version``."""
    if version != submission.version:
        raise ChangedMeanwhile.since(submission)


@contextmanager
def writing(submission: Submission, actor: User, version: int) -> Iterator[Submission]:
    """The submission, locked for a change of its content by one of its writers; its version grows at the end.

    Raises PermissionDenied, Locked, TransitionNotAllowed, ChangedMeanwhile.
    """
    with transaction.atomic(), pghistory.context(user=actor.pk):
        current = locked(submission)
        if not may_write(actor, current.obligation):
            raise PermissionDenied
        refuse_locked(current)
        refuse_changed(current, version)
        yield current
        current.version += 1
        current.save()
