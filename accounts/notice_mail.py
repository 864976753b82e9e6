"""Notices by e-mail: at once or in a digest, outside quiet hours, each with a way to hear less."""

import datetime as dt
import logging
from collections.abc import Iterator
from itertools import groupby

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from accounts.models import ALWAYS_TOLD, Digest, Notice, NoticeSettings, Notification, User, Way
from accounts.notices import choose_ways

logger = logging.getLogger("portal.mail")

#: An e-mail names at most so many notices; the page shows all.
NAMED = 20
#: For how long the link in an e-mail works.
LINK_DAYS = 180
_SALT = "accounts.notice_mail"
#: What a link in a digest stops; other links name a kind.
DIGEST = "digest"


def send_waiting(*, now: dt.datetime | None = None) -> int:
    """Send what is due at this moment to each active person. Returns how many e-mails went out.

    Only what is committed is seen here. A notice is marked in the transaction that sends its mail, so one that
    cannot be sent, or that comes in a quiet hour, waits for the next time.
    """
    moment = timezone.localtime(now)
    sent = 0
    for user, chosen in _people_due(moment):
        try:
            with transaction.atomic():
                sent += _send_to(user, chosen, moment)
        except OSError as failure:  # of the mail server, for one address or for all; the others are tried
            logger.warning("notices of person %s were not mailed: %s", user.pk, type(failure).__name__)
    return sent


def _waiting(moment: dt.datetime) -> QuerySet[Notification]:
    rows = Notification.objects.filter(read_at=None, mailed_at=None, created_at__lte=moment)
    return rows.filter(way__in=[Way.AT_ONCE, Way.DIGEST])


def _people_due(moment: dt.datetime) -> Iterator[tuple[User, NoticeSettings]]:
    """Whom something is to be sent to now. Three queries, however many people have something that waits."""
    collected = Q(way=Way.DIGEST)
    told = (
        _waiting(moment)
        .values("user")
        .annotate(
            at_once=Count("pk", filter=Q(way=Way.AT_ONCE)),
            since=Min("created_at", filter=collected),
            guarding_since=Min("created_at", filter=collected & Q(kind__in=ALWAYS_TOLD)),
        )
    )
    waiting = {row["user"]: row for row in told}
    settings_of = NoticeSettings.objects.in_bulk(list(waiting))
    due = {}
    for user, row in waiting.items():
        chosen = settings_of.get(user) or NoticeSettings(user_id=user)
        since = row["guarding_since"] if chosen.digest == Digest.NEVER else row["since"]
        has_come = since is not None and since <= chosen.last_digest_before(moment)
        if (row["at_once"] or has_come) and not chosen.is_quiet_at(moment):
            due[user] = chosen
    for person in User.objects.filter(is_active=True, pk__in=due) if due else []:
        yield person, due[person.pk]


def _send_to(user: User, chosen: NoticeSettings, moment: dt.datetime) -> int:
    own = _waiting(moment).select_for_update(skip_locked=True).filter(user=user)
    waiting = list(own.order_by("kind", "-pk"))
    letters = [
        (kind, list(notices))
        for kind, notices in groupby((each for each in waiting if each.way == Way.AT_ONCE), lambda n: n.kind)
    ]
    due = chosen.last_digest_before(moment)
    collected = [each for each in waiting if each.way == Way.DIGEST and _goes(each, chosen)]
    if any(each.created_at <= due for each in collected):
        letters.append((DIGEST, sorted(collected, key=lambda each: -each.pk)))
    for stops, notices in letters:
        _send(user, notices, stops)
        Notification.objects.filter(pk__in=[each.pk for each in notices]).update(mailed_at=moment)
    return len(letters)


def _goes(notice: Notification, chosen: NoticeSettings) -> bool:
    return chosen.digest != Digest.NEVER or notice.kind in ALWAYS_TOLD


def _send(user: User, notices: list[Notification], stops: str) -> None:
    with override(settings.LANGUAGE_CODE):
        count = len(notices)
        subject = ngettext(
            "%(count)s notice waits for you in the portal",
            "%(count)s notices wait for you in the portal",
            count,
        ) % {"count": count}
        lines = [f"- {notice.sentence}" for notice in notices[:NAMED]]
        if count > NAMED:
            lines.append(_("… and %(count)s more.") % {"count": count - NAMED})
        lines = [_("These notices wait for you:"), "", *lines, ""]
        lines += [_("Sign in to the portal to see them:"), _address(reverse("notifications")), ""]
        stop = ""
        if any(notice.may_be_muted for notice in notices):
            stop = _address(reverse("notice_stop", args=[stop_token(user, stops)]))
            lines += [_("No more e-mails like this one:"), stop, ""]
        lines += [_("Choose what you hear of, and when:"), _address(reverse("notice_choices"))]
    headers = {"Auto-Submitted": "auto-generated"}
    if stop:
        headers |= {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    EmailMessage(subject, "\n".join(lines), settings.DEFAULT_FROM_EMAIL, [user.email], headers=headers).send()


def _address(path: str) -> str:
    return f"{settings.PUBLIC_URL}{path}"


# --- the link in an e-mail ---


def stop_token(user: User, stops: str) -> str:
    """What the link in an e-mail says: whose e-mails to stop, and which. Nobody can make one who lacks our key."""
    return signing.dumps([user.pk, stops], salt=_SALT)


def read_stop_token(token: str) -> tuple[User, str] | None:
    """Whose e-mails a link stops, and which: a kind, or DIGEST. None for a link that is not ours, or too old."""
    try:
        pk, stops = signing.loads(token, salt=_SALT, max_age=dt.timedelta(days=LINK_DAYS))
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=pk, is_active=True).first()
    is_known = stops == DIGEST or (stops in Notice.values and stops not in ALWAYS_TOLD)
    return (user, stops) if user and is_known else None


def stop_mail(*, user: User, stops: str) -> None:
    """No more e-mails of this kind, or no more digests. The notices stay in the page."""
    if stops == DIGEST:
        NoticeSettings.objects.update_or_create(user=user, defaults={"digest": Digest.NEVER})
    else:
        choose_ways(user=user, ways={Notice(stops): Way.PAGE})
