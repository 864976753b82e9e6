"""Noting that a person is here, and when they were here before."""

import datetime as dt

from django.db import connection

from accounts.models import User

#: A visit goes on while the person comes back home within this time.
VISIT = dt.timedelta(minutes=30)

_NOTE = """
INSERT INTO accounts_visit AS held (user_id, seen_at, before) VALUES (%(user)s, %(now)s, NULL)
ON CONFLICT (user_id) DO UPDATE
SET before = CASE WHEN held.seen_at < %(over)s THEN held.seen_at ELSE held.before END,
    seen_at = %(now)s
RETURNING before
"""


def note_visit(*, user: User, now: dt.datetime) -> dt.datetime | None:
    """Note that the person is here now. Returns when the visit before this one ended; None on the first."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, {"user": user.pk, "now": now, "over": now - VISIT})
        before: dt.datetime | None = cursor.fetchone()[0]
    return before
