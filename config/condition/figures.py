"""What waits and what failed, in numbers. One statement, cheap at any size: Prometheus asks each half minute."""

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any

from django.db import connection

from accounts.models import ALWAYS_TOLD
from config.condition.archiving import LATE_SECONDS

#: Mails that wait longer than this have missed their digest.
_MAIL_HOURS = 26

_ASKED = f"""
SELECT
  (SELECT count(*) FROM reporting_reportjob WHERE state = 'queued') AS jobs_waiting,
  (SELECT count(*) FROM reporting_reportjob WHERE state = 'running') AS jobs_running,
  (SELECT extract(epoch FROM now() - min(asked_at)) FROM reporting_reportjob
     WHERE state = 'queued') AS oldest_job_seconds,
  (SELECT count(*) FROM reporting_reportjob
     WHERE state = 'failed' AND finished_at > now() - interval '1 day') AS jobs_failed_in_a_day,
  (SELECT count(*) FROM programs_activityupload WHERE state IN ('waiting', 'checking', 'storing'))
    + (SELECT count(*) FROM programs_directoryupload WHERE state IN ('waiting', 'checking', 'storing'))
    + (SELECT count(*) FROM reporting_pastupload WHERE state IN ('waiting', 'checking', 'storing')) AS uploads_waiting,
  (SELECT count(*) FROM (SELECT FROM reporting_factmark UNION ALL SELECT FROM reporting_wordmark LIMIT 10000) m)
    AS marks_waiting,
  (SELECT extract(epoch FROM now() - least((SELECT min(marked_at) FROM reporting_factmark),
                                           (SELECT min(marked_at) FROM reporting_wordmark)))) AS oldest_mark_seconds,
  (SELECT count(*) FROM accounts_outboxevent WHERE spread_at IS NULL) AS events_waiting,
  (SELECT count(*) FROM accounts_delivery WHERE state = 'waiting' AND next_at < now() - interval '10 minutes')
    AS webhooks_late,
  (SELECT count(*) FROM accounts_delivery WHERE state = 'failed' AND tried_at > now() - interval '1 day')
    AS webhooks_failed_in_a_day,
  (SELECT count(*) FROM accounts_notification n JOIN accounts_user u ON u.id = n.user_id AND u.is_active
     LEFT JOIN accounts_noticesettings chosen ON chosen.user_id = n.user_id
     WHERE n.mailed_at IS NULL AND n.read_at IS NULL AND n.created_at < now() - make_interval(hours => %(mail_hours)s)
       AND (n.way = 'at_once' OR n.way = 'digest'
            AND (chosen.digest IS DISTINCT FROM 'never' OR n.kind = ANY (%(always_told)s))))
    + (SELECT count(*) FROM accounts_waitinginvitation WHERE asked_at < now() - interval '10 minutes') AS mails_late,
  (SELECT count(*) FROM reporting_obligation o LEFT JOIN reporting_submission s ON s.obligation_id = o.id
     WHERE o.excused_at IS NULL AND NOT o.is_historical AND o.due_on BETWEEN %(today)s AND %(today)s + 3
       AND (s.id IS NULL OR s.state IN ('draft', 'returned'))) AS reports_due_in_three_days,
  (SELECT count(*) FROM reporting_obligation o LEFT JOIN reporting_submission s ON s.obligation_id = o.id
     WHERE o.excused_at IS NULL AND NOT o.is_historical AND o.due_on < %(today)s AND o.due_on > %(today)s - 60
       AND (s.id IS NULL OR s.state IN ('draft', 'returned'))) AS reports_missing,
  (SELECT extract(epoch FROM now() - max(made_at)) FROM accounts_readseal) AS last_seal_seconds,
  (SELECT extract(epoch FROM now() - max(at)) FROM accounts_auditevent
     WHERE kind = 'backed_up' AND detail->>'what' = 'made') AS last_backup_seconds,
  (SELECT extract(epoch FROM now() - max(at)) FROM accounts_auditevent
     WHERE kind = 'backed_up' AND detail->>'what' = 'drill' AND detail->>'differences' = '0') AS last_drill_seconds,
  ({LATE_SECONDS}) AS archive_late_seconds,
  (SELECT errors FROM accounts_checkrun WHERE finished_at IS NOT NULL ORDER BY id DESC LIMIT 1) AS check_errors,
  (SELECT extract(epoch FROM now() - finished_at) FROM accounts_checkrun WHERE finished_at IS NOT NULL
     ORDER BY id DESC LIMIT 1) AS last_check_seconds
"""  # noqa: S608 - the part is a constant


@dataclass(frozen=True)
class Figures:
    """Numbers of things, and seconds since or of waiting; None where there is nothing it could be told of."""

    jobs_waiting: int
    jobs_running: int
    oldest_job_seconds: float | None
    jobs_failed_in_a_day: int
    uploads_waiting: int
    marks_waiting: int
    oldest_mark_seconds: float | None
    events_waiting: int
    webhooks_late: int
    webhooks_failed_in_a_day: int
    mails_late: int
    reports_due_in_three_days: int
    reports_missing: int
    last_seal_seconds: float | None
    last_backup_seconds: float | None
    last_drill_seconds: float | None
    archive_late_seconds: float | None
    check_errors: int | None
    last_check_seconds: float | None


def figures_now(today: dt.date) -> Figures:
    """The figures as they are now. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            _ASKED, {"today": today, "mail_hours": _MAIL_HOURS, "always_told": sorted(ALWAYS_TOLD)}
        )
        row = cursor.fetchone()
    told: dict[str, Any] = {field.name: value for field, value in zip(fields(Figures), row, strict=True)}
    for name, value in told.items():
        if name.endswith("_seconds") and value is not None:
            told[name] = float(value)
    return Figures(**told)
