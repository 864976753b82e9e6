"""The list of obligations as an Excel file and as CSV: the same rows in the same order."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import IO, Any

from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from openpyxl import Workbook

from accounts.models import User
from programs.exporting import origin_of
from reporting.obligation_listing import ObligationListing, ObligationRow
from reporting.templatetags.humane import period_name
from territory.csv_lines import csv_lines
from territory.excel import day_cell, headed_sheet, saved, text_cell, write_origin


def obligations_workbook(listing: ObligationListing, *, reader: User, address: str) -> IO[bytes]:
    """All rows of the listing as an open temporary file, at its start. The caller closes it."""
    book = Workbook(write_only=True)
    sheet = headed_sheet(book, _("Reports owed"), _columns())
    for row in _rows(listing):
        sheet.append(
            [
                text_cell(sheet, value) if isinstance(value, str) else day_cell(sheet, value)
                for value in _values(row)
            ]
        )
    totals = listing.totals
    write_origin(
        book,
        [
            *origin_of(
                listing,
                source=_("Anti-trafficking programme portal, list of reports owed"),
                reader=reader,
                address=address,
            ),
            (_("Units that owe"), totals.owed),
            (_("Reported"), totals.reported),
            (_("Of these nothing to report"), totals.nil),
            (_("Late"), totals.late),
            (_("Excused"), totals.excused),
        ],
    )
    return saved(book)


def obligations_csv(listing: ObligationListing) -> Iterator[str]:
    """The lines of the file, in the language of who asked."""
    return csv_lines(_table(listing, get_language() or "vi"))


def _table(listing: ObligationListing, language: str) -> Iterator[Sequence[Any]]:
    with override(language):
        heads = [heading for heading, _width in _columns()]
    yield heads
    for row in _rows(listing):
        with override(language):
            values = _values(row)
        yield [f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else value for value in values]


def _columns() -> list[tuple[str, int]]:
    return [
        (_("Form"), 28),
        (_("Period"), 24),
        (_("From"), 12),
        (_("Until"), 12),
        (_("Unit"), 40),
        (_("Area"), 26),
        (_("Kind of agency"), 28),
        (_("Due"), 12),
        (_("First due"), 12),
        (_("State"), 26),
        (_("On time or late"), 14),
        (_("First submitted"), 14),
        (_("Reason"), 40),
    ]


def _rows(listing: ObligationListing) -> Iterator[ObligationRow]:
    if listing.totals.count:
        for obligation in listing.rows.iterator(chunk_size=1000):
            yield ObligationRow.of(obligation, listing.today)


def _values(row: ObligationRow) -> list[Any]:
    owed = row.obligation
    submission = getattr(owed, "submission", None)
    sent = submission.first_submitted_at if submission else None
    return [
        owed.form.label,
        period_name(owed.period_code),
        owed.period_start,
        owed.period_end,
        owed.agency.name,
        owed.area.name,
        owed.agency.kind.name,
        owed.due_on,
        owed.first_due_on,
        str(row.standing.word),
        timeliness(row),
        timezone.localtime(sent).date() if sent else None,
        owed.excuse_reason or owed.extension_reason,
    ]


def timeliness(row: ObligationRow) -> str:
    """ "late" or "on time"; nothing while it is not known, and of an excused one."""
    if row.standing.is_late:
        return _("late")
    return "" if row.standing.is_open or row.obligation.excused_at else _("on time")
