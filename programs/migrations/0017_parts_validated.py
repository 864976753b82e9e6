"""Hold the rows that were there to the rule about parts and wholes, without keeping writers out.

Where some break it the constraint stays as it is: it binds every new and changed row, and `sanity_check` names the old
ones, which their units have to correct. PostgreSQL keeps it "not valid" until `ALTER TABLE ... VALIDATE CONSTRAINT`.
"""

from django.db import migrations

VALIDATE = """
DO $$
BEGIN
    ALTER TABLE programs_activityquantity VALIDATE CONSTRAINT programs_quantity_parts_within_whole;
EXCEPTION WHEN check_violation THEN
    RAISE WARNING 'Some quantities have parts above their whole: sanity_check names them.';
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("programs", "0016_parts_within_the_whole")]
    operations = [migrations.RunSQL(VALIDATE, migrations.RunSQL.noop)]
