"""Giving notices, and the digest of them that goes out by e-mail."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Notice, Notification, User

#: A digest names at most so many notices; the page shows all.
NAMED = 20


def notify(
    *, people: Iterable[User], kind: Notice, key: str, url: str, about: Mapping[str, str] | None = None
) -> int:
    """Give a notice to people who do not have it yet. Returns how many got it; one statement tells both."""
    told: list[Any] = [
        kind.value,
        key,
        url,
        json.dumps(dict(about or {}), ensure_ascii=False),
        timezone.now(),
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_notification (user_id, kind, key, url, about, created_at)"
            " SELECT unnest(%s::bigint[]), %s, %s, %s, %s::jsonb, %s ON CONFLICT (user_id, key) DO NOTHING",
            [list({user.pk for user in people}), *told],
        )
        return int(cursor.rowcount)


def mark_read(*, user: User, up_to: int) -> int:
    """Mark the person's notices read, up to the one with this id."""
    return Notification.objects.filter(user=user, read_at=None, pk__lte=up_to).update(read_at=timezone.now())


def mark_one_read(*, user: User, notice: int) -> bool:
    """Mark one of the person's notices read. Returns whether it was unread; another's is left as it is."""
    own = Notification.objects.filter(user=user, pk=notice, read_at=None)
    return bool(own.update(read_at=timezone.now()))


def send_digests() -> int:
    """Send one e-mail to each active person with unread notices not mailed yet. Returns how many were sent.

    A notice is marked in the transaction that sends its mail: one that cannot be sent is tried again next time.
    """
    waiting = Notification.objects.filter(read_at=None, mailed_at=None, user__is_active=True)
    sent = 0
    for user in User.objects.filter(pk__in=waiting.values("user")):
        with transaction.atomic():
            own = Notification.objects.select_for_update(skip_locked=True).filter(
                user=user, read_at=None, mailed_at=None
            )
            notices = list(own.order_by("-pk"))
            if not notices:
                continue
            _send_digest(user, notices)
            Notification.objects.filter(pk__in=[notice.pk for notice in notices]).update(
                mailed_at=timezone.now()
            )
            sent += 1
    return sent


def _send_digest(user: User, notices: list[Notification]) -> None:
    with override(settings.LANGUAGE_CODE):
        lines = [f"- {notice.sentence}" for notice in notices[:NAMED]]
        if len(notices) > NAMED:
            lines.append(_("… and %(count)s more.") % {"count": len(notices) - NAMED})
        subject = _("%(count)s notices wait for you in the portal") % {"count": len(notices)}
        text = "\n".join(
            [_("These notices wait for you:"), "", *lines, "", _("Sign in to the portal to see them.")]
        )
    send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [user.email])
