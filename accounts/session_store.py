"""Sessions in the database. One that cannot be kept because the database is away is not one that was ended."""

from typing import Any

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.db import OperationalError


class SessionStore(DatabaseSessionStore):
    def save(self, must_create: bool = False) -> Any:
        """Keep the session. Raises UpdateError when it was ended meanwhile, and whatever keeps the database away.

        Django takes any failure for an ended session, and the person is told that the request cannot be read.
        """
        try:
            return super().save(must_create)
        except UpdateError as ended:
            if isinstance(ended.__context__, OperationalError):
                raise ended.__context__ from None
            raise
