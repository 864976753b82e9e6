"""The roll-up: facts summed from the records by half-month, kept current within seconds, never by hand.

Triggers mark the touched keys in the transaction that changes a record (``0003_measures_and_marks``). A worker
takes the marks and sums those keys again from the records, so facts cannot drift: whatever was edited, deleted,
backdated or moved, the sum is taken anew. ``check_facts`` compares everything and finds nothing.

The same worker takes the marks of what units said or owe (``0021_figures_kept``). Nothing is summed for those; with
either mark goes a new version of the figures of its province, so that what was kept of them no longer holds
(`reporting.figures.keeping`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from territory.models import Level

#: Any number will do; it must only be the same everywhere.
LOCK = 138_001

_SUMS = """
    count(DISTINCT record), sum(low), sum(high), sum(nominal), bit_or(flags),
    CASE WHEN count(*) FILTER (WHERE flags <> 0 OR high <> 0) = 1 THEN max(words) END, count(*)
"""

#: District and province facts of some keys, summed from the records.
_FROM_RECORDS = f"""
    SELECT source, {{area}}, agency_id, half_month(day) AS bucket, half_month(from_day) AS from_bucket,
           measure, part, {_SUMS}
    FROM {{records}} r WHERE {{area}} IS NOT NULL AND {{keys}}
    GROUP BY 1, 2, 3, 4, 5, 6, 7
"""

#: What the records say for the marked keys. The lists stand as values, so that each part of the view finds its records
#: by their agency and day, and the parts of other sources are left out; a table of marks would be held against all.
_MEASURED = """
    CREATE TEMPORARY TABLE measured AS
    SELECT * FROM reporting_measure r
    WHERE source = ANY (%s) AND province_id = ANY (%s) AND agency_id = ANY (%s) AND day BETWEEN %s AND %s + 17
      AND EXISTS (SELECT FROM marked m WHERE m.source = r.source AND m.province_id = r.province_id
                  AND m.agency_id = r.agency_id AND m.bucket = half_month(r.day))
"""

#: Facts ``f`` of the marked keys ``m``, in the areas of some level.
_OF_MARKED = """
    f.source = m.source AND f.area_id = m.{area} AND f.agency_id = m.agency_id AND f.bucket = m.bucket
"""

#: The nation's facts, summed from the provinces'.
FROM_PROVINCES = """
    SELECT f.source, nation.id, NULL::bigint, f.bucket, f.from_bucket, f.measure, f.part,
           sum(f.records), sum(f.low), sum(f.high), sum(f.nominal), bit_or(f.flags),
           CASE WHEN count(*) FILTER (WHERE f.flags <> 0 OR f.high <> 0) = 1 THEN max(f.words) END, sum(f.parts)
    FROM {facts} f
    JOIN territory_area province ON province.id = f.area_id AND province.level = 'province'
    JOIN territory_area nation ON nation.level = 'nation' AND nation.parent_id IS NULL
    WHERE {keys}
    GROUP BY 1, 2, 4, 5, 6, 7
"""

COLUMNS = """
    source, area_id, agency_id, bucket, from_bucket, measure, part,
    records, low, high, nominal, flags, words, parts
"""
_COLUMNS_OF_FACT = ", ".join("f." + column.strip() for column in COLUMNS.split(","))

#: The provinces' facts of the marked keys go, and are remembered.
_REMOVED = f"""
    CREATE TEMPORARY TABLE removed AS
    WITH gone AS (
        DELETE FROM reporting_fact f USING marked m WHERE {_OF_MARKED.format(area="province_id")} RETURNING f.*
    )
    SELECT {COLUMNS} FROM gone
"""

#: What the provinces' facts of the marked keys are not as they were: only of that is the nation summed again.
_TOUCHED = f"""
    CREATE TEMPORARY TABLE touched AS
    WITH added AS (
        SELECT {_COLUMNS_OF_FACT} FROM reporting_fact f JOIN marked m ON {_OF_MARKED.format(area="province_id")}
    )
    SELECT DISTINCT source, measure, bucket
    FROM ((TABLE removed EXCEPT TABLE added) UNION ALL (TABLE added EXCEPT TABLE removed)) AS changed
"""

#: Versions are given by one at a time, who holds LOCK, so a later one is always the greater.
_VERSIONS = """
    INSERT INTO reporting_figureversion (place, version)
    SELECT place, (SELECT coalesce(max(version), 0) + 1 FROM reporting_figureversion)
    FROM (SELECT DISTINCT unnest(%s::bigint[])) AS p (place)
    ON CONFLICT (place) DO UPDATE SET version = EXCLUDED.version
"""


@dataclass(frozen=True)
class Recomputed:
    """How many marks were worked off and how many keys of facts they touched."""

    marks: int
    keys: int


def recompute_marked(limit: int = 5000) -> Recomputed:
    """Sum the marked keys again. One worker at a time does it; another finds nothing to do.

    A mark is removed in the same transaction that stores the new sums and versions. The sums are read after the marks
    were taken, so they hold every change whose mark was seen; a change that is not committed yet brings its own.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return Recomputed(0, 0)
        cursor.execute(
            """
            CREATE TEMPORARY TABLE marked AS
            WITH taken AS (
                DELETE FROM reporting_factmark WHERE id IN (
                    SELECT id FROM reporting_factmark ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
                RETURNING source, province_id, district_id, agency_id, bucket)
            SELECT source, province_id, district_id, agency_id, bucket, count(*) AS marks FROM taken
            GROUP BY 1, 2, 3, 4, 5
            """,
            [limit],
        )
        cursor.execute("SELECT coalesce(sum(marks), 0), count(*) FROM marked")
        marks, keys = cursor.fetchone()
        if marks:
            _replace_marked(cursor)
        cursor.execute("SELECT DISTINCT province_id FROM marked")
        changed = {place for (place,) in cursor.fetchall()}
        cursor.execute("DROP TABLE marked")  # here, because a caller's transaction may go on
        cursor.execute(
            """
            DELETE FROM reporting_wordmark WHERE id IN (
                SELECT id FROM reporting_wordmark ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
            RETURNING place
            """,
            [limit],
        )
        said = [place for (place,) in cursor.fetchall()]
        renew_versions(cursor, changed.union(said))
    return Recomputed(int(marks) + len(said), keys)


def renew_versions(cursor: Any, places: Iterable[int]) -> None:
    """Say that the figures of some places are no longer what they were. The caller holds LOCK.

    A place is as in `reporting.models.WordMark`.
    """
    changed = sorted(places)
    if changed:
        cursor.execute(_VERSIONS, [changed])


def _replace_marked(cursor: Any) -> None:
    """Sum the facts of the keys in ``marked`` again: what their records say is read once, for every level."""
    cursor.execute(
        "SELECT array_agg(DISTINCT source), array_agg(DISTINCT province_id), array_agg(DISTINCT agency_id),"
        " min(bucket), max(bucket) FROM marked"
    )
    cursor.execute(_MEASURED, cursor.fetchone())
    of_district = _OF_MARKED.format(area="district_id")
    cursor.execute(f"DELETE FROM reporting_fact f USING marked m WHERE {of_district}")
    _add(
        cursor,
        _FROM_RECORDS.format(
            area="district_id",
            records="measured",
            keys="""
                EXISTS (SELECT FROM marked m WHERE m.source = r.source AND m.district_id = r.district_id
                        AND m.agency_id = r.agency_id AND m.bucket = half_month(r.day))
            """,
        ),
    )
    cursor.execute(_REMOVED)
    _add(cursor, _FROM_RECORDS.format(area="province_id", records="measured", keys="true"))
    cursor.execute(_TOUCHED)
    cursor.execute("ANALYZE touched")  # a few keys among millions of facts
    cursor.execute(
        """
        DELETE FROM reporting_fact f USING touched t, territory_area nation
        WHERE nation.level = 'nation' AND f.area_id = nation.id
          AND f.source = t.source AND f.measure = t.measure AND f.bucket = t.bucket
        """
    )
    keys = """
        (f.source, f.measure, f.bucket) IN (SELECT source, measure, bucket FROM touched)
        AND f.area_id = ANY (ARRAY(SELECT id FROM territory_area WHERE level = 'province'))
    """
    _add(cursor, FROM_PROVINCES.format(facts="reporting_fact", keys=keys))
    cursor.execute("DROP TABLE measured, removed, touched")


def _add(cursor: Any, facts: str) -> None:
    """Store the facts that a statement sums."""
    cursor.execute(f"INSERT INTO reporting_fact ({COLUMNS}) {facts}")


def check_facts() -> list[str]:
    """Compare every fact with the records. Returns one line for each that differs, at most a hundred.

    Marks that wait are worked off first, so a difference is a defect and not a delay.
    """
    while recompute_marked().marks:
        pass
    found: list[str] = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('work_mem', '256MB', true)")  # all facts are sorted, or hashed
        for level, area in (
            (Level.DISTRICT, "district_id"),
            (Level.PROVINCE, "province_id"),
            (Level.NATION, ""),
        ):
            expected = (
                _FROM_RECORDS.format(area=area, records="reporting_measure", keys="true")
                if area
                else FROM_PROVINCES.format(facts="reporting_fact", keys="true")
            )
            stored = f"""
                SELECT {_COLUMNS_OF_FACT} FROM reporting_fact f
                JOIN territory_area a ON a.id = f.area_id AND a.level = '{level}'
            """
            cursor.execute(
                f"WITH expected AS MATERIALIZED ({expected}), stored AS NOT MATERIALIZED ({stored}) "
                "(SELECT 'missing', * FROM (TABLE expected EXCEPT TABLE stored) AS missing LIMIT 50) UNION ALL "
                "(SELECT 'surplus', * FROM (TABLE stored EXCEPT TABLE expected) AS surplus LIMIT 50)"
            )
            for row in cursor.fetchall():
                found.append(f"{level}: {row[0]} " + ", ".join(str(value) for value in row[1:]))
    return found[:100]
