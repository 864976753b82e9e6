"""After an upgrade from a release that kept no versions of submissions: keep what each one says now."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.row_scope import system_scope
from reporting.services.submissions.versions import keep_missing_versions


class Command(BaseCommand):
    help = "Keep a version of each submission that was sent before versions were kept. Repeating it does nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        with system_scope("every unit's submissions are brought up to date"):
            kept = keep_missing_versions()
        self.stdout.write(f"{kept} submissions had no version; what they say now is kept.")
