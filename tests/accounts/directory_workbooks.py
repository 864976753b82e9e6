"""Workbooks of people and of agencies for the tests: the template filled in, uploaded, and worked through."""

from __future__ import annotations

import io
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from accounts.models import User
from programs.directory_workbook import writing
from programs.directory_workbook.storing import KINDS, Subject
from programs.models import DirectoryUpload, DirectoryUploadRow
from programs.workbook import leases, uploads
from programs.workbook.checking import taken_file

WHY = "the test looks at all"


def template(actor: User, subject: Subject) -> bytes:
    with writing.template(actor, subject) as file:
        return file.read()


def given_back(made: DirectoryUpload) -> bytes:
    with writing.rest_of(made) as file:
        return file.read()


def filled(content: bytes, *rows: Mapping[str, str]) -> bytes:
    """The workbook with texts by key of the column in the rows below the heads."""
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    letters = {str(cell.value): cell.column_letter for cell in sheet[1]}
    for number, row in enumerate(rows, start=3):
        for key, text in row.items():
            cell = sheet[f"{letters[key]}{number}"]
            cell.value, cell.number_format, cell.data_type = text, "@", "s"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def upload(actor: User, subject: Subject, content: bytes) -> DirectoryUpload:
    file = taken_file(SimpleUploadedFile("danh sách.xlsx", content))
    made: DirectoryUpload = uploads.upload_workbook(
        actor=actor, file=file, key=uuid.uuid4(), kind=KINDS[subject], subject=subject
    )
    return made


def worked(made: DirectoryUpload) -> DirectoryUpload:
    """What a worker does with it, and the upload afterwards."""
    lease = leases.take(str(made.key), DirectoryUpload)
    assert lease is not None
    uploads.work_on(lease, KINDS[made.subject])
    return now_of(made)


def now_of(made: DirectoryUpload) -> DirectoryUpload:
    found: DirectoryUpload = DirectoryUpload.objects.unscoped(WHY).get(pk=made.pk)
    return found


def checked(actor: User, subject: Subject, *rows: Mapping[str, str]) -> DirectoryUpload:
    return worked(upload(actor, subject, filled(template(actor, subject), *rows)))


def asked(made: DirectoryUpload) -> DirectoryUpload:
    """The upload once its person has asked that its good rows be stored."""
    current: DirectoryUpload = uploads.store_upload(upload=made, actor=made.by, kind=KINDS[made.subject])
    return current


def stored(made: DirectoryUpload) -> DirectoryUpload:
    return worked(asked(made))


def faults(made: DirectoryUpload) -> dict[str, str]:
    """The messages by the cell beside which they stand."""
    return {error["cell"]: error["message"] for row in rows_of(made) for error in row.errors}


def warnings(made: DirectoryUpload) -> dict[str, str]:
    return {each["cell"]: each["message"] for row in rows_of(made) for each in row.warnings}


def rows_of(made: DirectoryUpload) -> list[DirectoryUploadRow]:
    return list(DirectoryUploadRow.objects.filter(upload=made))


def sheet_of(content: bytes, place: int = 0) -> Any:
    """A sheet of a workbook as another program reads it."""
    return load_workbook(io.BytesIO(content)).worksheets[place]
