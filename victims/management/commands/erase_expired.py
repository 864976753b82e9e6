"""Destroy identities, narratives and words past their time, by the rules in force. Run as the owner of the tables."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from accounts.row_scope import system_scope
from victims.services.erasure import erase_expired, find_expired


class Command(BaseCommand):
    help = "Destroy personal data past its time; the rows that statistics count stay. First with --preview."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--preview", action="store_true", help="only say what would be destroyed")

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        if options["preview"]:
            with system_scope("retention looks at every agency's rows"):
                expired = list(find_expired(today))
        else:
            expired = erase_expired(today=today)
        for each in expired:
            self.stdout.write(f"{each.record.code} {each.kind.value}")
        done = "would be destroyed" if options["preview"] else "destroyed"
        self.stdout.write(f"{len(expired)} {done}.")
