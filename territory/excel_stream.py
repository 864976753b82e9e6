"""Excel files that are sent while their rows are read: nobody waits for the last row, and no row is kept.

The parts of the file go into a zip that is never whole in memory or on disk. What has to be known before the rows
(styles, names of sheets, widths) comes first, and each cell holds its own text. A stream that breaks off lacks the
directory at its end, so that no program opens it and half a list is never taken for all of it.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl.utils import get_column_letter

from territory.excel import safe_text

#: Letters of a sheet that are pressed and sent at a time.
_AT_A_TIME = 64 * 1024
#: Half the work of the usual level, for files larger by a seventh.
_LEVEL = 1
#: Excel counts days from here.
_DAY_ZERO = dt.date(1899, 12, 30)


class Heading(str):
    """A text that is shown as a heading."""


Cell = str | dt.date | int | Decimal | None


@dataclass(frozen=True)
class StreamedSheet:
    """A sheet. ``content`` gives the widths of its columns, and its rows, which are asked for one by one.

    It is called when the sheet's turn comes: what it has to add up first keeps nobody waiting for the file to begin.
    """

    name: str
    content: Callable[[], tuple[Sequence[int], Iterable[Sequence[Cell]]]]
    #: The first row stays in view.
    is_headed: bool = True


def streamed_workbook(sheets: Sequence[StreamedSheet]) -> Iterator[bytes]:
    """The bytes of a workbook, the first of them before anything of a sheet was asked for."""
    sink = _Sink()
    with ZipFile(sink, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as file:
        for name, text in _parts(sheets):
            file.writestr(name, _HEAD + text)
        yield sink.taken()
        for number, sheet in enumerate(sheets, start=1):
            with file.open(f"xl/worksheets/sheet{number}.xml", "w") as part:
                for piece in _pieces(sheet):
                    part.write(piece.encode())
                    yield sink.taken()
    yield sink.taken()


class _Sink:
    """What the zip is written to: it holds what has not been sent yet."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._held.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits elsewhere."""

    def close(self) -> None:
        """Nothing is open."""

    def taken(self) -> bytes:
        held, self._held = b"".join(self._held), []
        return held


# --- the sheets ---


def _pieces(sheet: StreamedSheet) -> Iterator[str]:
    widths, rows = sheet.content()
    letters = [get_column_letter(number) for number in range(1, len(widths) + 1)]
    told, length = [_HEAD + _before_rows(widths, is_headed=sheet.is_headed)], 0
    yield told.pop()
    for number, row in enumerate(rows, start=1):
        cells = "".join(
            _cell(f"{letter}{number}", value)
            for letter, value in zip(letters, row, strict=True)
            if value is not None and value != ""
        )
        told.append(f'<row r="{number}">{cells}</row>')
        length += len(cells)
        if length > _AT_A_TIME:
            yield "".join(told)
            told, length = [], 0
    yield "".join([*told, "</sheetData></worksheet>"])


def _before_rows(widths: Sequence[int], *, is_headed: bool) -> str:
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' if is_headed else ""
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(widths, start=1)
    )
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>"
    )


def _cell(place: str, value: Cell) -> str:
    """A cell. A text is never a formula."""
    if isinstance(value, str):
        style = ' s="1"' if isinstance(value, Heading) else ""
        text = escape(safe_text(value))
        return f'<c r="{place}" t="inlineStr"{style}><is><t xml:space="preserve">{text}</t></is></c>'
    if isinstance(value, dt.date):
        return f'<c r="{place}" s="2"><v>{(value - _DAY_ZERO).days}</v></c>'
    return f'<c r="{place}"><v>{value}</v></c>'


# --- the parts that are the same for all rows ---

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SCHEMAS = "http://schemas.openxmlformats.org"
_MAIN = f"{_SCHEMAS}/spreadsheetml/2006/main"
_RELATIONS = f"{_SCHEMAS}/officeDocument/2006/relationships"
_PACKAGE = f"{_SCHEMAS}/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"

#: Plain, a heading, and a day.
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1" applyAlignment="1">'
    '<alignment wrapText="1" vertical="top"/></xf>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def _parts(sheets: Sequence[StreamedSheet]) -> Iterator[tuple[str, str]]:
    numbers = range(1, len(sheets) + 1)
    xml = "application/xml"
    types = "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="{_TYPES}.{kind}+xml"/>'
        for name, kind in [
            ("workbook", "sheet.main"),
            ("styles", "styles"),
            *((f"worksheets/sheet{number}", "worksheet") for number in numbers),
        ]
    )
    yield (
        "[Content_Types].xml",
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="{xml}"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{types}</Types>",
    )
    yield "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])
    named = "".join(
        f'<sheet name={quoteattr(sheet.name[:31])} sheetId="{number}" r:id="rId{number}"/>'
        for number, sheet in enumerate(sheets, start=1)
    )
    yield (
        "xl/workbook.xml",
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{named}</sheets></workbook>',
    )
    targets = [("worksheet", f"worksheets/sheet{number}.xml") for number in numbers]
    yield "xl/_rels/workbook.xml.rels", _relations([*targets, ("styles", "styles.xml")])
    yield "xl/styles.xml", _STYLES


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'
