"""The targets of a programme, and what is found of each, as an Excel file."""

from collections.abc import Iterable
from typing import IO

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook

from accounts.models import User
from programs.models import Programme
from reporting.programme_targets import JudgedTarget, Viewpoint
from territory.excel import headed_sheet, saved, text_cell, write_origin


def targets_workbook(
    programme: Programme,
    viewpoint: Viewpoint,
    year: int,
    judged: Iterable[JudgedTarget],
    *,
    reader: User,
    address: str,
) -> IO[bytes]:
    """The targets in their order as an open temporary file, at its start. The caller closes it."""
    book = Workbook(write_only=True)
    columns: list[tuple[str, int]] = [
        (_("Target"), 80),
        (_("Project"), 40),
        (_("Aimed at"), 20),
        (_("Reached"), 20),
        (_("Finding"), 18),
        (_("Why"), 80),
    ]
    sheet = headed_sheet(book, _("Targets"), columns)
    for each in judged:
        project = each.target.project
        texts = (each.target.text, str(project or ""), each.aimed_at, each.actual, each.verdict)
        sheet.append([text_cell(sheet, text) for text in (*texts, each.judgement.why)])
    lines = [
        (_("Source"), _("Anti-trafficking programme portal, targets of a programme")),
        (_("Address"), address),
        (_("Made on"), f"{timezone.localtime():%d/%m/%Y %H:%M}"),
        (_("Made by"), reader.full_name),
        (_("Programme"), programme.name),
        (_("Area"), str(viewpoint)),
        (_("Year"), str(year)),
    ]
    write_origin(book, lines)
    return saved(book)
