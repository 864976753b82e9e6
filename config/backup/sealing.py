"""Encrypting what leaves the portal: streams in the age format, for recipients whose keys are elsewhere."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyrage
from pyrage import x25519

from config.backup.failures import BackupError

BLOCK = 1024 * 1024


@dataclass(frozen=True)
class Part:
    """One file of a backup as it lies on disk."""

    name: str
    size: int
    sha256: str

    @classmethod
    def of(cls, path: Path) -> Part:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return cls(path.name, path.stat().st_size, digest)


def recipients_of(written: Iterable[str]) -> list[x25519.Recipient]:
    """The keys a backup is encrypted for ("age1..."). Raises BackupError for none, or one that is not a key."""
    found = []
    for each in written:
        try:
            found.append(x25519.Recipient.from_str(each.strip()))
        except pyrage.RecipientError as error:
            raise BackupError(
                f"“{each.strip()[:20]}...” is no key to encrypt for; it begins with age1. BACKUP_RECIPIENTS and"
                " --recipient take keys made by: manage.py backup --new-key FILE"
            ) from error
    if not found:
        raise BackupError(
            "Nobody could open this backup: set BACKUP_RECIPIENTS, or give --recipient. Make a key once, on another"
            " machine, with: manage.py backup --new-key FILE"
        )
    return found


def identities_in(path: Path) -> list[x25519.Identity]:
    """The secret keys of a file. Raises BackupError when it holds none."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        found = [
            x25519.Identity.from_str(line.strip()) for line in lines if line.startswith("AGE-SECRET-KEY-")
        ]
    except (OSError, UnicodeDecodeError, pyrage.IdentityError) as error:
        raise BackupError(f"The key file {path} cannot be read: {type(error).__name__}.") from error
    if not found:
        raise BackupError(f"{path} holds no secret key; a line of it begins with AGE-SECRET-KEY-.")
    return found


def new_key(path: Path) -> str:
    """Write a new secret key to a file that only its owner reads, and return the key to encrypt for."""
    identity = x25519.Identity.generate()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise BackupError(f"{path} exists already; a key is never written over.") from error
    public = str(identity.to_public())
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"# public key: {public}\n{identity}\n")
    return public


def seal(source: Any, path: Path, recipients: Sequence[x25519.Recipient]) -> None:
    """Encrypt all that ``source`` gives into a file, which is on disk when this returns."""
    with path.open("wb") as sealed:
        os.fchmod(sealed.fileno(), 0o600)
        pyrage.encrypt_io(source, sealed, recipients)
        sealed.flush()
        os.fsync(sealed.fileno())


def unseal(path: Path, target: IO[bytes], identities: Sequence[x25519.Identity]) -> None:
    """Decrypt a file into ``target``. Raises BackupError for a wrong key, or a file that was changed."""
    with path.open("rb") as sealed:
        try:
            pyrage.decrypt_io(sealed, target, identities)
        except pyrage.DecryptError as error:
            raise BackupError(
                f"{path} cannot be opened: this is not its key, or the file was changed."
            ) from error


@contextmanager
def written_by(write: Callable[[IO[bytes]], None]) -> Iterator[IO[bytes]]:
    """A stream to read what ``write`` writes, as it does. What it raises is raised here."""
    reader, writer = os.pipe()
    raised: list[BaseException] = []

    def run() -> None:
        try:
            with os.fdopen(writer, "wb", BLOCK) as target:
                write(target)
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        with os.fdopen(reader, "rb", BLOCK) as source:
            yield source
    finally:
        thread.join()
        if raised and not isinstance(raised[0], BrokenPipeError):
            raise raised[0]
