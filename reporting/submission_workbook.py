"""The figures of one submission as a workbook: written to be filled in, and read back."""

import io
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import Workbook as Book
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter

from programs.workbook.cells import Cell, FileRefused, Workbook, written
from programs.workbook.uploads import FAILURES
from reporting.models import Submission
from reporting.submission_form import FIGURE, NOTE, OPEN, FigureRow, SubmissionForm
from territory.excel import heading_cell, saved

#: The columns that are read, by number: the name of the figure, the figure, the note.
_KEY, _FIGURE, _NOTE = 1, 5, 6
_MOST_ROWS = 3_000


def written_figures(submission: Submission) -> IO[bytes]:
    """The workbook with every figure that the form asks for, parts included. The caller closes it."""
    book = Book(write_only=True)
    sheet = book.create_sheet(_("Figures"))
    for number, width in enumerate((24, 60, 24, 16, 18, 50), start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A2"
    heads = (_mark(submission), _("Indicator"), _("Breakdown"), _("Records"), _("Figure"), _("Note"))
    sheet.append([heading_cell(sheet, head) for head in heads])
    for row in _all_rows(submission):
        name, part = row
        figure = part or name
        texts = (
            figure.key,
            f"{name.name} ({name.unit})",
            part.name if part else "",
            figure.records,
            figure.typed,
            figure.note,
        )
        sheet.append([_text(sheet, text) for text in texts])
    return saved(book)


def read_figures(submission: Submission, content: bytes) -> SubmissionForm:
    """The form filled from a workbook, judged: ``read()`` gives what is to be stored, or it holds the errors.

    Raises ValidationError where this is not the workbook of the submission, or a cell cannot be read.
    """
    typed: dict[str, list[str]] = {}
    try:
        with Workbook(io.BytesIO(content)) as book:
            rows = book.rows(book.sheet_names[0], last_row=_MOST_ROWS)
            head = next(rows, None)
            if head is None or head.number != 1 or _of(head.cells, _KEY) != _mark(submission):
                raise ValidationError(_("This is not the workbook of this report. Download it anew."))
            for row in rows:
                key = _of(row.cells, _KEY)
                figure = row.cells.get(_FIGURE)
                if figure is not None and (figure.is_day or figure.problem):
                    raise ValidationError(
                        _("Cell %(cell)s holds a date or an error of Excel. Type the figure as text.")
                        % {"cell": f"{get_column_letter(_FIGURE)}{row.number}"}
                    )
                typed[FIGURE + key] = [_of(row.cells, _FIGURE)]
                typed[NOTE + key] = [_of(row.cells, _NOTE)]
    except FileRefused as refused:
        message = str(FAILURES[refused.reason]) % {"detail": refused.detail, "limit": _MOST_ROWS}
        raise ValidationError(message, code=refused.reason) from refused
    form = SubmissionForm(submission, {**typed, OPEN: _told_apart(submission)})
    known = {key for each in form.asked for key in each.keys}
    unknown = sorted(name.removeprefix(FIGURE) for name in typed if name.startswith(FIGURE))
    strange = [key for key in unknown if key not in known]
    if strange:
        raise ValidationError(
            _("The form does not ask for these rows: %(rows)s.") % {"rows": ", ".join(strange[:5])}
        )
    return form


def _mark(submission: Submission) -> str:
    return f"submission/{submission.obligation_id}"


def _all_rows(submission: Submission) -> list[tuple[FigureRow, FigureRow | None]]:
    return _rows_of(SubmissionForm(submission, {OPEN: _told_apart(submission)}))


def _rows_of(form: SubmissionForm) -> list[tuple[FigureRow, FigureRow | None]]:
    """Each indicator, and after it each of its parts beside it."""
    return [(row, part) for section in form.sections for row in section.rows for part in (None, *row.parts)]


def _told_apart(submission: Submission) -> list[str]:
    return [row.indicator for row in submission.obligation.form.indicators.all() if row.breakdowns]


def _of(cells: dict[int, Cell], number: int) -> str:
    return cells[number].text.strip() if number in cells else ""


def _text(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=written(text))
    cell.data_type = "s"
    cell.number_format = "@"
    return cell
