"""What was filed so far counts, so it is approved: nobody asked for approval then.

Works through the tables in batches, each its own transaction, with the triggers of the table off for that moment:
the state is only called otherwise, so nothing is to be summed again and nobody changed anything.
"""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models, transaction

BATCH = 10_000

APPROVE = "state = 'approved', submitted_by_id = filed_by_id, submitted_at = created_at"
#: Back to two states: what was not approved yet is a draft.
UNDO = "state = CASE state WHEN 'approved' THEN 'filed' ELSE 'draft' END"


def approve(apps: Any, schema_editor: Any) -> None:
    _rewrite(schema_editor.connection, APPROVE, "state = 'filed'")


def undo(apps: Any, schema_editor: Any) -> None:
    _rewrite(schema_editor.connection, UNDO, "state NOT IN ('filed', 'draft')")


def _rewrite(connection: Any, change: str, which: str) -> None:
    for table, key in (("programs_activity", "id"), ("programs_activityevent", "pgh_id")):
        last = 0
        while True:
            with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
                batch = f"SELECT {key} FROM {table} WHERE {key} > %s ORDER BY {key} LIMIT {BATCH}"  # noqa: S608
                cursor.execute(f"SELECT max({key}), count(*) FROM ({batch}) AS batch", [last])  # noqa: S608
                upto, count = cursor.fetchone()
                if not count:
                    break
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
                cursor.execute(
                    f"UPDATE {table} SET {change} WHERE {key} > %s AND {key} <= %s AND {which}",  # noqa: S608
                    [last, upto],
                )
                # Checks of references wait for the end otherwise, and the table cannot be altered before them.
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            last = upto


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("programs", "0004_activity_workflow")]

    operations = [
        migrations.RunPython(approve, undo),
        ValidateConstraint("activity", "programs_returned_activity_has_a_reason"),
        ValidateConstraint("activity", "programs_submitted_activity_says_by_whom"),
        AddIndexConcurrently(
            "activity",
            models.Index(
                fields=["agency", "submitted_at"],
                condition=models.Q(state="submitted"),
                name="activity_waiting",
            ),
        ),
        AddIndexConcurrently(
            "activity",
            models.Index(
                fields=["submitted_by"], condition=models.Q(state="returned"), name="activity_returned"
            ),
        ),
    ]
