"""Find the rows to seal without reading the whole log. Made beside the running portal."""

from django.db import migrations

LOGS = ("accounts_readevent", "accounts_auditevent")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("accounts", "0007_read_seal")]
    operations = [
        migrations.RunSQL(
            f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {log}_inserted_in ON {log} (inserted_in)",
            f"DROP INDEX CONCURRENTLY IF EXISTS {log}_inserted_in",
        )
        for log in LOGS
    ]
