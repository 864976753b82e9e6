"""Who works on an upload: first to check its rows, later to store them."""

from typing import Any

from accounts.leases import Keeper, Lease, Leases
from programs.models import ActivityUpload, WorkbookUpload

_STATE = WorkbookUpload.State

UploadLease = Lease[Any]
UploadKeeper = Keeper[Any]


def leases_on(model: type[WorkbookUpload]) -> Leases[Any]:
    """The leases on one kind of upload."""
    return Leases(
        name="upload",
        rows=lambda reason: all_uploads(reason, model),
        task=model.TASK,
        taken={
            _STATE.WAITING: _STATE.CHECKING,
            _STATE.CHECKING: _STATE.CHECKING,
            _STATE.STORING: _STATE.STORING,
        },
        limits="UPLOAD",
        together=("by",),
        asked="uploaded_at",
    )


def take(key: str, model: type[WorkbookUpload] = ActivityUpload) -> UploadLease | None:
    """Take an upload that waits, or whose worker is gone. None when there is nothing to do."""
    return leases_on(model).take(key, done=0)


def pick_up_abandoned(model: type[WorkbookUpload] = ActivityUpload) -> list[str]:
    """Find uploads nobody works on: send them again, or give up after too many attempts. The keys sent."""
    leases = leases_on(model)
    return leases.pick_up(lambda lease: leases.release(lease, state=_STATE.FAILED, failure="gave_up"))


def all_uploads(reason: str, model: type[WorkbookUpload] = ActivityUpload) -> Any:
    """The uploads of everybody, for a reason that is told."""
    return model.objects.unscoped(reason)  # type: ignore[attr-defined]
