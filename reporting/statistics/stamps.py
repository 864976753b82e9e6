"""When an answer last changed: an ETag of its figures, and the moment since which they are so."""

import datetime as dt
import hashlib
import json
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.lots import remove_in_lots
from reporting.models import AnswerStamp

#: An answer that nobody asked for so long is forgotten; asked again, it counts as changed then.
FORGOTTEN_AFTER_DAYS = 90

_NOTE = """
WITH noted AS (
    INSERT INTO reporting_answerstamp AS s (question, figures, changed_at, asked_on)
    VALUES (%(question)s, %(figures)s, date_trunc('second', now()), %(today)s)
    ON CONFLICT (question) DO UPDATE
    SET changed_at = CASE WHEN s.figures = excluded.figures THEN s.changed_at ELSE excluded.changed_at END,
        figures = excluded.figures, asked_on = excluded.asked_on
    WHERE s.figures <> excluded.figures OR s.asked_on <> excluded.asked_on
    RETURNING changed_at
)
SELECT changed_at FROM noted
UNION ALL
SELECT changed_at FROM reporting_answerstamp WHERE question = %(question)s AND NOT EXISTS (SELECT FROM noted)
"""


def digest_of(told: Any) -> str:
    """The digest of anything that JSON can hold."""
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def changed_at(question: str, figures: str, known: AnswerStamp | None) -> dt.datetime:
    """Since when the answer to a question is what it is, where ``known`` is its stamp, read before the figures were.

    No statement while nothing changes; else one, and a second where somebody else asked the same for the first time
    at this moment.
    """
    if known is not None and (known.figures, known.asked_on) == (figures, timezone.localdate()):
        return known.changed_at
    with connection.cursor() as cursor:
        asked: dict[str, Any] = {"question": question, "figures": figures, "today": timezone.localdate()}
        cursor.execute(_NOTE, asked)
        row = cursor.fetchone()
    if row is not None:
        found: dt.datetime = row[0]
        return found
    return AnswerStamp.objects.values_list("changed_at", flat=True).get(question=question)


def forget_stamps() -> int:
    """Forget the answers nobody asks for. Returns how many."""
    before = timezone.localdate() - dt.timedelta(days=FORGOTTEN_AFTER_DAYS)
    return remove_in_lots(AnswerStamp.objects.filter(asked_on__lt=before))
