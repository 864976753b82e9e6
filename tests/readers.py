"""Browsers in which the cast is signed in. Signing in costs as much as a page, so it happens once for many tests."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.test import Client

from tests.cast import People
from tests.signing_in import sign_in_by_force


class Readers:
    """Opens a new browser for a role, in English, with the session the person already has."""

    def __init__(self, people: People, roles: Iterable[str]) -> None:
        self._sessions: dict[str, str] = {}
        for role in roles:
            browser = Client()
            sign_in_by_force(browser, getattr(people, role))
            self._sessions[role] = browser.cookies[settings.SESSION_COOKIE_NAME].value

    def browser(self, role: str) -> Client:
        """Whoever has no session reads without signing in, and in the language of the portal."""
        browser = Client()
        if role in self._sessions:
            browser.cookies["django_language"] = "en"
            browser.cookies[settings.SESSION_COOKIE_NAME] = self._sessions[role]
        return browser
