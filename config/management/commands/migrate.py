"""Django's migrate, which ends by granting the portal's role its rights on the tables that are there now."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import migrate


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        only_looks = options["plan"] or options["check_unapplied"]
        if not only_looks and settings.OWNER_DATABASE["USER"] != settings.PORTAL_DATABASE["USER"]:
            call_command("grant_portal_role", verbosity=max(0, options["verbosity"] - 1), stdout=self.stdout)
