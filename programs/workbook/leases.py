"""Who works on an upload: a worker holds it for a while and keeps renewing, so that a killed one loses it.

The database is the truth. The broker only says "look now": a message may be lost, doubled or late.
"""

import datetime as dt
import logging
import uuid
from dataclasses import dataclass
from typing import Any

from celery import current_app
from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from accounts.leases import Keeper, LeaseLost
from programs.models import ActivityUpload, WorkbookUpload

logger = logging.getLogger("portal.jobs")

#: An upload whose message did not arrive is sent again after this many seconds.
RESEND_AFTER = 10
_STATE = WorkbookUpload.State
#: What a worker finds waiting, and the state it is in while the worker is at it.
_TAKEN = {_STATE.WAITING: _STATE.CHECKING, _STATE.CHECKING: _STATE.CHECKING, _STATE.STORING: _STATE.STORING}


@dataclass(frozen=True)
class Lease:
    """The right to work on an upload until it runs out or is renewed."""

    upload: Any
    token: uuid.UUID


def send(upload: WorkbookUpload) -> None:
    """Tell a worker to look at the upload. A broker that is away is no harm: it is told again later."""
    try:
        current_app.send_task(upload.TASK, args=[str(upload.key)], expires=3600)
    except Exception as error:
        logger.warning("upload %s could not be sent: %s", upload.pk, type(error).__name__)
        return
    all_uploads("sent", type(upload)).filter(pk=upload.pk).update(sent_at=timezone.now())


def take(key: str, model: type[WorkbookUpload] = ActivityUpload) -> Lease | None:
    """Take an upload that waits, or whose worker is gone. None when there is nothing to do."""
    now = timezone.now()
    token = uuid.uuid4()
    free = Q(state=_STATE.WAITING) | Q(state=_STATE.STORING, lease=None)
    abandoned = Q(state__in=[_STATE.CHECKING, _STATE.STORING], lease_until__lt=now)
    for found, taken in _TAKEN.items():
        held = all_uploads("a worker takes any upload", model).filter(
            free | abandoned, key=key, state=found, attempts__lt=settings.UPLOAD_MAX_ATTEMPTS
        )
        if held.update(
            state=taken, lease=token, lease_until=now + _lease_time(), attempts=F("attempts") + 1, done=0
        ):
            upload = all_uploads("the one just taken", model).select_related("by").get(key=key)
            return Lease(upload, token)
    return None


def renew(lease: Lease, **changed: Any) -> None:
    """Keep the upload a while longer, and note progress. Raises LeaseLost."""
    if not held(lease).update(lease_until=timezone.now() + _lease_time(), **changed):
        raise LeaseLost(f"upload {lease.upload.pk}")


def held(lease: Lease) -> Any:
    """The upload, while the lease holds."""
    at_work = [_STATE.CHECKING, _STATE.STORING]
    found = all_uploads("the lease names it", type(lease.upload))
    return found.filter(pk=lease.upload.pk, lease=lease.token, state__in=at_work)


def release(lease: Lease, **changed: Any) -> None:
    """End the work on the upload with these columns. Raises LeaseLost."""
    free = {"lease": None, "lease_until": None, "finished_at": timezone.now()}
    if not held(lease).update(**free, **changed):
        raise LeaseLost(f"upload {lease.upload.pk}")


def pick_up_abandoned(model: type[WorkbookUpload] = ActivityUpload) -> list[str]:
    """Find uploads nobody works on: send them again, or give up after too many attempts. The keys sent."""
    now = timezone.now()
    stale = all_uploads("abandoned uploads", model).filter(
        state__in=[_STATE.CHECKING, _STATE.STORING], lease_until__lt=now
    )
    spent = stale.filter(attempts__gte=settings.UPLOAD_MAX_ATTEMPTS)
    spent.update(state=_STATE.FAILED, failure="gave_up", lease=None, lease_until=None, finished_at=now)
    unheard = Q(sent_at__isnull=True) | Q(sent_at__lt=now - dt.timedelta(seconds=RESEND_AFTER))
    idle = Q(state=_STATE.WAITING) | Q(state=_STATE.STORING, lease=None)
    waiting = all_uploads("uploads whose message got lost", model).filter(unheard & idle)
    keys = []
    for upload in [*stale.filter(attempts__lt=settings.UPLOAD_MAX_ATTEMPTS), *waiting]:
        send(upload)
        keys.append(str(upload.key))
    return keys


def all_uploads(reason: str, model: type[WorkbookUpload] = ActivityUpload) -> Any:
    return model.objects.unscoped(reason)  # type: ignore[attr-defined]


def _lease_time() -> dt.timedelta:
    return dt.timedelta(seconds=settings.UPLOAD_LEASE_SECONDS)


class UploadKeeper(Keeper):
    """Keeps the lease of an upload, and tells how far the work is."""

    def __init__(self, lease: Lease) -> None:
        every = settings.UPLOAD_LEASE_SECONDS / 8
        super().__init__(f"upload {lease.upload.pk}", every=every, renew=lambda: renew(lease, done=self.done))
        self.done = 0

    def note(self, done: int) -> None:
        """Note how many rows are done. Raises LeaseLost when the upload is another worker's by now."""
        self.refuse_if_lost()
        self.done = done
