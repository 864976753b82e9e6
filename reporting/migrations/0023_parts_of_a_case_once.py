"""The parts of a case are worked out once for each of its stages, and its offences once for all of its people.

They were worked out anew for each count of a stage, and for each standing of each person, which took a fifth of the
time in which all facts are made anew. The view tells the same rows.
"""

from importlib import import_module

from django.db import migrations

BEFORE: str = import_module("reporting.migrations.0020_one_part_for_other_countries").AFTER

STAGES_BEFORE = """
     LATERAL (VALUES ('count', 1::numeric), ('victims', s.victims), ('persons', s.persons))
     AS counted (what, number),
     LATERAL (SELECT 'force:' || c.force AS part WHERE c.force <> ''
              UNION ALL SELECT 'discovery:' || c.discovery WHERE c.discovery <> ''
              UNION ALL SELECT DISTINCT 'country:' || replace(p.country, 'ZZ', 'XX') FROM incidents_caseplace p
                        WHERE p.case_id = c.id AND p.kind = 'destination'
              UNION ALL SELECT CASE WHEN bool_or(p.country <> 'VN') THEN 'route:abroad' ELSE 'route:domestic' END
                        FROM incidents_caseplace p WHERE p.case_id = c.id AND p.kind = 'destination'
                        HAVING count(*) > 0
              UNION ALL SELECT DISTINCT 'offence:' || o.article FROM incidents_caseoffence o
                        WHERE o.case_id = c.id AND counted.what <> 'count') AS part
WHERE c.province_id IS NOT NULL AND counted.number IS NOT NULL
"""
# A sum that is joined is worked out before the joins that follow it, and kept for rows of the same case.
STAGES = """
     LATERAL (SELECT array_agg(told.part) AS of_people, array_agg(told.part) FILTER (WHERE told.is_of_case) AS of_case
              FROM (SELECT 'force:' || c.force AS part, TRUE AS is_of_case WHERE c.force <> ''
                    UNION ALL SELECT 'discovery:' || c.discovery, TRUE WHERE c.discovery <> ''
                    UNION ALL SELECT DISTINCT 'country:' || replace(p.country, 'ZZ', 'XX'), TRUE
                              FROM incidents_caseplace p WHERE p.case_id = c.id AND p.kind = 'destination'
                    UNION ALL SELECT CASE WHEN bool_or(p.country <> 'VN') THEN 'route:abroad' ELSE 'route:domestic' END,
                                     TRUE
                              FROM incidents_caseplace p WHERE p.case_id = c.id AND p.kind = 'destination'
                              HAVING count(*) > 0
                    UNION ALL SELECT DISTINCT 'offence:' || o.article, FALSE
                              FROM incidents_caseoffence o WHERE o.case_id = c.id) AS told) AS parts,
     LATERAL (VALUES ('count', 1::numeric, parts.of_case), ('victims', s.victims, parts.of_people),
                     ('persons', s.persons, parts.of_people)) AS counted (what, number, parts),
     LATERAL unnest(counted.parts) AS part (part)
WHERE c.province_id IS NOT NULL AND counted.number IS NOT NULL
"""
PERSONS_BEFORE = """
FROM incidents_case c JOIN incidents_personincase p ON p.case_id = c.id
     JOIN incidents_personstanding st ON st.person_id = p.id,
     LATERAL (SELECT extract(year FROM coalesce(c.acts_since, st.since)) - p.birth_year AS age) AS born,
"""
PERSONS = """
FROM incidents_case c CROSS JOIN
     LATERAL (SELECT array_agg(DISTINCT 'offence:' || o.article) AS parts FROM incidents_caseoffence o
              WHERE o.case_id = c.id) AS offences
     JOIN incidents_personincase p ON p.case_id = c.id
     JOIN incidents_personstanding st ON st.person_id = p.id,
     LATERAL (SELECT extract(year FROM coalesce(c.acts_since, st.since)) - p.birth_year AS age) AS born,
"""
OFFENCES_BEFORE = """
              UNION ALL SELECT DISTINCT 'offence:' || o.article FROM incidents_caseoffence o
                        WHERE o.case_id = c.id) AS part
WHERE c.province_id IS NOT NULL
"""
OFFENCES = """
              UNION ALL SELECT unnest(offences.parts)) AS part
WHERE c.province_id IS NOT NULL
"""

AFTER = BEFORE
for said, says in ((STAGES_BEFORE, STAGES), (PERSONS_BEFORE, PERSONS), (OFFENCES_BEFORE, OFFENCES)):
    assert AFTER.count(said) == 1
    AFTER = AFTER.replace(said, says)


class Migration(migrations.Migration):
    dependencies = [("reporting", "0022_standing_kept")]
    operations = [migrations.RunSQL(AFTER, BEFORE)]
