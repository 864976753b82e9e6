"""Giving notices, and the digest of them that goes out by e-mail."""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Notice, Notification, User

#: A digest names at most so many notices; the page shows all.
NAMED = 20


def notify(
    *, people: Iterable[User], kind: Notice, key: str, url: str, about: Mapping[str, str] | None = None
) -> int:
    """Give a notice to people who do not have it yet. Returns how many got it."""
    rows = [Notification(user=user, kind=kind, key=key, url=url, about=dict(about or {})) for user in people]
    before = Notification.objects.filter(key=key).count()
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    return Notification.objects.filter(key=key).count() - before


def mark_read(*, user: User, up_to: int) -> int:
    """Mark the person's notices read, up to the one with this id."""
    return Notification.objects.filter(user=user, read_at=None, pk__lte=up_to).update(read_at=timezone.now())


def mark_one_read(*, user: User, notice: int) -> bool:
    """Mark one of the person's notices read. Returns whether it was unread; another's is left as it is."""
    own = Notification.objects.filter(user=user, pk=notice, read_at=None)
    return bool(own.update(read_at=timezone.now()))


def send_digests() -> int:
    """Send one e-mail to each active person with unread notices not mailed yet. Returns how many were sent."""
    waiting = Notification.objects.filter(read_at=None, mailed_at=None, user__is_active=True)
    people = User.objects.filter(pk__in=waiting.values("user"))
    return sum(send_digest_of(user=user) for user in people)


@transaction.atomic
def send_digest_of(*, user: User) -> bool:
    """Mail a person the unread notices not mailed yet. Returns whether there were any.

    A notice is marked in the transaction that sends its mail: one that cannot be sent is tried again next time.
    """
    own = Notification.objects.select_for_update(skip_locked=True).filter(
        user=user, read_at=None, mailed_at=None
    )
    notices = list(own.order_by("-pk"))
    if not notices:
        return False
    _send_digest(user, notices)
    Notification.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=timezone.now())
    return True


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
