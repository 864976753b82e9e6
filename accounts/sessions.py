"""How long a session lasts, which ones a person has, and how they end."""

import datetime as dt
import time
from collections.abc import Iterable
from dataclasses import dataclass

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone

from accounts.factors.needed import needs_factor
from accounts.lots import remove_in_lots
from accounts.models import AuditEvent, User
from accounts.services import record_event


@dataclass(frozen=True)
class Limits:
    """Seconds without a click, and seconds since the sign-in, after which a session ends."""

    idle: int
    longest: int


#: For roles that need a second factor, and for the others.
STRICT = Limits(idle=30 * 60, longest=10 * 3600)
USUAL = Limits(idle=8 * 3600, longest=7 * 24 * 3600)

#: Where a session keeps when it began, when its person was seen, and whether it is a strict one.
_KEY = "lasts"
#: Seconds after which it is noted again that the person is there.
NOTE_EVERY = 60


def begin_session(request: HttpRequest, user: User) -> None:
    """Note that the session begins now."""
    now = int(time.time())
    request.session[_KEY] = {"began": now, "seen": now, "strict": needs_factor(user)}


def renew_session(request: HttpRequest) -> None:
    """Go on under another key; who knows the old one has nothing any more."""
    old = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=old).update(session_key=request.session.session_key)


def still_lasts(request: HttpRequest, user: User, *, is_person: bool) -> bool:
    """Whether the session is within its limits. Once a minute it is noted that the person is there.

    ``is_person``: somebody clicked; what a page asks for by itself keeps no session alive.
    """
    now = int(time.time())
    kept = request.session.get(_KEY)
    if kept is None:
        begin_session(request, user)
        return True
    limits = STRICT if kept["strict"] else USUAL
    if now - kept["seen"] > limits.idle or now - kept["began"] > limits.longest:
        return False
    if is_person and now - kept["seen"] >= NOTE_EVERY:
        request.session[_KEY] = {**kept, "seen": now, "strict": needs_factor(user)}
        UserSession.objects.filter(session_key=request.session.session_key).update(
            last_seen_at=timezone.now()
        )
    return True


def sessions_of(user: User) -> list[UserSession]:
    """The sessions of a person that still last, the latest first."""
    limits = STRICT if needs_factor(user) else USUAL
    now = timezone.now()
    rows = UserSession.objects.filter(
        user=user,
        last_seen_at__gt=now - dt.timedelta(seconds=limits.idle),
        created_at__gt=now - dt.timedelta(seconds=limits.longest),
        session_key__in=Session.objects.filter(expire_date__gt=now).values("session_key"),
    )
    return list(rows.order_by("-last_seen_at"))


def end_sessions(*, user: User, actor: User, sessions: Iterable[UserSession]) -> int:
    """End these sessions of a person, at once. Returns how many."""
    rows = list(sessions)
    Session.objects.filter(session_key__in=[row.session_key for row in rows]).delete()
    UserSession.objects.filter(pk__in=[row.pk for row in rows]).delete()
    if rows:
        record_event(
            actor=actor,
            kind=AuditEvent.Kind.SESSION_ENDED,
            about=f"accounts.user:{user.pk}",
            detail={"sessions": len(rows)},
        )
    return len(rows)


def forget_sessions() -> int:
    """Remove sessions that are over, with address and browser of each. Returns how many were noted."""
    remove_in_lots(Session.objects.filter(expire_date__lt=timezone.now()))
    is_there = Session.objects.filter(session_key=OuterRef("session_key"))
    return remove_in_lots(UserSession.objects.filter(~Exists(is_there)))


def end_other_sessions(*, user: User, but: str | None) -> int:
    """End every session of the person except the one with this key."""
    others = UserSession.objects.filter(user=user).exclude(session_key=but or "")
    return end_sessions(user=user, actor=user, sessions=others)
