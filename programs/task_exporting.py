"""The list of units' tasks as an Excel file."""

from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import Workbook

from accounts.models import User
from programs.exporting import origin_of
from programs.selectors.task import AssignmentRow
from programs.task_filters import AssignmentListing
from territory.excel import day_cell, headed_sheet, saved, text_cell, write_origin


def assignments_workbook(listing: AssignmentListing, *, reader: User, address: str) -> IO[bytes]:
    """All rows of the listing as an open temporary file, at its start. The caller closes it."""
    book = Workbook(write_only=True)
    columns: list[tuple[str, int]] = [
        (_("Document"), 28),
        (_("Number"), 10),
        (_("Task"), 70),
        (_("Unit"), 36),
        (_("Area"), 24),
        (_("Lead agency"), 36),
        (_("From"), 12),
        (_("Due"), 12),
        (_("State"), 18),
        (_("Late"), 8),
        (_("Done on"), 12),
        (_("Why it does not apply"), 40),
    ]
    sheet = headed_sheet(book, _("Tasks"), columns)
    if listing.totals.count:
        for assignment in listing.rows.iterator(chunk_size=1000):
            sheet.append(_cells(sheet, AssignmentRow.of(assignment, listing.today)))
    source = _("Anti-trafficking programme portal, list of tasks")
    lines = origin_of(listing, source=source, reader=reader, address=address)
    write_origin(book, [*lines, (_("Tasks"), listing.totals.count)])
    return saved(book)


def _cells(sheet: Any, row: AssignmentRow) -> list[Any]:
    assignment, task = row.assignment, row.assignment.task
    return [
        text_cell(sheet, str(task.document)),
        text_cell(sheet, task.number),
        text_cell(sheet, task.text),
        text_cell(sheet, assignment.agency.name),
        text_cell(sheet, assignment.area.name),
        text_cell(sheet, task.lead.name if task.lead else ""),
        day_cell(sheet, task.starts_on),
        day_cell(sheet, assignment.due_on),
        text_cell(sheet, assignment.get_state_display()),
        text_cell(sheet, _("yes") if row.is_late else ""),
        day_cell(sheet, assignment.done_on),
        text_cell(sheet, assignment.reason),
    ]
