"""Checks of `sanity_check`: policies are on, and the portal's role holds what it needs and nothing else."""

from collections.abc import Iterator

from django.conf import settings
from django.db import connection

from accounts.findings import Finding, Level
from accounts.row_scope import PROTECTED_TABLES, policies_needed
from config.condition.archiving import the_log_is_archived
from config.roles import privilege_faults


def protected_tables_have_policies() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        for table in PROTECTED_TABLES:
            cursor.execute(
                "SELECT c.relrowsecurity, ARRAY(SELECT p.cmd FROM pg_policies p WHERE p.schemaname = 'public'"
                " AND p.tablename = c.relname) FROM pg_class c WHERE c.oid = to_regclass(%s)",
                [table],
            )
            row = cursor.fetchone()
            if row is None:
                yield Finding(Level.ERROR, "is protected and does not exist", table)
                continue
            if not row[0]:
                yield Finding(Level.ERROR, "row-level security is off", table)
            if "ALL" not in row[1]:
                for missing in sorted(policies_needed(table) - set(row[1])):
                    yield Finding(Level.ERROR, f"no policy for {missing}", table)


def the_role_owns_nothing() -> Iterator[Finding]:
    role = str(settings.PORTAL_DATABASE["USER"])
    with connection.cursor() as cursor:
        for fault in privilege_faults(cursor, role):
            yield Finding(Level.ERROR, f"{fault}; run manage.py grant_portal_role", role)


CHECKS = [protected_tables_have_policies, the_role_owns_nothing, the_log_is_archived]
