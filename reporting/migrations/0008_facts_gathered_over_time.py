"""Find the few facts that were gathered over more than a half-month, made beside the work."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("reporting", "0007_indicator_breakdowns")]
    operations = [
        AddIndexConcurrently(
            model_name="fact",
            index=models.Index(
                fields=["area", "measure"],
                condition=models.Q(from_bucket__lt=models.F("bucket")),
                name="fact_gathered_over_time",
            ),
        ),
    ]
