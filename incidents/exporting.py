"""The lists of tips and cases as Excel files. What was told in words stays out of them."""

from collections.abc import Iterable, Sequence
from typing import IO, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook

from accounts.models import User
from incidents.models import StageKind
from territory.excel import day_cell, headed_sheet, saved, text_cell, write_origin


def tips_workbook(tips: Iterable[Any], *, reader: User) -> IO[bytes]:
    """Tips as an open temporary file, at its start. The caller closes it."""
    columns = [
        (_("Code"), 20),
        (_("Received on"), 12),
        (_("Kind"), 22),
        (_("How it came"), 22),
        (_("Area"), 28),
        (_("Offence suspected"), 40),
        (_("Urgency"), 16),
        (_("Investigator"), 28),
        (_("State"), 20),
        (_("Due"), 12),
        (_("Decided on"), 12),
    ]
    rows = (
        [
            tip.code,
            tip.received_on,
            tip.get_kind_display(),
            tip.get_channel_display(),
            tip.area.name,
            str(tip.offence or ""),
            tip.get_urgency_display(),
            tip.assigned_to.full_name if tip.assigned_to else "",
            tip.get_state_display(),
            tip.due_on,
            tip.decided_on,
        ]
        for tip in tips
    )
    return _book(_("Tips"), columns, rows, reader)


def cases_workbook(cases: Iterable[Any], *, reader: User) -> IO[bytes]:
    """Cases as an open temporary file, at its start. The caller closes it."""
    columns = [
        (_("Code"), 20),
        (_("Area"), 28),
        (_("Offences"), 50),
        (_("Found by"), 18),
        (_("How it was found"), 26),
        (_("Stage"), 24),
        (_("since"), 12),
        (_("Investigator"), 28),
        (_("Investigation due"), 14),
    ]
    rows = (
        [
            case.code,
            case.area.name,
            "; ".join(str(offence) for offence in case.offences.all()),
            case.get_force_display(),
            case.get_discovery_display(),
            str(StageKind(case.last_stage).label) if case.last_stage else "",
            case.last_day,
            case.investigator.full_name if case.investigator else "",
            case.due_on,
        ]
        for case in cases
    )
    return _book(_("Cases"), columns, rows, reader)


def _book(
    name: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Any]], reader: User
) -> IO[bytes]:
    book = Workbook(write_only=True)
    sheet = headed_sheet(book, name, columns)
    for row in rows:
        sheet.append(
            [text_cell(sheet, value) if isinstance(value, str) else day_cell(sheet, value) for value in row]
        )
    write_origin(
        book,
        [
            (_("Made on"), f"{timezone.localtime():%d/%m/%Y %H:%M}"),
            (_("Made by"), reader.full_name),
            (_("Protected data"), _("Each record shown here is in the read log.")),
        ],
    )
    return saved(book)
