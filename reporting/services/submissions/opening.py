"""Opening a submission: what the unit's own records say is taken over, and taken over again when asked."""

import datetime as dt

import pghistory
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.lots import remove_in_lots
from accounts.models import User
from accounts.together import read_together
from programs.services.refusals import TransitionNotAllowed
from reporting.figures import Answer, Asking, Place, Question, agencies_of, grounds_of
from reporting.models import Obligation, ReportedFigure, Submission, SubmissionPresence
from reporting.services.submissions.asked import Asked, asked_by
from reporting.services.submissions.locking import writing
from reporting.services.submissions.storing import FigureWrites
from reporting.submission_rights import may_write, submission_of
from territory.figure import Figure, Status
from territory.models import Duty

Source = ReportedFigure.Source
#: Who was seen within this time has the submission open; the page tells every 20 seconds.
SEEN_FOR = dt.timedelta(seconds=70)


def open_submission(*, obligation: Obligation, actor: User) -> Submission:
    """Begin the answer to an obligation, pre-filled from the unit's records; the one there is when it was begun.

    Raises PermissionDenied for whoever does not write for the unit, TransitionNotAllowed when the unit is excused.
    """
    if not may_write(actor, obligation):
        raise PermissionDenied
    if obligation.excused_at is not None:
        raise TransitionNotAllowed(_("The unit is excused from this report."))
    with transaction.atomic(), pghistory.context(user=actor.pk):
        # Whoever opens it at the same time waits here for the first one's.
        Obligation.objects.unscoped("locked here; the actor was judged").select_for_update(of=("self",)).get(
            pk=obligation.pk
        )
        submission, is_new = Submission.objects.get_or_create(
            obligation=obligation, defaults={"opened_by": actor}
        )
        if is_new:
            _take_over(submission)
    found: Submission = submission
    return found


def refresh_from_records(*, submission: Submission, actor: User, version: int) -> Submission:
    """Take over again what the unit's records say; the unit's own words stay.

    Raises PermissionDenied, Locked, TransitionNotAllowed, ChangedMeanwhile.
    """
    with writing(submission, actor, version) as current:
        _take_over(current)
    return current


def said_by_records(obligation: Obligation, asked: list[Asked]) -> dict[str, Answer]:
    """What the records say, by "code" or "code/part"; nothing where they say nothing.

    The standing agency reports for its whole area, so there the other units' records and reports are meant.
    """
    is_standing = obligation.agency.duties.filter(duty=Duty.STANDING).exists()
    area, period = obligation.area, obligation.period
    # Two questions, the whole and all parts: for one of each part what units said would be looked for each time.
    parts = list(dict.fromkeys(part for each in asked for part in each.parts))
    told_apart = [each for each in asked if each.parts]
    questions = [
        Question([each.indicator for each in of], [area], [period], of_parts)
        for of, of_parts in ((asked, [""]), (told_apart, parts))
        if of
    ]
    asking = Asking(
        questions,
        grounds={area.pk: grounds_of([area])[0]},
        agencies=agencies_of(None if is_standing else obligation.agency),
    )
    (rows,) = read_together(asking.statement)
    answered = asking.answered(rows)
    found: dict[str, Answer] = {}
    for each in asked:
        for key in each.keys:
            part = key.partition("/")[2]
            answer = answered.at(1 if part else 0, Place(each.code, area.pk, period, part))
            told = answer if is_standing else answer.of_records
            if told is not None and told.figure is not None and told.status is Status.REPORTED:
                found[key] = told
    return found


def as_stored(told: Answer) -> dict[str, object]:
    """What ``ReportedFigure.from_records`` keeps of an answer."""
    assert told.figure is not None
    return {**told.figure.as_json(), "count": told.records}


def figure_of_records(row: ReportedFigure) -> Figure | None:
    """The figure of the records that a row keeps."""
    return row.recorded


def note_presence(*, submission: Submission, actor: User) -> list[User]:
    """Note that the actor has the submission open now, and tell who else has. What is old is forgotten.

    Raises PermissionDenied for who does not write it.
    """
    if not may_write(actor, submission.obligation):
        raise PermissionDenied
    now = timezone.now()
    SubmissionPresence.objects.update_or_create(submission=submission, user=actor, defaults={"seen_at": now})
    submission.presences.filter(seen_at__lt=now - SEEN_FOR).delete()
    return others_at(submission, actor)


def forget_presences() -> int:
    """Forget who had a submission open and is gone. Returns how many."""
    over = timezone.now() - SEEN_FOR
    return remove_in_lots(SubmissionPresence.objects.filter(seen_at__lt=over))


def others_at(submission: Submission, reader: User) -> list[User]:
    """Who else has the submission open for editing, by name. One query."""
    return [presence.user for presence in presences_of_others(submission, reader)]


def presences_of_others(submission: Submission, reader: User) -> "QuerySet[SubmissionPresence]":
    """Who else has the submission open for editing: what reads it, by name."""
    here = submission.presences.filter(seen_at__gte=timezone.now() - SEEN_FOR).exclude(user=reader)
    return here.select_related("user").order_by("user__full_name", "user_id")


def _take_over(submission: Submission) -> None:
    obligation = submission.obligation
    asked = asked_by(obligation.form, obligation)
    told = said_by_records(obligation, asked)
    rows = {(row.indicator.code, row.part): row for row in submission.figures.select_related("indicator")}
    writes = FigureWrites()
    for each in asked:
        for key in each.keys:
            part = key.partition("/")[2]
            row, found = rows.get((each.code, part)), told.get(key)
            if row is None and found is not None:
                row = ReportedFigure(submission=submission, indicator=each.indicator, part=part)
                _put(row, found)
                writes.put(row)
            elif row is not None:
                _renew(row, found, writes)
    writes.store()


def _renew(row: ReportedFigure, found: Answer | None, writes: FigureWrites) -> None:
    """Bring a row in line with the records; a decision falls where they say something else now."""
    stored = as_stored(found) if found else None
    if stored == row.from_records and (found is not None or row.source == Source.REPORTED):
        return
    if found is None and row.source == Source.RECORDS:
        writes.take_out(row)
        return
    row.stands, row.decided_by, row.decided_at, row.decision_note = "", None, None, ""
    if found is not None and (row.source == Source.RECORDS or row.figure == found.figure):
        _put(row, found)
    else:
        row.from_records = stored
    writes.put(row)


def _put(row: ReportedFigure, found: Answer) -> None:
    assert found.figure is not None
    for column, value in ReportedFigure.columns(found.figure).items():
        setattr(row, column, value)
    row.source, row.from_records = Source.RECORDS, as_stored(found)


def begun(obligation: Obligation, actor: User) -> Submission:
    """The submission, begun now where nobody did."""
    return submission_of(obligation) or open_submission(obligation=obligation, actor=actor)
