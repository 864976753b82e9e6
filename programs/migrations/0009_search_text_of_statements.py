"""Make the statements filed so far searchable, and build what 0008 put off, without holding up who files meanwhile."""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models

_BATCH = 5000
_TABLES = {
    "programs_difficulty": "text",
    "programs_direction": "text",
    "programs_recommendation": "text || ' ' || addressee",
}


def fill(apps: Any, schema_editor: Any) -> None:
    """Some thousand rows a transaction; who files meanwhile has the trigger do the same."""
    for table, columns in _TABLES.items():
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")  # noqa: S608 names of our own
            last = cursor.fetchone()[0]
            for first in range(1, last + 1, _BATCH):
                cursor.execute(
                    f"UPDATE {table} SET search_text = vi_fold({columns})"  # noqa: S608
                    " WHERE id >= %s AND id < %s AND search_text = ''",
                    [first, first + _BATCH],
                )


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("programs", "0008_statements_and_models")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        AddIndexConcurrently(
            model_name="difficulty",
            index=models.Index(fields=["agency", "period_end"], name="programs_di_agency__cd6a0a_idx"),
        ),
        AddIndexConcurrently(
            model_name="direction",
            index=models.Index(fields=["agency", "period_end"], name="programs_di_agency__64a1ed_idx"),
        ),
        AddIndexConcurrently(
            model_name="recommendation",
            index=models.Index(fields=["agency", "period_end"], name="programs_re_agency__534673_idx"),
        ),
        ValidateConstraint(model_name="difficulty", name="programs_overcome_has_a_day"),
        ValidateConstraint(model_name="recommendation", name="programs_answered_has_an_answer"),
    ]
