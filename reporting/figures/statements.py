"""The statements that sum facts and records. Values are always parameters; only names of columns are put in."""

_SUMS = """sum({0}low), sum({0}high), sum({0}nominal), bit_or({0}flags),
       CASE WHEN count(*) FILTER (WHERE {0}flags <> 0 OR {0}high <> 0) = 1 THEN max({0}words) END"""

_OF_FACTS = f"{_SUMS.format('f.')}, sum(f.parts), sum(f.records)"

_HELD = """
    SELECT c.cell, c.is_stock, s.cell IS NOT NULL AS is_spoken, f.*
    FROM cell c
    JOIN wanted m ON m.is_stock = c.is_stock
    LEFT JOIN spoken s ON s.cell = c.cell AND s.measure = m.measure
    {joined} AND f.measure = m.measure AND f.bucket BETWEEN c.since AND c.until AND f.from_bucket >= c.since
    WHERE f.part = ANY (%(parts)s) AND (%(agency)s::bigint IS NULL OR f.agency_id = %(agency)s) AND {unmarked}
"""

_UNMARKED = "NOT EXISTS (SELECT FROM marked k WHERE k.bucket = f.bucket {of_province})"

_OF_AREA = _HELD.format(
    joined="JOIN reporting_fact f ON f.area_id = c.area_id",
    unmarked=_UNMARKED.format(of_province="AND (c.province_id IS NULL OR k.province_id = c.province_id)"),
)

#: The nation's own facts tell neither agencies nor, where marks of some provinces wait, the others' share.
_OF_AREA_BUT_NATION = f"{_OF_AREA} AND NOT (c.province_id IS NULL AND s.cell IS NOT NULL)"
_OF_NATION_BY_PROVINCE = (
    _HELD.format(
        joined="JOIN territory_area p ON c.province_id IS NULL AND p.level = 'province' "
        "JOIN reporting_fact f ON f.area_id = p.id",
        unmarked=_UNMARKED.format(of_province="AND k.province_id = f.area_id"),
    )
    + " AND (s.cell IS NOT NULL OR EXISTS (SELECT FROM marked k WHERE k.bucket = f.bucket))"
)


def facts(*, by_province: bool) -> str:
    """The facts that answer, as the common table `held`; what sums them (APART or TOGETHER) follows."""
    held = f"{_OF_AREA_BUT_NATION} UNION ALL {_OF_NATION_BY_PROVINCE}" if by_province else _OF_AREA
    return f"""
WITH cell AS (
    SELECT * FROM unnest(%(cells)s::int[], %(areas)s::bigint[], %(provinces)s::bigint[], %(since)s::date[],
                         %(until)s::date[], %(stocks)s::bool[])
    AS c (cell, area_id, province_id, since, until, is_stock)
), wanted AS (
    SELECT * FROM unnest(%(measures)s::text[], %(measure_stocks)s::bool[]) AS m (measure, is_stock)
), marked AS (
    SELECT * FROM unnest(%(marked_provinces)s::bigint[], %(marked_buckets)s::date[]) AS k (province_id, bucket)
), spoken AS (
    SELECT * FROM unnest(%(spoken_cells)s::int[], %(spoken_measures)s::text[]) AS s (cell, measure)
), held AS ({held})
"""


TOGETHER = f"""
SELECT f.cell, f.is_stock, f.measure, f.part, NULL::int[], NULL::bigint, NULL::bigint, NULL::date, NULL::date,
       {_OF_FACTS}
FROM held f GROUP BY 1, 2, 3, 4
"""

_UNIT_COLUMNS = "(number, cell, agency_id, area_id, province_id, district_id, level, since, until)"

#: A fact is a unit's when all its records are: in the unit's own facts, or in those of the area asked for, there are
#: as many. Facts that hold others' records too are told one by one, with their keys; communes have no facts.
APART = f"""
, unit AS (
    SELECT * FROM unnest(
        %(unit_numbers)s::int[], %(unit_cells)s::int[], %(unit_agencies)s::bigint[], %(unit_areas)s::bigint[],
        %(unit_provinces)s::bigint[], %(unit_districts)s::bigint[], %(unit_levels)s::text[], %(unit_since)s::date[],
        %(unit_until)s::date[]) AS u {_UNIT_COLUMNS}
), met AS (
    SELECT f.cell, f.is_stock, f.id, u.number, u.area_id AS unit_area, u.level, f.area_id, f.records
    FROM held f JOIN unit u ON u.cell = f.cell AND u.agency_id = f.agency_id
    WHERE f.is_spoken AND (f.is_stock OR (f.from_bucket >= u.since AND f.bucket <= u.until))
          AND (u.level = 'nation' OR f.area_id IN (u.area_id, u.province_id, u.district_id))
    UNION ALL
    SELECT f.cell, f.is_stock, f.id, u.number, u.area_id, u.level, f.area_id, f.records
    FROM held f JOIN unit u ON u.cell = f.cell AND u.agency_id IS NULL
    WHERE f.is_spoken AND (f.is_stock OR (f.from_bucket >= u.since AND f.bucket <= u.until))
          AND (u.level = 'nation' OR f.area_id IN (u.area_id, u.province_id, u.district_id))
), judged AS (
    SELECT met.*, level = 'nation' OR unit_area = met.area_id OR coalesce(own.records = met.records, FALSE) AS is_in,
           level = 'commune' OR own.records IS NOT NULL AS may_hold
    FROM met JOIN reporting_fact f ON f.id = met.id
    LEFT JOIN reporting_fact own ON met.level = 'district' AND own.area_id = met.unit_area
         AND own.agency_id = f.agency_id AND own.source = f.source AND own.bucket = f.bucket
         AND own.from_bucket = f.from_bucket AND own.measure = f.measure AND own.part = f.part
), whose AS (
    SELECT cell, is_stock, id, array_agg(number ORDER BY number) FILTER (WHERE is_in) AS units,
           bool_or(may_hold AND NOT is_in) AS is_mixed
    FROM judged GROUP BY 1, 2, 3
)
SELECT f.cell, f.is_stock, f.measure, f.part, w.units, CASE WHEN w.is_mixed THEN f.area_id END,
       CASE WHEN w.is_mixed THEN f.agency_id END, CASE WHEN w.is_mixed THEN f.bucket END,
       CASE WHEN w.is_mixed THEN f.from_bucket END, {_OF_FACTS}
FROM held f LEFT JOIN whose w ON w.cell = f.cell AND w.is_stock = f.is_stock AND w.id = f.id
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
"""

#: Columns of the units that spoke come as values of the statement, in the order of `_Question.unit_columns`.
WHOSE_RECORDS = f"""
LEFT JOIN LATERAL (
    SELECT array_agg(u.number ORDER BY u.number) AS units
    FROM unnest(%s::int[], %s::int[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::date[],
                %s::date[]) AS u {_UNIT_COLUMNS}
    WHERE u.cell = c.cell AND (u.agency_id IS NULL OR u.agency_id = r.agency_id)
          AND (u.level = 'nation' OR u.area_id IN (r.area_id, r.district_id, r.province_id))
          AND (c.is_stock OR (r.from_day >= u.since AND r.day <= u.until))
) w ON TRUE
"""
NOBODYS_RECORDS = "CROSS JOIN (SELECT NULL::int[] AS units) w"

_OF_RECORDS = f"""
SELECT c.cell, c.is_stock, r.measure, r.part, w.units, {_SUMS.format("r.")}, count(*), count(DISTINCT r.record)
"""

RECORDS = f"""
{_OF_RECORDS}
FROM (
    SELECT * FROM reporting_measure
    WHERE source = ANY (%s) AND measure = ANY (%s) AND part = ANY (%s) AND day BETWEEN %s AND %s
          AND (%s::bigint IS NULL OR agency_id = %s) AND {{held}}
) r
JOIN unnest(%s::int[], %s::bigint[], %s::date[], %s::date[], %s::bool[])
     AS c (cell, area_id, since, until, is_stock)
     ON {{joined}} AND r.day BETWEEN c.since AND c.until AND r.from_day >= c.since
JOIN unnest(%s::text[], %s::bool[]) AS m (measure, is_stock)
     ON m.measure = r.measure AND m.is_stock = c.is_stock
{{whose}}
{{marks}}
GROUP BY 1, 2, 3, 4, 5
"""

#: The records of facts that are known by their whole keys.
RECORDS_OF_FACTS = f"""
{_OF_RECORDS}
FROM (
    SELECT * FROM reporting_measure
    WHERE source = ANY (%s) AND measure = ANY (%s) AND part = ANY (%s) AND day BETWEEN %s AND %s
          AND agency_id = ANY (%s)
) r
JOIN unnest(%s::int[], %s::bool[], %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::date[], %s::date[])
     AS c (cell, is_stock, measure, part, area_id, agency_id, bucket, from_bucket)
     ON c.area_id IN (r.district_id, r.province_id) AND c.agency_id = r.agency_id AND c.measure = r.measure
        AND c.part = r.part AND c.bucket = half_month(r.day) AND c.from_bucket = half_month(r.from_day)
{{whose}}
GROUP BY 1, 2, 3, 4, 5
"""

#: Facts that were gathered over more than a half-month and reach into a period; there are few in all.
REACHING = """
SELECT DISTINCT c.cell
FROM unnest(%s::int[], %s::bigint[], %s::date[]) AS c (cell, area_id, since)
JOIN reporting_fact f ON f.area_id = c.area_id AND f.from_bucket < c.since AND f.bucket >= c.since
WHERE f.from_bucket < f.bucket AND f.measure = ANY (%s)
"""

LEFT_OUT = """
SELECT DISTINCT c.cell, r.measure, r.record
FROM (
    SELECT * FROM reporting_measure
    WHERE source = ANY (%s) AND measure = ANY (%s) AND day >= %s AND from_day < day
          AND (%s::bigint IS NULL OR agency_id = %s) AND {held}
) r
JOIN unnest(%s::int[], %s::bigint[], %s::date[]) AS c (cell, area_id, since)
     ON {joined} AND r.from_day < c.since AND r.day >= c.since
"""
