"""The one place where tests sign people in by force: as somebody who has just typed password and code."""

from __future__ import annotations

import time

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.test import Client

from accounts.models import User
from accounts.session_store import SessionStore

#: Where django-allauth notes whose records the session holds.
_WHOSE = "account_authentication_methods_user"


def sign_in_by_force(browser: Client, user: User, *, seconds_ago: int = 0) -> None:
    """Sign the person in as if password and code had been typed so long ago."""
    browser.force_login(user)
    session = browser.session
    mark_session(session, user, seconds_ago=seconds_ago)
    session.save()


def session_of(user: User) -> str:
    """The key of a new session in which the person is signed in, for a browser of another process."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    mark_session(session, user)
    session.create()
    assert session.session_key is not None
    return session.session_key


def mark_session(session: SessionBase, user: User, *, seconds_ago: int = 0) -> None:
    """Note in a session that its person showed a second factor, and is there."""
    now = int(time.time()) - seconds_ago
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "type": "totp", "at": now}]
    session[_WHOSE] = str(user.pk)
    session["lasts"] = {"began": now, "seen": int(time.time()), "strict": True}
