"""Restoring a backup into an empty place, and comparing what is there with what was."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg2
from django.db.migrations.loader import MigrationLoader
from pyrage import x25519

from config.backup.contents import Contents, contents_of_database, contents_of_files, files_below
from config.backup.failures import BackupError
from config.backup.head import DATABASE, FILES, HELD, Head
from config.backup.making import running
from config.backup.places import Place, program
from config.backup.sealing import unseal, written_by

Identities = Sequence[x25519.Identity]


@dataclass(frozen=True)
class Restored:
    """What was restored: as of when, how long it took, and in what it differs from the backup."""

    head: Head
    seconds: float
    differences: list[str]
    has_older_schema: bool


def restore_backup(
    backup: Path, *, identities: Identities, place: Place, files: Path, of_any_origin: bool = False
) -> Restored:
    """Restore into a database without tables and a directory without files. Raises BackupError.

    The database is restored in one transaction: it holds everything then, or nothing.
    """
    begun = time.monotonic()
    head = checked(backup, of_any_origin=of_any_origin)
    older = _older_schema(head)
    _refuse_unless_empty(place, files)
    held = _contents(backup, identities)
    _restore_database(backup / DATABASE, identities, place)
    _restore_files(backup / FILES, identities, files)
    with place.connected() as cursor:
        found = contents_of_database(cursor)
    found.files = contents_of_files(files)
    return Restored(head, time.monotonic() - begun, list(held.differences(found)), older)


def drill(backup: Path, *, identities: Identities, of_any_origin: bool = False) -> Restored:
    """Restore into a database and a directory of the moment, compare, and remove both. Raises BackupError."""
    owner = Place.of_owner()
    place = owner.called(f"{owner.name}_drill")
    try:
        place.drop()
        place.create()
    except psycopg2.Error as error:
        raise BackupError(
            f"The database {place.name} cannot be made: {str(error).strip()}. The owner of the tables needs CREATEDB."
        ) from error
    try:
        with tempfile.TemporaryDirectory(prefix="drill-") as directory:
            return restore_backup(
                backup,
                identities=identities,
                place=place,
                files=Path(directory) / "files",
                of_any_origin=of_any_origin,
            )
    finally:
        place.drop()


def checked(backup: Path, *, of_any_origin: bool = False) -> Head:
    """The head of a backup that is whole and of this portal. Needs no key. Raises BackupError."""
    head = Head.read(backup, of_any_origin=of_any_origin)
    faults = list(head.faults(backup))
    if faults:
        raise BackupError(f"{backup} is damaged: {'; '.join(faults)}. Take another backup.")
    return head


def _older_schema(head: Head) -> bool:
    """Whether the schema has to be brought up to date afterwards. Raises BackupError for one newer than the code."""
    known = MigrationLoader(None).disk_migrations
    newer = [f"{app}.{name}" for app, name in head.migrations.items() if (app, name) not in known]
    if newer:
        raise BackupError(
            f"The backup was made by a newer portal ({', '.join(sorted(newer))}). Install that version, then restore."
        )
    newest = {app: max(name for one, name in known if one == app) for app, _name in known}
    return any(head.migrations.get(app) != name for app, name in newest.items())


def _refuse_unless_empty(place: Place, files: Path) -> None:
    try:
        with place.connected() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm', 'S')"
            )
            (count,) = cursor.fetchone()
    except psycopg2.OperationalError as error:
        raise BackupError(
            f"The database {place.name} cannot be reached: {str(error).strip()}. Make it first, empty."
        ) from error
    if count:
        raise BackupError(
            f"The database {place.name} is not empty. A backup is restored into an empty one only: make a new database"
            " and put its name into DATABASE_URL and DATABASE_OWNER_URL. Nothing was changed."
        )
    if files_below(files):
        raise BackupError(
            f"{files} holds files. Restore into an empty directory: set FILES_DIR, or move it away."
        )


def _contents(backup: Path, identities: Identities) -> Contents:
    target = io.BytesIO()
    unseal(backup / HELD, target, identities)
    return Contents.from_json(target.getvalue())


def _restore_database(path: Path, identities: Identities, place: Place) -> None:
    command = [program("pg_restore"), "--single-transaction", "--exit-on-error", "--no-owner"]
    command += ["--no-privileges", *place.options, "--no-password", f"--dbname={place.name}"]
    with running(command, place, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        with process.stdin as target:
            unseal(path, target, identities)


def _restore_files(path: Path, identities: Identities, files: Path) -> None:
    files.mkdir(parents=True, exist_ok=True, mode=0o700)

    def write(target: IO[bytes]) -> None:
        unseal(path, target, identities)

    with written_by(write) as source, tarfile.open(mode="r|", fileobj=source) as tar:
        for entry in tar:
            _put(tar, entry, files)
    for directory in (files, *(each for each in files.rglob("*") if each.is_dir())):
        directory.chmod(0o700)


def _put(tar: tarfile.TarFile, entry: tarfile.TarInfo, files: Path) -> None:
    """One file of the archive, below the directory. Python as Debian 12 brings it knows no filters of `tarfile` yet.

    Raises BackupError for what no backup holds: a link, or a name that leads elsewhere.
    """
    place = (files / entry.name).resolve()
    source = tar.extractfile(entry) if entry.isfile() else None
    if source is None or not place.is_relative_to(files.resolve()):
        raise BackupError(f"The backup holds something that is no file of the portal: {entry.name!r}.")
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with place.open("xb") as target:
        shutil.copyfileobj(source, target)
    place.chmod(0o600)
    os.utime(place, (entry.mtime, entry.mtime))
