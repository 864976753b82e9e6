"""Look whether the portal is what it says it is; fail when it is not."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError

from accounts.findings import Level
from accounts.row_scope import system_scope


class Command(BaseCommand):
    help = "Check the sealed logs, policies, rights of the database role, files and facts. Exit code 1 on errors."

    def handle(self, *args: Any, **options: Any) -> None:
        errors = 0
        for app in apps.get_app_configs():
            if find_spec(f"{app.name}.sanity") is None:
                continue
            for check in import_module(f"{app.name}.sanity").CHECKS:
                with system_scope("a check looks at every row"):
                    for finding in check():
                        self.stdout.write(f"{finding.level}: {finding.where}: {finding.what}")
                        errors += finding.level is Level.ERROR
        if errors:
            raise CommandError(f"{errors} errors; see the lines above.")
        self.stdout.write("No errors.")
