"""Seal the rows of the logs whose transactions are over. A job does it each minute."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.sealing import heads, seal_logs


class Command(BaseCommand):
    help = "Seal the read log and the trail, and print the last seal of each."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{seal_logs()} rows sealed.")
        for log, head in heads().items():
            self.stdout.write(f"{log} {head}")
