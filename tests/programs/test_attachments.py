"""Which files are taken, and who gets them back."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import AuditEvent
from programs.attachments import CheckedFile, check_file
from programs.models import Activity, Attachment
from tests.programs.cast import Cast, approved, filed, png, quantity, xlsx
from tests.programs.conftest import SignedIn

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"
TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
RELATION = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://x/{kind}" Target="http://evil.example/a" TargetMode="External"/>'
    "</Relationships>"
)


def docx(**parts: str | bytes) -> bytes:
    """A Word file with these parts besides its own; double underscores in names stand for slashes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("word/document.xml", "<document/>")
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return file.getvalue()


def upload(name: str, content: bytes) -> CheckedFile:
    return check_file(SimpleUploadedFile(name, content))


def reason(name: str, content: bytes) -> str:
    with pytest.raises(ValidationError) as refused:
        upload(name, content)
    assert name[:20] in refused.value.messages[0]
    return str(refused.value.code)


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", PDF), ("a.png", png()), ("a.xlsx", xlsx()), ("a.docx", docx()), ("Ảnh.PNG", png())],
)
def test_files_of_the_usual_kinds_are_taken(name: str, content: bytes) -> None:
    taken = upload(name, content)
    assert taken.name == name
    assert taken.size > 0


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.exe", b"MZ" + b"\0" * 100, "type_not_taken"),
        ("a.svg", b"<svg/>", "type_not_taken"),
        ("a", b"text", "type_not_taken"),
        ("a.pdf", b"", "empty"),
        ("a.pdf", b"MZ" + b"\0" * 100, "type_mismatch"),
        ("a.pdf", b"<html><script>alert(1)</script></html>", "type_mismatch"),
        ("a.jpg", png(), "type_mismatch"),
        ("a.xlsx", docx(), "type_mismatch"),
        ("a.docx", b"PK\x03\x04rest", "type_mismatch"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "encrypted"),
        ("a.png", png()[:40], "damaged"),
        ("a.docx", docx(word__vbaProject_dot_bin=b"x"), "macros"),
        ("a.docx", docx(word__embeddings__oleObject1_dot_bin=b"x"), "macros"),
        ("a.docx", docx(xl__externalLinks__a_dot_xml=b"x"), "external_links"),
        ("a.docx", docx(word___rels__d_dot_rels=RELATION.format(kind="attachedTemplate")), "external_links"),
        ("a.docx", docx(big=b"\0" * 20_000_000), "zip_bomb"),
        ("a.docx", docx(**{f"p{n}": b"" for n in range(2100)}), "zip_bomb"),
        ("a.docx", docx(word___rels__d_dot_rels="<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "damaged"),
    ],
)
def test_other_files_are_refused_by_name(name: str, content: bytes, code: str) -> None:
    assert reason(name, content) == code


def test_hyperlinks_in_a_document_are_no_harm() -> None:
    assert upload("a.docx", docx(word___rels__d_dot_rels=RELATION.format(kind="hyperlink")))


def test_a_picture_loses_its_position_and_its_comments() -> None:
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "SECRET CAMERA"
    Image.new("RGB", (8, 8)).save(file, "JPEG", exif=exif, comment=b"SECRET PLACE")
    assert b"SECRET CAMERA" in file.getvalue()

    taken = upload("a.jpg", file.getvalue())
    assert b"SECRET" not in taken.content
    assert Image.open(io.BytesIO(taken.content)).size == (8, 8)


def test_a_picture_of_too_many_pixels_is_refused() -> None:
    assert reason("a.png", png((8000, 5001))) == "too_many_pixels"


def test_names_are_tidied() -> None:
    assert upload("..\\..\\kế\u202e hoạch.pdf", PDF).name == "kế hoạch.pdf"
    assert len(upload("x" * 200 + ".pdf", PDF).name) < 130


@pytest.fixture
def attachment(cast: Cast) -> Attachment:
    approved(cast, attachments=[upload("kế hoạch.pdf", PDF)])
    return Attachment.objects.get()


def test_a_file_is_served_to_save_and_never_to_show(
    cast: Cast, signed_in: SignedIn, attachment: Attachment
) -> None:
    response = signed_in(cast.colleague).get(f"/attachments/{attachment.key}/")

    assert b"".join(response) == PDF
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("attachment;")
    event = AuditEvent.objects.get()
    assert (event.kind, event.user, event.about) == (
        AuditEvent.Kind.EXPORTED,
        cast.colleague,
        f"programs.attachment:{attachment.pk}",
    )


def test_a_file_is_kept_under_a_name_of_the_servers(attachment: Attachment, settings: Any) -> None:
    assert attachment.file.name == f"attachments/{attachment.key.hex[:2]}/{attachment.key.hex}"
    assert Path(settings.MEDIA_ROOT, attachment.file.name).read_bytes() == PDF


def test_a_stranger_gets_no_file(cast: Cast, signed_in: SignedIn, attachment: Attachment) -> None:
    for user in (cast.stranger, cast.district_officer, cast.steering):
        assert signed_in(user).get(f"/attachments/{attachment.key}/").status_code == 404
    assert not AuditEvent.objects.exclude(kind=AuditEvent.Kind.REFUSED).exists()
    assert signed_in(cast.coordinator).get(f"/attachments/{attachment.key}/").status_code == 200


def test_a_file_that_is_gone_is_not_found(cast: Cast, signed_in: SignedIn, attachment: Attachment) -> None:
    attachment.file.storage.delete(attachment.file.name)
    assert signed_in(cast.officer).get(f"/attachments/{attachment.key}/").status_code == 404


def test_no_file_is_left_of_a_write_that_failed(cast: Cast, settings: Any, monkeypatch: Any) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(Attachment, "save", fail)
    with pytest.raises(RuntimeError):
        filed(cast, quantity("sessions", "4"), attachments=[upload("a.pdf", PDF)])
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert not Activity.objects.unscoped("the test looks at the table").exists()
