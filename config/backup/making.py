"""Making a backup: one moment of the database, the files, what both hold, and a head that seals it all."""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from pyrage import x25519

from config.backup.contents import Contents, contents_of_database, files_below
from config.backup.failures import BackupError
from config.backup.head import DATABASE, FILES, HEAD, HELD, Head
from config.backup.places import Place, program
from config.backup.sealing import Part, seal, written_by

#: How a backup is named: by the moment, UTC.
NAMED = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"\d{8}T\d{6}Z")


def make_backup(*, to: Path, recipients: Sequence[x25519.Recipient], keep: int = 0) -> Path:
    """Make a backup under ``to`` and return its directory; it has its name only when it is whole.

    ``keep`` is how many are kept there, this one included; 0 keeps all. Raises BackupError.
    """
    moment = dt.datetime.now(dt.UTC).replace(microsecond=0)
    to.mkdir(parents=True, exist_ok=True, mode=0o700)
    _refuse_beside_files(to)
    with _alone(to):
        for left in to.glob(".*.part"):
            shutil.rmtree(left)
        work, done = to / f".{moment:{NAMED}}.part", to / f"{moment:{NAMED}}"
        if done.exists():
            raise BackupError(f"{done} was made this very second; start again.")
        work.mkdir(mode=0o700)
        try:
            held, server, migrations = _dump(work / DATABASE, recipients)
            _pack(Path(settings.MEDIA_ROOT), work / FILES, recipients, held)
            seal(io.BytesIO(held.as_json()), work / HELD, recipients)
            parts = [Part.of(work / name) for name in (DATABASE, FILES, HELD)]
            head = Head(moment, server, migrations, len(held.tables), len(held.files), parts)
            _write(work / HEAD, head.sealed())
        except BaseException as error:
            shutil.rmtree(work, ignore_errors=True)
            if isinstance(error, OSError):
                raise BackupError(f"The backup could not be written to {to}: {error.strerror}.") from error
            raise
        work.rename(done)
        _sync(to)
        if keep:
            _remove_older(to, keep)
    return done


def backups_in(directory: Path) -> list[Path]:
    """The whole backups of a directory, the newest first."""
    found = (path for path in directory.glob("*") if _NAME.fullmatch(path.name) and (path / HEAD).is_file())
    return sorted(found, reverse=True)


def write_keys(*, to: Path, recipients: Sequence[x25519.Recipient], backups: Path | None = None) -> Path:
    """Write the portal's own keys, encrypted, to a place that holds no backup. Raises BackupError."""
    if (backups and to.resolve() == backups.resolve()) or backups_in(to):
        raise BackupError(
            f"{to} holds backups. Keep the portal's keys somewhere else: who has both needs one key only."
        )
    to.mkdir(parents=True, exist_ok=True, mode=0o700)
    named = {"SECRET_KEY": settings.SECRET_KEY, "FIELD_KEYS": settings.FIELD_KEYS}
    named["SECRET_KEY_FALLBACKS"] = ",".join(settings.SECRET_KEY_FALLBACKS)
    lines = "".join(f"{name}={value}\n" for name, value in named.items() if value)
    path = to / f"keys-{dt.datetime.now(dt.UTC):{NAMED}}.age"
    seal(io.BytesIO(lines.encode()), path, recipients)
    _sync(to)
    return path


def _dump(path: Path, recipients: Sequence[x25519.Recipient]) -> tuple[Contents, int, dict[str, str]]:
    """The database into a file; what it held at that very moment; the server's version; the last migrations."""
    place = Place.of_owner()
    with place.connected() as cursor:
        cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version_num')::int")
        snapshot, server = cursor.fetchone()
        command = [program("pg_dump"), "--format=custom", "--compress=3", "--no-owner", "--no-privileges"]
        command += [f"--snapshot={snapshot}", *place.options, "--no-password", f"--dbname={place.name}"]
        with running(command, place, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            seal(process.stdout, path, recipients)
        cursor.execute("SELECT app, max(name) FROM django_migrations GROUP BY app")
        migrations = dict(cursor.fetchall())
        return contents_of_database(cursor), server, migrations


@contextmanager
def running(command: list[str], place: Place, **streams: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program of PostgreSQL to its end. Raises BackupError with its words where it fails."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, env=place.environment, stderr=said, **streams)
        try:
            with process:
                yield process
        except BackupError:
            raise
        except (OSError, RuntimeError):
            if process.returncode == 0:
                raise
        if process.returncode:
            said.seek(0)
            words = said.read(2000).decode("utf-8", errors="replace").strip().splitlines()
            reason = next(
                (line for line in words if "error" in line), words[0] if words else "it said nothing"
            )
            raise BackupError(f"{Path(command[0]).name} ended with an error: {reason}")


def _pack(top: Path, path: Path, recipients: Sequence[x25519.Recipient], held: Contents) -> None:
    """The files into one tar, with their hashes noted. One destroyed meanwhile is left out: it may not come back."""

    def write(target: IO[bytes]) -> None:
        with tarfile.open(mode="w|", fileobj=target, format=tarfile.PAX_FORMAT) as tar:
            for each in files_below(top):
                try:
                    file = each.open("rb")
                except FileNotFoundError:
                    continue
                with file:
                    size = os.fstat(file.fileno()).st_size
                    name = str(each.relative_to(top))
                    entry = tarfile.TarInfo(name)
                    entry.size, entry.mode, entry.mtime = size, 0o600, int(os.fstat(file.fileno()).st_mtime)
                    reader = _Hashing(file)
                    tar.addfile(entry, reader)
                    held.files[name] = reader.digest.hexdigest()

    with written_by(write) as source:
        seal(source, path, recipients)


class _Hashing:
    """A file that notes the hash of what is read of it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        content = self.file.read(size)
        self.digest.update(content)
        return content


def _refuse_beside_files(to: Path) -> None:
    files = Path(settings.MEDIA_ROOT).resolve()
    if to.resolve().is_relative_to(files):
        raise BackupError(f"{to} lies among the files of the portal; choose a directory outside {files}.")


@contextmanager
def _alone(to: Path) -> Iterator[None]:
    with (to / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError(f"Another backup is being made in {to}.") from error
        yield


def _write(path: Path, content: dict[str, Any]) -> None:
    with path.open("w", encoding="utf-8") as file:
        json.dump(content, file, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_older(to: Path, keep: int) -> None:
    for old in backups_in(to)[keep:]:
        shutil.rmtree(old)
