"""Open the periods that the clock would open on a day."""

import argparse
import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from reporting.services.obligations import open_due_periods


class Command(BaseCommand):
    help = "Make what units owe for the scheduled forms whose period is near its end. Running it again adds nothing."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--date", type=dt.date.fromisoformat, help="the day to go by, as 2026-05-20; today unless given"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        day = options["date"] or timezone.localdate()
        made = open_due_periods(today=day)
        for name, count in made.items():
            self.stdout.write(f"{name}: {count} obligations.")
        if not made:
            self.stdout.write(f"Nothing to open on {day:%Y-%m-%d}.")
