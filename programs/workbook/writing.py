"""The workbook of activities: empty as a template, with what was filed, and with the rows that are given back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from programs.models import ActivityKind, Audience, WorkbookRow
from programs.workbook.cells import written
from programs.workbook.choices import Choices, pairs, yes_no_labels
from programs.workbook.columns import (
    ACTIVITY_SHEET,
    COLUMNS,
    FAULTS,
    FIRST_ROW,
    HEAD_ROW,
    KEY_ROW,
    Column,
    Layout,
    Shape,
    faults_column,
)
from territory.days import read_day
from territory.excel import day_cell, saved

_DAY_FORMAT = "dd/mm/yyyy"
_TEXT_FORMAT = "@"
_HEAD = PatternFill("solid", fgColor="E3ECF3")
_NEEDED = PatternFill("solid", fgColor="F6E3C5")
_FAULT = PatternFill("solid", fgColor="FBE0DC")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_TOP = Alignment(vertical="top")
_NOTE_WIDTH, _NOTE_HEIGHT = 320, 130
#: A workbook opens slowly with more notes than these; the column of faults says the same.
_MOST_NOTES = 2000
_LONGEST_NOTE = 1000
#: Excel takes no text above this into one cell.
_LONGEST_CELL = 32_767
_AUTHOR = "PCMBN"


@dataclass(frozen=True)
class WrittenRow:
    """A row to be written: texts by key, and what is wrong with it, by key of the column."""

    values: Mapping[str, str]
    faults: Mapping[str, str] = field(default_factory=dict)


def faults_of(row: WorkbookRow) -> dict[str, str]:
    """What is wrong with a row, by key of the column."""
    faults: dict[str, str] = {}
    for error in row.errors:
        key = error["key"]
        faults[key] = f"{faults[key]}\n{error['message']}" if key in faults else error["message"]
    return faults


def template(choices: Choices) -> IO[bytes]:
    """An empty workbook for one person. The caller closes it."""
    return _workbook(choices, (), columns=COLUMNS)


def filled(choices: Choices, rows: Iterable[WrittenRow]) -> IO[bytes]:
    """The workbook with these rows in it. The caller closes it."""
    return _workbook(choices, rows, columns=COLUMNS)


def given_back(choices: Choices, rows: Iterable[WrittenRow]) -> IO[bytes]:
    """The workbook with faulty rows, what is wrong in a column of its own and in a note at each cell."""
    return _workbook(choices, rows, columns=(COLUMNS[0], faults_column(), *COLUMNS[1:]))


def _workbook(choices: Choices, rows: Iterable[WrittenRow], *, columns: Sequence[Column]) -> IO[bytes]:
    book = Workbook(write_only=True)
    lists = _lists(choices)
    sheet = rows_sheet(book, _("Activities"), columns)
    offer_lists(sheet, columns, lists)
    write_rows(sheet, ACTIVITY_SHEET, columns, rows)
    lists.write(book)
    lines = [
        _("One row is one activity. Columns marked with a star are needed."),
        _("Do not change the heads or the hidden first row; columns you do not need can stay empty."),
        _("Names of agencies and areas are those on the sheet of lists, in either language."),
        *limits(settings.UPLOAD_MAX_ROWS),
    ]
    write_guide(book, columns, lines)
    return saved(book)


# --- the sheet of rows ---


def rows_sheet(book: Workbook, name: str, columns: Sequence[Column]) -> Any:
    """A new sheet whose columns are set up; nothing is written yet."""
    sheet: Any = book.create_sheet(name)
    sheet.freeze_panes = f"B{FIRST_ROW}"
    for number, column in enumerate(columns, start=1):
        _set_column(sheet, number, column)
    sheet.row_dimensions[KEY_ROW].hidden = True
    sheet.row_dimensions[HEAD_ROW].height = 48
    return sheet


def write_rows(sheet: Any, layout: Layout, columns: Sequence[Column], rows: Iterable[WrittenRow]) -> None:
    """Write keys, heads and rows. ``columns`` may hold one of faults besides those of the layout."""
    # The first key cell says what kind of sheet this is, and in which version.
    sheet.append([_text(sheet, layout.mark), *(_text(sheet, column.key) for column in columns[1:])])
    sheet.append([_head(sheet, column) for column in columns])
    writer = _RowWriter(sheet, columns)
    for row in rows:
        writer.write(row)


def _set_column(sheet: Any, number: int, column: Column) -> None:
    dimension = sheet.column_dimensions[get_column_letter(number)]
    dimension.width = column.width
    dimension.alignment = _WRAPPED if column.shape is Shape.LONG_TEXT else _TOP
    if column.shape is Shape.DAY:
        dimension.number_format = _DAY_FORMAT
    elif column.shape is not Shape.NOTE:
        # As text, "1-5" stays what was typed and does not become the first of May.
        dimension.number_format = _TEXT_FORMAT


def offer_lists(sheet: Any, columns: Sequence[Column], lists: "Lists") -> None:
    """Let the cells of a column be chosen from its list. Before the rows are written."""
    for number, column in enumerate(columns, start=1):
        _offer(sheet, number, column, lists)


def _offer(sheet: Any, number: int, column: Column, lists: "Lists") -> None:
    reference = lists.reference(column.key)
    if not reference:
        return
    validation = DataValidation(type="list", formula1=reference, allow_blank=True, errorStyle="warning")
    validation.errorTitle = column.title[:32]
    validation.error = _("This is not one of the list. Keep it only if you are sure.")[:225]
    letter = get_column_letter(number)
    validation.add(f"{letter}{FIRST_ROW}:{letter}{FIRST_ROW + settings.UPLOAD_MAX_ROWS - 1}")
    sheet.data_validations.append(validation)


def _head(sheet: Any, column: Column) -> Any:
    cell = _text(sheet, f"{column.title} *" if column.is_required else column.title)
    cell.font = Font(bold=True)
    cell.fill = _NEEDED if column.is_required else _HEAD
    cell.alignment = _WRAPPED
    example = column.shown_example
    lines = [column.explanation, *([_("Example: %(example)s") % {"example": example}] if example else [])]
    cell.comment = Comment("\n".join(lines), _AUTHOR, height=_NOTE_HEIGHT, width=_NOTE_WIDTH)
    return cell


class _RowWriter:
    """Writes rows under the heads; a cell that is empty is left out."""

    def __init__(self, sheet: Any, columns: Sequence[Column]) -> None:
        self.sheet = sheet
        self.columns = columns
        self.titles = {column.key: column.title for column in columns}
        self.number = 0
        self.notes = 0

    def write(self, row: WrittenRow) -> None:
        self.number += 1
        self.sheet.append([self._cell(row, column) for column in self.columns])

    def _cell(self, row: WrittenRow, column: Column) -> Any:
        if column.key == "number":
            return self.number
        if column.key == FAULTS:
            told = (f"{self.titles.get(key, key)}: {fault}" for key, fault in row.faults.items())
            cell = _text(self.sheet, "\n".join(told))
            cell.alignment = _WRAPPED
            return cell
        text = row.values.get(column.key, "")
        fault = row.faults.get(column.key)
        if not text and not fault:
            return None
        day = read_day(text) if column.shape is Shape.DAY and text else None
        if day is not None:
            cell = day_cell(self.sheet, day)
        else:
            cell = _text(self.sheet, text)
            cell.number_format = _TEXT_FORMAT
        if fault:
            self._mark(cell, fault)
        return cell

    def _mark(self, cell: Any, fault: str) -> None:
        cell.fill = _FAULT
        self.notes += 1
        if self.notes <= _MOST_NOTES:
            cell.comment = Comment(fault[:_LONGEST_NOTE], _AUTHOR, height=_NOTE_HEIGHT, width=_NOTE_WIDTH)


def _text(sheet: Any, text: str) -> Any:
    """A cell that holds exactly this text and never a formula."""
    cell: Any = WriteOnlyCell(sheet, value="")
    cell._value = written(text)[:_LONGEST_CELL]
    cell.data_type = "s"
    return cell


# --- the lists ---


class Lists:
    """What may be chosen, a column of its own for each; the drop-downs point there.

    ``columns`` are heads and labels by the key of the list. ``offered`` says which list the cells of a column are
    chosen from; others hold what can be typed beside other things.
    """

    def __init__(self, columns: dict[str, tuple[str, list[str]]], offered: Mapping[str, str]) -> None:
        self.sheet_name = _("Lists")
        self.columns = columns
        self.offered = offered

    def reference(self, key: str) -> str:
        """Where the list of a column stands; nothing for a column in which anything can be typed."""
        shown = self.offered.get(key, "")
        if not shown:
            return ""
        letter = get_column_letter(list(self.columns).index(shown) + 1)
        last = len(self.columns[shown][1]) + 1
        quoted = self.sheet_name.replace("'", "''")
        return f"'{quoted}'!${letter}$2:${letter}${max(last, 2)}"

    def write(self, book: Workbook) -> None:
        sheet: Any = book.create_sheet(self.sheet_name)
        sheet.freeze_panes = "A2"
        for number in range(1, len(self.columns) + 1):
            sheet.column_dimensions[get_column_letter(number)].width = 34
        heads = [_text(sheet, head) for head, _labels in self.columns.values()]
        for head in heads:
            head.font, head.fill = Font(bold=True), _HEAD
        sheet.append(heads)
        lists = [labels for _head, labels in self.columns.values()]
        for number in range(max(map(len, lists))):
            sheet.append([_text(sheet, labels[number]) if number < len(labels) else None for labels in lists])


def _lists(choices: Choices) -> Lists:
    columns = {
        "kind": (_("Kind"), pairs(ActivityKind)),
        "agency": (_("Agency"), choices.agencies.labels),
        "area": (_("Area"), choices.areas.labels),
        "yes_no": (_("Yes or no"), list(yes_no_labels())),
        "audience": (_("Audience"), pairs(Audience)),
        "partner_agencies": (_("Partner agencies"), choices.partners.labels),
    }
    offered = {key: key for key in ("kind", "agency", "area")}
    return Lists(columns, offered | {"is_cumulative": "yes_no", "is_integrated": "yes_no"})


# --- the guide ---


def limits(most_rows: int) -> list[str]:
    """What no workbook may hold, and how one is sent, as its guide says it."""
    return [
        _("No formulas, no macros, no links to other files: the portal refuses them."),
        _("At most %(rows)d rows and %(size)d MB a file. No names of victims or suspects.")
        % {"rows": most_rows, "size": settings.UPLOAD_MAX_BYTES // 1024 // 1024},
        _(
            "Save the file as xlsx and upload it. Each row is checked, and nothing is stored before you say so."
        ),
    ]


def write_guide(book: Workbook, columns: Sequence[Column], lines: Iterable[str]) -> None:
    """The sheet that says how the rows are filled in."""
    sheet: Any = book.create_sheet(_("How to fill in"))
    for letter, width in (("A", 34), ("B", 12), ("C", 90), ("D", 34)):
        sheet.column_dimensions[letter].width = width
    for line in lines:
        sheet.append([_text(sheet, line)])
    sheet.append([])
    heads = [_text(sheet, head) for head in (_("Column"), _("Needed"), _("What goes in"), _("Example"))]
    for head in heads:
        head.font, head.fill = Font(bold=True), _HEAD
    sheet.append(heads)
    yes, _no = yes_no_labels()
    for column in columns:
        cells = [
            _text(sheet, text)
            for text in (
                column.title,
                yes if column.is_required else "",
                column.explanation,
                column.shown_example,
            )
        ]
        for cell in cells:
            cell.alignment = _WRAPPED
        sheet.append(cells)
