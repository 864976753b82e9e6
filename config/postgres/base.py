"""The database backend of the portal.

A served deployment sets ``DATABASE_URL``. Otherwise the settings name a data directory, and the embedded server is
started on the first connection, not at import. Either way a lost connection is an OperationalError or InterfaceError.
"""

from contextlib import suppress
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

import psycopg2
from django.conf import settings
from django.core.exceptions import BadRequest, ImproperlyConfigured
from django.db.backends.postgresql import base
from django.db.backends.utils import CursorWrapper
from django.db.utils import DatabaseErrorWrapper, Error
from django.utils.functional import cached_property

from config.embedded import doubt, ensure_running


class _Failures(DatabaseErrorWrapper):
    """Also takes for a lost connection what psycopg2 does not know to be one, and for a bad request what no text holds.

    Where a crash of the server left a notice unread, libpq finds that it cannot write, says so without a code and
    still holds the connection to be open; psycopg2 makes a bare DatabaseError of it. Whatever a server refuses has a
    code, and what psycopg2 refuses by itself has a class of its own. The connection is closed, or else Django would
    close a cursor of the server over it and hide the failure behind one of psycopg2's.

    No text of PostgreSQL holds a NUL. Forms say so beside the field; where a page asks with what was sent as it stands,
    psycopg2 refuses it, and the request is a bad one.
    """

    wrapper: Any

    def __exit__(self, kind: type[BaseException] | None, error: Any, traceback: TracebackType | None) -> None:
        if kind is psycopg2.DatabaseError and error.pgcode is None:
            kind = psycopg2.OperationalError
            if self.wrapper.connection is not None:
                self.wrapper.connection.close()
        if kind is ValueError and "NUL" in str(error):
            raise BadRequest("a value holds a NUL") from error
        super().__exit__(kind, error, traceback)


class _Cursor(CursorWrapper):
    """Fails as Django's errors also while it is closed: a cursor of the server takes a statement for that."""

    def close(self) -> None:
        with self.db.wrap_database_errors:
            self.cursor.close()

    def __exit__(self, *exception: object) -> None:
        with suppress(Error):  # as Django does: what failed before is worth more
            self.close()


@cache
def _ensure_database(data_dir: str, name: str) -> None:
    ensure_running(Path(data_dir)).ensure_database(name)


@cache
def _ensure_role(data_dir: str, role: str) -> None:
    """On a server nobody has prepared yet, the portal's role can sign in and may do nothing."""
    ensure_running(Path(data_dir)).ensure_role(role)


#: The roles that were looked at and found fit, by user name.
_fit: set[str] = set()


class DatabaseWrapper(base.DatabaseWrapper):
    @cached_property
    def wrap_database_errors(self) -> DatabaseErrorWrapper:
        return _Failures(self)

    def make_cursor(self, cursor: Any) -> CursorWrapper:
        return _Cursor(cursor, self)

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        data_dir = self.settings_dict.get("EMBEDDED_DATA_DIR")
        if data_dir:
            server = ensure_running(Path(data_dir))
            params["host"] = str(server.socket_dir)
            params["port"] = server.port
            if params.get("user") not in (None, server.user):
                _ensure_role(data_dir, params["user"])
            name = params.get("dbname") or params.get("database") or ""
            if name and name != "postgres" and not name.startswith("test_"):
                _ensure_database(data_dir, name)
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection as the portal's role. Raises ImproperlyConfigured where policies would not bind that role."""
        try:
            connection = super().get_new_connection(conn_params)
        except psycopg2.OperationalError:
            if data_dir := self.settings_dict.get("EMBEDDED_DATA_DIR"):
                doubt(Path(data_dir))
            raise
        user = str(conn_params.get("user"))
        if settings.IS_OWNER_PROCESS or user in _fit:
            return connection
        from config.roles import role_faults  # the models must be loaded

        with connection.cursor() as cursor:
            faults = role_faults(cursor)
        connection.rollback()
        if faults:
            connection.close()
            raise ImproperlyConfigured(
                f"The portal does not work as this database role: {'; '.join(faults)}. Put a role of its own into "
                "DATABASE_URL, the owner of the tables into DATABASE_OWNER_URL, and run: "
                "python manage.py grant_portal_role"
            )
        _fit.add(user)
        return connection
