"""All facts made anew: summed from the records in one pass, into a table that takes the place of the old one.

Deleting and writing tens of millions of facts row by row, with every index in place, takes far longer than to sum
them. So they are written in the order in which they are read, into a table without indexes; the indexes are made
after, and the names are changed last. Who reads meanwhile reads the old facts, and waits for the change of names
alone. The tables' owner does it: nobody else may make a table.
"""

from typing import Any

from django.db import connection, transaction
from psycopg2 import sql

from reporting.models import WordMark
from reporting.rollup import COLUMNS, FROM_PROVINCES, LOCK, renew_versions

_FACTS = "reporting_fact"
_ANEW = "reporting_fact_anew"

#: What the sorts may use, and how many processes help with them, until the facts are there.
_SETTINGS = {
    "work_mem": "512MB",
    "hash_mem_multiplier": "1",
    "maintenance_work_mem": "1GB",
    "max_parallel_workers_per_gather": "2",
    "max_parallel_maintenance_workers": "2",
}

#: District and province facts. One sort serves both sums, and the count of records that are named more than once;
#: a province's facts are those of its districts and of what lies in none, so only the district is left out of them.
_SUMMED = """
    WITH said AS (
        SELECT province_id, measure COLLATE "C" AS measure, half_month(day) AS bucket,
               half_month(from_day) AS from_bucket, part COLLATE "C" AS part, agency_id, source COLLATE "C" AS source,
               district_id, record COLLATE "C" AS record, low, high, nominal, flags, words
        FROM reporting_measure
    ), summed AS (
        SELECT province_id, measure, bucket, from_bucket, part, agency_id, source, district_id,
               count(DISTINCT record) AS records, sum(low) AS low, sum(high) AS high, sum(nominal) AS nominal,
               bit_or(flags) AS flags, count(*) FILTER (WHERE flags <> 0 OR high <> 0) AS tellings,
               max(words) AS words, count(*) AS parts
        FROM said GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
    ), facts AS (
        SELECT source, CASE grouping(district_id) WHEN 0 THEN district_id ELSE province_id END AS area_id, agency_id,
               bucket, from_bucket, measure, part, sum(records) AS records, sum(low) AS low, sum(high) AS high,
               sum(nominal) AS nominal, bit_or(flags) AS flags,
               CASE sum(tellings) WHEN 1 THEN max(words) END AS words, sum(parts) AS parts
        FROM summed
        GROUP BY GROUPING SETS (
            (province_id, measure, bucket, from_bucket, part, agency_id, source, district_id),
            (province_id, measure, bucket, from_bucket, part, agency_id, source))
        HAVING grouping(district_id) = 1 OR district_id IS NOT NULL
    )
    SELECT {columns} FROM facts
"""


def rebuild_facts() -> int:
    """Make every fact anew from the records. Returns how many there are."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        before = _set(cursor, _SETTINGS)
        cursor.execute("DELETE FROM reporting_factmark")
        _sum(cursor)
        cursor.execute(f"SELECT count(*) FROM {_ANEW}")
        count = int(cursor.fetchone()[0])
        _put_in_place(cursor, count)
        renew_versions(cursor, [WordMark.EVERYWHERE])
        _set(cursor, before)
    return count


def _set(cursor: Any, settings: dict[str, str]) -> dict[str, str]:
    """Change settings until the transaction ends. Returns what they were."""
    cursor.execute(
        "SELECT name, current_setting(name) FROM unnest(%s::text[]) AS name",
        [list(settings)],
    )
    before = dict(cursor.fetchall())
    cursor.execute(
        "SELECT set_config(name, value, true) FROM unnest(%s::text[], %s::text[]) AS s (name, value)",
        [list(settings), list(settings.values())],
    )
    return before


def _sum(cursor: Any) -> None:
    """Write all facts into the new table: of districts and provinces, then the nation's as sums of the provinces'."""
    cursor.execute(
        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
        [_FACTS],
    )
    types = dict(cursor.fetchall())
    columns = ", ".join(
        "row_number() OVER ()::bigint AS id" if name == "id" else f"{name}::{kind} AS {name}"
        for name, kind in types.items()
    )
    cursor.execute(f"CREATE TABLE {_ANEW} AS {_SUMMED.format(columns=columns)}")
    nation = FROM_PROVINCES.format(facts=_ANEW, keys="TRUE")
    cursor.execute(f"CREATE TEMPORARY TABLE of_nation ({COLUMNS}) ON COMMIT DROP AS {nation}")
    cursor.execute(
        f"INSERT INTO {_ANEW} (id, {COLUMNS}) SELECT given.last + row_number() OVER (), n.*"
        f" FROM of_nation n, (SELECT coalesce(max(id), 0) AS last FROM {_ANEW}) AS given"
    )
    cursor.execute("DROP TABLE of_nation")


def _put_in_place(cursor: Any, count: int) -> None:
    """Give the new table all that the old one has, drop the old one and take its name."""
    constraints = _constraints(cursor)
    indexes = _indexes(cursor)
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND attnotnull",
        [_FACTS],
    )
    changes = [sql.SQL("ALTER {} SET NOT NULL").format(sql.Identifier(name)) for (name,) in cursor.fetchall()]
    changes.append(sql.SQL("ALTER id ADD GENERATED BY DEFAULT AS IDENTITY"))
    changes += [
        sql.SQL("ADD CONSTRAINT {} {}").format(sql.Identifier(_new(name)), sql.SQL(definition))
        for name, definition in constraints.items()
    ]
    _execute(cursor, "ALTER TABLE {new} {}", sql.SQL(", ").join(changes))
    for name, definition in indexes.items():
        made = definition.replace(f" {name} ", f" {_new(name)} ", 1).replace(f".{_FACTS} ", f".{_ANEW} ", 1)
        cursor.execute(made)
    cursor.execute(f"ANALYZE {_ANEW}")
    cursor.execute(
        "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, %s)", [_ANEW, max(count, 1), count > 0]
    )
    _grant_alike(cursor)
    sequences = [_sequence(cursor, table) for table in (_FACTS, _ANEW)]
    _execute(cursor, "DROP TABLE {old}")
    _execute(cursor, "ALTER TABLE {new} RENAME TO {old}")
    _execute(
        cursor, "ALTER SEQUENCE {} RENAME TO {}", sql.Identifier(sequences[1]), sql.Identifier(sequences[0])
    )
    for name in constraints:
        names = sql.Identifier(_new(name)), sql.Identifier(name)
        _execute(cursor, "ALTER TABLE {old} RENAME CONSTRAINT {} TO {}", *names)
    for name in indexes:
        _execute(cursor, "ALTER INDEX {} RENAME TO {}", sql.Identifier(_new(name)), sql.Identifier(name))


def _execute(cursor: Any, statement: str, *parts: sql.Composable) -> None:
    tables = {"old": sql.Identifier(_FACTS), "new": sql.Identifier(_ANEW)}
    cursor.execute(sql.SQL(statement).format(*parts, **tables))


def _new(name: str) -> str:
    """What a constraint or an index is called as long as the old one has its name."""
    return f"{name}_anew"


def _constraints(cursor: Any) -> dict[str, str]:
    """The definitions of constraints by their names, the primary key first; columns without null are not among them."""
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = %s::regclass AND contype <> 'n' ORDER BY contype <> 'p', conname",
        [_FACTS],
    )
    return dict(cursor.fetchall())


def _indexes(cursor: Any) -> dict[str, str]:
    """The definitions of the indexes that no constraint brings, by their names."""
    cursor.execute(
        "SELECT relname, pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
        " WHERE indrelid = %s::regclass AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)"
        " ORDER BY 1",
        [_FACTS],
    )
    return dict(cursor.fetchall())


def _sequence(cursor: Any, table: str) -> str:
    cursor.execute(
        "SELECT relname FROM pg_class WHERE oid = pg_get_serial_sequence(%s, 'id')::regclass", [table]
    )
    return str(cursor.fetchone()[0])


def _grant_alike(cursor: Any) -> None:
    """The new table belongs to whom the old one belongs to, and others may do with it what they could."""
    cursor.execute(
        "SELECT pg_get_userbyid(c.relowner), pg_get_userbyid(a.grantee), a.privilege_type"
        " FROM pg_class c LEFT JOIN aclexplode(c.relacl) a ON a.grantee <> c.relowner WHERE c.oid = %s::regclass",
        [_FACTS],
    )
    for owner, grantee, privilege in cursor.fetchall():
        _execute(cursor, "ALTER TABLE {new} OWNER TO {}", sql.Identifier(owner))
        if privilege:
            _execute(cursor, "GRANT {} ON {new} TO {}", sql.SQL(privilege), sql.Identifier(grantee))
