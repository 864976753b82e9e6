"""What a person does with an upload, and what a worker does for them."""

import datetime as dt
import logging
import uuid

import pghistory
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from accounts.leases import LeaseLost
from accounts.models import AuditEvent, User
from accounts.scoping import scope_of
from accounts.services import record_event
from accounts.tracing import where_it_failed
from programs.models import ActivityUpload, UploadRow
from programs.workbook.cells import FileRefused
from programs.workbook.checking import TakenFile, check_rows, placed
from programs.workbook.choices import Choices
from programs.workbook.leases import Lease, UploadKeeper, all_uploads, held, release, send
from programs.workbook.rows import RowReader
from programs.workbook.storing import (
    Filing,
    file_activities,
    note_filed,
    submission_key,
    tell_heads_of_upload,
)

logger = logging.getLogger("portal.jobs")

State = ActivityUpload.State
_BATCH = 1000

#: What a person may do with an upload in which state, and the state it is in afterwards.
TRANSITIONS: dict[str, dict[str, str]] = {
    State.WAITING: {"discard": State.DISCARDED},
    State.CHECKED: {"store": State.STORING, "discard": State.DISCARDED},
    State.FAILED: {"store": State.STORING, "discard": State.DISCARDED},
}

FAILURES = {
    "damaged": _("The workbook is damaged and cannot be read. Save it anew in Excel and upload it again."),
    "formulas": _(
        "The workbook holds formulas, in %(detail)s. Copy these cells, insert them again as values, and upload"
        " the file again."
    ),
    "too_many_rows": _(
        "The workbook has more rows than can be uploaded at once (a value stands in %(detail)s). Upload it in"
        " parts of at most %(limit)s rows."
    ),
    "too_many_columns": _(
        "The workbook has columns far to the right of the template (a value stands in %(detail)s). Remove them."
    ),
    "not_the_template": _(
        "This is not the template, or its hidden first row is gone. Download the template and copy your rows"
        " into it."
    ),
    "other_version": _(
        "The file was made from another version of the template (%(detail)s). Download the template anew and"
        " copy your rows into it."
    ),
    "column_twice": _("A column of the template is there twice (%(detail)s). Remove one of them."),
    "column_missing": _(
        "Columns of the template are missing: %(detail)s. Download the template anew and copy your rows into it."
    ),
    "no_rows": _("The sheet holds no rows. Fill in one row an activity below the heads."),
    "changed": _(
        "Nothing was stored: since the file was checked, %(detail)s rows have become faulty, for example because"
        " your role has ended. They are shown below."
    ),
    "gave_up": _(
        "The file could not be worked through: each attempt was cut off. Try again, or tell the administrator."
    ),
    "no_file": _("The file is missing on the server. Upload it again."),
    "defect": _(
        "The file could not be worked through because of a defect in the portal. It has been logged."
    ),
}


def told_failure(upload: ActivityUpload) -> str:
    """Why an upload failed, for the person."""
    message = FAILURES.get(upload.failure)
    if message is None:
        return ""
    return str(message) % {"detail": upload.failure_detail, "limit": settings.UPLOAD_MAX_ROWS}


def upload_workbook(*, actor: User, file: TakenFile, key: uuid.UUID) -> ActivityUpload:
    """Take a workbook and have it checked. The same ``key`` again gives the upload that exists.

    Raises PermissionDenied for who files nowhere, or when the key is somebody else's; ValidationError while
    another upload of the actor is at work.
    """
    if not scope_of(actor).may("activity.write"):
        raise PermissionDenied
    existing = _sent_before(actor, key)
    if existing is not None:
        return existing
    upload = ActivityUpload(
        key=key,
        by=actor,
        language=get_language() or settings.LANGUAGE_CODE,
        name=file.name,
        sha256=file.sha256,
        size=len(file.content),
    )
    upload.file.save(file.name, ContentFile(file.content), save=False)
    try:
        with transaction.atomic(), pghistory.context(user=actor.pk):
            upload.save(force_insert=True)
            record_event(
                actor=actor,
                kind=AuditEvent.Kind.UPLOADED,
                about=f"programs.activityupload:{upload.pk}",
                detail={"sha256": file.sha256, "size": upload.size},
            )
    except BaseException as error:
        existing = _sent_before(actor, key)
        if existing is None or existing.file.name != upload.file.name:
            upload.file.delete(save=False)
        if existing is not None:
            return existing
        if isinstance(error, IntegrityError):
            raise ValidationError(
                _("Another file of yours is still being worked on. Wait until it is done."), "one_at_work"
            ) from error
        raise
    transaction.on_commit(lambda: send(upload))
    return upload


def _sent_before(actor: User, key: uuid.UUID) -> ActivityUpload | None:
    upload: ActivityUpload | None = all_uploads("compared with the actor below").filter(key=key).first()
    if upload is not None and upload.by_id != actor.pk:
        raise PermissionDenied
    return upload


def store_upload(*, upload: ActivityUpload, actor: User) -> ActivityUpload:
    """Have the good rows of a checked upload stored. Asked twice, it is done once.

    Raises PermissionDenied for another person's; ValidationError when it has no good rows or another of the
    actor's uploads is at work.
    """
    try:
        with transaction.atomic(), pghistory.context(user=actor.pk):
            current = _locked(upload, actor)
            if current.state in (State.STORING, State.STORED):
                return current
            _move(current, "store")
            if not current.good:
                raise ValidationError(_("No row of this file can be stored."), "no_good_rows")
            current.attempts, current.done = 0, 0
            current.failure = current.failure_detail = ""
            current.finished_at = current.sent_at = None
            current.save()
    except IntegrityError as error:
        raise ValidationError(
            _("Another file of yours is still being worked on. Wait until it is done."), "one_at_work"
        ) from error
    transaction.on_commit(lambda: send(current))
    return current


def discard_upload(*, upload: ActivityUpload, actor: User) -> ActivityUpload:
    """Put an upload away with its file and rows; that it was there stays. Asked twice, it is done once.

    Raises PermissionDenied for another person's; ValidationError while it is being worked on or once stored.
    """
    with transaction.atomic(), pghistory.context(user=actor.pk):
        current = _locked(upload, actor)
        if current.state == State.DISCARDED:
            return current
        _move(current, "discard")
        _empty(current)
    return current


def _locked(upload: ActivityUpload, actor: User) -> ActivityUpload:
    current: ActivityUpload = (
        all_uploads("compared with the actor below").select_for_update().get(pk=upload.pk)
    )
    if current.by_id != actor.pk or not scope_of(actor).may("activity.write"):
        raise PermissionDenied
    return current


def _move(upload: ActivityUpload, verb: str) -> None:
    state = TRANSITIONS.get(upload.state, {}).get(verb)
    if state is None:
        raise ValidationError(
            _("This cannot be done now: the file is %(state)s. Open the page again."),
            "not_now",
            {"state": upload.get_state_display()},
        )
    upload.state = state


def _empty(upload: ActivityUpload) -> None:
    """Remove the rows, and the file once that is certain. Within a transaction."""
    storage, name = upload.file.storage, upload.file.name
    UploadRow.objects.filter(upload=upload).delete()
    upload.file.name = ""
    upload.emptied_at = timezone.now()
    upload.save()
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def remove_old_uploads() -> int:
    """Remove files and rows of uploads that are older than they are kept. Returns how many."""
    before = timezone.now() - dt.timedelta(days=settings.UPLOAD_KEEP_DAYS)
    old = all_uploads("every upload ages alike").filter(uploaded_at__lt=before, emptied_at=None)
    removed = 0
    for pk in list(old.exclude(state__in=ActivityUpload.AT_WORK).values_list("pk", flat=True)):
        with transaction.atomic():
            upload = all_uploads("every upload ages alike").select_for_update().get(pk=pk)
            if upload.is_at_work or upload.is_emptied:
                continue
            if upload.state in (State.CHECKED, State.FAILED):
                upload.state = State.DISCARDED
            _empty(upload)
            removed += 1
    return removed


def work_on(lease: Lease) -> None:
    """Check or store an upload, whichever waits; a failure is noted with its reason.

    Raises LeaseLost when another worker has taken over; nothing is stored then.
    """
    upload = lease.upload
    is_check = upload.state == State.CHECKING
    try:
        with override(upload.language):
            if is_check:
                _check(lease)
            else:
                _store(lease)
    except LeaseLost:
        logger.warning("upload %s was taken over by another worker", upload.pk)
        raise
    except FileRefused as refusal:
        _fail(lease, refusal.reason, refusal.detail)
    except FileNotFoundError:
        _fail(lease, "no_file")
    except Exception as error:
        logger.error("upload %s failed: %s%s", upload.pk, type(error).__name__, where_it_failed(error))
        _fail(lease, "defect")


def _check(lease: Lease) -> None:
    with UploadKeeper(lease) as keeper:
        tally = check_rows(lease, keeper)
    release(lease, state=State.CHECKED, done=tally.rows, **tally.columns)


def _store(lease: Lease) -> None:
    """File all good rows in one transaction, or none: what has become faulty since is noted instead."""
    upload = lease.upload
    faulty: list[UploadRow] = []
    with UploadKeeper(lease) as keeper:
        try:
            with transaction.atomic(), pghistory.context(user=upload.by_id):
                stored = _store_rows(lease, keeper, faulty)
                if faulty:
                    raise _Faulty
                if not held(lease).select_for_update().exists():
                    raise LeaseLost(f"upload {upload.pk}")
                release(lease, state=State.STORED, stored=stored, done=stored)
                tell_heads_of_upload(upload)
        except _Faulty:
            _note_faulty(lease, faulty)


class _Faulty(Exception):
    """Rows that were good when the file was checked are no longer."""


def _store_rows(lease: Lease, keeper: UploadKeeper, faulty: list[UploadRow]) -> int:
    upload = lease.upload
    reader = RowReader(Choices(upload.by))
    stored, last = 0, 0
    while rows := list(
        UploadRow.objects.filter(upload=upload, is_good=True, number__gt=last).order_by("number")[:_BATCH]
    ):
        last = rows[-1].number
        parsed = [(row, reader.read(row.values)) for row in rows]
        for row, read in parsed:
            if read.errors:
                row.errors = [
                    placed(key, message, row.number, {})
                    for key, messages in read.errors.items()
                    for message in messages
                ]
                faulty.append(row)
        if not faulty:
            filings = [Filing(submission_key(upload, row.number), read) for row, read in parsed]
            note_filed(rows, file_activities(actor=upload.by, filings=filings))
        stored += len(rows)
        keeper.note(stored)
    return stored


def _note_faulty(lease: Lease, faulty: list[UploadRow]) -> None:
    upload = lease.upload
    for row in faulty:
        row.is_good = False
    with transaction.atomic():
        UploadRow.objects.bulk_update(faulty, ["errors", "is_good"], batch_size=500)
        good, bad = upload.good - len(faulty), upload.bad + len(faulty)
        release(
            lease,
            state=State.CHECKED,
            good=good,
            bad=bad,
            done=0,
            failure="changed",
            failure_detail=str(len(faulty)),
        )


def _fail(lease: Lease, reason: str, detail: str = "") -> None:
    """End in failure. A file whose rows could not be stored can be stored again once the reason is gone."""
    try:
        release(lease, state=State.FAILED, failure=reason, failure_detail=detail[:300])
    except LeaseLost:
        return
    if lease.upload.state == State.CHECKING:
        UploadRow.objects.filter(upload=lease.upload).delete()
