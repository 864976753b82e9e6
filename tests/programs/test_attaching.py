"""Files of documents and of progress notes: who adds them, who gets them, and the small pictures of pictures."""

import io
import uuid
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from PIL import Image

from accounts.changing import ChangedMeanwhile
from accounts.models import AuditEvent
from programs.attachments import CheckedFile, check_file
from programs.models import Assignment, Attachment, Document
from programs.services.document import change_document
from programs.services.task import note_progress
from tests.cast import Cast as Play
from tests.cast import make_cast as make_play
from tests.programs.cast import Cast, filed, png, xlsx
from tests.programs.conftest import SignedIn
from tests.programs.register import NEW, Register, make_register
from tests.programs.task_cast import document_of, give_two, note_form, of_unit

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"


def checked(name: str = "kế hoạch.pdf", content: bytes = PDF) -> CheckedFile:
    return check_file(SimpleUploadedFile(name, content))


def pdf(number: int) -> CheckedFile:
    return checked(f"{number}.pdf", PDF + str(number).encode())


def uploaded(name: str = "kế hoạch.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def on_disk(settings: Any) -> int:
    return sum(path.is_file() for path in Path(settings.MEDIA_ROOT).rglob("*"))


def fields_of(document: Document) -> dict[str, Any]:
    names = ("kind", "number", "issued_on", "issuer", "area", "subject")
    return {name: getattr(document, name) for name in names}


@pytest.fixture
def register(cast: Cast) -> Register:
    return make_register(cast)


# --- one owner -------------------------------------------------------------------------------------------------


def test_a_file_has_exactly_one_owner(register: Register, cast: Cast) -> None:
    document = register.entered(attachments=[checked()])
    activity = filed(cast)
    for owners in ({"activity": activity}, {"document": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Attachment.objects.filter(document=document).update(**owners)


def test_the_rule_of_one_owner_holds_for_rows_of_old_as_well(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT convalidated FROM pg_constraint WHERE conname = 'programs_attachment_has_one_owner'"
        )
        assert cursor.fetchall() == [(True,)]


# --- documents -------------------------------------------------------------------------------------------------


def test_a_document_comes_with_its_files_and_whoever_sees_it_gets_them(
    register: Register, signed_in: SignedIn
) -> None:
    sent = {**register.typed(), "attachments": [uploaded(), uploaded("bảng.xlsx", xlsx())]}
    response = signed_in(register.bat_xat_officer).post(NEW, sent)
    assert response.status_code == 302

    page = unescape(signed_in(register.coordinator).get(response["Location"]).content.decode())
    assert "kế hoạch.pdf" in page
    assert "bảng.xlsx" in page
    assert 'alt="PDF file"' in page
    assert 'alt="Excel workbook"' in page
    file = Attachment.objects.get(name="kế hoạch.pdf")
    address = reverse("attachment_download", args=[file.key])
    assert b"".join(signed_in(register.coordinator).get(address)) == PDF
    event = AuditEvent.objects.filter(kind=AuditEvent.Kind.EXPORTED).get()
    assert event.detail == {"document": file.document_id}
    for stranger in (register.si_ma_cai_officer, register.administrator, register.cast.officer):
        assert signed_in(stranger).get(address).status_code == 404


def test_a_file_that_is_refused_keeps_what_was_typed_and_stores_nothing(
    register: Register, signed_in: SignedIn, settings: Any
) -> None:
    sent = {**register.typed(), "attachments": [uploaded("a.exe", b"MZ")]}
    page = unescape(signed_in(register.bat_xat_officer).post(NEW, sent).content.decode())

    assert "“a.exe” is of a type that is not taken." in page
    assert "Giàng A Sử" in page
    assert "Choose your files again" in page
    assert on_disk(settings) == 0
    assert not Attachment.objects.exists()


def test_a_second_click_brings_no_second_file(register: Register) -> None:
    first = register.entered(attachments=[checked()])
    again = register.entered(attachments=[checked(), checked("bảng.xlsx", xlsx())])

    assert first.pk == again.pk
    assert [file.name for file in first.attachments.all()] == ["kế hoạch.pdf", "bảng.xlsx"]


def test_files_are_removed_and_added_in_the_form(
    register: Register, signed_in: SignedIn, settings: Any
) -> None:
    document = register.entered(attachments=[checked("cũ.png", png((500, 300)))])
    old = document.attachments.get()
    assert on_disk(settings) == 2
    client = signed_in(register.coordinator)
    address = f"/documents/{document.pk}/edit/"
    assert f'value="{old.pk}"' in client.get(address).content.decode()
    sent = register.typed(number="12/KH-CAH", version="1")
    sent |= {"removed_attachments": [str(old.pk)], "attachments": [uploaded()]}

    with transaction.atomic():
        assert client.post(address, sent).status_code == 302
    assert [file.name for file in document.attachments.all()] == ["kế hoạch.pdf"]
    document.refresh_from_db()
    assert document.version == 2


def test_a_file_taken_off_leaves_no_bytes(
    register: Register, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    document = register.entered(attachments=[checked("cũ.png", png((500, 300)))])
    with django_capture_on_commit_callbacks(execute=True):
        change_document(
            actor=register.coordinator,
            document=document,
            version=1,
            removed_attachments=[document.attachments.get().pk],
            **fields_of(document),
        )
    assert on_disk(settings) == 0
    told = apps.get_model("programs", "AttachmentEvent").objects.filter(document=document.pk)
    assert sorted(told.values_list("pgh_label", flat=True)) == ["delete", "insert"]


def test_a_file_of_another_document_is_not_removed(register: Register) -> None:
    other = register.entered(number="13/KH-CAH", attachments=[checked()])
    document = register.entered()
    change_document(
        actor=register.coordinator,
        document=document,
        version=1,
        removed_attachments=[other.attachments.get().pk],
        **fields_of(document),
    )
    assert other.attachments.count() == 1


def test_adding_a_file_to_what_somebody_changed_is_told_and_stores_nothing(
    register: Register, settings: Any
) -> None:
    document = register.entered()
    change_document(
        actor=register.bat_xat_officer,
        document=document,
        version=1,
        **{**fields_of(document), "subject": "Đổi trích yếu"},
    )
    with pytest.raises(ChangedMeanwhile):
        change_document(
            actor=register.coordinator,
            document=document,
            version=1,
            attachments=[checked()],
            **fields_of(document),
        )
    assert on_disk(settings) == 0


def test_a_document_has_at_most_ten_files(register: Register, signed_in: SignedIn, settings: Any) -> None:
    document = register.entered(attachments=[pdf(number) for number in range(10)])
    stored = on_disk(settings)
    with pytest.raises(ValidationError) as refused:
        change_document(
            actor=register.coordinator,
            document=document,
            version=1,
            attachments=[pdf(11)],
            **fields_of(document),
        )
    assert refused.value.error_dict["attachments"][0].code == "too_many"
    sent = {**register.typed(number="12/KH-CAH", version="1"), "attachments": [uploaded("b.pdf", PDF + b"b")]}
    page = signed_in(register.coordinator).post(f"/documents/{document.pk}/edit/", sent).content.decode()
    assert "With these there would be 11 files." in page
    assert on_disk(settings) == stored


# --- progress notes --------------------------------------------------------------------------------------------


@pytest.fixture
def play(db: None) -> Play:
    return make_play()


@pytest.fixture
def task(play: Play) -> Assignment:
    give_two(play, document_of(play, "150/KH-BCĐ138"))
    return of_unit(play.agencies.bat_xat_police)


def test_progress_is_shown_by_files_too(play: Play, task: Assignment, signed_in: SignedIn) -> None:
    sent = note_form() | {"attachments": [uploaded("ảnh.png", png((600, 400)))]}
    response = signed_in(play.people.filing_officer).post(f"/tasks/{task.pk}/", sent)
    assert response.status_code == 302

    file = Attachment.objects.get()
    assert file.progress_note is not None and file.progress_note.assignment == task
    page = unescape(signed_in(play.people.coordinator).get(f"/tasks/{task.pk}/").content.decode())
    assert "ảnh.png" in page
    assert f'src="/attachments/{file.key}/thumbnail"' in page
    for person, status in ((play.people.coordinator, 200), (play.people.stranger, 404)):
        for name in ("attachment_download", "attachment_thumbnail"):
            assert signed_in(person).get(reverse(name, args=[file.key])).status_code == status


def test_the_same_note_twice_stores_its_files_once(play: Play, task: Assignment, settings: Any) -> None:
    told: dict[str, Any] = {
        "actor": play.people.filing_officer,
        "assignment": task,
        "state": Assignment.State.IN_PROGRESS,
        "text": "Đã làm.",
        "submission_key": uuid.uuid4(),
    }
    note = note_progress(attachments=[checked(), checked()], **told)
    assert note_progress(attachments=[checked()], **told) == note
    assert (note.attachments.count(), on_disk(settings)) == (1, 1)


def test_no_file_is_left_of_a_note_that_was_refused(play: Play, task: Assignment, settings: Any) -> None:
    with pytest.raises(ValidationError):
        note_progress(
            actor=play.people.filing_officer,
            assignment=task,
            state=Assignment.State.IN_PROGRESS,
            text="Đã làm.",
            attachments=[pdf(number) for number in range(11)],
        )
    assert on_disk(settings) == 0


# --- small pictures --------------------------------------------------------------------------------------------


def test_a_picture_brings_a_small_one_that_only_its_readers_see(
    cast: Cast, signed_in: SignedIn, settings: Any
) -> None:
    filed(cast, attachments=[checked("ảnh.png", png((1200, 600)))])
    file = Attachment.objects.get()
    response = signed_in(cast.colleague).get(f"/attachments/{file.key}/thumbnail")
    picture = Image.open(io.BytesIO(b"".join(response)))

    assert (picture.format, picture.size, dict(picture.getexif())) == ("JPEG", (240, 120), {})
    assert response["Content-Type"] == "image/jpeg"
    assert response["Cache-Control"] == "private, max-age=3600"
    assert "Cookie" in response["Vary"]
    assert not AuditEvent.objects.exists()
    assert file.thumbnail.name == f"{file.file.name}.thumbnail"
    for user in (cast.stranger, cast.district_officer, cast.steering):
        assert signed_in(user).get(f"/attachments/{file.key}/thumbnail").status_code == 404


def test_what_is_transparent_becomes_white() -> None:
    file = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(file, "PNG")
    small = Image.open(io.BytesIO(checked("a.png", file.getvalue()).thumbnail))
    assert small.getpixel((5, 5)) == (255, 255, 255)


def test_other_files_have_an_icon_and_no_small_picture(cast: Cast, signed_in: SignedIn) -> None:
    activity = filed(cast, attachments=[checked(), checked("bảng.xlsx", xlsx())])
    client = signed_in(cast.officer)
    page = client.get(f"/activities/{activity.pk}/").content.decode()

    assert "img/files/pdf.svg" in page
    assert "img/files/excel.svg" in page
    for file in Attachment.objects.all():
        assert client.get(f"/attachments/{file.key}/thumbnail").status_code == 404
