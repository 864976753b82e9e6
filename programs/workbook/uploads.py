"""What a person does with an upload, and what a worker does for them."""

import datetime as dt
import logging
import uuid
from typing import Any

import pghistory
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from accounts.leases import PASSING, LeaseLost
from accounts.models import AuditEvent, User
from accounts.services import record_event
from accounts.tracing import where_it_failed
from programs.models import WorkbookUpload
from programs.workbook.activities import ACTIVITIES
from programs.workbook.cells import FileRefused
from programs.workbook.checking import TakenFile
from programs.workbook.kind import Kind
from programs.workbook.leases import UploadKeeper, UploadLease, all_uploads, leases_on

logger = logging.getLogger("portal.jobs")

State = WorkbookUpload.State

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
    "no_rows": _("The sheet holds no rows. Fill in at least one row below the heads."),
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


def told_failure(upload: WorkbookUpload) -> str:
    """Why an upload failed, for the person."""
    message = FAILURES.get(upload.failure)
    if message is None:
        return ""
    return str(message) % {"detail": upload.failure_detail, "limit": upload.most_rows}


def upload_workbook(
    *, actor: User, file: TakenFile, key: uuid.UUID, kind: Kind = ACTIVITIES, **given: Any
) -> Any:
    """Take a workbook and have it checked. The same ``key`` again gives the upload that exists.

    ``given`` are columns of an upload of this kind that say what it is about.

    Raises PermissionDenied for who may upload none of this kind, or when the key is somebody else's;
    ValidationError while another upload of the actor is at work.
    """
    if not kind.may(actor):
        raise PermissionDenied
    existing = _sent_before(actor, key, kind)
    if existing is not None:
        return existing
    upload = kind.model(
        key=key,
        by=actor,
        language=get_language() or settings.LANGUAGE_CODE,
        name=file.name,
        sha256=file.sha256,
        size=len(file.content),
        **given,
    )
    upload.file.save(file.name, ContentFile(file.content), save=False)
    try:
        with transaction.atomic(), pghistory.context(user=actor.pk):
            upload.save(force_insert=True)
            record_event(
                actor=actor,
                kind=AuditEvent.Kind.UPLOADED,
                about=f"{upload._meta.label_lower}:{upload.pk}",
                detail={"sha256": file.sha256, "size": upload.size},
            )
    except BaseException as error:
        existing = _sent_before(actor, key, kind)
        if existing is None or existing.file.name != upload.file.name:
            upload.file.delete(save=False)
        if existing is not None:
            return existing
        if isinstance(error, IntegrityError):
            raise ValidationError(
                _("Another file of yours is still being worked on. Wait until it is done."), "one_at_work"
            ) from error
        raise
    transaction.on_commit(lambda: leases_on(kind.model).send(upload))
    return upload


def _sent_before(actor: User, key: uuid.UUID, kind: Kind) -> Any:
    upload = all_uploads("compared with the actor below", kind.model).filter(key=key).first()
    if upload is not None and upload.by_id != actor.pk:
        raise PermissionDenied
    return upload


def store_upload(*, upload: WorkbookUpload, actor: User, kind: Kind = ACTIVITIES, **given: Any) -> Any:
    """Have the good rows of a checked upload stored. Asked twice, it is done once.

    ``given`` are columns of an upload of this kind that say how they are to be stored.

    Raises PermissionDenied for another person's; ValidationError when it has no good rows or another of the
    actor's uploads is at work.
    """
    try:
        with transaction.atomic(), pghistory.context(user=actor.pk):
            current = _locked(upload, actor, kind)
            if current.state in (State.STORING, State.STORED):
                return current
            _move(current, "store")
            if not current.good:
                raise ValidationError(_("No row of this file can be stored."), "no_good_rows")
            for name, value in given.items():
                setattr(current, name, value)
            current.attempts, current.done = 0, 0
            current.failure = current.failure_detail = ""
            current.finished_at = current.sent_at = None
            current.save()
    except IntegrityError as error:
        raise ValidationError(
            _("Another file of yours is still being worked on. Wait until it is done."), "one_at_work"
        ) from error
    transaction.on_commit(lambda: leases_on(kind.model).send(current))
    return current


def discard_upload(*, upload: WorkbookUpload, actor: User, kind: Kind = ACTIVITIES) -> Any:
    """Put an upload away with its file and rows; that it was there stays. Asked twice, it is done once.

    Raises PermissionDenied for another person's; ValidationError while it is being worked on or once stored.
    """
    with transaction.atomic(), pghistory.context(user=actor.pk):
        current = _locked(upload, actor, kind)
        if current.state == State.DISCARDED:
            return current
        _move(current, "discard")
        _empty(current, kind)
    return current


def _locked(upload: WorkbookUpload, actor: User, kind: Kind) -> Any:
    rows = all_uploads("compared with the actor below", kind.model)
    current = rows.select_for_update(of=("self",)).get(pk=upload.pk)
    if current.by_id != actor.pk or not kind.may(actor):
        raise PermissionDenied
    return current


def _move(upload: WorkbookUpload, verb: str) -> None:
    state = TRANSITIONS.get(upload.state, {}).get(verb)
    if state is None:
        raise ValidationError(
            _("This cannot be done now: the file is %(state)s. Open the page again."),
            "not_now",
            {"state": upload.get_state_display()},
        )
    upload.state = state


def _empty(upload: WorkbookUpload, kind: Kind) -> None:
    """Remove the rows, and the file once that is certain. Within a transaction."""
    storage, name = upload.file.storage, upload.file.name
    kind.rows_of(upload).delete()
    upload.file.name = ""
    upload.emptied_at = timezone.now()
    upload.save()
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def remove_old_uploads(kind: Kind = ACTIVITIES) -> int:
    """Remove files and rows of uploads that are older than they are kept. Returns how many."""
    before = timezone.now() - dt.timedelta(days=settings.UPLOAD_KEEP_DAYS)
    old = all_uploads("every upload ages alike", kind.model).filter(uploaded_at__lt=before, emptied_at=None)
    removed = 0
    for pk in list(old.exclude(state__in=WorkbookUpload.AT_WORK).values_list("pk", flat=True)):
        with transaction.atomic():
            upload = all_uploads("every upload ages alike", kind.model).select_for_update().get(pk=pk)
            if upload.is_at_work or upload.is_emptied:
                continue
            if upload.state in (State.CHECKED, State.FAILED):
                upload.state = State.DISCARDED
            _empty(upload, kind)
            removed += 1
    return removed


def work_on(lease: UploadLease, kind: Kind = ACTIVITIES) -> None:
    """Check or store an upload, whichever waits; a failure is noted with its reason.

    Raises LeaseLost when another worker has taken over or the database went away; nothing is stored then.
    """
    upload = lease.work
    is_check = upload.state == State.CHECKING
    try:
        with override(upload.language):
            if is_check:
                _check(lease, kind)
            else:
                _store(lease, kind)
    except LeaseLost:
        logger.warning("upload %s was taken over by another worker", upload.pk)
        raise
    except FileRefused as refusal:
        _fail(lease, kind, refusal.reason, refusal.detail)
    except FileNotFoundError:
        _fail(lease, kind, "no_file")
    except PASSING as error:
        raise leases_on(kind.model).interrupted(lease, error) from error
    except Exception as error:
        logger.error("upload %s failed: %s%s", upload.pk, type(error).__name__, where_it_failed(error))
        _fail(lease, kind, "defect")


def _check(lease: UploadLease, kind: Kind) -> None:
    leases = leases_on(kind.model)
    with UploadKeeper(leases, lease) as keeper:
        tally = kind.check(lease, keeper)
    leases.release(lease, state=State.CHECKED, done=tally.rows, **tally.columns)


def _store(lease: UploadLease, kind: Kind) -> None:
    """Store all good rows in one transaction, or none: what has become faulty since is noted instead."""
    upload = lease.work
    faulty: list[Any] = []
    leases = leases_on(kind.model)
    with UploadKeeper(leases, lease) as keeper:
        try:
            with transaction.atomic(), pghistory.context(user=upload.by_id):
                stored = kind.store(lease, keeper, faulty)
                if faulty:
                    raise _Faulty
                leases.release(lease, state=State.STORED, stored=stored, done=stored)
                kind.tell(upload)
        except _Faulty:
            _note_faulty(lease, kind, faulty)


class _Faulty(Exception):
    """Rows that were good when the file was checked are no longer."""


def _note_faulty(lease: UploadLease, kind: Kind, faulty: list[Any]) -> None:
    upload = lease.work
    for row in faulty:
        row.is_good = False
    with transaction.atomic():
        kind.rows._default_manager.bulk_update(faulty, ["errors", "is_good"], batch_size=500)
        good, bad = upload.good - len(faulty), upload.bad + len(faulty)
        leases_on(kind.model).release(
            lease,
            state=State.CHECKED,
            good=good,
            bad=bad,
            done=0,
            failure="changed",
            failure_detail=str(len(faulty)),
        )


def _fail(lease: UploadLease, kind: Kind, reason: str, detail: str = "") -> None:
    """End in failure. A file whose rows could not be stored can be stored again once the reason is gone."""
    try:
        leases_on(kind.model).release(lease, state=State.FAILED, failure=reason, failure_detail=detail[:300])
    except LeaseLost:
        return
    if lease.work.state == State.CHECKING:
        kind.rows_of(lease.work).delete()
