"""What a database and a directory of files hold, in numbers by which two of them are compared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from psycopg2 import sql

#: Rows of these are not compared: they come and go without anybody's doing.
PASSING = ("config_cache",)


@dataclass
class Contents:
    """Rows and checksum by table, last value by sequence, SHA-256 by file."""

    tables: dict[str, tuple[int, str]] = field(default_factory=dict)
    sequences: dict[str, int | None] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> bytes:
        return json.dumps(asdict(self), sort_keys=True).encode()

    @classmethod
    def from_json(cls, content: bytes) -> Contents:
        held = json.loads(content)
        tables = {name: (int(rows), str(checksum)) for name, (rows, checksum) in held["tables"].items()}
        return cls(tables, held["sequences"], held["files"])

    def differences(self, other: Contents) -> Iterator[str]:
        """What is in one and not in the other, a line each. Names of tables and files only."""
        for kind in ("tables", "sequences", "files"):
            mine, theirs = getattr(self, kind), getattr(other, kind)
            for name in sorted(mine.keys() | theirs.keys()):
                if name not in theirs:
                    yield f"{kind}: {name} is missing"
                elif name not in mine:
                    yield f"{kind}: {name} was not in the backup"
                elif mine[name] != theirs[name]:
                    yield f"{kind}: {name} is {theirs[name]} and was {mine[name]}"


def contents_of_database(cursor: Any) -> Contents:
    """The rows of every table, each with a checksum in which their order does not matter."""
    cursor.execute("SET TIME ZONE 'UTC'; SET datestyle TO ISO; SET extra_float_digits TO 1")
    cursor.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
        " AND c.relname <> ALL (%s) ORDER BY 1",
        [list(PASSING)],
    )
    found = Contents()
    for (table,) in cursor.fetchall():
        # The sum of 60 bits of each row's MD5: any server computes the same, unlike hashtext().
        asked = (
            "SELECT count(*), coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint), 0) FROM {} t"
        )
        cursor.execute(sql.SQL(asked).format(sql.Identifier("public", table)))
        rows, checksum = cursor.fetchone()
        found.tables[table] = (rows, str(checksum))
    cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'")
    found.sequences = dict(cursor.fetchall())
    return found


def files_below(top: Path) -> list[Path]:
    """The files under a directory, in order; nothing for one that is not there."""
    return sorted(path for path in top.rglob("*") if path.is_file() and not path.is_symlink())


def contents_of_files(top: Path) -> dict[str, str]:
    """SHA-256 by name relative to ``top``."""
    found = {}
    for path in files_below(top):
        with path.open("rb") as file:
            found[str(path.relative_to(top))] = hashlib.file_digest(file, "sha256").hexdigest()
    return found
