"""The steps of cases and tips with the days they took, for who reads no case: where, when and how long, never which.

Like `reporting_measure` the view reads with the rights of its owner.
"""

from django.db import migrations

VIEW = """
CREATE VIEW reporting_stage_step AS
SELECT w.code, c.province_id, c.district_id, c.area_id, c.agency_id, b.reached_on AS day,
       b.reached_on - a.day AS days
FROM (VALUES ('cases_prosecuted', 'detected', 'prosecuted'),
             ('cases_concluded', 'prosecuted', 'investigation_concluded'),
             ('cases_indicted', 'investigation_concluded', 'indicted'),
             ('cases_tried', 'indicted', 'tried')) AS w (code, begun, done)
JOIN incidents_stage b ON b.kind = w.done
JOIN incidents_case c ON c.id = b.case_id
JOIN LATERAL (SELECT min(s.reached_on) AS day FROM incidents_stage s
              WHERE s.case_id = b.case_id AND s.kind = w.begun) a ON a.day <= b.reached_on
WHERE NOT EXISTS (SELECT FROM incidents_stage e WHERE e.case_id = b.case_id AND e.kind = b.kind
                  AND (e.reached_on, e.id) < (b.reached_on, b.id))
UNION ALL
SELECT 'cases_detected', t.province_id, t.district_id, t.area_id, t.agency_id, t.decided_on,
       t.decided_on - t.received_on
FROM incidents_tip t WHERE t.state = 'case_opened'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0015_releases"),
        ("incidents", "0007_files"),
    ]
    operations = [migrations.RunSQL(VIEW, "DROP VIEW reporting_stage_step")]
