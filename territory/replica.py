"""From which server is read: from the primary, or within `from_replica` from a replica that follows it closely.

Only what reads many figures runs within it (`config.replica` names the pages), and of that only areas, records of the
programme and figures. People, their rights, sessions and what row-level policies protect are always read from the
primary: a right that was taken away is gone at once, and the settings of a row scope live in a transaction of the
primary. Within any transaction of the primary all is read there, so what was just written is seen.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections
from django.db.models import Model

REPLICA = "replica"

#: Whose records a replica may tell, save those that are read to see what was just written.
_APPS = frozenset({"territory", "programs", "reporting"})
_JUST_WRITTEN = frozenset({"reporting.answerstamp"})

#: For how many seconds it is believed that the replica follows closely, and that it does not.
_FIT_FOR, _UNFIT_FOR = 1.0, 5.0

_LAG = """
    SELECT pg_is_in_recovery() AND (pg_last_wal_replay_lsn() >= %s::pg_lsn
           OR clock_timestamp() - pg_last_xact_replay_timestamp() <= make_interval(secs => %s))
"""

_reads: ContextVar[bool] = ContextVar("reads_from_replica", default=False)


@contextmanager
def from_replica() -> Iterator[None]:
    """Within it figures are read from the replica, wherever no transaction of the primary is open."""
    token = _reads.set(True)
    try:
        yield
    finally:
        _reads.reset(token)


def connection_to_read() -> Any:
    """The connection for a statement that reads areas, records of the programme or figures, and writes nothing."""
    return connections[_alias()]


def _alias() -> str:
    return REPLICA if _reads.get() and not connections[DEFAULT_DB_ALIAS].in_atomic_block else DEFAULT_DB_ALIAS


class ReplicaRouter:
    """Sends the reading of some apps where `connection_to_read` leads; everything is written to the primary."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        told = model._meta.app_label in _APPS and model._meta.label_lower not in _JUST_WRITTEN
        return _alias() if told else DEFAULT_DB_ALIAS

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS


class _Watch:
    """Whether the replica follows closely, looked at by each process once a second at most."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_fit = False
        self._until = 0.0

    def is_fit(self) -> bool:
        with self._lock:
            if time.monotonic() >= self._until:
                self._is_fit = _follows_closely()
                self._until = time.monotonic() + (_FIT_FOR if self._is_fit else _UNFIT_FOR)
            return self._is_fit

    def look_anew(self) -> None:
        with self._lock:
            self._until = 0.0


def _follows_closely() -> bool:
    """Whether the replica has all that the primary has, or what it had REPLICA_MAX_LAG_SECONDS ago.

    An idle primary writes nothing, so the age of the last transaction alone would tell a lag where there is none; and a
    replica that lost its primary has replayed all that it received. A server that is no replica is not read from.
    """
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_lsn()::text")
        written = cursor.fetchone()[0]
    try:
        with connections[REPLICA].cursor() as cursor:
            cursor.execute(_LAG, [written, settings.REPLICA_MAX_LAG_SECONDS])
            return bool(cursor.fetchone()[0])
    except (DatabaseError, InterfaceError):
        connections[REPLICA].close()
        return False


watch = _Watch()
