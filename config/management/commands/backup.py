"""Make a backup of the database and the files, encrypted for those who may restore it."""

from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import AuditEvent
from config.backup.failures import BackupError
from config.backup.making import make_backup, write_keys
from config.backup.restoring import checked
from config.backup.sealing import new_key, recipients_of


class Command(BaseCommand):
    help = "Make a backup of the database and the files, encrypted; or check one. See docs/operations.md."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--to", type=Path, metavar="DIR", help="where backups are kept, outside FILES_DIR"
        )
        parser.add_argument(
            "--recipient",
            action="append",
            metavar="age1...",
            help="who may open it; otherwise BACKUP_RECIPIENTS. Several times for several people",
        )
        parser.add_argument(
            "--keep", type=int, default=0, metavar="N", help="keep the newest N there; 0 keeps all"
        )
        parser.add_argument(
            "--keys-to",
            type=Path,
            metavar="DIR",
            help="write the portal's own keys, encrypted, somewhere else",
        )
        parser.add_argument(
            "--check", type=Path, metavar="BACKUP", help="only look whether a backup is whole"
        )
        parser.add_argument("--new-key", type=Path, metavar="FILE", help="only make a key to restore with")

    def handle(self, *args: Any, **given: Any) -> None:
        try:
            self._do(given)
        except BackupError as error:
            raise CommandError(str(error)) from error

    def _do(self, given: dict[str, Any]) -> None:
        if given["new_key"]:
            public = new_key(given["new_key"])
            self.stdout.write(
                f"Keep {given['new_key']} away from this machine. Encrypt for it with:\n{public}"
            )
            return
        if given["check"]:
            head = checked(given["check"])
            told = f"Whole. Made at {head.made_at:%Y-%m-%d %H:%M:%S} UTC: {head.tables} tables, {head.files} files."
            self.stdout.write(told)
            return
        if not given["to"] and not given["keys_to"]:
            raise CommandError("Say where to: --to DIR, --keys-to DIR, or both.")
        recipients = recipients_of(given["recipient"] or settings.BACKUP_RECIPIENTS)
        if given["to"]:
            begun = monotonic()
            made = make_backup(to=given["to"], recipients=recipients, keep=max(0, given["keep"]))
            detail = {"what": "made", "name": made.name, "seconds": round(monotonic() - begun, 1)}
            AuditEvent.objects.create(kind=AuditEvent.Kind.BACKED_UP, detail=detail)
            self.stdout.write(f"{made} ({detail['seconds']} s)")
        if given["keys_to"]:
            path = write_keys(to=given["keys_to"], recipients=recipients, backups=given["to"])
            self.stdout.write(f"{path} (keys)")
