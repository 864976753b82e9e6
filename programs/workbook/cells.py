"""Reading a sheet of an xlsx file, row by row, without ever holding or trusting more than it must.

The file comes through ``attachments.office`` first (members, ratio, unpacked size, macros, links). Here the XML is
read by expat in pieces: a document type is refused, a formula is refused with the name of its cell, and a sheet
ends with a refusal as soon as it has a value below the last row or beyond the last column.
"""

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any
from xml.parsers import expat  # external entities are never loaded, and a document type is refused below

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from territory.figure import print_number_vi

_CHUNK = 256 * 1024
_MOST_SHEETS = 20
_MOST_COLUMNS = 200
_LONGEST_CELL = 40_000
_FORMULAS_NAMED = 5
_CELL_NAME = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_QUOTED = re.compile(r"'+[=+\-@\t\r]")
_FORMULA_START = re.compile(r"'*[=+\-@\t\r]")
_ESCAPABLE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)|[\ufffe\uffff]")


class FileRefused(Exception):
    """The file cannot be read as asked. ``reason`` is a key of ``uploads.FAILURES``, ``detail`` names the place."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell, as text: a day as 05/03/2020, a number as 6.770 or 12,5.

    ``problem`` is "excel_error" for #REF! and its like. ``is_day`` says that the cell holds a date of Excel,
    ``number`` is the bare number of a cell that holds one.
    """

    text: str
    is_day: bool = False
    problem: str = ""
    number: Decimal | None = None


@dataclass(frozen=True)
class SheetRow:
    """A row with its number and its cells by number of column, from 1; empty cells are absent."""

    number: int
    cells: dict[int, Cell]


def written(text: str) -> str:
    """Text as it is put into a cell: nothing that reads as a formula, and nothing that Excel would unescape."""
    if _FORMULA_START.match(text):
        text = f"'{text}"
    return _ESCAPABLE.sub(_escape, text)


def read_back(text: str) -> str:
    """What ``written`` was given."""
    text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return text[1:] if _QUOTED.match(text) else text


def _escape(match: re.Match[str]) -> str:
    return f"_x{ord(match[0]):04X}_"


class Workbook:
    """An xlsx file opened for reading. Raises FileRefused; close it, or use it in ``with``."""

    def __init__(self, file: Any) -> None:
        try:
            self._archive = zipfile.ZipFile(file)
            self._names = set(self._archive.namelist())
            self._sheets, self._epoch = self._read_book()
            self._strings = self._read_strings()
            self._day_styles = self._read_styles()
        except (zipfile.BadZipFile, expat.ExpatError, KeyError, ValueError, OSError) as error:
            raise FileRefused("damaged") from error

    def __enter__(self) -> "Workbook":
        return self

    def __exit__(self, *exception: object) -> None:
        self._archive.close()

    @property
    def sheet_names(self) -> list[str]:
        return list(self._sheets)

    def rows(self, sheet: str, *, last_row: int) -> Iterator[SheetRow]:
        """The rows of a sheet that hold something. Raises FileRefused."""
        reading = _SheetReading(self, last_row)
        try:
            for _piece in self._parse(self._sheets[sheet], reading.parser):
                yield from reading.take()
        except (zipfile.BadZipFile, expat.ExpatError, KeyError, ValueError, OSError) as error:
            raise FileRefused("damaged") from error
        if reading.formulas:
            raise FileRefused("formulas", ", ".join(reading.formulas))

    # --- what cells are read with ---

    def cell(self, kind: str, style: int, value: str, inline: str) -> Cell:
        if kind == "s":
            value = self._strings[int(value)] if value else ""
            return Cell(read_back(value[:_LONGEST_CELL]))
        if kind in ("inlineStr", "str"):
            return Cell(read_back((inline or value)[:_LONGEST_CELL]))
        if kind == "b":
            return Cell("1" if value.strip() == "1" else "0")
        if kind == "e":
            return Cell(value.strip()[:30], problem="excel_error")
        if kind == "d":
            return _day(dt.datetime.fromisoformat(value.strip()[:19]))
        if not value.strip():
            return Cell("")
        return self._number(value.strip(), style in self._day_styles)

    def _number(self, value: str, is_day: bool) -> Cell:
        try:
            number = Decimal(value)
        except InvalidOperation:
            return Cell(value[:30], problem="excel_error")
        if not number.is_finite() or abs(number.adjusted()) > 30:
            return Cell(value[:30], problem="excel_error")
        if is_day:
            found = self.day_of(number)
            return _day(found) if found else Cell(value[:30], problem="excel_error")
        # Excel keeps 15 digits; the rest is the noise of binary fractions.
        rounded = Decimal(f"{number:.15g}")
        return Cell(print_number_vi(rounded), number=rounded)

    def day_of(self, number: Decimal) -> dt.datetime | None:
        """The day that a number stands for, if it stands for one of this age."""
        if not 1 <= number < 100_000:
            return None
        try:
            day = from_excel(float(number), self._epoch)
        except (ValueError, OverflowError):
            return None
        return day if isinstance(day, dt.datetime) else None

    # --- the parts of the file ---

    def _parse(self, member: str, parser: Any) -> Iterator[None]:
        """Feed a member to a parser, piece by piece."""

        def refuse(*declaration: object) -> None:
            raise FileRefused("damaged")

        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = refuse
        with self._archive.open(member) as part:
            while piece := part.read(_CHUNK):
                parser.Parse(piece, False)
                yield
        parser.Parse(b"", True)
        yield

    def _elements(self, member: str, wanted: frozenset[str]) -> Iterator[tuple[str, dict[str, str]]]:
        """The elements of those names (without their namespace) with their attributes."""
        found: list[tuple[str, dict[str, str]]] = []
        parser = expat.ParserCreate()

        def start(tag: str, attributes: dict[str, str]) -> None:
            if _local(tag) in wanted:
                found.append((_local(tag), {_local(name): value for name, value in attributes.items()}))

        parser.StartElementHandler = start
        for _piece in self._parse(member, parser):
            yield from found
            found.clear()

    def _read_book(self) -> tuple[dict[str, str], dt.datetime]:
        targets = {}
        for _tag, link in self._elements("xl/_rels/workbook.xml.rels", frozenset({"Relationship"})):
            if link.get("Type", "").endswith("/worksheet"):
                target = link.get("Target", "").lstrip("/")
                targets[link.get("Id", "")] = target if target.startswith("xl/") else f"xl/{target}"
        sheets, epoch = {}, CALENDAR_WINDOWS_1900
        for tag, given in self._elements("xl/workbook.xml", frozenset({"sheet", "workbookPr"})):
            if tag == "workbookPr" and given.get("date1904") in ("1", "true"):
                epoch = CALENDAR_MAC_1904
            elif tag == "sheet" and given.get("id") in targets and targets[given["id"]] in self._names:
                sheets[given.get("name", "")] = targets[given["id"]]
        if not sheets:
            raise FileRefused("damaged")
        return dict(list(sheets.items())[:_MOST_SHEETS]), epoch

    def _read_strings(self) -> list[str]:
        """The texts that cells point to. Reading marks above letters (rPh) are no part of them."""
        member = "xl/sharedStrings.xml"
        if member not in self._names:
            return []
        strings: list[str] = []
        state = {"in_text": False, "in_reading": False}
        pieces: list[str] = []

        def start(tag: str, attributes: dict[str, str]) -> None:
            name = _local(tag)
            if name == "si":
                pieces.clear()
            elif name == "rPh":
                state["in_reading"] = True
            elif name == "t":
                state["in_text"] = not state["in_reading"]

        def end(tag: str) -> None:
            name = _local(tag)
            if name == "si":
                strings.append("".join(pieces))
            elif name == "rPh":
                state["in_reading"] = False
            elif name == "t":
                state["in_text"] = False

        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.CharacterDataHandler = lambda text: pieces.append(text) if state["in_text"] else None
        for _piece in self._parse(member, parser):
            pass
        return strings

    def _read_styles(self) -> frozenset[int]:
        """The numbers of the cell styles that show a date."""
        member = "xl/styles.xml"
        if member not in self._names:
            return frozenset()
        formats: dict[int, str] = dict(BUILTIN_FORMATS)
        days, is_cell_style, style = set(), False, 0
        wanted = frozenset({"numFmt", "cellXfs", "cellStyles", "dxfs", "xf"})
        for tag, given in self._elements(member, wanted):
            if tag == "numFmt" and given.get("numFmtId", "").isdecimal():
                formats[int(given["numFmtId"])] = given.get("formatCode", "")
            elif tag == "xf" and is_cell_style:
                shown = formats.get(int(given.get("numFmtId", "0") or 0), "General")
                if is_date_format(shown):
                    days.add(style)
                style += 1
            elif tag != "xf":
                is_cell_style = tag == "cellXfs"
        return frozenset(days)


@dataclass
class _SheetReading:
    """The state of a parser on its way through a sheet."""

    book: Workbook
    last_row: int
    formulas: list[str] = field(default_factory=list)
    found: list[SheetRow] = field(default_factory=list)
    row: int = 0
    column: int = 0
    cells: dict[int, Cell] = field(default_factory=dict)
    kind: str = ""
    style: int = 0
    into: str = ""
    value: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    in_reading: bool = False

    def __post_init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def take(self) -> list[SheetRow]:
        rows, self.found = self.found, []
        return rows

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        if name == "row":
            number = attributes.get("r", "")
            self.row = int(number) if number.isdecimal() else self.row + 1
            self.column, self.cells = 0, {}
        elif name == "c":
            match = _CELL_NAME.fullmatch(attributes.get("r", ""))
            self.column = _column_number(match[1]) if match else self.column + 1
            self.kind = attributes.get("t", "n")
            style = attributes.get("s", "0")
            self.style = int(style) if style.isdecimal() else 0
            self.value.clear()
            self.inline.clear()
        elif name == "f":
            self._note_formula()
        elif name == "v":
            self.into = "value"
        elif name == "rPh":
            self.in_reading = True
        elif name == "t" and not self.in_reading:
            self.into = "inline"

    def _end(self, tag: str) -> None:
        name = _local(tag)
        if name in ("v", "t"):
            self.into = ""
        elif name == "rPh":
            self.in_reading = False
        elif name == "c":
            self._end_cell()
        elif name == "row" and self.cells:
            self.found.append(SheetRow(self.row, self.cells))

    def _text(self, text: str) -> None:
        if self.into == "value":
            self.value.append(text)
        elif self.into == "inline":
            self.inline.append(text)

    def _end_cell(self) -> None:
        if not self.value and not self.inline:
            return
        cell = self.book.cell(self.kind, self.style, "".join(self.value), "".join(self.inline))
        if not cell.text.strip():
            return
        if self.row > self.last_row:
            raise FileRefused("too_many_rows", f"{get_column_letter(min(self.column, 18_000))}{self.row}")
        if self.column > _MOST_COLUMNS:
            raise FileRefused("too_many_columns", f"{get_column_letter(min(self.column, 18_000))}{self.row}")
        self.cells[self.column] = cell

    def _note_formula(self) -> None:
        if len(self.formulas) < _FORMULAS_NAMED:
            self.formulas.append(f"{get_column_letter(min(self.column, 18_000))}{self.row}")


def _day(moment: dt.datetime) -> Cell:
    return Cell(f"{moment.day:02d}/{moment.month:02d}/{moment.year:04d}", is_day=True)


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
