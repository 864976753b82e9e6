"""The lists of tips and cases as Excel files. What was told in words stays out of them."""

import tempfile
import unicodedata
from collections.abc import Iterable, Sequence
from typing import IO, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from accounts.models import User
from incidents.models import StageKind

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_IN_MEMORY = 2 * 1024 * 1024


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
    sheet = book.create_sheet(name)
    for number, (_heading, width) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A2"
    sheet.append([_heading_cell(sheet, heading) for heading, _width in columns])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    about = book.create_sheet(_("About this file"))
    about.append([_heading_cell(about, _("Made on")), f"{timezone.localtime():%d/%m/%Y %H:%M}"])
    about.append([_heading_cell(about, _("Made by")), _cell(about, reader.full_name)])
    about.append([_heading_cell(about, _("Protected data")), _("Each record shown here is in the read log.")])
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 the caller closes it
    try:
        book.save(file)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


def _cell(sheet: Any, value: Any) -> Any:
    if not isinstance(value, str):
        cell = WriteOnlyCell(sheet, value=value)
        cell.number_format = "dd/mm/yyyy"
        return cell
    seen = "".join(c for c in value if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs", "Cn"))
    cell = WriteOnlyCell(sheet, value=f"'{seen}" if seen.startswith(_FORMULA_STARTS) else seen)
    cell.data_type = "s"
    return cell


def _heading_cell(sheet: Any, text: str) -> Any:
    cell = _cell(sheet, text)
    cell.font = Font(bold=True)
    return cell
