"""The workbooks of people and of agencies: empty, and with the rows that are given back."""

from collections.abc import Iterable
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _
from openpyxl import Workbook

from accounts.models import User
from programs.directory_workbook.layout import LAYOUTS, title_of
from programs.directory_workbook.storing import WAYS, Subject
from programs.models import DirectoryUpload, DirectoryUploadRow
from programs.workbook.columns import faults_column
from programs.workbook.reading import texts_of
from programs.workbook.writing import (
    WrittenRow,
    faults_of,
    limits,
    offer_lists,
    rows_sheet,
    write_guide,
    write_rows,
)
from territory.excel import saved

_CHUNK = 500


def template(actor: User, subject: Subject) -> IO[bytes]:
    """An empty workbook with what the person may choose from. The caller closes it."""
    return _workbook(actor, subject, ())


def rest_of(upload: DirectoryUpload) -> IO[bytes]:
    """The rows of an upload that could not be stored, with what is wrong with each. The caller closes it."""
    subject = Subject(upload.subject)
    rows = DirectoryUploadRow.objects.filter(upload=upload, is_good=False).order_by("number")
    given_back = (
        WrittenRow(texts_of(row.values, LAYOUTS[subject]), faults_of(row))
        for row in rows.iterator(chunk_size=_CHUNK)
    )
    return _workbook(upload.by, subject, given_back, with_faults=True)


def _workbook(
    actor: User, subject: Subject, rows: Iterable[WrittenRow], *, with_faults: bool = False
) -> IO[bytes]:
    layout, lists = LAYOUTS[subject], WAYS[subject].judge(actor).lists()
    columns = layout.columns
    if with_faults:
        columns = (columns[0], faults_column(), *columns[1:])
    book = Workbook(write_only=True)
    sheet = rows_sheet(book, title_of(subject), columns)
    offer_lists(sheet, columns, lists)
    write_rows(sheet, layout, columns, rows)
    lists.write(book)
    write_guide(book, columns, [*_guide(subject), *limits(settings.DIRECTORY_MAX_ROWS)])
    return saved(book)


def _guide(subject: Subject) -> list[str]:
    first = (
        _("One row is one role of a person. Columns marked with a star are needed.")
        if subject == Subject.PEOPLE
        else _("One row is one new agency. Columns marked with a star are needed.")
    )
    return [
        first,
        _("Do not change the heads or the hidden first row; columns you do not need can stay empty."),
        _("Names of agencies and areas are those on the sheet of lists."),
    ]
