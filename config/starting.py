"""What web, worker and beat look at before they take work."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

from config.embedded import EmbeddedDatabaseError


def refuse_unfit_role() -> None:
    """Connect once, and so refuse a database role the policies do not bind. A server that is away is no reason to end.

    Raises ImproperlyConfigured with the remedy.
    """
    try:
        connection.ensure_connection()
    except (DatabaseError, EmbeddedDatabaseError):
        return  # told when somebody asks, and looked at again at the first connection
    connection.close()


def refuse_unfit_worker(**kwargs: Any) -> None:
    """The same for a worker or beat, which ends by it."""
    try:
        refuse_unfit_role()
    except ImproperlyConfigured as error:
        raise SystemExit(str(error)) from None
