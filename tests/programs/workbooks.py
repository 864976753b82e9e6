"""Workbooks for the tests: the template filled in, files that must be refused, and uploads worked through."""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from openpyxl import load_workbook

from accounts.models import User
from programs.models import Activity, ActivityKind, ActivityUpload
from programs.workbook import leases, uploads
from programs.workbook.checking import taken_file
from programs.workbook.choices import Choices
from programs.workbook.columns import COLUMNS, FIRST_ROW
from programs.workbook.writing import WrittenRow, filled, template

GOOD = {
    "title": "Tuyên truyền tại Đăk Môn",
    "agency": "Công an tỉnh Kon Tum",
    "area": "Xã Đăk Môn",
    "started_on": "05/03/2020",
    "ended_on": "05/03/2020",
    "narrative": "Tổ chức tại nhà rông.",
    "figure.attendances": "trên 6.770",
    "women.attendances": "3.000",
    "cost.local": "12.500.000",
}


def row(**changed: str) -> dict[str, str]:
    """A sound row; a key with a dot is given as women__attendances."""
    with translation.override("vi"):
        kind = str(ActivityKind.COMMUNICATION.label)
    return {"kind": kind, **GOOD, **{key.replace("__", "."): text for key, text in changed.items()}}


def numbered(count: int) -> list[dict[str, str]]:
    return [row(title=f"Tuyên truyền lần {number}") for number in range(count)]


def book(actor: User, *rows: Mapping[str, str]) -> bytes:
    """The workbook with these rows, written as the portal writes it."""
    with filled(Choices(actor), (WrittenRow(values) for values in rows)) as file:
        return file.read()


def empty_template(actor: User) -> bytes:
    with template(Choices(actor)) as file:
        return file.read()


def by_hand(actor: User, fill: Callable[[Any, dict[str, str]], None]) -> bytes:
    """The template opened in another program, which ``fill`` plays; it gets the sheet and the letters by key."""
    opened = load_workbook(io.BytesIO(empty_template(actor)))
    sheet = opened.worksheets[0]
    letters = {str(cell.value): cell.column_letter for cell in sheet[1]}
    fill(sheet, letters)
    file = io.BytesIO()
    opened.save(file)
    return file.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The same archive with a part more, or with another in its place."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        new.writestr(name, part)
    return file.getvalue()


def uploaded_file(content: bytes, name: str = "hoạt động.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/octet-stream")


def upload(actor: User, content: bytes, **changed: Any) -> ActivityUpload:
    """The workbook taken from the actor, not yet checked."""
    return uploads.upload_workbook(
        actor=actor, file=taken_file(uploaded_file(content)), key=changed.get("key", uuid.uuid4())
    )


def work(upload: ActivityUpload) -> ActivityUpload:
    """What a worker does with it, and the upload afterwards."""
    lease = leases.take(str(upload.key))
    assert lease is not None
    uploads.work_on(lease)
    return now_of(upload)


def now_of(upload: ActivityUpload) -> ActivityUpload:
    found: ActivityUpload = ActivityUpload.objects.unscoped("the test looks at it").get(pk=upload.pk)
    return found


def checked(actor: User, *rows: Mapping[str, str]) -> ActivityUpload:
    return work(upload(actor, book(actor, *rows)))


def stored(upload: ActivityUpload) -> ActivityUpload:
    return work(uploads.store_upload(upload=upload, actor=upload.by))


def faults(upload: ActivityUpload) -> dict[str, str]:
    """The messages by the cell beside which they stand."""
    return {error["cell"]: error["message"] for row in upload.upload_rows.all() for error in row.errors}


def letter(key: str) -> str:
    """The letter of a column in the template."""
    from openpyxl.utils import get_column_letter

    return get_column_letter([column.key for column in COLUMNS].index(key) + 1)


def cell(key: str, place: int = 0) -> str:
    """The cell of a column in the row of that place, from 0."""
    return f"{letter(key)}{FIRST_ROW + place}"


def sheet_of(content: bytes) -> Any:
    """The first sheet of a workbook as another program reads it."""
    return load_workbook(io.BytesIO(content)).worksheets[0]


def read_rows(content: bytes) -> Iterable[dict[str, Any]]:
    """The rows of a workbook by the key of their column."""
    rows = sheet_of(content).iter_rows(values_only=True)
    keys = next(rows)
    next(rows)
    return [{key: value for key, value in zip(keys, each, strict=True) if value is not None} for each in rows]


def activities() -> list[Activity]:
    """All activities there are, the oldest first."""
    return list(Activity.objects.unscoped("the test looks at all").order_by("pk"))
