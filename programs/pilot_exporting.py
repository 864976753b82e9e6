"""Pilots as an Excel file."""

from typing import IO, Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from openpyxl import Workbook

from accounts.models import User
from programs.exporting import origin_of
from programs.pilot_filters import PilotListing
from territory.excel import day_cell, headed_sheet, saved, text_cell, write_origin


def pilots_workbook(listing: PilotListing, *, reader: User, address: str) -> IO[bytes]:
    """All rows of the listing as an open temporary file, at its start. The caller closes it."""
    book = Workbook(write_only=True)
    columns: list[tuple[str, int]] = [
        (_("Pilot"), 60),
        (_("Plan"), 30),
        (_("Area of the plan"), 24),
        (_("Pilot areas"), 60),
        (_("Lead agency"), 36),
        (_("First day"), 12),
        (_("Last day"), 12),
        (_("Tasks"), 10),
        (_("Decision"), 20),
        (_("Decided on"), 12),
        (_("Why it was stopped"), 40),
    ]
    sheet = headed_sheet(book, _("Pilots"), columns)
    if listing.totals.count:
        for pilot in listing.rows.iterator(chunk_size=1000):
            sheet.append(_cells(sheet, pilot))
    source = _("Anti-trafficking programme portal, list of pilots")
    lines = origin_of(listing, source=source, reader=reader, address=address)
    write_origin(book, [*lines, (_("Pilots"), listing.totals.count), *listing.totals.decisions])
    return saved(book)


def _cells(sheet: Any, pilot: Any) -> list[Any]:
    return [
        text_cell(sheet, pilot.name),
        text_cell(sheet, str(pilot.document)),
        text_cell(sheet, pilot.area.name),
        text_cell(sheet, "; ".join(area.name for area in pilot.areas.all())),
        text_cell(sheet, pilot.lead.name),
        day_cell(sheet, pilot.starts_on),
        day_cell(sheet, pilot.ends_on),
        pilot.task_count,
        text_cell(sheet, capfirst(pilot.get_decision_display())),
        day_cell(sheet, pilot.decided_on),
        text_cell(sheet, pilot.decision_reason),
    ]
