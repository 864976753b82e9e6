"""Excel and Word files are ZIP archives of XML: opened under limits, and refused with anything that acts."""

import io
import zipfile
from xml.parsers import expat  # external entities are never loaded, and a document type is refused below

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MAX_MEMBERS = 2_000
MAX_UNPACKED = 60 * 1024 * 1024
MAX_RATIO = 150
_MAX_LIST = 4 * 1024 * 1024
_CHUNK = 256 * 1024
_TYPES = "[Content_Types].xml"
_MAIN_PARTS = {"xl/workbook.xml": "xlsx", "word/document.xml": "docx"}
_ACTIVE_PARTS = ("vbaproject", "/activex/", "/oleobject", "/macrosheets/", "/dialogsheets/", "/customui")


class _Unsafe(Exception):
    """Why an archive is refused, as the message for the person."""

    def __init__(self, message: object, code: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


def office_kind(content: bytes) -> str:
    """Whether a ZIP archive is "xlsx" or "docx", by its parts; nothing when it is neither."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist()[: MAX_MEMBERS + 1])
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return ""
    return next((kind for part, kind in _MAIN_PARTS.items() if part in names and _TYPES in names), "")


def refuse_unsafe_office(content: bytes, *, name: str) -> None:
    """Raise ValidationError when an Excel or Word file is a bomb, encrypted, damaged, or acts when opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_oversize(archive, len(content))
            _refuse_active_parts(archive)
            _read_through(archive)
    except _Unsafe as refusal:
        raise ValidationError(refusal.message, code=refusal.code, params={"name": name}) from refusal  # type: ignore[arg-type]
    except (
        zipfile.BadZipFile,
        ValueError,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        expat.ExpatError,
    ) as error:
        raise ValidationError(
            _("“%(name)s” is damaged and cannot be opened."), code="damaged", params={"name": name}
        ) from error


def _refuse_oversize(archive: zipfile.ZipFile, packed: int) -> None:
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * packed:
        raise _Unsafe(
            _("“%(name)s” unpacks to far more than its size. Save it anew, or attach it as PDF."), "zip_bomb"
        )
    if any(member.flag_bits & 1 for member in members):
        raise _Unsafe(_("“%(name)s” is protected by a password. Save it without one."), "encrypted")


def _refuse_active_parts(archive: zipfile.ZipFile) -> None:
    for member in archive.infolist():
        path = f"/{member.filename.lower()}"
        if any(part in path for part in _ACTIVE_PARTS):
            raise _Unsafe(
                _("“%(name)s” holds macros or embedded programs. Save it without them, or attach it as PDF."),
                "macros",
            )
        if "/externallinks/" in path:
            raise _external_links()
    if b"macroenabled" in _small_part(archive, _TYPES).lower():
        raise _Unsafe(_("“%(name)s” holds macros. Save it without them, or attach it as PDF."), "macros")
    for member in archive.infolist():
        if member.filename.lower().endswith(".rels"):
            _refuse_foreign_relations(_small_part(archive, member.filename))


def _refuse_foreign_relations(relations: bytes) -> None:
    """Refuse links that are followed on opening. Plain hyperlinks wait for a click."""

    def look(tag: str, attributes: dict[str, str]) -> None:
        is_external = attributes.get("TargetMode", "").lower() == "external"
        if is_external and not attributes.get("Type", "").lower().endswith("/hyperlink"):
            raise _external_links()

    def refuse_doctype(*declaration: object) -> None:
        raise _Unsafe(_("“%(name)s” is damaged and cannot be opened."), "damaged")

    parser = expat.ParserCreate()
    parser.StartElementHandler = look
    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.Parse(relations, True)


def _external_links() -> _Unsafe:
    return _Unsafe(
        _("“%(name)s” holds links to other files. Break the links and save it, or attach it as PDF."),
        "external_links",
    )


def _small_part(archive: zipfile.ZipFile, member: str) -> bytes:
    with archive.open(member) as part:
        content = part.read(_MAX_LIST + 1)
    if len(content) > _MAX_LIST:
        raise zipfile.BadZipFile(member)
    return content


def _read_through(archive: zipfile.ZipFile) -> None:
    """Unpack everything once: a wrong size or checksum in the list of parts shows only here."""
    unpacked = 0
    for member in archive.infolist():
        with archive.open(member) as part:
            while chunk := part.read(_CHUNK):
                unpacked += len(chunk)
                if unpacked > MAX_UNPACKED:
                    raise zipfile.BadZipFile(member.filename)
