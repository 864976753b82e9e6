"""Keeping and opening the files of protected records."""

import base64
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from accounts.field_keys import KeyMissing, SealBroken
from accounts.files.checking import CheckedFile
from accounts.files.storing import WrittenFiles, forget_when_certain, refuse_unscanned, written
from accounts.models.sealed_file import SealedFile

F = TypeVar("F", bound=SealedFile)
_NONCE_BYTES = 12


class SealedFiles(WrittenFiles):
    """The sealed files put into storage by one write."""

    def keep(self, row: F, file: CheckedFile) -> F:
        """Seal a checked file into a new row that names its record and who adds it. Raises UnscannedFile."""
        refuse_unscanned([file])
        key = AESGCM.generate_key(bit_length=256)
        row.stored = f"sealed/{row.pk.hex[:2]}/{row.pk.hex}"
        # A key seals one content only, so the nonce may always be the same.
        sealed = AESGCM(key).encrypt(bytes(_NONCE_BYTES), file.content, row.stored.encode())
        row.stored = self.write(row.stored, sealed)
        row.media_type, row.size, row.scanned = file.media_type, file.size, file.scanned
        row.put({"name": file.name, "content_key": base64.b64encode(key).decode(), "sha256": file.sha256})
        row.save(force_insert=True)
        return row


@contextmanager
def sealed_files() -> Iterator[SealedFiles]:
    """Files kept within are removed from storage when the block fails. Open it around the transaction."""
    with written(SealedFiles()) as files:
        yield files


@dataclass(frozen=True)
class OpenedFile:
    """A file with its name in the clear, for a page."""

    row: SealedFile
    name: str


def opened_names(rows: Iterable[SealedFile]) -> list[OpenedFile]:
    """Raises KeyMissing, SealBroken."""
    return [OpenedFile(row, row.opened()["name"]) for row in rows]


def new_among(checked: Iterable[CheckedFile], held: Iterable[SealedFile]) -> list[CheckedFile]:
    """The files whose content is not there already, each once: a second click stores nothing twice."""
    known = {row.opened()["sha256"] for row in held}
    return list({file.sha256: file for file in checked if file.sha256 not in known}.values())


def let_go(row: SealedFile) -> None:
    """Remove a file; its bytes go once that is certain, and cannot be read without the row."""
    row.delete()
    forget_when_certain([row.stored])


def download(row: SealedFile) -> HttpResponse:
    """The file to save, never to show: the browser is told nothing of its type.

    Raises FileNotFoundError, KeyMissing, SealBroken.
    """
    texts = row.opened()
    response = HttpResponse(_content(row, texts["content_key"]), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, texts["name"])
    response["X-Content-Type-Options"] = "nosniff"
    return response


def fault_of(row: SealedFile) -> str:
    """What keeps a file from being opened, in words for `sanity_check`; empty when it opens."""
    try:
        _content(row, row.opened()["content_key"])
    except OSError:
        return "the file is missing or cannot be read"
    except (KeyMissing, SealBroken):
        return "the file does not open: it was moved or changed, or its key is missing"
    return ""


def _content(row: SealedFile, content_key: str) -> bytes:
    """Raises FileNotFoundError, SealBroken."""
    with default_storage.open(row.stored, "rb") as file:
        sealed = file.read()
    try:
        return AESGCM(base64.b64decode(content_key)).decrypt(bytes(_NONCE_BYTES), sealed, row.stored.encode())
    except InvalidTag:
        raise SealBroken(f"The file {row.stored} does not open: it was moved or changed.") from None
