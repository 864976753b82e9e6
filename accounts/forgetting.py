"""What serves the work and is no record goes when its time is over: drafts, notices, counts of requests, old checks.

Records, the trail, the read log and histories are no concern of this; for what tells of a person in a record there are
rules of their own (`victims.services.erasure`).
"""

import datetime as dt
from collections.abc import Iterable
from itertools import groupby

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.lots import note_removal, remove_in_lots
from accounts.models import ApiUse, CheckRun, FormDraft, MutedThing, Notice, Notification
from accounts.models.draft import WARNED_AHEAD
from accounts.notices import notify

#: How often a key was used on a day, and what the checks of a night found, are known for so long.
KEY_USE_KEPT_FOR = dt.timedelta(days=730)
CHECKS_KEPT_FOR = dt.timedelta(days=365)


def forget_what_is_over(now: dt.datetime | None = None) -> None:
    """Warn of drafts whose end is near, and remove what is over. What a person typed or was told is in the trail."""
    now = now or timezone.now()
    _warn_of_drafts(now)
    note_removal(FormDraft, remove_in_lots(_drafts_over(now)))
    note_removal(Notification, remove_in_lots(_notices_over(now)))
    remove_in_lots(ApiUse.objects.filter(day__lt=now.date() - KEY_USE_KEPT_FOR))
    remove_in_lots(CheckRun.objects.filter(begun_at__lt=now - CHECKS_KEPT_FOR))
    _remove_spent_tries(now)


def _drafts_over(now: dt.datetime) -> QuerySet[FormDraft]:
    """Drafts that nobody touched, and of whose end their person was told in time."""
    return FormDraft.objects.filter(
        saved_at__lt=now - _days(settings.DRAFT_KEEP_DAYS), warned_at__lt=now - WARNED_AHEAD
    )


def _notices_over(now: dt.datetime) -> QuerySet[Notification]:
    """Notices read long ago, or never read for longer still. One by which a record was muted stays with the muting."""
    kept = _days(settings.NOTICE_KEEP_DAYS)
    is_over = Q(read_at__lt=now - kept) | Q(read_at=None, created_at__lt=now - 2 * kept)
    return Notification.objects.filter(is_over, ~Exists(MutedThing.objects.filter(notice=OuterRef("pk"))))


def _warn_of_drafts(now: dt.datetime) -> None:
    """Tell each person of own drafts that are removed soon: one notice a night, however many they are."""
    kept = _days(settings.DRAFT_KEEP_DAYS)
    soon = FormDraft.objects.filter(saved_at__lt=now - kept + WARNED_AHEAD, warned_at=None).select_related(
        "user"
    )
    for person, found in groupby(soon.order_by("user_id", "pk"), lambda draft: draft.user):
        with transaction.atomic():
            _warn(list(found), now)
            drafts = FormDraft.objects.filter(user=person, warned_at=now)
            if not person.is_active or not drafts:
                continue
            until = min(timezone.localtime(draft.kept_until) for draft in drafts)
            notify(
                people=[person],
                kind=Notice.DRAFT_ENDS,
                key=f"drafts:{now:%Y%m%d}",
                url=f"{reverse('home')}#drafts",
                about={"number": str(len(drafts)), "day": f"{until:%d/%m/%Y}"},
            )


def _warn(drafts: Iterable[FormDraft], now: dt.datetime) -> None:
    """Note the warning at those that nobody touched meanwhile."""
    for draft in drafts:
        FormDraft.objects.filter(pk=draft.pk, saved_at=draft.saved_at).update(warned_at=now)


def _remove_spent_tries(now: dt.datetime) -> None:
    """Tries at passwords and codes that no limit counts any more; the cache itself clears away only when it is full."""
    table = connection.ops.quote_name(settings.CACHES["default"]["LOCATION"])
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [now])  # noqa: S608


def _days(number: int) -> dt.timedelta:
    return dt.timedelta(days=number)
