"""An index by which the activities of a province are counted without reading them, made beside the work.

It takes the place of the one without those columns. The areas and the agency of an activity, and the activity of a
quantity, lose the index each had alone: others begin with them, and every write kept both.
"""

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


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
        migrations.AlterField("activity", "area", _area(related_name="activities", verbose_name="area")),
        migrations.AlterField("activity", "district", _area(editable=False, null=True, related_name="+")),
        migrations.AlterField("activity", "province", _area(editable=False, null=True, related_name="+")),
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
