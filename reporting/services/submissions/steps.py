"""Submitting, withdrawing, returning, accepting and reopening a submission.

The filing officer prepares; the head of the unit submits, where the unit has one in the portal. The coordinator of
the area accepts or returns. Nobody accepts what he submitted himself while there is another reviewer.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.changing import ChangedMeanwhile
from accounts.models import AuditEvent, Happening, Notice, User
from accounts.notices import notify
from accounts.outbox import note_event
from accounts.services import record_event
from accounts.together import read_together
from programs.selectors.approval import heads_among, held_by_heads
from programs.services.refusals import TransitionNotAllowed
from reporting.models import Obligation, Submission, SubmissionReturn, SubmissionState
from reporting.services.submissions.checking import findings_of, said_in
from reporting.services.submissions.locking import (
    Locked,
    NotReady,
    accepted_sentence,
    locked,
    refuse_changed,
)
from reporting.services.submissions.nil import refuse_contradicted
from reporting.services.submissions.versions import keep_version
from reporting.submission_rights import (
    held_by_reviewers,
    may_review,
    may_send,
    may_write,
    people_of,
    reviewers_of,
)
from territory.period import print_period_vi
from territory.text import control_characters, normalise

State = SubmissionState

#: From which state each step leads where. A step that is not listed cannot be taken.
TRANSITIONS: Mapping[str, Mapping[str, str]] = {
    State.DRAFT: {"submit": State.SUBMITTED},
    State.SUBMITTED: {"accept": State.ACCEPTED, "return": State.RETURNED, "withdraw": State.DRAFT},
    State.RETURNED: {"submit": State.SUBMITTED},
    State.ACCEPTED: {"reopen": State.RETURNED},
}

LONGEST_REASON = 2_000
#: How many submissions are accepted in one go.
MOST_AT_ONCE = 100

_NOT_NOW: Mapping[str, Any] = {
    State.DRAFT: _("It is a draft and was not submitted."),
    State.SUBMITTED: _("It was submitted already."),
    State.RETURNED: _("It was returned already."),
}
_LEFT_TO_ANOTHER = _("You submitted it yourself, so another coordinator accepts it.")
_LEFT_TO_HEAD = _("The head of your unit submits it. Save it, and tell the head that it is ready.")
_CHANGED = _("It was changed after you opened the page. Look at it again.")
_UNKNOWN = _("There is no such submission waiting for you.")


def submit_submission(*, submission: Submission, actor: User, version: int) -> Submission:
    """Send a submission to the coordinator, and keep it as a version.

    Raises PermissionDenied for who does not write for the unit, TransitionNotAllowed where the head submits or it
    was submitted, NotReady where findings stand, NilContradicted, Locked, ChangedMeanwhile.
    """
    with _step(submission, actor, "submit", version) as current:
        if not may_write(actor, current.obligation):
            raise PermissionDenied
        obligation = current.obligation
        heads, reviewers = read_together(
            held_by_heads(obligation.agency_id, obligation.area), held_by_reviewers(obligation)
        )
        if not may_send(actor, obligation, heads_among(heads)):
            raise TransitionNotAllowed(_LEFT_TO_HEAD)
        if current.is_nil:
            refuse_contradicted(current)
        said = said_in(current, with_statements=True)
        findings = findings_of(current, said)
        if any(finding.blocks for finding in findings):
            raise NotReady(_("Correct the errors and explain the warnings, then submit again."), findings)
        now = timezone.now()
        current.submitted_by, current.submitted_at = actor, now
        current.first_submitted_at = current.first_submitted_at or now
        current.sent += 1
        keep_version(current, actor, said)
        _record(current, actor, AuditEvent.Kind.SUBMISSION_SENT)
        _tell_programs(current, Happening.SUBMITTED)
        others = [each for each in heads_among(reviewers) if each != actor]
        _tell(current, others, Notice.SUBMISSION_SENT)
    return current


def withdraw_submission(*, submission: Submission, actor: User, version: int) -> Submission:
    """Take a submission back before it is accepted; the version that was sent stays.

    Raises PermissionDenied, TransitionNotAllowed, Locked, ChangedMeanwhile.
    """
    with _step(submission, actor, "withdraw", version) as current:
        if not may_send(actor, current.obligation):
            raise PermissionDenied
        _record(current, actor, AuditEvent.Kind.SUBMISSION_WITHDRAWN)
    return current


def return_submission(
    *, submission: Submission, actor: User, version: int, reasons: Mapping[str, str]
) -> Submission:
    """Send a submission back to its unit with a reason by section ("": about the whole).

    Raises ValidationError without a reason, PermissionDenied, TransitionNotAllowed, Locked, ChangedMeanwhile.
    """
    return _given_back(submission, actor, version, reasons, "return")


def reopen_submission(
    *, submission: Submission, actor: User, version: int, reasons: Mapping[str, str]
) -> Submission:
    """Open an accepted submission again, with a reason. Raises as ``return_submission``."""
    return _given_back(submission, actor, version, reasons, "reopen")


def accept_submission(*, submission: Submission, actor: User, version: int) -> Submission:
    """Accept a submission: its figures count, and it is locked.

    Raises PermissionDenied for who does not coordinate the area, TransitionNotAllowed for one's own while there is
    another reviewer, Locked, ChangedMeanwhile.
    """
    with _step(submission, actor, "accept", version) as current:
        if not may_review(actor, current.obligation):
            raise PermissionDenied
        others = [each for each in reviewers_of(current.obligation) if each != actor]
        if current.submitted_by_id == actor.pk and others:
            raise TransitionNotAllowed(_LEFT_TO_ANOTHER)
        current.accepted_by, current.accepted_at = actor, timezone.now()
        _record(current, actor, AuditEvent.Kind.SUBMISSION_ACCEPTED)
        _tell_programs(current, Happening.ACCEPTED)
        _tell_unit(current, actor, Notice.SUBMISSION_ACCEPTED)
    return current


@dataclass
class Acceptances:
    """What came of accepting several: those accepted, and the others each with a reason."""

    accepted: list[Submission] = field(default_factory=list)
    refused: list[tuple[str, Any]] = field(default_factory=list)


def accept_submissions(*, actor: User, chosen: Sequence[tuple[int, int]]) -> Acceptances:
    """Accept several, each by the key of its obligation and the version that was seen, and each on its own.

    Raises ValidationError when there are too many at once.
    """
    if len(chosen) > MOST_AT_ONCE:
        message = _("Accept at most %(limit)s submissions at once.")
        raise ValidationError(message, code="too_many", params={"limit": MOST_AT_ONCE})
    visible = Obligation.objects.visible_to(actor).select_related("submission", "agency", "area")
    known: dict[int, Obligation] = visible.in_bulk([pk for pk, _version in chosen])
    outcome = Acceptances()
    for pk, version in dict(chosen).items():
        obligation = known.get(pk)
        try:
            if obligation is None or not hasattr(obligation, "submission"):
                raise PermissionDenied
            outcome.accepted.append(
                accept_submission(submission=obligation.submission, actor=actor, version=version)
            )
        except TransitionNotAllowed as refused:
            outcome.refused.append((str(obligation), refused.message))
        except ChangedMeanwhile:
            outcome.refused.append((str(obligation), _CHANGED))
        except PermissionDenied:
            outcome.refused.append((f"no. {pk}", _UNKNOWN))
    return outcome


def judged_reasons(reasons: Mapping[str, str]) -> dict[str, str]:
    """The reasons that were given, as they are stored. Raises ValidationError when there is none or one is bad."""
    told = {section: normalise(text).strip() for section, text in reasons.items()}
    told = {section: text for section, text in told.items() if text}
    if not told:
        raise ValidationError(_("Say what is to be corrected: the unit reads it at the section."), "required")
    if any(len(text) > LONGEST_REASON for text in told.values()):
        raise ValidationError(
            _("The reason has more than %(limit)s characters. Shorten it."),
            "too_long",
            {"limit": LONGEST_REASON},
        )
    if any(control_characters(text) for text in told.values()):
        raise ValidationError(_("The text holds an invisible control character."), "control_characters")
    return told


def _given_back(
    submission: Submission, actor: User, version: int, reasons: Mapping[str, str], step: str
) -> Submission:
    told = judged_reasons(reasons)
    with _step(submission, actor, step, version) as current:
        if not may_review(actor, current.obligation):
            raise PermissionDenied
        current.returned_by, current.returned_at = actor, timezone.now()
        current.accepted_by = current.accepted_at = None
        for section, reason in told.items():
            SubmissionReturn.objects.update_or_create(
                submission=current,
                number=current.sent,
                section=section,
                defaults={"reason": reason, "by": actor},
            )
        _record(current, actor, AuditEvent.Kind.SUBMISSION_RETURNED)
        _tell_unit(current, actor, Notice.SUBMISSION_RETURNED)
    return current


@contextmanager
def _step(submission: Submission, actor: User, step: str, version: int) -> Iterator[Submission]:
    """One step of the table, on the locked row; state and version change when the block ends well."""
    with transaction.atomic(), pghistory.context(user=actor.pk):
        current = locked(submission)
        _refuse_step(current, step)
        refuse_changed(current, version)
        yield current
        current.state = TRANSITIONS[current.state][step]
        current.version += 1
        current.save()


def _refuse_step(current: Submission, step: str) -> None:
    if step in TRANSITIONS[current.state]:
        return
    if current.state == State.ACCEPTED:
        raise Locked(accepted_sentence(current))
    raise TransitionNotAllowed(_NOT_NOW[current.state])


def _record(submission: Submission, actor: User, kind: AuditEvent.Kind) -> None:
    about = f"reporting.submission:{submission.pk}"
    record_event(actor=actor, kind=kind, about=about, detail={"number": submission.sent})


def _tell_programs(submission: Submission, kind: Happening) -> None:
    obligation = submission.obligation
    note_event(
        kind=kind,
        name=f"{kind.value}:{submission.pk}:{submission.sent}",
        agency=obligation.agency,
        area=obligation.area,
        data={
            "id": submission.pk,
            "code": obligation.form_id,
            "agency": obligation.agency_id,
            "period": obligation.period_code,
            "path": reverse("api-submission-detail", args=[submission.pk]),
        },
    )


def _tell_unit(submission: Submission, actor: User, kind: Notice) -> None:
    _tell(submission, [each for each in people_of(submission.obligation) if each != actor], kind)


def _tell(submission: Submission, people: Iterable[User], kind: Notice) -> None:
    obligation = submission.obligation
    notify(
        people=people,
        kind=kind,
        key=f"submission:{submission.pk}:{submission.version}:{kind.value}",
        url=reverse("submission_edit", args=[obligation.pk]),
        about={
            "document": f"{obligation.form.name}, {print_period_vi(obligation.period)}",
            "unit": obligation.agency.name,
        },
    )
