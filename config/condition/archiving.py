"""Whether PostgreSQL archives its write-ahead log in time: what is in no archive is lost with the server."""

from collections.abc import Iterator

from django.conf import settings
from django.db import connection

from accounts.findings import Finding, Level

#: What an office may lose, in seconds (`docs/operations.md`).
MAY_BE_LOST = 300

#: The place of a file of the log among all of them. Other names (``.history``) have none.
_PLACE = """(SELECT ('x' || substr({name}, 9, 8))::bit(32)::bigint * (4294967296 / pg_size_bytes(current_setting(
  'wal_segment_size'))) + ('x' || substr({name}, 17, 8))::bit(32)::bigint WHERE {name} ~ '^[0-9A-F]{{24}}')"""

#: Since when files of the log wait, in seconds: archiving fails, hangs or is slower than the portal writes. 0 where no
#: more than the file that is being written is missing, which ``archive_timeout`` ends. No row where none is archived.
LATE_SECONDS = f"""
SELECT CASE WHEN is_failing OR behind > 1 OR last_archived_time IS NULL
  THEN extract(epoch FROM clock_timestamp() - coalesce(last_archived_time, stats_reset)) ELSE 0 END
FROM (
  SELECT last_archived_time, stats_reset,
    coalesce(last_failed_time > last_archived_time, last_failed_time IS NOT NULL) AS is_failing,
    {_PLACE.format(name="pg_walfile_name(pg_current_wal_lsn())")}
      - {_PLACE.format(name="last_archived_wal")} AS behind
  FROM pg_stat_archiver WHERE current_setting('archive_mode') <> 'off'
) AS archiver
"""  # noqa: S608 - the parts are constants


def the_log_is_archived() -> Iterator[Finding]:
    """A server of an office archives its log, in files that are ended soon enough, and is not behind with it."""
    if settings.DATABASE_IS_EMBEDDED:
        return
    with connection.cursor() as cursor:
        cursor.execute(LATE_SECONDS)
        row = cursor.fetchone()
        cursor.execute("SELECT setting::int FROM pg_settings WHERE name = 'archive_timeout'")
        timeout = cursor.fetchone()[0]
    where = "postgresql"
    if row is None:
        yield Finding(Level.INFO, "its log is not archived: a loss costs all since the last backup", where)
        return
    if row[0] > MAY_BE_LOST:
        yield Finding(Level.WARNING, f"its log was not archived for {row[0]:.0f} s: see its own log", where)
    if not 0 < timeout < MAY_BE_LOST:
        what = f"archive_timeout is {timeout} s: a loss may cost all since its log was last full"
        yield Finding(Level.WARNING, what, where)
