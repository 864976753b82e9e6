"""Which files are taken: PDF, PNG, JPEG, Excel and Word, judged by their content and not by their name."""

import hashlib
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.files.image import reencoded
from accounts.files.office import office_kind, refuse_unsafe_office
from accounts.files.scanning import Scanned, ScannerAway, is_clean, is_scanning

#: Most files of one record.
MAX_FILES = 10
NAME_LIMIT = 120

_MEDIA_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_LABELS = {"pdf": "PDF", "png": "PNG", "jpg": "JPEG", "xlsx": "Excel (xlsx)", "docx": "Word (docx)"}
_SAME = {"jpeg": "jpg", "jpe": "jpg", "jfif": "jpg"}
_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

#: What the file dialog offers.
ACCEPTED = ".pdf,.png,.jpg,.jpeg,.xlsx,.docx"


@dataclass(frozen=True)
class CheckedFile:
    """A file that was looked into and found to be what its name says.

    A picture brings a small one with it. ``scanned`` says whether a virus scanner saw it.
    """

    name: str
    media_type: str
    content: bytes
    sha256: str
    thumbnail: bytes = b""
    scanned: str = Scanned.NOT_CONFIGURED

    @property
    def size(self) -> int:
        return len(self.content)


def check_file(upload: "UploadedFile[Any]") -> CheckedFile:
    """Look into an uploaded file. Images come out re-encoded, without position and camera data.

    Where a virus scanner is set up it sees the file as it came, before anything here opens it; while it is away no
    file is taken. Raises ValidationError that names the file and what is wrong with it.
    """
    name = _tidy_name(upload.name or "")
    size = upload.size or 0
    if size > settings.ATTACHMENT_MAX_BYTES:
        raise ValidationError(
            _("“%(name)s” is too large: %(size)s MB. A file may have at most %(limit)s MB."),
            code="too_large",
            params={
                "name": name,
                "size": _megabytes(size),
                "limit": _megabytes(settings.ATTACHMENT_MAX_BYTES),
            },
        )
    suffix = PurePosixPath(name).suffix.lower().lstrip(".")
    claimed = _SAME.get(suffix, suffix)
    if claimed not in _MEDIA_TYPES:
        raise ValidationError(
            _("“%(name)s” is of a type that is not taken. Attach PDF, PNG, JPEG, xlsx or docx."),
            code="type_not_taken",
            params={"name": name},
        )
    upload.seek(0)
    content = upload.read(settings.ATTACHMENT_MAX_BYTES + 1)
    if not content:
        raise ValidationError(_("“%(name)s” is empty."), code="empty", params={"name": name})
    scanned = _scanned(content, name)
    if content.startswith(_OLD_OFFICE) and claimed in ("xlsx", "docx"):
        raise ValidationError(
            _(
                "“%(name)s” is protected by a password or saved in an old Office format."
                " Save it as xlsx or docx without a password."
            ),
            code="encrypted",
            params={"name": name},
        )
    found = _found_type(content)
    if found != claimed:
        raise ValidationError(
            _(
                "“%(name)s” is of another type than its name says:"
                " the name says %(claimed)s, the content is %(found)s."
            ),
            code="type_mismatch",
            params={
                "name": name,
                "claimed": _LABELS[claimed],
                "found": _LABELS.get(found, found) or _("unknown"),
            },
        )
    thumbnail = b""
    if claimed in ("png", "jpg"):
        content, thumbnail = reencoded(content, name=name, kind=claimed)
    elif claimed in ("xlsx", "docx"):
        refuse_unsafe_office(content, name=name)
    sha256 = hashlib.sha256(content).hexdigest()
    return CheckedFile(name, _MEDIA_TYPES[claimed], content, sha256, thumbnail, scanned)


def refuse_too_many_files(*, kept: int, added: int) -> None:
    """Raise ValidationError when a record would have more files than one may have."""
    if added and kept + added > MAX_FILES:
        raise ValidationError(
            _("With these there would be %(count)d files. At most %(limit)d can go together."),
            code="too_many",
            params={"count": kept + added, "limit": MAX_FILES},
        )


def _scanned(content: bytes, name: str) -> str:
    """What is known of viruses. Raises ValidationError when there is one, or when nobody can say."""
    if not is_scanning():
        return Scanned.NOT_CONFIGURED
    try:
        clean = is_clean(content)
    except ScannerAway as error:
        raise ValidationError(
            _("“%(name)s” could not be checked for viruses just now. Try again later, or save without it."),
            code="scanner_away",
            params={"name": name},
        ) from error
    if not clean:
        raise ValidationError(
            _("“%(name)s” was refused: the virus scanner found something harmful in it."),
            code="infected",
            params={"name": name},
        )
    return Scanned.CLEAN


def _found_type(content: bytes) -> str:
    """What the content is: one of the types taken, else a short name of its type, or nothing."""
    if content.startswith(_ZIP):
        return office_kind(content) or "ZIP"
    try:
        guesses = puremagic.magic_string(content)
    except (puremagic.PureError, ValueError):
        return ""
    extensions = [guess.extension.lstrip(".").lower() for guess in guesses]
    known = [_SAME.get(extension, extension) for extension in extensions]
    taken = [kind for kind in known if kind in ("pdf", "png", "jpg")]
    return taken[0] if taken else next((kind.upper() for kind in known if kind), "")


def _tidy_name(name: str) -> str:
    """The file's name as it is shown: NFC, without control characters, its end kept when it is shortened."""
    base = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c for c in base if unicodedata.category(c) not in ("Cc", "Cf", "Cs")).strip() or "file"
    stem, dot, suffix = shown.rpartition(".")
    return shown if len(shown) <= NAME_LIMIT else f"{stem[: NAME_LIMIT - 10]}…{dot}{suffix[:9]}"


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}".removesuffix(".0").replace(".", ",")
