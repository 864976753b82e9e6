"""What django-allauth tells of second factors and passwords, kept in the trail and told to the person."""

from typing import Any

from allauth.account.signals import authentication_step_completed, password_changed, password_reset
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
    authenticator_used,
)
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.factors.needed import FACTORS
from accounts.factors.telling import tell
from accounts.models import AuditEvent, Notice, User
from accounts.services import record_event
from accounts.sessions import end_other_sessions, renew_session


@receiver(authenticator_added)
def note_added(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type in FACTORS:
        _note(user, AuditEvent.Kind.FACTOR_ADDED, authenticator)
        _tell_now(user, Notice.FACTOR_CHANGED)
    else:
        _note(user, AuditEvent.Kind.CODES_MADE, authenticator)


@receiver(authenticator_removed)
def note_removed(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type in FACTORS:
        _note(user, AuditEvent.Kind.FACTOR_REMOVED, authenticator)
        _tell_now(user, Notice.FACTOR_CHANGED)


@receiver(authenticator_reset)
def note_new_codes(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    _note(user, AuditEvent.Kind.CODES_MADE, authenticator)
    _tell_now(user, Notice.FACTOR_CHANGED)


@receiver(authenticator_used)
def note_used(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        _note(user, AuditEvent.Kind.CODE_SPENT, authenticator)
        _tell_now(user, Notice.FACTOR_CHANGED)


@receiver(authentication_step_completed)
def note_confirmed(request: HttpRequest, user: User, method: str, **kwargs: Any) -> None:
    """A person who is signed in showed once more who they are, by password or factor."""
    if kwargs.get("reauthenticated"):
        renew_session(request)
        record_event(
            actor=user,
            kind=AuditEvent.Kind.CONFIRMED,
            about=f"accounts.user:{user.pk}",
            detail={"factor": kwargs.get("type", method)},
        )


@receiver(authentication_failed)
def note_refused(user: User, authenticator: Authenticator, reauthentication: bool, **kwargs: Any) -> None:
    """A wrong code after the right password: it may be a slip, or somebody who has the password."""
    _note(user, AuditEvent.Kind.CODE_REFUSED, authenticator)
    if not reauthentication:
        tell(user, Notice.CODE_REFUSED, key=f"{timezone.localtime():%Y-%m-%d %H}")


@receiver(password_changed)
@receiver(password_reset)
def note_password(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """A new password ends every other session."""
    record_event(actor=user, kind=AuditEvent.Kind.PASSWORD_CHANGED, about=f"accounts.user:{user.pk}")
    end_other_sessions(user=user, but=request.session.session_key)
    _tell_now(user, Notice.PASSWORD_CHANGED)


def _note(user: User, kind: AuditEvent.Kind, authenticator: Authenticator) -> None:
    record_event(
        actor=user, kind=kind, about=f"accounts.user:{user.pk}", detail={"factor": authenticator.type}
    )


def _tell_now(user: User, kind: Notice) -> None:
    tell(user, kind, key=timezone.now().isoformat(timespec="seconds"))
