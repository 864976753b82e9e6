"""Checks of the whole portal: the role it runs as, its files, its figures."""

import hashlib
from collections.abc import Iterator

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection

from accounts.sanity import Finding, Level, sanity_check
from config.roles import append_only_tables, powers_of_current
from programs.models import Attachment
from reporting.models import Report
from reporting.rollup import check_facts


@sanity_check("role")
def check_role() -> Iterator[Finding]:
    """The portal's role may do what it must and nothing more."""
    if not settings.ACTS_AS_OWNER:
        with connection.cursor() as cursor:
            for power in powers_of_current(cursor):
                yield Finding(Level.ERROR, "role", f"the role of the portal {power}")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.name, p.privilege FROM unnest(%s::text[]) AS t (name),"
            " unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS p (privilege)"
            " WHERE to_regclass(t.name) IS NOT NULL AND has_table_privilege(%s, t.name, p.privilege)",
            [append_only_tables(), settings.PORTAL_ROLE],
        )
        for table, privilege in cursor.fetchall():
            yield Finding(Level.ERROR, "role", f"{settings.PORTAL_ROLE} may {privilege} in {table}")


@sanity_check("files")
def check_files() -> Iterator[Finding]:
    """Every stored file is there and holds what was stored."""
    attached = Attachment.objects.values_list("pk", "file", "sha256")
    issued = Report.objects.unscoped("a check of every file").values_list("pk", "file", "sha256")
    for kind, rows in (("attachment", attached), ("report", issued)):
        for pk, name, sha256 in rows.iterator():
            if not name or not default_storage.exists(name):
                yield Finding(Level.ERROR, "files", f"the file of {kind} {pk} is missing")
                continue
            with default_storage.open(name) as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                    yield Finding(Level.ERROR, "files", f"the file of {kind} {pk} was changed")


@sanity_check("facts")
def check_figures() -> Iterator[Finding]:
    """The roll-up holds what the records add up to."""
    for difference in check_facts()[:100]:
        yield Finding(Level.ERROR, "facts", difference)
