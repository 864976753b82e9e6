"""Two roles of the database: the owner, who migrates, and the portal, which owns nothing and sees what policies let it.

Web, worker, beat and shell connect as the portal's role. Only the commands named here act as the owner, because they
make or fill tables. With the embedded server the roles are ``postgres`` and ``portal_app``; a served deployment names
them in DATABASE_OWNER_URL and DATABASE_URL.
"""

from typing import Any

from django.apps import apps
from django.db import DatabaseError
from psycopg2 import sql

#: Commands of manage.py that make, change or fill tables. Every other one has no more rights than the portal.
OWNER_COMMANDS = frozenset(
    {
        *("migrate", "makemigrations", "showmigrations", "sqlmigrate", "createcachetable", "flush", "test"),
        *("pgtrigger", "dbshell", "grant_portal_role", "rotate_field_keys", "remove_classified"),
        *("load_areas", "load_catalogue", "load_programmes", "load_demo", "load_national"),
    }
)

#: Logs of the portal. What is written there stays: not even the portal's role may change or remove it.
LOGS = ("accounts_auditevent", "accounts_readevent", "accounts_readseal")


class RoleMissing(DatabaseError):
    """The portal's role does not exist, and the owner may not make roles."""


def append_only_tables() -> list[str]:
    """Tables to which rows are only added: logs, and the events of every tracked model."""
    events = [
        model._meta.db_table
        for model in apps.get_models()
        if not model._meta.proxy and hasattr(model, "pgh_tracked_model")
    ]
    return sorted({*LOGS, *events})


def make_role(cursor: Any, role: str) -> None:
    """Make the portal's role unless it is there. Raises RoleMissing when the owner may not."""
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    if cursor.fetchone() is not None:
        return
    cursor.execute("SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user")
    if not cursor.fetchone()[0]:
        raise RoleMissing(
            f"The role {role} is missing. Let an administrator of PostgreSQL run:"
            f" CREATE ROLE {role} LOGIN PASSWORD '...';"
        )
    cursor.execute(
        sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE").format(
            sql.Identifier(role)
        )
    )


def grant(cursor: Any, role: str) -> None:
    """Give the portal's role what it needs on every table there is now, and nothing more. Safe to repeat."""
    name = sql.Identifier(role)
    statements = [
        "GRANT USAGE ON SCHEMA public TO {}",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
        "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {}",
    ]
    for statement in statements:
        cursor.execute(sql.SQL(statement).format(name))
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    present = {table for (table,) in cursor.fetchall()}
    for table in append_only_tables():
        if table in present:
            cursor.execute(sql.SQL("REVOKE UPDATE, DELETE ON {} FROM {}").format(sql.Identifier(table), name))
    cursor.execute(sql.SQL("REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {}").format(name))


def powers_of_current(cursor: Any) -> list[str]:
    """What the connected role may do that the portal must not: empty for a role that is as it should be."""
    cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
    is_superuser, bypasses = cursor.fetchone()
    cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user")
    (owned,) = cursor.fetchone()
    found = {
        "is a superuser": is_superuser,
        "bypasses row-level security": bypasses,
        f"owns {owned} tables": owned > 0,
    }
    return [power for power, has in found.items() if has]
