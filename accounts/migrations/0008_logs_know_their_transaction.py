"""Each row of a log knows its transaction, so that a seal stops before what a running one may still write.

The column is added without a default first, which rewrites nothing; rows of before have none and count as settled.
"""

from django.db import migrations

TABLES = ("accounts_readevent", "accounts_auditevent")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_read_seal")]
    operations = [
        operation
        for table in TABLES
        for operation in (
            migrations.RunSQL(
                f"ALTER TABLE {table} ADD COLUMN xid xid8", f"ALTER TABLE {table} DROP COLUMN xid"
            ),
            migrations.RunSQL(
                f"ALTER TABLE {table} ALTER COLUMN xid SET DEFAULT pg_current_xact_id()",
                f"ALTER TABLE {table} ALTER COLUMN xid DROP DEFAULT",
            ),
        )
    ]
