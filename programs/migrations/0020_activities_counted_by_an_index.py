"""An index by which the activities of a province are counted without reading them, made beside the work.

It takes the place of the one without those columns. The areas and the agency of an activity, and the activity of a
quantity, lose the index each had alone: others begin with them, and every write kept both. Only the indexes go; Django
would make the foreign keys anew, and hold every row against them.
"""

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

ALONE = {
    "programs_activity_agency_id_d93a343a": "programs_activity (agency_id)",
    "programs_activity_area_id_fec213e2": "programs_activity (area_id)",
    "programs_activity_district_id_e14a2f24": "programs_activity (district_id)",
    "programs_activity_province_id_a3ea5f56": "programs_activity (province_id)",
    "programs_activityquantity_activity_id_6ed28237": "programs_activityquantity (activity_id)",
}


def _area(**options):
    return models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="territory.area", **options
    )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("programs", "0019_activities_by_parts_of_words"), ("territory", "0006_parts_of_words")]
    operations = [
        AddIndexConcurrently(
            "activity",
            models.Index(
                fields=["province", "-ended_on", "-id"],
                include=["district", "state", "is_cumulative"],
                name="activity_province_counted",
            ),
        ),
        RemoveIndexConcurrently("activity", "activity_province_ended"),
        *(
            migrations.RunSQL(
                f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
                f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {columns}",
            )
            for name, columns in ALONE.items()
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "activity",
                    "agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="activities",
                        to="territory.agency",
                        verbose_name="agency",
                    ),
                ),
                migrations.AlterField(
                    "activity", "area", _area(related_name="activities", verbose_name="area")
                ),
                migrations.AlterField(
                    "activity", "district", _area(editable=False, null=True, related_name="+")
                ),
                migrations.AlterField(
                    "activity", "province", _area(editable=False, null=True, related_name="+")
                ),
                migrations.AlterField(
                    "activityquantity",
                    "activity",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="quantities",
                        to="programs.activity",
                        verbose_name="activity",
                    ),
                ),
            ]
        ),
    ]
