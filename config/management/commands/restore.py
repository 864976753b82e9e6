"""Restore a backup into an empty database and an empty directory, and compare all of it; or try that out."""

import io
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from accounts.models import AuditEvent
from config.backup.failures import BackupError
from config.backup.making import backups_in
from config.backup.places import Place
from config.backup.restoring import Restored, drill, restore_backup
from config.backup.sealing import identities_in, unseal


class Command(BaseCommand):
    help = "Restore a backup into an empty place and compare every table and file. See docs/operations.md."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "backup", type=Path, help="a backup, or a directory of backups: the newest of them"
        )
        parser.add_argument(
            "--key", type=Path, required=True, metavar="FILE", help="the key made by backup --new-key"
        )
        parser.add_argument(
            "--files", type=Path, metavar="DIR", help="where the files go; otherwise FILES_DIR"
        )
        parser.add_argument(
            "--drill", action="store_true", help="restore beside the portal, compare, and remove it again"
        )
        parser.add_argument(
            "--any-origin", action="store_true", help="ask for no seal by this portal's SECRET_KEY"
        )
        parser.add_argument(
            "--keys", action="store_true", help="BACKUP is a keys-*.age file: print what it holds"
        )

    def handle(self, *args: Any, **given: Any) -> None:
        try:
            self._do(given)
        except BackupError as error:
            raise CommandError(str(error)) from error

    def _do(self, given: dict[str, Any]) -> None:
        identities = identities_in(given["key"])
        if given["keys"]:
            held = io.BytesIO()
            unseal(given["backup"], held, identities)
            self.stdout.write(held.getvalue().decode(), ending="")
            return
        backup: Path = next(iter(backups_in(given["backup"])), given["backup"])
        common = {"identities": identities, "of_any_origin": given["any_origin"]}
        if given["drill"]:
            restored = drill(backup, **common)
            self._tell(backup, restored)
        else:
            files = given["files"] or Path(settings.MEDIA_ROOT)
            restored = restore_backup(backup, place=Place.of_owner(), files=files, **common)
            if settings.OWNER_DATABASE["USER"] != settings.PORTAL_DATABASE["USER"]:
                call_command("grant_portal_role", verbosity=0, stdout=self.stdout)
            self._tell(backup, restored)
            if restored.has_older_schema:
                self.stdout.write("The backup is of an older version: run manage.py migrate now.")
        if not restored.has_older_schema or given["drill"]:
            detail: dict[str, Any] = {"what": "drill" if given["drill"] else "restored", "name": backup.name}
            detail |= {"seconds": round(restored.seconds, 1), "differences": len(restored.differences)}
            AuditEvent.objects.create(kind=AuditEvent.Kind.BACKED_UP, detail=detail)
        if restored.differences:
            raise CommandError(f"{len(restored.differences)} differences; see the lines above.")

    def _tell(self, backup: Path, restored: Restored) -> None:
        for difference in restored.differences:
            self.stdout.write(difference)
        head = restored.head
        self.stdout.write(
            f"{backup.name}, made at {head.made_at:%Y-%m-%d %H:%M:%S} UTC, restored in {restored.seconds:.1f} s:"
            f" {head.tables} tables and {head.files} files compared, {len(restored.differences)} differences."
        )
