"""Prevention models as an Excel file."""

from typing import IO, Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from openpyxl import Workbook

from accounts.models import User
from programs.exporting import origin_of
from programs.models import PreventionModel
from programs.prevention_filters import ModelListing
from programs.selectors.quantity import print_figure
from territory.excel import day_cell, headed_sheet, saved, text_cell, write_origin


def models_workbook(listing: ModelListing, *, reader: User, address: str) -> IO[bytes]:
    """All rows of the listing as an open temporary file, at its start. The caller closes it."""
    book = Workbook(write_only=True)
    columns: list[tuple[str, int]] = [
        (_("Name"), 60),
        (_("Kind"), 26),
        (_("Agency"), 36),
        (_("Area"), 24),
        (_("District"), 24),
        (_("Since"), 12),
        (_("State"), 24),
        (_("Members, as reported"), 18),
        (_("Members, lowest"), 14),
        (_("Members, highest"), 14),
        (_("Ended on"), 12),
        (_("Why it was stopped"), 40),
        (_("Description"), 60),
    ]
    sheet = headed_sheet(book, _("Prevention models"), columns)
    if listing.totals.count:
        for model in listing.rows.iterator(chunk_size=1000):
            sheet.append(_cells(sheet, model))
    source = _("Anti-trafficking programme portal, prevention models")
    lines = origin_of(listing, source=source, reader=reader, address=address)
    lines += [(_("Prevention models"), listing.totals.count), *listing.totals.kinds]
    lines.append((_("Kept up now"), listing.totals.running))
    write_origin(book, lines)
    return saved(book)


def _cells(sheet: Any, model: PreventionModel) -> list[Any]:
    district = model.area.district
    figure = model.figure if model.has_members else None
    return [
        text_cell(sheet, model.name),
        text_cell(sheet, model.get_kind_display()),
        text_cell(sheet, model.agency.name),
        text_cell(sheet, model.area.name),
        text_cell(sheet, district.name if district else ""),
        day_cell(sheet, model.since),
        text_cell(sheet, capfirst(model.get_state_display())),
        text_cell(sheet, print_figure(figure) if figure else ""),
        figure.low if figure else None,
        figure.high if figure else None,
        day_cell(sheet, model.ended_on),
        text_cell(sheet, model.end_reason),
        text_cell(sheet, model.description),
    ]
