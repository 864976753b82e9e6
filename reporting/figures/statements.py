"""The statements that sum facts and records. Values are always parameters; only names of columns are put in."""

_SUMS = """sum({0}low), sum({0}high), sum({0}nominal), bit_or({0}flags),
       CASE WHEN count(*) FILTER (WHERE {0}flags <> 0 OR {0}high <> 0) = 1 THEN max({0}words) END"""

_OF_FACTS = f"{_SUMS.format('f.')}, sum(f.parts), sum(f.records)"

_HELD = """
    SELECT c.cell, c.is_stock, s.cell IS NOT NULL AS is_spoken, f.*
    FROM cell c
    JOIN wanted m ON m.question = c.question AND m.is_stock = c.is_stock
    JOIN part t ON t.question = c.question
    {spoken} JOIN spoken s ON s.cell = c.cell AND s.measure = m.measure
    {joined} AND f.measure = m.measure AND f.part = ANY (t.parts) AND f.bucket BETWEEN c.since AND c.until
         AND f.from_bucket >= c.since
    WHERE (%(agencies)s::bigint[] IS NULL OR f.agency_id = ANY (%(agencies)s)) AND {unmarked}
"""

_UNMARKED = "NOT EXISTS (SELECT FROM marked k WHERE k.bucket = f.bucket {of_province})"

_OF_AREA = _HELD.format(
    spoken="LEFT",
    joined="JOIN reporting_fact f ON f.area_id = c.area_id",
    unmarked=_UNMARKED.format(of_province="AND (c.province_id IS NULL OR k.province_id = c.province_id)"),
)

#: The nation's own facts tell neither agencies nor, where marks of some provinces wait, the others' share.
_OF_AREA_BUT_NATION = f"{_OF_AREA} AND NOT (c.province_id IS NULL AND s.cell IS NOT NULL)"
_OF_NATION_BY_PROVINCE = _HELD.format(
    spoken="{spoken}",
    joined="JOIN territory_area p ON c.province_id IS NULL AND p.level = 'province' "
    "JOIN reporting_fact f ON f.area_id = p.id",
    unmarked=_UNMARKED.format(of_province="AND k.province_id = f.area_id"),
)
_SPOKEN_OR_MARKED = " AND (s.cell IS NOT NULL OR EXISTS (SELECT FROM marked k WHERE k.bucket = f.bucket))"


#: What is asked, and the facts that answer, as the common table `held`. _APART or _TOGETHER sums these.
_FACTS = """
WITH cell AS (
    SELECT * FROM unnest(%(cells)s::int[], %(questions)s::int[], %(areas)s::bigint[], %(provinces)s::bigint[],
                         %(since)s::date[], %(until)s::date[], %(stocks)s::bool[])
    AS c (cell, question, area_id, province_id, since, until, is_stock)
), wanted AS (
    SELECT * FROM unnest(%(measure_questions)s::int[], %(measures)s::text[], %(measure_stocks)s::bool[])
    AS m (question, measure, is_stock)
), part AS (
    -- Together: for one at a time the facts of a measure would be read for each of them.
    SELECT question, array_agg(part) AS parts
    FROM unnest(%(part_questions)s::int[], %(parts)s::text[]) AS t (question, part) GROUP BY question
), marked AS (
    SELECT * FROM unnest(%(marked_provinces)s::bigint[], %(marked_buckets)s::date[]) AS k (province_id, bucket)
), spoken AS (
    SELECT * FROM unnest(%(spoken_cells)s::int[], %(spoken_measures)s::text[]) AS s (cell, measure)
), held AS ({held})
"""

#: A row tells the cell, whether it sums what was there up to its end, measure and part; the units whose records are
#: summed; the key of a fact that cannot tell (area, agency, half-months); the sums, and of how many records.
_TOGETHER = f"""
SELECT f.cell, f.is_stock, f.measure::text, f.part::text, NULL::int[], NULL::bigint, NULL::bigint, NULL::date,
       NULL::date, {_OF_FACTS}
FROM held f GROUP BY 1, 2, 3, 4
"""

#: The units that spoke.
_UNITS = """unnest(
        %(unit_numbers)s::int[], %(unit_cells)s::int[], %(unit_agencies)s::bigint[], %(unit_areas)s::bigint[],
        %(unit_provinces)s::bigint[], %(unit_districts)s::bigint[], %(unit_levels)s::text[], %(unit_since)s::date[],
        %(unit_until)s::date[])
        AS u (number, cell, agency_id, area_id, province_id, district_id, level, since, until)"""

#: A fact is a unit's when all its records are: in the unit's own facts, or in those of the area asked for, there are
#: as many. Facts that hold others' records too are told one by one, with their keys; communes have no facts.
_WHOSE = f"""
, unit AS (
    SELECT * FROM {_UNITS}
), met AS (
    SELECT f.cell, f.is_stock, f.id, u.number, u.area_id AS unit_area, u.level, f.area_id, f.records
    FROM held f CROSS JOIN LATERAL (VALUES (f.agency_id), (0)) AS whose (agency_id)
    JOIN unit u ON u.cell = f.cell AND coalesce(u.agency_id, 0) = whose.agency_id
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
"""
_APART = f"""
SELECT f.cell, f.is_stock, f.measure::text, f.part::text, w.units, CASE WHEN w.is_mixed THEN f.area_id END,
       CASE WHEN w.is_mixed THEN f.agency_id END, CASE WHEN w.is_mixed THEN f.bucket END,
       CASE WHEN w.is_mixed THEN f.from_bucket END, {_OF_FACTS}
FROM held f LEFT JOIN whose w ON w.cell = f.cell AND w.is_stock = f.is_stock AND w.id = f.id
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
"""

_WHOSE_RECORDS = f"""
LEFT JOIN LATERAL (
    SELECT array_agg(u.number ORDER BY u.number) AS units
    FROM {_UNITS}
    WHERE u.cell = c.cell AND (u.agency_id IS NULL OR u.agency_id = r.agency_id)
          AND (u.level = 'nation' OR u.area_id IN (r.area_id, r.district_id, r.province_id))
          AND (c.is_stock OR (r.from_day >= u.since AND r.day <= u.until))
) w ON TRUE
"""
_NOBODYS_RECORDS = "CROSS JOIN (SELECT NULL::int[] AS units) w"

_OF_RECORDS = f"""
SELECT c.cell, c.is_stock, r.measure::text, r.part::text, w.units, NULL::bigint, NULL::bigint, NULL::date, NULL::date,
       {_SUMS.format("r.")}, count(*), count(DISTINCT r.record)
"""

#: The values of a branch carry its number ``n``.
_RECORDS = f"""
{_OF_RECORDS}
FROM (
    SELECT * FROM reporting_measure
    WHERE source = ANY (%(sources_{{n}})s) AND measure = ANY (%(names_{{n}})s) AND part = ANY (%(parts_{{n}})s)
          AND day BETWEEN %(first_{{n}})s AND %(last_{{n}})s
          AND (%(agencies)s::bigint[] IS NULL OR agency_id = ANY (%(agencies)s)) AND {{held}}
) r
JOIN unnest(%(cells_{{n}})s::int[], %(areas_{{n}})s::bigint[], %(since_{{n}})s::date[], %(until_{{n}})s::date[],
            %(stocks_{{n}})s::bool[]) AS c (cell, area_id, since, until, is_stock)
     ON {{joined}} AND r.day BETWEEN c.since AND c.until AND r.from_day >= c.since
JOIN unnest(%(measures_{{n}})s::text[], %(measure_stocks_{{n}})s::bool[]) AS m (measure, is_stock)
     ON m.measure = r.measure AND m.is_stock = c.is_stock
{{whose}}
{{marks}}
GROUP BY 1, 2, 3, 4, 5
"""

_IN_MARKS = """WHERE (r.province_id, half_month(r.day)) IN (
    SELECT * FROM unnest(%(marked_provinces)s::bigint[], %(marked_buckets)s::date[]))"""

#: The records of facts that are known by their whole keys.
_RECORDS_OF_FACTS = f"""
{_OF_RECORDS}
FROM (
    SELECT * FROM reporting_measure
    WHERE source = ANY (%(sources)s) AND measure = ANY (%(names)s) AND part = ANY (%(parts)s)
          AND day BETWEEN %(first)s AND %(last)s AND agency_id = ANY (%(agency_keys)s)
) r
JOIN unnest(%(cells)s::int[], %(stocks)s::bool[], %(measures)s::text[], %(parts_of_facts)s::text[],
            %(areas)s::bigint[], %(agencies)s::bigint[], %(buckets)s::date[], %(from_buckets)s::date[])
     AS c (cell, is_stock, measure, part, area_id, agency_id, bucket, from_bucket)
     ON c.area_id IN (r.district_id, r.province_id) AND c.agency_id = r.agency_id AND c.measure = r.measure
        AND c.part = r.part AND c.bucket = half_month(r.day) AND c.from_bucket = half_month(r.from_day)
{{whose}}
GROUP BY 1, 2, 3, 4, 5
"""

#: A row tells cell, measure and record, in the columns of a sum.
_LEFT_OUT = """
SELECT DISTINCT c.cell, NULL::bool, r.measure::text, r.record::text, NULL::int[], NULL::bigint, NULL::bigint,
       NULL::date, NULL::date, NULL::numeric, NULL::numeric, NULL::numeric, NULL::int, NULL::text, NULL::bigint,
       NULL::bigint
FROM (
    SELECT * FROM reporting_measure
    WHERE source = ANY (%(sources_{n})s) AND measure = ANY (%(names_{n})s) AND day >= %(first_{n})s AND from_day < day
          AND (%(agencies)s::bigint[] IS NULL OR agency_id = ANY (%(agencies)s)) AND {held}
) r
JOIN unnest(%(cells_{n})s::int[], %(areas_{n})s::bigint[], %(since_{n})s::date[]) AS c (cell, area_id, since)
     ON {joined} AND r.from_day < c.since AND r.day >= c.since
"""


def facts(*, by_province: bool, apart: bool, has_marks: bool) -> tuple[str, str]:
    """The sums of facts: the common tables, and what sums them; ``apart`` by the units that spoke.

    Without marks the nation is told by its provinces only where units spoke.
    """
    held = _OF_AREA
    if by_province:
        of_provinces = _OF_NATION_BY_PROVINCE.format(spoken="LEFT" if has_marks else "")
        held = f"{_OF_AREA_BUT_NATION} UNION ALL {of_provinces}{_SPOKEN_OR_MARKED if has_marks else ''}"
    tables = _FACTS.format(held=held)
    return (tables + _WHOSE, _APART) if apart else (tables, _TOGETHER)


def records(column: str, number: int, *, of_marks: bool, apart: bool) -> str:
    """The sums of records whose ``column`` names a member; of marked half-months alone, or of all."""
    held, joined = _member(column, number)
    whose, marks = _whose(apart), _IN_MARKS if of_marks else ""
    return _RECORDS.format(n=number, held=held, joined=joined, whose=whose, marks=marks)


def records_of_facts() -> str:
    """The sums of the records of facts that hold records of a unit that spoke and others' as well."""
    return _RECORDS_OF_FACTS.format(whose=_whose(True))


def left_out(column: str, number: int) -> str:
    """The records that reach into a period without lying in it."""
    held, joined = _member(column, number)
    return _LEFT_OUT.format(n=number, held=held, joined=joined)


def _member(column: str, number: int) -> tuple[str, str]:
    if not column:
        return "TRUE", "TRUE"
    return f"{column} = ANY (%(held_{number})s)", f"c.area_id = r.{column}"


def _whose(apart: bool) -> str:
    return _WHOSE_RECORDS if apart else _NOBODYS_RECORDS
