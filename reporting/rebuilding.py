"""All facts made anew: summed from the records in one pass, into a table that takes the place of the old one.

Deleting and writing tens of millions of facts row by row, with every index in place, takes far longer than to sum
them. So they are written in the order in which they are read, into a table without indexes; the indexes are made
after, and the names are changed last. Who reads meanwhile reads the old facts, and waits for the change of names
alone. The tables' owner does it: nobody else may make a table.

One connection keeps one processor busy, so the provinces are shared out to two, which sum at the same time and then
make the indexes. They commit what they made, where the other finds it; the marks go, the names change and what
was kept ends in the transaction that waits for both. A rebuilding that fails leaves a table that nobody reads, and the
next one drops it.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection, transaction
from psycopg2 import sql

from reporting.models import WordMark
from reporting.rollup import COLUMNS, FROM_PROVINCES, LOCK, renew_versions
from territory.models import Area, Level

_FACTS = "reporting_fact"
_ANEW = "reporting_fact_anew"

#: Connections that work at the same time, each for its share of the provinces.
_SHARES = 2

#: What each of them may use.
_SETTINGS = {
    "work_mem": "512MB",
    "hash_mem_multiplier": "1",
    "maintenance_work_mem": "512MB",
    "max_parallel_workers_per_gather": "2",
    "max_parallel_maintenance_workers": "1",
}

#: District and province facts of a share. One sort serves both sums, and the count of records that are named more than
#: once; a province's facts are those of its districts and of what lies in none, so only the district is left out of
#: them. ``place`` is the order of province, measure, half-month and agency as one number: numbers are sorted far
#: quicker than texts. Where two keys have the same number, the columns behind it tell them apart.
_SUMMED = """
    WITH said AS (
        SELECT province_id << 44 | (hashtext(measure) # hashtext(part) & 65535)::bigint << 28
                   | (half_month(day) - date '2000-01-01' & 65535)::bigint << 12 | agency_id & 4095 AS place,
               province_id, measure COLLATE "C" AS measure, half_month(day) AS bucket,
               half_month(from_day) AS from_bucket, part COLLATE "C" AS part, agency_id, source COLLATE "C" AS source,
               district_id, record COLLATE "C" AS record, low, high, nominal, flags, words
        FROM reporting_measure WHERE {share}
    ), summed AS (
        SELECT place, province_id, measure, bucket, from_bucket, part, agency_id, source, district_id,
               count(DISTINCT record)::int AS records, sum(low) AS low, sum(high) AS high, sum(nominal) AS nominal,
               bit_or(flags) AS flags, (count(*) FILTER (WHERE flags <> 0 OR high <> 0))::int AS tellings,
               max(words) AS words, count(*)::int AS parts
        FROM said GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
    ), facts AS (
        SELECT source, CASE grouping(district_id) WHEN 0 THEN district_id ELSE province_id END AS area_id, agency_id,
               bucket, from_bucket, measure, part, sum(records) AS records, sum(low) AS low, sum(high) AS high,
               sum(nominal) AS nominal, bit_or(flags) AS flags,
               CASE sum(tellings) WHEN 1 THEN max(words) END AS words, sum(parts) AS parts
        FROM summed
        GROUP BY GROUPING SETS (
            (place, province_id, measure, bucket, from_bucket, part, agency_id, source, district_id),
            (place, province_id, measure, bucket, from_bucket, part, agency_id, source))
        HAVING grouping(district_id) = 1 OR district_id IS NOT NULL
    )
    INSERT INTO {anew} (id, {columns})
    SELECT (row_number() OVER () - 1) * {shares} + {number}, {columns} FROM facts
"""

#: A part of the work: what it does by a connection, and how many facts it wrote.
_Step = Callable[[Any], int]


def rebuild_facts() -> int:
    """Make every fact anew from the records. Returns how many there are.

    Within a transaction the caller's connection does it alone: no other one would see what the transaction changed.
    """
    is_alone = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute("DELETE FROM reporting_factmark")

        def work(*steps: _Step) -> list[int]:
            return [_carry_out(cursor, step) for step in steps] if is_alone else _side_by_side(steps)

        indexes = _indexes(cursor)
        work(_make_table)
        counts = work(*_shares())
        counts += work(lambda other: _sum_nation(other, after=max(counts) * _SHARES))
        work(*_index_steps(indexes))
        _put_in_place(cursor, indexes, last=max(counts) * _SHARES + counts[-1])
        renew_versions(cursor, [WordMark.EVERYWHERE])
    return sum(counts)


# --- who does a part of it ---


def _side_by_side(steps: Sequence[_Step]) -> list[int]:
    """Let each part be done by a connection of its own, which commits what it made."""

    def do(step: _Step) -> int:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                return _carry_out(cursor, step)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(do, steps))


def _carry_out(cursor: Any, step: _Step) -> int:
    before = _set(cursor, _SETTINGS)
    done = step(cursor)
    _set(cursor, before)
    return done


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


# --- the facts ---


def _make_table(cursor: Any) -> int:
    """A table like that of the facts, without indexes; one that was left lying is dropped."""
    _execute(cursor, "DROP TABLE IF EXISTS {new}")
    _execute(
        cursor,
        "CREATE TABLE {new} (LIKE {old} INCLUDING CONSTRAINTS INCLUDING DEFAULTS INCLUDING IDENTITY"
        " INCLUDING STATISTICS INCLUDING STORAGE)",
    )
    return 0


def _shares() -> list[_Step]:
    """The sums of as many shares of the provinces as there are connections; what no share names is in the last."""
    provinces = list(Area.objects.filter(level=Level.PROVINCE).order_by("pk").values_list("pk", flat=True))
    named = [provinces[number::_SHARES] for number in range(_SHARES - 1)]
    shares = [("province_id = ANY (%s)", part) for part in named]
    shares.append(("province_id <> ALL (%s)", [pk for part in named for pk in part]))

    def sum_of(number: int, share: str, keys: list[int]) -> _Step:
        def work(cursor: Any) -> int:
            statement = _SUMMED.format(
                share=share, anew=_ANEW, columns=COLUMNS, shares=_SHARES, number=number
            )
            cursor.execute(statement, [keys])
            return int(cursor.rowcount)

        return work

    return [sum_of(number, *share) for number, share in enumerate(shares, start=1)]


def _sum_nation(cursor: Any, *, after: int) -> int:
    """The nation's facts, as sums of the provinces', with numbers after those that were given."""
    nation = FROM_PROVINCES.format(facts=_ANEW, keys="TRUE")
    # Not at once into the table: several processes help to read only where nothing is written.
    cursor.execute(f"CREATE TEMPORARY TABLE of_nation ({COLUMNS}) ON COMMIT DROP AS {nation}")
    cursor.execute(
        f"INSERT INTO {_ANEW} (id, {COLUMNS}) SELECT %s + row_number() OVER (), n.* FROM of_nation n",
        [after],
    )
    count = int(cursor.rowcount)
    cursor.execute("DROP TABLE of_nation")
    return count


# --- the table ---


def _index_steps(indexes: dict[str, str]) -> list[_Step]:
    """The making of all indexes: by one connection the longest, and what the planner is told; by another all others."""
    longest = max(indexes, key=lambda name: indexes[name].count(","))

    def make(names: Sequence[str]) -> _Step:
        def work(cursor: Any) -> int:
            for name in names:
                made = indexes[name].replace(f" {name} ", f" {_new(name)} ", 1)
                cursor.execute(made.replace(f".{_FACTS} ", f".{_ANEW} ", 1))
            return len(names)

        return work

    def make_longest(cursor: Any) -> int:
        made = make([longest])(cursor)
        cursor.execute(f"ANALYZE {_ANEW}")
        return made

    return [make_longest, make([name for name in indexes if name != longest])]


def _put_in_place(cursor: Any, indexes: dict[str, str], *, last: int) -> None:
    """Give the new table all that the old one has, drop the old one and take its name. ``last`` is a number given."""
    keys = _keys(cursor)
    for name, kind in keys.items():
        names = sql.Identifier(_new(name)), sql.SQL(kind), sql.Identifier(_new(name))
        _execute(cursor, "ALTER TABLE {new} ADD CONSTRAINT {} {} USING INDEX {}", *names)
    cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [_ANEW, max(last, 1)])
    _grant_alike(cursor)
    sequences = [_sequence(cursor, table) for table in (_FACTS, _ANEW)]
    _execute(cursor, "DROP TABLE {old}")
    _execute(cursor, "ALTER TABLE {new} RENAME TO {old}")
    _execute(
        cursor, "ALTER SEQUENCE {} RENAME TO {}", sql.Identifier(sequences[1]), sql.Identifier(sequences[0])
    )
    for name in indexes:  # a key is called as its index is
        _execute(cursor, "ALTER INDEX {} RENAME TO {}", sql.Identifier(_new(name)), sql.Identifier(name))


def _execute(cursor: Any, statement: str, *parts: sql.Composable) -> None:
    tables = {"old": sql.Identifier(_FACTS), "new": sql.Identifier(_ANEW)}
    cursor.execute(sql.SQL(statement).format(*parts, **tables))


def _new(name: str) -> str:
    """What an index is called as long as the old one has its name."""
    return f"{name}_anew"


def _keys(cursor: Any) -> dict[str, str]:
    """The constraints that an index holds, by their names: which kind of key each is."""
    cursor.execute(
        "SELECT conname, CASE contype WHEN 'p' THEN 'PRIMARY KEY' ELSE 'UNIQUE' END FROM pg_constraint"
        " WHERE conrelid = %s::regclass AND contype IN ('p', 'u')",
        [_FACTS],
    )
    return dict(cursor.fetchall())


def _indexes(cursor: Any) -> dict[str, str]:
    """The definitions of all indexes by their names."""
    cursor.execute(
        "SELECT relname, pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
        " WHERE indrelid = %s::regclass ORDER BY 1",
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
