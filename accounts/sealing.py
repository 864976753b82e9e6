"""Sealing the logs: a chain of hashes in which a row that was changed, removed or slipped in later shows.

Rows are sealed once their transaction is certainly over: PostgreSQL notes the inserting transaction in ``inserted_in``,
and all transactions below ``pg_snapshot_xmin`` have ended. So each row belongs to exactly one seal, however late its
transaction ended, and a row below the last seal's mark that is in none was put in afterwards.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from accounts.models import ReadSeal

#: The logs with the columns that are sealed. The order is part of the digest.
LOGS = {
    "accounts_readevent": "id, at AT TIME ZONE 'UTC', user_id, record, how, reason",
    "accounts_auditevent": "id, at AT TIME ZONE 'UTC', kind, user_id, about, detail",
}

#: Rows under one seal.
_ROWS = 5000
_ENTRY = 40  # bytes of one row within a seal: id and digest
_LOCK = 138_003


@dataclass(frozen=True)
class Breach:
    """A row or a seal that is not what was sealed. ``row`` is None where the seal itself is wrong."""

    log: str
    row: int | None
    what: str


def seal_logs() -> int:
    """Seal what can be sealed of every log. Returns how many rows were."""
    return sum(_seal(log) for log in LOGS)


def find_breaches() -> Iterator[Breach]:
    """Hold every sealed row against its seal, every seal against the one before, and look for rows in none."""
    for log in LOGS:
        yield from _breaches_of(log)


def heads() -> dict[str, str]:
    """The digest of the last seal of each log. Kept elsewhere, it shows a chain that was made anew."""
    last = ReadSeal.objects.order_by("log", "-number").distinct("log")
    return {seal.log: f"{seal.number}:{seal.digest}" for seal in last}


def _seal(log: str) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        last = ReadSeal.objects.filter(log=log).order_by("-number").first()
        cursor.execute(
            "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,"
            " pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
        )
        until, newest = cursor.fetchone()
        since = last.until if last else 0
        where, values = (
            "inserted_in >= %s::text::xid8 AND inserted_in < %s::text::xid8",
            [str(since), str(until)],
        )
        if last is None:
            where = f"({where}) OR inserted_in IS NULL"
        elif since > newest:
            # Restored into another server, whose transactions count from elsewhere: go on after the last row.
            where, values = "id > (SELECT max(last_id) FROM accounts_readseal WHERE log = %s)", [log]
        cursor.execute(f"SELECT id, {_digest(log)} FROM {log} WHERE {where} ORDER BY id", values)
        sealed = 0
        previous, number = (last.digest, last.number) if last else ("", 0)
        while rows := cursor.fetchmany(_ROWS):
            number += 1
            packed = b"".join(key.to_bytes(8, "big") + bytes(digest) for key, digest in rows)
            previous = _chained(previous, packed)
            ReadSeal.objects.create(
                log=log,
                number=number,
                first_id=rows[0][0],
                last_id=rows[-1][0],
                count=len(rows),
                until=until,
                rows=packed,
                digest=previous,
            )
            sealed += len(rows)
        return sealed


def _breaches_of(log: str) -> Iterator[Breach]:
    previous, number, until, sealed = "", 0, 0, 0
    known: set[int] = set()
    with transaction.atomic(), connection.cursor() as cursor:
        for seal in ReadSeal.objects.filter(log=log).order_by("number").iterator(chunk_size=20):
            packed, number = bytes(seal.rows), number + 1
            if seal.number != number:
                yield Breach(log, None, f"seal {number} is missing")
                number = seal.number
            if _chained(previous, packed) != seal.digest or len(packed) != seal.count * _ENTRY:
                yield Breach(log, None, f"seal {seal.number} does not continue the chain")
            entries = {
                int.from_bytes(packed[at : at + 8], "big"): packed[at + 8 : at + _ENTRY]
                for at in range(0, len(packed), _ENTRY)
            }
            cursor.execute(f"SELECT id, {_digest(log)} FROM {log} WHERE id = ANY (%s)", [list(entries)])
            found = {key: bytes(digest) for key, digest in cursor.fetchall()}
            for key, digest in entries.items():
                if key not in found:
                    yield Breach(log, key, "was removed")
                elif found[key] != digest:
                    yield Breach(log, key, "was changed")
            previous, until, sealed = seal.digest, seal.until, sealed + len(found)
            known |= entries.keys()
        if number == 0:
            return
        late = "(inserted_in IS NULL OR inserted_in < %s::text::xid8)"
        cursor.execute(f"SELECT id FROM {log} WHERE {late} AND NOT id = ANY (%s)", [str(until), list(known)])
        for (key,) in cursor.fetchall():
            yield Breach(log, key, "was put in later")


def _digest(log: str) -> str:
    """The digest of a row. One without an address has the digest it was sealed with before rows had addresses."""
    address = "CASE WHEN address IS NULL THEN '[]' ELSE jsonb_build_array(host(address)) END"
    row = f"jsonb_build_array('{log}', {LOGS[log]}) || {address}"
    return f"sha256(convert_to(({row})::text, 'UTF8'))"


def _chained(previous: str, packed: bytes) -> str:
    return hashlib.sha256(bytes.fromhex(previous) + packed).hexdigest()
