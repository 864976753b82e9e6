"""Load the offences and time limits the law sets, where they are missing. Repeatable."""

from typing import Any

from django.core.management.base import BaseCommand

from incidents.lists import load_lists


class Command(BaseCommand):
    help = "Load the offences of the criminal codes and the statutory time limits. Changes nothing that is there."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{load_lists()} rows added to the lists of offences and time limits.")
