"""Look whether the portal is what it says it is; fail when it is not."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.findings import Level
from config.condition.checks import find_all


class Command(BaseCommand):
    help = "Check the sealed logs, policies, rights of the database role, files and facts. Exit code 1 on errors."

    def handle(self, *args: Any, **options: Any) -> None:
        errors = 0
        for finding in find_all():
            self.stdout.write(f"{finding.level}: {finding.where}: {finding.what}")
            errors += finding.level is Level.ERROR
        if errors:
            raise CommandError(f"{errors} errors; see the lines above.")
        self.stdout.write("No errors.")
