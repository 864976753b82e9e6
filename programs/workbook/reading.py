"""From a workbook to rows of texts, each by the key of its column."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from programs.workbook.cells import Cell, FileRefused, SheetRow, Workbook
from programs.workbook.columns import (
    ACTIVITY_SHEET,
    FIRST_ROW,
    KEY_ROW,
    Layout,
    Shape,
)


@dataclass(frozen=True)
class RawRow:
    """What stands in a row: ``values`` by key, ``problems`` of cells that could not be read, by key.

    ``letters`` says in which column of the sheet a key stands.
    """

    number: int
    values: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RawSheet:
    """A sheet: the letter of each column by key, and its rows, which are read once."""

    letters: dict[str, str]
    rows: Iterator[RawRow]


def raw_sheet(book: Workbook, *, most_rows: int, layout: Layout = ACTIVITY_SHEET) -> RawSheet:
    """The sheet of that layout in a workbook. Raises FileRefused, also while its rows are read."""
    last_row = FIRST_ROW + most_rows - 1
    for name in book.sheet_names:
        keys = _keys_of(next(iter(book.rows(name, last_row=10**7)), None), layout)
        if keys:
            return RawSheet(
                {key: get_column_letter(number) for number, key in keys.items()},
                _rows(book, name, keys, last_row, layout),
            )
    raise FileRefused("not_the_template")


def _keys_of(row: SheetRow | None, layout: Layout) -> dict[int, str]:
    """The keys of the columns by number; none when this is not the sheet of that layout."""
    if row is None or row.number != KEY_ROW or 1 not in row.cells:
        return {}
    mark = row.cells[1].text.strip()
    if not mark.startswith(f"{layout.kind}/"):
        return {}
    if mark != layout.mark:
        raise FileRefused("other_version", mark)
    keys: dict[int, str] = {}
    known = layout.by_key
    for number, cell in row.cells.items():
        key = cell.text.strip()
        if key in keys.values():
            raise FileRefused("column_twice", key)
        if key in known:
            keys[number] = key
    missing = [known[key].title for key in layout.required if key not in keys.values()]
    if missing:
        raise FileRefused("column_missing", ", ".join(missing))
    return keys


def _rows(book: Workbook, name: str, keys: dict[int, str], last_row: int, layout: Layout) -> Iterator[RawRow]:
    shapes = {key: column.shape for key, column in layout.by_key.items()}
    for row in book.rows(name, last_row=last_row):
        if row.number < FIRST_ROW:
            continue
        values: dict[str, str] = {}
        problems: dict[str, str] = {}
        for number, cell in row.cells.items():
            key = keys.get(number, "")
            shape = shapes.get(key, Shape.NOTE)
            if shape is Shape.NOTE:
                continue
            values[key] = _text(book, cell, shape)
            problem = cell.problem or _misread(cell, shape)
            if problem:
                problems[key] = problem
        if values:
            yield RawRow(row.number, values, problems)


def _text(book: Workbook, cell: Cell, shape: Shape) -> str:
    if cell.number is None:
        return cell.text.strip()
    if shape is Shape.DAY:
        found = book.day_of(cell.number)
        return f"{found:%d/%m/%Y}" if found else cell.text
    return cell.text if shape in (Shape.FIGURE, Shape.WHOLE) else _bare(cell.number)


def _bare(number: Decimal) -> str:
    return f"{number:f}"


def _misread(cell: Cell, shape: Shape) -> str:
    """Excel turns 1-5 into the first of May, unless the cell is a text cell."""
    return "day_in_figure" if cell.is_day and shape in (Shape.FIGURE, Shape.WHOLE) else ""


def told_problem(problem: str, text: str) -> str:
    """Why a cell could not be read, for the person."""
    if problem == "day_in_figure":
        return _(
            "Excel has turned what was typed into a date. Give the cell the format “Text” and type the figure again."
        )
    return _("The cell holds an error of Excel (%(text)s). Type its value.") % {"text": text}


def texts_of(stored: Any, layout: Layout = ACTIVITY_SHEET) -> dict[str, str]:
    """The values of a stored row, with only such as a sheet could have held."""
    if not isinstance(stored, dict):
        return {}
    known = layout.by_key
    return {key: value for key, value in stored.items() if key in known and isinstance(value, str)}
