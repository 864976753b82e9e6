"""Queries of a test with the rights of the portal's own role, as web and worker have them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection


@contextmanager
def portal_role() -> Iterator[str]:
    """Within it the connection is of the role that owns nothing: what `migrate` granted it, and policies, bind it."""
    role = str(settings.PORTAL_DATABASE["USER"])
    with connection.cursor() as cursor:
        cursor.execute(f'SET ROLE "{role}"')
    try:
        yield role
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE")
