"""Make the portal's database role and give it what it needs, and nothing else. Repeatable."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError, connection, transaction

from config.roles import ensure_role, grant


class Command(BaseCommand):
    help = "Make the role web and worker connect as, and grant it what they need. `migrate` ends with this."

    def handle(self, *args: Any, **options: Any) -> None:
        role = settings.PORTAL_DATABASE["USER"]
        if settings.OWNER_DATABASE["USER"] == role:
            raise CommandError(
                "DATABASE_URL and DATABASE_OWNER_URL name the same role. Let DATABASE_OWNER_URL name the owner of the "
                "tables and DATABASE_URL a role of its own, such as portal_app; this command makes that role."
            )
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                # One process at a time prepares this database.
                cursor.execute("SELECT pg_advisory_xact_lock(138002)")
                ensure_role(cursor, role, settings.PORTAL_DATABASE.get("PASSWORD", ""))
                tables = grant(cursor, role)
        except ProgrammingError as error:
            raise CommandError(
                f"The role {role} could not be made or changed ({type(error.__cause__ or error).__name__}). Let an "
                "administrator of the server make it, or give the role of DATABASE_OWNER_URL the right CREATEROLE."
            ) from error
        if options["verbosity"]:
            self.stdout.write(f"The role {role} works on {tables} tables and owns none.")
