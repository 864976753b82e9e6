"""The two database roles: the owner of the tables, and the portal's own, which owns nothing.

Row-level security and the append-only logs hold only for a role that neither owns the tables nor may bypass their
policies. So web, worker, beat, shell and most commands connect as the portal's role; config/processes.py names the
few that connect as the owner.
"""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.db import IntegrityError, InternalError, ProgrammingError, transaction
from psycopg2 import sql
from psycopg2.extensions import encrypt_password

from accounts.row_scope import PROTECTED_TABLES

#: Tables whose rows the portal may add and read, and never change. Histories are found by their models.
LOGS = ("accounts_auditevent", "accounts_readevent", "accounts_readseal")

#: How often the role is looked at again when another database of the server makes or changes it at the same moment.
ROLE_ATTEMPTS = 5
#: The codes of PostgreSQL for that: unique_violation, duplicate_object, and "tuple concurrently updated".
_MADE_MEANWHILE = ("23505", "42710", "XX000")

#: Tables the portal only reads.
READ_ONLY = ("django_migrations",)


def append_only_tables() -> list[str]:
    """The logs and every table of history, by name."""
    histories = (m._meta.db_table for m in apps.get_models() if hasattr(m, "pgh_tracked_model"))
    return sorted({*LOGS, *histories})


def role_faults(cursor: Any, protected: Sequence[str] = PROTECTED_TABLES) -> list[str]:
    """What makes the connected role unfit for the portal: it could see or change what policies keep from it."""
    cursor.execute("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
    name, is_super, bypasses = cursor.fetchone()
    found = []
    if is_super:
        found.append(f"{name} is a superuser")
    elif bypasses:
        found.append(f"{name} bypasses row-level security")
    cursor.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND pg_has_role(current_user, c.relowner, 'MEMBER')"
        " AND c.relname = ANY (%s) ORDER BY 1 LIMIT 1",
        [[*protected, *LOGS]],
    )
    owned = cursor.fetchone()
    if owned and not is_super:
        found.append(f"{name} owns the table {owned[0]}")
    return found


def privilege_faults(cursor: Any, role: str) -> list[str]:
    """What a role may do and must not, and what it may not do and must, table by table."""
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    if cursor.fetchone() is None:
        return [f"the role {role} does not exist"]
    kept = set(append_only_tables())
    found = []
    cursor.execute(
        "SELECT c.relname, ARRAY(SELECT p FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE'])"
        " AS p WHERE has_table_privilege(%s, c.oid, p)) FROM pg_class c"
        " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"
        " ORDER BY 1",
        [role],
    )
    for table, held in cursor.fetchall():
        wanted = _privileges(table, kept)
        found += [f"{role} may {each} {table}" for each in held if each not in wanted]
        found += [f"{role} may not {each} {table}" for each in wanted if each not in held]
    cursor.execute("SELECT has_schema_privilege(%s, 'public', 'CREATE')", [role])
    if cursor.fetchone()[0]:
        found.append(f"{role} may create tables")
    return found


def _privileges(table: str, kept: set[str]) -> tuple[str, ...]:
    if table in READ_ONLY:
        return ("SELECT",)
    return ("SELECT", "INSERT") if table in kept else ("SELECT", "INSERT", "UPDATE", "DELETE")


#: What the portal's role must be able to do, and must not, as pg_roles tells it.
_ATTRIBUTES = {
    "rolcanlogin": ("LOGIN", True),
    "rolsuper": ("NOSUPERUSER", False),
    "rolbypassrls": ("NOBYPASSRLS", False),
    "rolcreatedb": ("NOCREATEDB", False),
    "rolcreaterole": ("NOCREATEROLE", False),
    "rolreplication": ("NOREPLICATION", False),
}


def ensure_role(cursor: Any, role: str, password: str = "") -> None:
    """Make the role, or take from it what it must not have. The password reaches the server as its hash.

    All databases of a server share the role, and no lock of one database holds off another. So nothing is written
    that is so already, and what another did at the same moment is looked at again.
    """
    for _ in range(ROLE_ATTEMPTS - 1):
        try:
            with transaction.atomic():
                return _make_fit(cursor, role, password)
        except (IntegrityError, ProgrammingError, InternalError) as error:
            if getattr(error.__cause__, "pgcode", None) not in _MADE_MEANWHILE:
                raise
    return _make_fit(cursor, role, password)


def _make_fit(cursor: Any, role: str, password: str) -> None:
    columns = sql.SQL(", ").join(map(sql.Identifier, _ATTRIBUTES))
    asked = sql.SQL("SELECT {} FROM pg_roles WHERE rolname = %s").format(columns)
    name = sql.Identifier(role)
    cursor.execute(asked, [role])
    held = cursor.fetchone()
    if held is None:
        # PostgreSQL 15 lets only a superuser say NOSUPERUSER to a role, also where it is none: say what is wrong alone.
        cursor.execute(sql.SQL("CREATE ROLE {}").format(name))
        cursor.execute(asked, [role])
        held = cursor.fetchone()
    wrong = [word for (word, wanted), has in zip(_ATTRIBUTES.values(), held, strict=True) if has != wanted]
    if wrong:
        cursor.execute(sql.SQL("ALTER ROLE {} ").format(name) + sql.SQL(" ".join(wrong)))
    if password:
        secret = encrypt_password(password, role, cursor.connection, "scram-sha-256")
        cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(name, sql.Literal(secret)))


def grant(cursor: Any, role: str) -> int:
    """Give the role what the portal needs on the tables there are, and nothing else. Returns how many tables."""
    name = sql.Identifier(role)
    cursor.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY 1"
    )
    tables = [table for (table,) in cursor.fetchall()]
    kept = set(append_only_tables())
    for statement in (
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC, {role}",
        "GRANT USAGE ON SCHEMA public TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role}",
        # Of the views this leaves reporting's, which read with the rights of their owner.
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}",
    ):
        cursor.execute(sql.SQL(statement).format(role=name))
    for table in tables:
        on = sql.Identifier("public", table)
        privileges = sql.SQL(", ").join(map(sql.SQL, _privileges(table, kept)))
        cursor.execute(sql.SQL("REVOKE ALL ON {} FROM {}").format(on, name))
        cursor.execute(sql.SQL("GRANT {} ON {} TO {}").format(privileges, on, name))
    return len(tables)
