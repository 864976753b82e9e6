"""An activity lies where its area lies, also after the area has become part of another district or province.

Rights and figures ask the activity's own columns, so they must not stay behind. The change of each activity is marked
for the roll-up and told by its history like any other.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION programs_follow_area() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE programs_activity SET province_id = NEW.province_id, district_id = NEW.district_id WHERE area_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER programs_follow_area AFTER UPDATE ON territory_area FOR EACH ROW
    WHEN (OLD.province_id IS DISTINCT FROM NEW.province_id OR OLD.district_id IS DISTINCT FROM NEW.district_id)
    EXECUTE FUNCTION programs_follow_area();
"""
BACKWARD = """
DROP TRIGGER programs_follow_area ON territory_area;
DROP FUNCTION programs_follow_area();
"""


class Migration(migrations.Migration):
    dependencies = [("programs", "0012_uploads"), ("territory", "0003_validity_rules")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
