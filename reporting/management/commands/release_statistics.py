"""Release the statistics of the quarter."""

import argparse
import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand

from reporting.services.releases import release_statistics


class Command(BaseCommand):
    help = "Freeze the published statistics of the quarter. Running it again in the quarter changes nothing."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--date", type=dt.date.fromisoformat, help="the day to go by, as 2026-05-20; today unless given"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        made = release_statistics(today=options["date"])
        self.stdout.write(f"{made.quarter}: {made.figures.count()} figures.")
