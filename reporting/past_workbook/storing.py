"""Checking and storing an uploaded workbook of past figures."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.changing import ChangedMeanwhile
from accounts.models import User
from accounts.scoping import scope_of
from programs.services.refusals import TransitionNotAllowed
from programs.workbook.checking import Tally, all_placed, check_sheet, placed
from programs.workbook.kind import Kind
from programs.workbook.leases import UploadKeeper, UploadLease
from programs.workbook.reading import RawRow
from reporting.models import PastUpload, PastUploadRow, Submission
from reporting.past_workbook.judging import Judge, Judged, Target
from reporting.past_workbook.layout import PAST_SHEET
from reporting.services.submissions import (
    Typed,
    confirm_nil,
    open_submission,
    save_submission,
    submit_submission,
)
from reporting.services.submissions.past import open_past_period

#: Columns that say something; a row of the template in which they are empty is passed over.
_TYPED = ("figure", "note", "taken_from")


def enters_past(user: User) -> bool:
    """Whether the person enters past periods of some unit."""
    scope = scope_of(user)
    return scope.may("submission.write") or scope.may("submission.write_past")


def _check(lease: UploadLease, keeper: UploadKeeper) -> Tally:
    judge = Judge(lease.work.by)
    return check_sheet(
        lease,
        keeper,
        model=PastUploadRow,
        layout=PAST_SHEET,
        judge=lambda rows: [judge.read(row.number, row.values, row.problems) for row in rows],
        takes=_is_said,
    )


def _is_said(row: RawRow) -> bool:
    return any(row.values.get(key) for key in _TYPED)


def _store(lease: UploadLease, keeper: UploadKeeper, faulty: list[Any]) -> int:
    """Store the good rows report by report, within the caller's transaction; returns how many."""
    upload: PastUpload = lease.work
    judge = Judge(upload.by)
    reports: dict[Target, list[tuple[PastUploadRow, Judged]]] = {}
    for row in PastUploadRow.objects.filter(upload=upload, is_good=True).order_by("number"):
        read = judge.read(row.number, row.values)
        if read.errors or read.target is None:
            row.errors = all_placed(read.errors, row.number)
            faulty.append(row)
        else:
            reports.setdefault(read.target, []).append((row, read))
    stored = 0
    for target, rows in reports.items():
        try:
            with transaction.atomic():
                submission = _stored(upload.by, target, [read for _row, read in rows])
        except (TransitionNotAllowed, ChangedMeanwhile, ValidationError, PermissionDenied) as refused:
            for row, _read in rows:
                row.errors = [placed("period", _told(refused), row.number, {})]
                faulty.append(row)
            continue
        if upload.submits:
            _submit(submission, upload.by)
        numbers = [row.pk for row, _read in rows]
        PastUploadRow.objects.filter(pk__in=numbers).update(submission=submission)
        stored += len(rows)
        keeper.note(done=stored)
    return stored


def _stored(actor: User, target: Target, rows: list[Judged]) -> Submission:
    """The report with these figures, as a draft of the actor."""
    obligation = open_past_period(actor=actor, form=target.form, agency=target.agency, period=target.period)
    submission = open_submission(obligation=obligation, actor=actor)
    said = [row for row in rows if not row.is_nil]
    if said:
        typed = Typed(
            figures={row.key: row.figure for row in said},
            notes={row.key: row.note for row in said if row.note},
            taken_from={row.key: row.taken_from for row in said if row.taken_from},
        )
        submission = save_submission(
            submission=submission, actor=actor, version=submission.version, typed=typed
        )
    if len(said) < len(rows):
        submission = confirm_nil(submission=submission, actor=actor, version=submission.version)
    return submission


def _submit(submission: Submission, actor: User) -> None:
    """Submit a report that is complete; another stays a draft, and its page says what is missing."""
    try:
        with transaction.atomic():
            submit_submission(submission=submission, actor=actor, version=submission.version)
    except (TransitionNotAllowed, PermissionDenied):
        return


def _told(refused: Exception) -> str:
    if isinstance(refused, ValidationError):
        return " ".join(refused.messages)
    if isinstance(refused, TransitionNotAllowed):
        return str(refused.message)
    if isinstance(refused, ChangedMeanwhile):
        return _("Somebody changed this report at the same moment. Store it again.")
    return _("The unit enters this report itself.")


#: Figures of past periods, one a row.
PAST_FIGURES = Kind(PastUpload, PastUploadRow, enters_past, _check, _store)
