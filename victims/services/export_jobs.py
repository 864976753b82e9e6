"""The worker's part of an export: make the file of the records, and end in one file or in a reason."""

import hashlib
import logging
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.files.checking import CheckedFile
from accounts.files.scanning import Scanned, is_clean, is_scanning
from accounts.files.sealed import sealed_files
from accounts.leases import Keeper, Lease, LeaseLost, Leases
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
_STATE = CaseExport.State

#: An approved export waits for a worker.
EXPORTS: Leases[CaseExport] = Leases(
    name="export",
    rows=CaseExport.objects.unscoped,
    task=TASK,
    taken={_STATE.APPROVED: _STATE.MAKING, _STATE.MAKING: _STATE.MAKING},
    limits="UPLOAD",
    together=("area", "asked_by"),
)

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


class TooFew(Exception):
    """So few people agreed that no row may be given away."""


def take(key: str) -> Lease[CaseExport] | None:
    """Take an export that waits for a worker, or whose worker is gone. None when there is nothing to do."""
    return EXPORTS.take(key, progress=0)


def carry_out(lease: Lease[CaseExport]) -> None:
    """Make the file and keep it sealed; a failure is noted with its reason.

    Raises LeaseLost when another worker has taken over; nothing is stored then.
    """
    keeper = Keeper(EXPORTS, lease)
    try:
        with keeper, override("en"):
            content, loss = _make(lease.work, keeper)
        _finish(lease, content, loss)
    except LeaseLost:
        raise
    except TooFew:
        _fail(lease, "too_few")
    except Exception as error:
        logger.error("export %s failed: %s%s", lease.work.pk, type(error).__name__, where_it_failed(error))
        _fail(lease, "defect")


def _make(export: CaseExport, keeper: Keeper[CaseExport]) -> tuple[bytes, dict[str, Any]]:
    """The ZIP and what was lost. Raises TooFew, LeaseLost."""
    shape = SHAPES[CaseExport.Standard(export.standard)]
    records = _records(export)
    keeper.note(progress=40)
    found = anonymous([tuple(c.value_of(each) for c in shape.columns) for each in records], shape.columns)
    if len(found.rows) < K:
        raise TooFew
    keeper.note(progress=80)
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


def _finish(lease: Lease[CaseExport], content: bytes, loss: dict[str, Any]) -> None:
    """Keep the file and end the work, both or neither. Raises LeaseLost."""
    export = lease.work
    name = f"{SHAPES[CaseExport.Standard(export.standard)].name}_{export.first_year}-{export.last_year}.zip"
    file = CheckedFile(
        name=name,
        media_type="application/zip",
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        scanned=Scanned.CLEAN if is_scanning() and is_clean(content) else Scanned.NOT_CONFIGURED,
    )
    with sealed_files() as store, transaction.atomic():
        EXPORTS.release(lease, state=_STATE.READY, progress=100, loss=loss)
        store.keep(CaseExportFile(export=export, added_by=export.asked_by), file)
        _tell_of_end(lease)


def _fail(lease: Lease[CaseExport], reason: str) -> None:
    """End the work with a reason, if the lease still holds. Raises LeaseLost."""
    with transaction.atomic():
        EXPORTS.release(lease, state=_STATE.FAILED, failure=reason)
        _tell_of_end(lease)


def _tell_of_end(lease: Lease[CaseExport]) -> None:
    export = EXPORTS.rows("the lease named it").select_related("area", "asked_by").get(pk=lease.work.pk)
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
    return EXPORTS.pick_up(lambda lease: _fail(lease, "gave_up"))
