"""Only what is approved counts. Every key of activities is marked once, so what a worker summed meanwhile is mended."""

from importlib import import_module

from django.db import migrations

VIEW: str = import_module("reporting.migrations.0003_measures_and_marks").VIEW


def counting(state: str) -> str:
    """The view over all records that counts activities of this state."""
    assert VIEW.count("state = 'filed'") == 1
    view = VIEW.replace("CREATE VIEW", "CREATE OR REPLACE VIEW", 1)
    return view.replace("state = 'filed'", f"state = '{state}'")


MARK_ALL = """
INSERT INTO reporting_factmark (source, province_id, district_id, agency_id, bucket)
SELECT DISTINCT 'activity', province_id, district_id, agency_id, half_month(ended_on)
FROM programs_activity WHERE province_id IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0003_measures_and_marks"),
        ("programs", "0005_filed_is_approved"),
    ]
    operations = [
        migrations.RunSQL(counting("approved"), counting("filed")),
        migrations.RunSQL(MARK_ALL, MARK_ALL),
    ]
