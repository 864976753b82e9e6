"""Django's migrate, which ends by making the table of the cache and granting the portal's role its rights."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import migrate


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if options["plan"] or options["check_unapplied"]:
            return
        call_command("createcachetable", verbosity=0, database=options["database"])
        if settings.OWNER_DATABASE["USER"] != settings.PORTAL_DATABASE["USER"]:
            call_command("grant_portal_role", verbosity=max(0, options["verbosity"] - 1), stdout=self.stdout)
