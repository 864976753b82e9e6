"""Sealing the logs, and finding what does not fit their seals."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from accounts.models import ReadSeal

#: Rows of a log as text, in the order of their ids. Every column counts, so no change of one goes unseen.
_ROWS = {
    ReadSeal.Log.READS: (
        "accounts_readevent",
        "concat_ws('|', id, extract(epoch FROM at), user_id, record, how, reason)",
    ),
    ReadSeal.Log.AUDIT: (
        "accounts_auditevent",
        "concat_ws('|', id, extract(epoch FROM at), kind, user_id, about, detail::text)",
    ),
}
#: Rows younger than this wait, since an id is taken a moment before its transaction shows.
SETTLED = "10 seconds"
#: The longest stretch one seal covers.
STRETCH = 10_000
_LOCK = 7_202_011


@dataclass(frozen=True)
class BrokenSeal:
    """A stretch of a log that is not as it was sealed."""

    log: str
    first: int
    last: int
    expected: int
    found: int

    def __str__(self) -> str:
        if self.expected != self.found:
            return f"{self.log} log, rows {self.first}-{self.last}: {self.expected} were sealed, {self.found} are there"
        return f"{self.log} log, rows {self.first}-{self.last}: a row, or the seal, was changed"


def seal_logs() -> int:
    """Seal what was written since the last time, as far as no running transaction can add in between.

    Returns how many rows were sealed. A transaction that took an id and has not written its row yet is older than the
    rows after it, which wait with it.
    """
    return sum(_seal(log) for log in _ROWS)


def _seal(log: ReadSeal.Log) -> int:
    sealed = 0
    table = _ROWS[log][0]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])  # one sealer at a time
        before = ReadSeal.objects.filter(log=log).order_by("-number").first()
        # Rows of transactions that still run are not seen, and could come in between: stop before the oldest of them.
        cursor.execute(
            f"SELECT max(id) FROM {table} WHERE id > %(sealed)s AND at < now() - %(settled)s::interval AND id <"
            f" COALESCE((SELECT min(id) FROM {table} WHERE id > %(sealed)s AND (at >= now() - %(settled)s::interval"
            f" OR xid >= pg_snapshot_xmin(pg_current_snapshot()))), 9223372036854775807)",
            {"sealed": before.last if before else 0, "settled": SETTLED},
        )
        (up_to,) = cursor.fetchone()
        while up_to is not None and up_to > (before.last if before else 0):
            before = _close(log, before, up_to)
            sealed += before.count
    return sealed


def _close(log: ReadSeal.Log, before: ReadSeal | None, up_to: int) -> ReadSeal:
    first = before.last + 1 if before else 1
    keys = _keys(log, first, up_to)
    last = up_to if len(keys) < STRETCH else keys[-1]
    digest, count = _digest(log, first, last, before.digest if before else "")
    seal: ReadSeal = ReadSeal.objects.create(
        log=log, number=before.number + 1 if before else 1, first=first, last=last, count=count, digest=digest
    )
    return seal


def _keys(log: ReadSeal.Log, first: int, last: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM {_ROWS[log][0]} WHERE id BETWEEN %s AND %s ORDER BY id LIMIT %s",
            [first, last, STRETCH],
        )
        return [key for (key,) in cursor.fetchall()]


def _digest(log: ReadSeal.Log, first: int, last: int, before: str) -> tuple[str, int]:
    table, text = _ROWS[log]
    digest, count = hashlib.sha256(before.encode()), 0
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {text} FROM {table} WHERE id BETWEEN %s AND %s ORDER BY id", [first, last])
        for (row,) in cursor.fetchall():
            digest.update(b"\n" + row.encode())
            count += 1
    return digest.hexdigest(), count


def broken_seals() -> Iterator[BrokenSeal]:
    """Stretches that are not as they were sealed, in each log the first of them: those after it rest on it."""
    for log in _ROWS:
        before, expected_first = "", 1
        for number, seal in enumerate(
            ReadSeal.objects.filter(log=log).order_by("number").iterator(), start=1
        ):
            digest, count = _digest(log, seal.first, seal.last, before)
            fits = (seal.number, seal.first) == (number, expected_first) and digest == seal.digest
            if not fits:
                yield BrokenSeal(str(log), seal.first, seal.last, seal.count, count)
                break
            before, expected_first = seal.digest, seal.last + 1
