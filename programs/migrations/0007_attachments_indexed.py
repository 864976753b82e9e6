"""What would lock a large table, in steps that do not: indexes made beside the work, and the rule of one owner checked.

Going back removes the files' rows of documents and progress notes, and their history: before, only activities had
files.
"""

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


def _event_index(
    column: str, model: str, verbose_name: str, name: str
) -> migrations.SeparateDatabaseAndState:
    """The index of a column of the history, made beside the work."""
    field = models.ForeignKey(
        db_constraint=False,
        null=True,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        related_query_name="+",
        to=f"programs.{model}",
        verbose_name=verbose_name,
    )
    make = f'CREATE INDEX CONCURRENTLY IF NOT EXISTS "{name}" ON "programs_attachmentevent" ("{column}_id")'
    drop = f'DROP INDEX CONCURRENTLY IF EXISTS "{name}"'
    return migrations.SeparateDatabaseAndState(
        database_operations=[migrations.RunSQL(make, drop)],
        state_operations=[migrations.AlterField(model_name="attachmentevent", name=column, field=field)],
    )


_FORGET_FILES_OF_OTHERS = """
    ALTER TABLE programs_attachment DISABLE TRIGGER USER;
    DELETE FROM programs_attachment WHERE activity_id IS NULL;
    ALTER TABLE programs_attachment ENABLE TRIGGER USER;
    ALTER TABLE programs_attachmentevent DISABLE TRIGGER USER;
    DELETE FROM programs_attachmentevent WHERE activity_id IS NULL;
    ALTER TABLE programs_attachmentevent ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("programs", "0006_attachments_and_training")]

    operations = [
        AddIndexConcurrently(
            model_name="attachment",
            index=models.Index(
                condition=models.Q(("document__isnull", False)),
                fields=["document"],
                name="attachment_document",
            ),
        ),
        AddIndexConcurrently(
            model_name="attachment",
            index=models.Index(
                condition=models.Q(("progress_note__isnull", False)),
                fields=["progress_note"],
                name="attachment_note",
            ),
        ),
        _event_index("document", "document", "document", "programs_attachmentevent_document_id_0793037b"),
        _event_index(
            "progress_note",
            "progressnote",
            "progress note",
            "programs_attachmentevent_progress_note_id_b3d287a3",
        ),
        ValidateConstraint(model_name="attachment", name="programs_attachment_has_one_owner"),
        migrations.RunSQL(migrations.RunSQL.noop, _FORGET_FILES_OF_OTHERS),
    ]
