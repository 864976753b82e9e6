"""An index for the list of a province's activities by title, made beside the work."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("programs", "0014_words")]
    operations = [
        AddIndexConcurrently(
            "activity", models.Index(fields=["province", "sort_key", "id"], name="activity_province_title")
        ),
    ]
