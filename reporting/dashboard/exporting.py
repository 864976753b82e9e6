"""A dashboard as it is shown, as an Excel file: a sheet for each block, and where every figure comes from."""

import re
from collections.abc import Iterable
from typing import IO, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook

from reporting.dashboard.asked import Asked
from reporting.dashboard.block import Block, Entry
from reporting.dashboard.board import Dashboard
from reporting.dashboard.comparing import Comparison
from reporting.templatetags.humane import period_name
from territory.excel import headed_sheet, saved, text_cell, write_origin

#: What Excel allows of the name of a sheet.
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME = 31


def dashboard_workbook(board: Dashboard, *, address: str, root: str) -> IO[bytes]:
    """The blocks as an open temporary file, at its start. The caller closes it.

    ``address`` is the page's own, ``root`` the beginning of every other address of the portal.
    """
    blocks = [board.key_block, *([] if board.asked.is_own else [board.silent_block]), *board.blocks]
    origin = _origin(board.asked, _("Anti-trafficking programme portal, dashboard"), address)
    return _workbook(blocks, [*origin, *_coverage(board)], root)


def comparison_workbook(found: Comparison, *, address: str, root: str) -> IO[bytes]:
    """What stands side by side, in the same form."""
    source = _("Anti-trafficking programme portal, comparison")
    return _workbook([found.block] if found.rows else [], _origin(found.asked, source, address), root)


def _workbook(blocks: Iterable[Block], origin: list[tuple[str, Any]], root: str) -> IO[bytes]:
    book = Workbook(write_only=True)
    names: set[str] = set()
    sources: list[tuple[str, str, str, str, str]] = []
    for block in blocks:
        name = _sheet_name(block.title, names)
        sheet = headed_sheet(
            book, name, [(column, 44 if at == 0 else 22) for at, column in enumerate(block.columns)]
        )
        for row in block.rows:
            sheet.append([_cell(sheet, entry) for entry in row])
            sources += _sources(block, name, row, root)
        if not block.rows:
            sheet.append([text_cell(sheet, block.empty)])
        if block.note:
            sheet.append([text_cell(sheet, block.note)])
    _write_sources(book, sources)
    write_origin(book, origin)
    return saved(book)


def _cell(sheet: Any, entry: Entry) -> Any:
    """A number where it is exactly known, else the words."""
    return entry.number if entry.number is not None else text_cell(sheet, entry.text)


def _sheet_name(title: str, taken: set[str]) -> str:
    name = _NOT_IN_A_NAME.sub(" ", title)[:_LONGEST_NAME].strip("' ")
    number = 2
    while name.casefold() in taken:
        end = f" ({number})"
        name, number = name[: _LONGEST_NAME - len(end)] + end, number + 1
    taken.add(name.casefold())
    return name


def _sources(
    block: Block, sheet: str, row: Iterable[Entry], root: str
) -> Iterable[tuple[str, str, str, str, str]]:
    entries = list(row)
    for column, entry in zip(block.columns, entries, strict=False):
        if entry.url:
            yield sheet, entries[0].text, column, entry.text, f"{root}{entry.url}"


def _write_sources(book: Workbook, sources: Iterable[tuple[str, str, str, str, str]]) -> None:
    columns = [(_("Sheet"), 32), (_("Row"), 50), (_("Column"), 24), (_("Shown"), 24), (_("Address"), 90)]
    sheet = headed_sheet(book, _("Where figures come from"), columns)
    for source in sources:
        sheet.append([text_cell(sheet, text) for text in source])


def _origin(asked: Asked, source: str, address: str) -> list[tuple[str, Any]]:
    days = f"{asked.period.start:%d/%m/%Y} – {asked.period.end:%d/%m/%Y}"
    return [
        (_("Source"), source),
        (_("Address"), address),
        (_("Made on"), f"{timezone.localtime():%d/%m/%Y %H:%M}"),
        (_("Made by"), asked.reader.full_name),
        (_("Area"), asked.area.name),
        (_("Period"), f"{period_name(asked.period.code)} ({days})"),
        (_("Map"), _("of today") if asked.basis == "now" else _("of the period's end")),
        (_("Agency"), asked.whose_name or _("All")),
        (_("Programme"), asked.programme.name if asked.programme else "–"),
    ]


def _coverage(board: Dashboard) -> list[tuple[str, Any]]:
    coverage = board.coverage
    if coverage is None:
        return []
    return [
        (_("Units that owe"), coverage.expected),
        (_("Reported"), coverage.reported),
        (_("Of these nothing to report"), coverage.nil),
    ]
