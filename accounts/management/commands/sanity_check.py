"""Look whether what is stored is whole."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.row_scope import system_scope
from accounts.sanity import CHECKS, Level, findings


class Command(BaseCommand):
    help = "Checks logs, row security, files and facts. Ends with status 1 when something is wrong."

    def handle(self, *args: Any, **options: Any) -> None:
        errors = 0
        with system_scope("a check of everything that is stored"):
            for finding in findings():
                errors += finding.level == Level.ERROR
                self.stdout.write(f"{finding.level}: {finding.check}: {finding.message}")
        if errors:
            raise CommandError(f"{errors} errors were found.")
        self.stdout.write(f"{len(CHECKS)} checks found no error.")
