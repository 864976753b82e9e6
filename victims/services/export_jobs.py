"""The worker's part of an export: take it, make the file of the records, and end in one file or in a reason.

The database is the truth. The broker only says "look now": a message may be lost, doubled or late.
"""

import datetime as dt
import hashlib
import logging
import uuid
from dataclasses import dataclass
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.files.checking import CheckedFile
from accounts.files.scanning import Scanned, is_clean, is_scanning
from accounts.files.sealed import sealed_files
from accounts.leases import PASSING, Keeper, LeaseLost
from accounts.models import AuditEvent, User
from accounts.row_scope import system_scope
from accounts.tracing import where_it_failed
from victims.models import CaseExport, CaseExportFile, Victim
from victims.notices import tell_of_export_end
from victims.standards import htcds, ictip
from victims.standards.anonymity import K, anonymous
from victims.standards.column import Column
from victims.standards.packing import as_rows, loss_of, packed
from victims.standards.records import PersonRecord, records_of

logger = logging.getLogger("portal.jobs")

TASK = "victims.tasks.make_export"
#: An export whose message did not arrive is sent again after this many seconds.
RESEND_AFTER = 10
_STATE = CaseExport.State

FAILURES = {
    "too_few": _(
        "Fewer than 11 people who agreed are left, so nothing can be given away. Choose more years or a larger area."
    ),
    "gave_up": _(
        "The export could not be made: each attempt was cut off. Ask again, or tell the administrator."
    ),
    "defect": _("The export could not be made because of a defect in the portal. It has been logged."),
}


@dataclass(frozen=True)
class _Shape:
    """What differs between the standards: the columns, whether rows are counted, the words of the README."""

    name: str
    title: str
    columns: tuple[Column, ...]
    is_counted: bool
    consent: str


SHAPES = {
    CaseExport.Standard.HTCDS: _Shape(
        "htcds_cases",
        "Victims' cases in the shape of HTCDS 2.0",
        htcds.COLUMNS,
        False,
        "only people whose consent for research stood on the day the file was made.",
    ),
    CaseExport.Standard.IC_TIP: _Shape(
        "ic_tip_statistics",
        "Statistics of victims in the shape of the IC-TIP",
        ictip.COLUMNS,
        True,
        "nobody who took a consent for statistics back before the file was made. Counts are rounded to 10.",
    ),
}


@dataclass(frozen=True)
class Lease:
    """The right to make an export until it runs out or is renewed."""

    export: CaseExport
    token: uuid.UUID


class TooFew(Exception):
    """So few people agreed that no row may be given away."""


def send(export: CaseExport) -> None:
    """Tell a worker to look at the export. A broker that is away is no harm: it is told again later."""
    try:
        current_app.send_task(TASK, args=[str(export.key)], expires=3600)
    except Exception as error:
        logger.warning("export %s could not be sent: %s", export.pk, type(error).__name__)
        return
    _exports("sent").filter(pk=export.pk).update(sent_at=timezone.now())


def take(key: str) -> Lease | None:
    """Take an export that waits for a worker, or whose worker is gone. None when there is nothing to do."""
    now, token = timezone.now(), uuid.uuid4()
    free = Q(state=_STATE.APPROVED) | Q(state=_STATE.MAKING, lease_until__lt=now)
    taken = (
        _exports("a worker takes any export")
        .filter(free, key=key, attempts__lt=settings.UPLOAD_MAX_ATTEMPTS)
        .update(
            state=_STATE.MAKING,
            lease=token,
            lease_until=now + _lease_time(),
            attempts=F("attempts") + 1,
            progress=0,
        )
    )
    if not taken:
        return None
    return Lease(_exports("the one just taken").select_related("area", "asked_by").get(key=key), token)


def carry_out(lease: Lease) -> None:
    """Make the file and keep it sealed; a failure is noted with its reason.

    Raises LeaseLost when another worker has taken over or the database went away; nothing is stored then.
    """
    keeper = _Keeper(lease)
    try:
        with keeper, override("en"):
            content, loss = _make(lease.export, keeper)
        _finish(lease, content, loss)
    except LeaseLost:
        raise
    except TooFew:
        _fail(lease, "too_few")
    except PASSING as error:
        logger.warning("export %s was interrupted: %s", lease.export.pk, type(error).__name__)
        raise LeaseLost(f"export {lease.export.pk}") from error
    except Exception as error:
        logger.error("export %s failed: %s%s", lease.export.pk, type(error).__name__, where_it_failed(error))
        _fail(lease, "defect")


def _make(export: CaseExport, keeper: "_Keeper") -> tuple[bytes, dict[str, Any]]:
    """The ZIP and what was lost. Raises TooFew, LeaseLost."""
    shape = SHAPES[CaseExport.Standard(export.standard)]
    records = _records(export)
    keeper.note(40)
    found = anonymous([tuple(c.value_of(each) for c in shape.columns) for each in records], shape.columns)
    if len(found.rows) < K:
        raise TooFew
    keeper.note(80)
    header, rows = as_rows(found, shape.columns, is_counted=shape.is_counted)
    loss = loss_of(found)
    about = {
        "title": shape.title,
        "first_year": export.first_year,
        "last_year": export.last_year,
        "area": export.area.name,
        "recipient": export.recipient,
        "purpose": export.purpose,
        "consent": shape.consent,
    }
    return packed(shape.name, header, rows, loss, about), loss


def _records(export: CaseExport) -> list[PersonRecord]:
    """The records of those who agreed: to research for cases, and did not object to statistics for counts."""
    with system_scope("records of every unit become an anonymous file; nobody is shown one"):
        victims = Victim.objects.unscoped("an anonymous file of every unit's records")
        is_for_cases = export.standard == CaseExport.Standard.HTCDS
        agreed = victims.for_research() if is_for_cases else victims.for_statistics()
        return records_of(agreed, area=export.area, first_year=export.first_year, last_year=export.last_year)


def _finish(lease: Lease, content: bytes, loss: dict[str, Any]) -> None:
    """Keep the file and end the work, both or neither. Raises LeaseLost."""
    export = lease.export
    name = f"{SHAPES[CaseExport.Standard(export.standard)].name}_{export.first_year}-{export.last_year}.zip"
    file = CheckedFile(
        name=name,
        media_type="application/zip",
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        scanned=Scanned.CLEAN if is_scanning() and is_clean(content) else Scanned.NOT_CONFIGURED,
    )
    with sealed_files() as store, transaction.atomic():
        _release(lease, state=_STATE.READY, progress=100, loss=loss)
        store.keep(CaseExportFile(export=export, added_by=export.asked_by), file)
        _tell_of_end(lease)


def _fail(lease: Lease, reason: str) -> None:
    """End the work with a reason, if the lease still holds. Raises LeaseLost."""
    with transaction.atomic():
        _release(lease, state=_STATE.FAILED, failure=reason)
        _tell_of_end(lease)


def _tell_of_end(lease: Lease) -> None:
    export = _exports("the lease named it").select_related("area", "asked_by").get(pk=lease.export.pk)
    note_step(export, export.state)
    tell_of_export_end(export)


def note_step(export: CaseExport, step: str, actor: User | None = None) -> None:
    """A row in the trail: which export, which step, and who, where it was a person."""
    AuditEvent.objects.create(
        kind=AuditEvent.Kind.CASE_EXPORT_STEP,
        user=actor,
        about=f"victims.caseexport:{export.pk}",
        detail={"step": str(step)},
    )


def pick_up_abandoned() -> list[str]:
    """Find exports nobody works on: send them again, or give up after too many attempts. The keys sent."""
    now = timezone.now()
    stale = _exports("abandoned exports").filter(state=_STATE.MAKING, lease_until__lt=now)
    for export in stale.filter(attempts__gte=settings.UPLOAD_MAX_ATTEMPTS).select_related("area", "asked_by"):
        _fail(Lease(export, export.lease), "gave_up")
    unheard = Q(sent_at=None) | Q(sent_at__lt=now - dt.timedelta(seconds=RESEND_AFTER))
    waiting = _exports("exports whose message got lost").filter(unheard, state=_STATE.APPROVED)
    keys = []
    for export in [*stale, *waiting]:
        send(export)
        keys.append(str(export.key))
    return keys


def _held(lease: Lease) -> Any:
    return _exports("the lease names it").filter(pk=lease.export.pk, lease=lease.token, state=_STATE.MAKING)


def _renew(lease: Lease, progress: int) -> None:
    if not _held(lease).update(lease_until=timezone.now() + _lease_time(), progress=progress):
        raise LeaseLost(f"export {lease.export.pk}")


def _release(lease: Lease, **changed: Any) -> None:
    free = {"lease": None, "lease_until": None, "finished_at": timezone.now()}
    if not _held(lease).update(**free, **changed):
        raise LeaseLost(f"export {lease.export.pk}")


def _exports(reason: str) -> Any:
    return CaseExport.objects.unscoped(reason)


def _lease_time() -> dt.timedelta:
    return dt.timedelta(seconds=settings.UPLOAD_LEASE_SECONDS)


class _Keeper(Keeper):
    """Keeps the lease of an export, and tells how far the work is."""

    def __init__(self, lease: Lease) -> None:
        every = settings.UPLOAD_LEASE_SECONDS / 8
        super().__init__(f"export {lease.export.pk}", every=every, renew=lambda: _renew(lease, self.progress))
        self.progress = 0

    def note(self, progress: int) -> None:
        """Note how far it is, in percent. Raises LeaseLost when the export is another worker's by now."""
        self.refuse_if_lost()
        self.progress = progress
