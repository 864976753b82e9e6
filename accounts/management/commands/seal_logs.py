"""Seal the read log and the audit log."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.sealing import seal_logs


class Command(BaseCommand):
    help = "Closes what was written to the read and audit logs under a chain of hashes. Runs each minute by itself."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{seal_logs()} rows sealed.")
