"""Where the records and the unit's word differ: which of the two stands."""

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from programs.services.refusals import TransitionNotAllowed
from reporting.models import ReportedFigure, Submission, SubmissionState
from reporting.services.submissions.locking import Locked, accepted_sentence, locked, refuse_changed
from reporting.submission_rights import may_review, may_write
from territory.text import normalise

LONGEST_WHY = 300


def decide_figure(
    *, submission: Submission, actor: User, version: int, figure: int, stands: str, why: str
) -> Submission:
    """Say whether the records or the unit's word stand for one figure, and why; "" takes the decision back.

    The unit decides until it submits, the reviewer until it is accepted. Raises PermissionDenied, Locked,
    TransitionNotAllowed where the two do not differ, ValidationError without a reason, ChangedMeanwhile.
    """
    why = normalise(why).strip()
    if stands not in ReportedFigure.Stands.values:
        raise ValidationError(_("Choose what stands: the records or the report."), code="stands")
    if stands and not why:
        raise ValidationError(_("Say in a word why it stands."), code="why")
    if len(why) > LONGEST_WHY:
        raise ValidationError(
            _("The reason has more than %(limit)d characters. Shorten it."),
            code="too_long",
            params={"limit": LONGEST_WHY},
        )
    with transaction.atomic(), pghistory.context(user=actor.pk):
        current = locked(submission)
        is_reviewer = may_review(actor, current.obligation)
        is_writer = may_write(actor, current.obligation) and current.state != SubmissionState.SUBMITTED
        if not (is_reviewer or is_writer):
            raise PermissionDenied
        if current.state == SubmissionState.ACCEPTED:
            raise Locked(accepted_sentence(current))
        refuse_changed(current, version)
        row = current.figures.select_related("indicator").filter(pk=figure).first()
        if row is None or row.source == ReportedFigure.Source.RECORDS or not row.from_records:
            raise TransitionNotAllowed(_("The records and the report do not differ here."))
        row.stands, row.decision_note = stands, why if stands else ""
        row.decided_by = actor if stands else None
        row.decided_at = timezone.now() if stands else None
        row.save()
        current.version += 1
        current.save()
    return current
