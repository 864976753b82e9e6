"""Long work that only one worker does at a time: it holds a lease, and loses it when it is killed or hangs.

The lease is columns of the row that asks for the work; whoever holds it renews them while the work goes on. The
database is the truth. The broker only says "look now": a message may be lost, doubled or late, and still the work
is done once.
"""

import datetime as dt
import logging
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Generic, Self, TypeVar

from celery import current_app
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.db.models import F, Q
from django.utils import timezone

from accounts.row_scope import system_scope

logger = logging.getLogger("portal.jobs")

#: Work whose message did not arrive is sent again after this many seconds.
RESEND_AFTER = 10

#: The model of the rows that ask for work.
Work = TypeVar("Work")

#: Failures of the database that may be over in a moment, such as a restart or a full disk. They end no work.
PASSING = (OperationalError, InterfaceError)
#: SQLSTATEs of a server without room: its disk is full, or all its connections are taken.
_NO_ROOM = frozenset({"53100", "53300"})
#: How long after it was asked for work is begun again over a server without room, as often as it takes.
_PATIENCE = dt.timedelta(days=1)


class LeaseLost(RuntimeError):
    """The work is given to another worker, now or soon; this one must stop and change nothing."""


@dataclass(frozen=True)
class Lease(Generic[Work]):
    """The right to do what a row asks for, until it runs out or is renewed."""

    work: Work
    token: uuid.UUID


@dataclass(frozen=True)
class Leases(Generic[Work]):
    """How one kind of work is given out: the rows that ask for it, and what their states mean.

    The rows have the columns ``key``, ``state``, ``lease``, ``lease_until``, ``attempts``, ``sent_at`` and
    ``finished_at``. ``taken`` names for each state in which a worker may find a row (waiting, or left behind by a
    killed worker) the state it is in while the worker is at it. The settings ``<limits>_LEASE_SECONDS`` and
    ``<limits>_MAX_ATTEMPTS`` say how long a lease holds and how often the work is tried. ``renewable`` is a further
    condition for keeping a lease. ``is_protected`` says that the database shows these rows only within a scope.
    ``together`` are rows that the worker reads with the one it takes, ``asked`` is the column of the time when the
    work was asked for.
    """

    name: str
    rows: Callable[[str], Any]
    task: str
    taken: Mapping[str, str]
    limits: str
    together: tuple[str, ...]
    asked: str = "asked_at"
    renewable: Callable[[], Q] = Q
    is_protected: bool = False

    @property
    def seconds(self) -> int:
        """How long a lease holds."""
        return int(getattr(settings, f"{self.limits}_LEASE_SECONDS"))

    @property
    def most_attempts(self) -> int:
        return int(getattr(settings, f"{self.limits}_MAX_ATTEMPTS"))

    def send(self, work: Any) -> None:
        """Tell a worker to look at the row. A broker that is away is no harm: it is told again later."""
        try:
            current_app.send_task(self.task, args=[str(work.key)], expires=3600)
        except Exception as error:
            logger.warning("%s %s could not be sent: %s", self.name, work.pk, type(error).__name__)
            return
        with self._every_row():
            self.rows("sent").filter(pk=work.pk).update(sent_at=timezone.now())

    def take(self, key: str, **fresh: Any) -> Lease[Work] | None:
        """Take what waits, or what a killed worker left behind. None when there is nothing to do.

        ``fresh`` are columns of the row that start anew with each attempt.
        """
        token, free = uuid.uuid4(), Q(lease=None) | self._ran_out()
        with self._every_row():
            for found, at_work in self.taken.items():
                waiting = self.rows("a worker takes any row").filter(
                    free, key=key, state=found, attempts__lt=self.most_attempts
                )
                if waiting.update(
                    state=at_work, lease=token, lease_until=self._until(), attempts=F("attempts") + 1, **fresh
                ):
                    taken = self.rows("the one just taken").select_related(*self.together)
                    return Lease(taken.get(key=key), token)
        return None

    def held(self, lease: Lease[Any]) -> Any:
        """The row of a lease, while the lease holds: a query set of one row or none."""
        return self.rows("the lease names it").filter(
            pk=lease.work.pk, lease=lease.token, state__in=set(self.taken.values())
        )

    def renew(self, lease: Lease[Any], **changed: Any) -> None:
        """Keep the row a while longer, and note progress. Raises LeaseLost."""
        with self._every_row():
            renewed = self.held(lease).filter(self.renewable()).update(lease_until=self._until(), **changed)
        if not renewed:
            raise LeaseLost(f"{self.name} {lease.work.pk}")

    def release(self, lease: Lease[Any], **changed: Any) -> None:
        """End the work with these columns. Raises LeaseLost."""
        free = {"lease": None, "lease_until": None, "finished_at": timezone.now()}
        with self._every_row():
            released = self.held(lease).update(**free, **changed)
        if not released:
            raise LeaseLost(f"{self.name} {lease.work.pk}")

    def interrupted(self, lease: Lease[Any], error: BaseException) -> LeaseLost:
        """What to raise where work met one of `PASSING`: the lease is left to run out, and the work begun again.

        An attempt that a server without room cut off is not counted: for a day, and where this much can be stored.
        """
        logger.warning("%s %s was interrupted: %s", self.name, lease.work.pk, type(error).__name__)
        if getattr(error.__cause__, "pgcode", None) in _NO_ROOM:
            lately = {f"{self.asked}__gt": timezone.now() - _PATIENCE}
            with suppress(*PASSING), self._every_row():
                self.held(lease).filter(**lately).update(attempts=F("attempts") - 1)
        return LeaseLost(f"{self.name} {lease.work.pk}")

    def abandoned(self) -> Any:
        """The rows that a worker took and does not renew: a query set."""
        left = self.rows("left behind by a worker").filter(
            self._ran_out(), state__in=set(self.taken.values())
        )
        return left.select_related(*self.together)

    def pick_up(self, give_up: Callable[[Lease[Work]], None]) -> list[str]:
        """Send again what nobody works on, and give up what was tried too often. The keys sent."""
        with self._every_row():
            spent = list(self.abandoned().filter(attempts__gte=self.most_attempts))
        for work in spent:
            with suppress(LeaseLost):
                give_up(Lease(work, work.lease))
        now, soon = timezone.now(), dt.timedelta(seconds=RESEND_AFTER)
        unheard = Q(sent_at=None) | Q(sent_at__lt=now - soon) | Q(sent_at__gt=now + soon)
        waiting = self.rows("rows whose message got lost").filter(
            unheard, state__in=self.taken.keys(), lease=None
        )
        with self._every_row():
            found = [*self.abandoned(), *waiting]
        for work in found:
            self.send(work)
        return [str(work.key) for work in found]

    @contextmanager
    def _every_row(self) -> Iterator[None]:
        """What workers see: the rows of everybody."""
        if not self.is_protected:
            yield
            return
        with system_scope("a worker takes whatever waits, and keeps what it took"):
            yield

    def _until(self) -> dt.datetime:
        return timezone.now() + dt.timedelta(seconds=self.seconds)

    def _ran_out(self) -> Q:
        """The condition for leases that hold no more, also those given by a clock that was set back since."""
        too_late = timezone.now() + dt.timedelta(seconds=2 * self.seconds)
        return Q(lease_until__lt=timezone.now()) | Q(lease_until__gt=too_late)


class Keeper(Generic[Work]):
    """Renews a lease from a thread of its own while the work goes on, and notes how far it is.

    The thread has a connection of its own, so its word gets through out of a transaction that nobody else sees.
    """

    def __init__(self, leases: Leases[Work], lease: Lease[Work]) -> None:
        self.leases = leases
        self.lease = lease
        self.noted: dict[str, Any] = {}
        self._about = f"{leases.name} {lease.work.pk}"  # type: ignore[attr-defined]
        self._lost = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._keep, name=f"lease of {self._about}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stopped.set()
        self._thread.join()

    def note(self, **noted: Any) -> None:
        """Note columns that tell how far the work is; they are stored when the lease is next renewed.

        Raises LeaseLost when the work is another worker's by now.
        """
        if self._lost.is_set():
            raise LeaseLost(self._about)
        self.noted = noted

    def _keep(self) -> None:
        try:
            while not self._stopped.wait(self.leases.seconds / 8):
                close_old_connections()
                self.leases.renew(self.lease, **self.noted)
        except LeaseLost:
            self._lost.set()
        except Exception as error:
            logger.warning("lease of %s not renewed: %s", self._about, type(error).__name__)
        finally:
            connection.close()
