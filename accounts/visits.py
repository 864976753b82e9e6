"""Noting that a person is here, and when they were here before."""

import datetime as dt
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from accounts.models import User, Visit

#: A visit goes on while the person comes back home within this time.
VISIT = dt.timedelta(minutes=30)

_NOTE = """
INSERT INTO accounts_visit AS held (user_id, seen_at, before) VALUES (%(user)s, %(now)s, NULL)
ON CONFLICT (user_id) DO UPDATE
SET before = CASE WHEN held.seen_at < %(over)s THEN held.seen_at ELSE held.before END,
    seen_at = %(now)s
RETURNING before, steps_put_away_at IS NOT NULL
"""


class Here(NamedTuple):
    """``before``: when the visit before this one ended, None on the first. ``knows_first_steps``: put them away."""

    before: dt.datetime | None
    knows_first_steps: bool


def note_visit(*, user: User, now: dt.datetime) -> Here:
    """Note that the person is here now."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, {"user": user.pk, "now": now, "over": now - VISIT})
        return Here(*cursor.fetchone())


def put_first_steps_away(*, user: User) -> None:
    """Show the list of first steps no more."""
    Visit.objects.filter(user=user).update(steps_put_away_at=timezone.now())
