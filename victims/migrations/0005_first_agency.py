"""Reading a victim's row asks for the first agency before all of them: counts over many rows cost less."""

from django.db import migrations

SYSTEM = "(SELECT portal_is_system())"
FIRST = "agency_id = (SELECT portal_agency('victim.read'))"
ANY = "agency_id = ANY ((SELECT portal_agencies('victim.read'))::bigint[])"
FORWARD = f"ALTER POLICY reading ON victims_victim USING ({SYSTEM} OR {FIRST} OR {ANY})"
BACKWARD = f"ALTER POLICY reading ON victims_victim USING ({SYSTEM} OR {ANY})"


class Migration(migrations.Migration):
    dependencies = [("victims", "0004_persons_and_retention"), ("accounts", "0011_first_agency")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
