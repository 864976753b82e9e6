"""Indexes by which home finds what was touched last in a province or by an agency, made beside the work."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("programs", "0020_activities_counted_by_an_index")]
    operations = [
        AddIndexConcurrently(
            "activity", models.Index(fields=["province", "-updated_at"], name="activity_province_touched")
        ),
        AddIndexConcurrently(
            "activity", models.Index(fields=["agency", "-updated_at"], name="activity_agency_touched")
        ),
    ]
