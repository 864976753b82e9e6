"""Statements as an Excel file."""

from typing import IO, Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from openpyxl import Workbook

from accounts.models import User
from programs.exporting import origin_of
from programs.selectors.statement import StatementRow
from programs.statement_filters import StatementListing
from territory.excel import day_cell, headed_sheet, saved, text_cell, write_origin


def statements_workbook(listing: StatementListing, *, reader: User, address: str) -> IO[bytes]:
    """All rows of the listing as an open temporary file, at its start. The caller closes it."""
    book = Workbook(write_only=True)
    columns: list[tuple[str, int]] = [
        (_("Kind"), 16),
        (_("Period"), 26),
        (_("From"), 12),
        (_("To"), 12),
        (_("Agency"), 36),
        (_("Area"), 24),
        (_("District"), 24),
        (_("Text"), 80),
        (_("State"), 20),
        (_("Overcome on"), 14),
        (_("What was done about it"), 40),
        (_("Addressed to"), 36),
        (_("Answered on"), 14),
        (_("Answer"), 60),
    ]
    sheet = headed_sheet(book, _("Statements"), columns)
    for row in listing.all_rows():
        sheet.append(_cells(sheet, row))
    source = _("Anti-trafficking programme portal, difficulties, recommendations and directions")
    lines = origin_of(listing, source=source, reader=reader, address=address)
    lines.append((_("In all"), listing.totals.count))
    lines += [(capfirst(name), count) for name, count in listing.totals.kinds]
    write_origin(book, lines)
    return saved(book)


def _cells(sheet: Any, row: StatementRow) -> list[Any]:
    statement = row.statement
    district = statement.area.district
    return [
        text_cell(sheet, capfirst(row.kind_label)),
        text_cell(sheet, row.period),
        day_cell(sheet, statement.period_start),
        day_cell(sheet, statement.period_end),
        text_cell(sheet, statement.agency.name),
        text_cell(sheet, statement.area.name),
        text_cell(sheet, district.name if district else ""),
        text_cell(sheet, statement.text),
        text_cell(sheet, row.state_label),
        day_cell(sheet, getattr(statement, "overcome_on", None)),
        text_cell(sheet, getattr(statement, "note", "")),
        text_cell(sheet, getattr(statement, "addressee", "")),
        day_cell(sheet, getattr(statement, "answered_on", None)),
        text_cell(sheet, getattr(statement, "answer", "")),
    ]
