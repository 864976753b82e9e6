"""Excel files: cells that hold text and never a formula, headed sheets, and where the rows come from."""

import tempfile
import unicodedata
from collections.abc import Iterable, Sequence
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

#: The media type of a workbook.
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_LONGEST_CELL = 32_000
_IN_MEMORY = 2 * 1024 * 1024


def safe_text(text: str) -> str:
    """The text as a cell may hold it: no control characters, nothing that reads as a formula."""
    seen = text
    if not text.isprintable():  # which most are; a look at each letter was a tenth of a long export
        seen = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs", "Cn"))
    if text.startswith(_FORMULA_STARTS) or seen.startswith(_FORMULA_STARTS):
        seen = f"'{seen}"
    return seen[:_LONGEST_CELL]


def saved(book: Workbook) -> IO[bytes]:
    """The book as an open temporary file, at its start. The caller closes it."""
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 the caller closes it
    try:
        book.save(file)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


def headed_sheet(book: Workbook, name: str, columns: Sequence[tuple[str, int]]) -> Any:
    """A new sheet with the headings and widths of its columns; the headings stay in view."""
    sheet = book.create_sheet(name)
    for number, (_heading, width) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A2"
    sheet.append([heading_cell(sheet, heading) for heading, _width in columns])
    return sheet


def write_origin(book: Workbook, lines: Iterable[tuple[str, Any]]) -> None:
    """The sheet that says where the rows come from."""
    sheet = book.create_sheet(_("About this file"))
    sheet.column_dimensions["A"].width = 36
    sheet.column_dimensions["B"].width = 80
    for label, value in lines:
        shown = text_cell(sheet, value) if isinstance(value, str) else value
        sheet.append([heading_cell(sheet, label), shown])


def text_cell(sheet: Any, text: str) -> Any:
    """A cell that holds text and never a formula."""
    cell = WriteOnlyCell(sheet, value=safe_text(text))
    cell.data_type = "s"
    return cell


def heading_cell(sheet: Any, text: str) -> Any:
    cell = text_cell(sheet, text)
    cell.font = Font(bold=True)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def day_cell(sheet: Any, day: Any) -> Any:
    cell = WriteOnlyCell(sheet, value=day)
    cell.number_format = "dd/mm/yyyy"
    return cell
