"""Make the roll-up anew, or compare it with the records."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reporting.dashboard.ahead import check_lists
from reporting.figures.checking import check_kept
from reporting.rebuilding import rebuild_facts
from reporting.rollup import check_facts


class Command(BaseCommand):
    help = "Sum all facts again from the records; with --check only compare, and fail where they differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check"]:
            self.stdout.write(f"{rebuild_facts()} facts.")
            return
        differences = check_facts()
        for difference in differences:
            self.stderr.write(difference)
        if differences:
            raise CommandError(f"{len(differences)} facts differ from the records. Run rebuild_facts.")
        kept = [*check_kept(), *check_lists()]
        for difference in kept:
            self.stderr.write(difference)
        if kept:
            raise CommandError(f"{len(kept)} kept figures and lists are not what is counted.")
        self.stdout.write("Facts and records agree.")
