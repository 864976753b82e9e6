"""Remove a wrongly entered record everywhere: its row, what hangs on it, and their history. Run as the owner."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import models

from accounts.row_scope import system_scope
from victims.services.erasure import remove_everywhere


class Command(BaseCommand):
    help = (
        "Remove a record that should never have been entered, history included, e.g. victims.victim:NN-7Q4K2M"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("record", help="app.model:number, or victims.victim:CODE")
        parser.add_argument("--decision", required=True, help="number of the decision that orders it")
        parser.add_argument("--yes", action="store_true", help="do it; without it only say what would go")

    def handle(self, *args: Any, **options: Any) -> None:
        record = _find(options["record"])
        if not options["yes"]:
            self.stdout.write(f"Would remove {options['record']} and its history. Say --yes to do it.")
            return
        rows = remove_everywhere(record=record, decision=options["decision"])
        self.stdout.write(
            f"{rows} rows removed. Backups made before now still hold them: destroy those backups, or restore each"
            " and run this again, and write it down with the decision."
        )


def _find(text: str) -> models.Model:
    label, _, key = text.partition(":")
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        raise CommandError("Name the record as app.model:number.") from None
    column = "pk" if key.isdigit() else "code"
    try:
        with system_scope("the record is looked up to be removed"):
            found: models.Model = model._base_manager.get(**{column: key})
    except (model.DoesNotExist, ValueError, TypeError):
        raise CommandError("There is no such record.") from None
    return found
