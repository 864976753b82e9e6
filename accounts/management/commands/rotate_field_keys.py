"""Seal every sealed field with the first key of FIELD_KEYS. May be stopped and run again; the portal runs on."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.field_keys import current_key_id
from accounts.rotation import BATCH, rotate


class Command(BaseCommand):
    help = "Seal with the first key of FIELD_KEYS what another key sealed. Then the old key can be taken out."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=BATCH, help="rows of one transaction")

    def handle(self, *args: Any, **options: Any) -> None:
        done: dict[str, int] = {}
        for rotated in rotate(batch=max(1, options["batch"])):
            done[rotated.table] = done.get(rotated.table, 0) + rotated.rows
        for table, rows in done.items():
            self.stdout.write(f"{table}: {rows} rows")
        self.stdout.write(f"Every sealed field is sealed with the key {current_key_id()}.")
