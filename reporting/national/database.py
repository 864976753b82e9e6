"""The database of its own that synthetic records live in, with a note that says which they are."""

from django.conf import settings
from django.db import connection

from programs.models import Activity
from reporting.national.filling import Plan
from territory.models import Agency

SUFFIX = "_national"
_NOTE = "synthetic national data: "


class NotApart(ValueError):
    """The database holds something else, or other synthetic data than asked for."""


def connect_apart() -> str:
    """Lead the connection to the database beside the configured one, made where it is missing. Returns its name."""
    configured = str(connection.settings_dict["NAME"])
    name = configured if configured.endswith(SUFFIX) else configured + SUFFIX
    if not settings.DATABASE_IS_EMBEDDED:  # the embedded server makes what it is asked for
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {connection.ops.quote_name(name)}")
    connection.close()
    connection.settings_dict["NAME"] = name
    return name


def is_filled(plan: Plan) -> bool:
    """Whether the database holds just this. Raises NotApart where it holds anything else."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        )
        note = cursor.fetchone()[0] or ""
    if note == f"{_NOTE}{plan}":
        return True
    if note.startswith(_NOTE):
        raise NotApart(f"it holds other {note}")
    if Agency.objects.exists() or Activity.objects.unscoped("looks whether there are any").exists():
        raise NotApart("it holds records that are not synthetic")
    return False


def note(plan: Plan) -> None:
    """Write down in the database what it holds."""
    with connection.cursor() as cursor:
        name = connection.ops.quote_name(str(connection.settings_dict["NAME"]))
        cursor.execute(f"COMMENT ON DATABASE {name} IS %s", [f"{_NOTE}{plan}"])


def drop() -> None:
    """Remove the database. Its name says that all in it is synthetic."""
    name = str(connection.settings_dict["NAME"])
    assert name.endswith(SUFFIX)
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(name)}")
