"""Tips count, and stages count their persons: the view of measures anew, and marks for tips.

The part of the view that was there before is taken from the migration that made it, which never changes.
"""

from importlib import import_module

from django.db import migrations

BEFORE: str = import_module("reporting.migrations.0004_measure_of_approved").counting("approved")

# Received counts on the day of receipt. Resolved counts on the day of the decision that stands: a case opened, no
# prosecution, or suspended (Article 147 of the Criminal Procedure Code). Forwarded is not resolved.
MORE = """
UNION ALL
SELECT 'case', 'incidents.case:' || c.id, c.province_id, c.district_id, c.area_id, c.agency_id,
       s.reached_on, s.reached_on, 'case.' || s.kind || '.persons', '', s.persons, s.persons, s.persons, 0, NULL
FROM incidents_case c JOIN incidents_stage s ON s.case_id = c.id
WHERE c.province_id IS NOT NULL AND s.persons IS NOT NULL
UNION ALL
SELECT 'tip', 'incidents.tip:' || t.id, t.province_id, t.district_id, t.area_id, t.agency_id,
       t.received_on, t.received_on, 'tip.received.count', part.part, 1, 1, 1, 0, NULL
FROM incidents_tip t,
     LATERAL (VALUES (''), ('kind:' || t.kind), ('channel:' || t.channel)) AS part (part)
WHERE t.province_id IS NOT NULL
UNION ALL
SELECT 'tip', 'incidents.tip:' || t.id, t.province_id, t.district_id, t.area_id, t.agency_id,
       t.decided_on, t.decided_on, decided.measure, '', 1, 1, 1, 0, NULL
FROM incidents_tip t,
     LATERAL (VALUES ('tip.' || t.state || '.count'),
                     (CASE WHEN t.state <> 'forwarded' THEN 'tip.resolved.count' END)) AS decided (measure)
WHERE t.province_id IS NOT NULL AND t.decided_on IS NOT NULL AND decided.measure IS NOT NULL;
"""
AFTER = BEFORE.rstrip().removesuffix(";") + MORE

MARKS = """
CREATE FUNCTION reporting_mark_tip() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM reporting_mark('tip', OLD.province_id, OLD.district_id, OLD.agency_id, OLD.received_on);
        PERFORM reporting_mark('tip', OLD.province_id, OLD.district_id, OLD.agency_id, OLD.decided_on);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM reporting_mark('tip', NEW.province_id, NEW.district_id, NEW.agency_id, NEW.received_on);
        PERFORM reporting_mark('tip', NEW.province_id, NEW.district_id, NEW.agency_id, NEW.decided_on);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER reporting_mark AFTER INSERT OR UPDATE OR DELETE ON incidents_tip
    FOR EACH ROW EXECUTE FUNCTION reporting_mark_tip();
"""
# Going back, the view lets go of the table of tips first, so that the table itself can go.
UNMARK = """
DROP TRIGGER reporting_mark ON incidents_tip;
DROP FUNCTION reporting_mark_tip;
DELETE FROM reporting_factmark WHERE source = 'tip';
DELETE FROM reporting_fact WHERE source = 'tip';
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0004_measure_of_approved"), ("incidents", "0004_row_security")]
    operations = [migrations.RunSQL(AFTER + MARKS, UNMARK + BEFORE)]
