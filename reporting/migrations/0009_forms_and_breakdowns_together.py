"""The forms and the breakdowns were laid at the same time."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0006_forms_submissions_and_issue"),
        ("reporting", "0008_facts_gathered_over_time"),
    ]

    operations: list[migrations.operations.base.Operation] = []
