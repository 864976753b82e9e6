"""The register of documents as an Excel file."""

from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import Workbook

from accounts.models import User
from programs.document_filters import DocumentListing
from programs.exporting import origin_of
from programs.models import Document
from territory.excel import day_cell, headed_sheet, saved, text_cell, write_origin


def documents_workbook(listing: DocumentListing, *, reader: User, address: str) -> IO[bytes]:
    """All rows of the listing as an open temporary file, at its start. The caller closes it."""
    book = Workbook(write_only=True)
    columns: list[tuple[str, int]] = [
        (_("Number"), 20),
        (_("Date"), 12),
        (_("Year"), 8),
        (_("Kind"), 22),
        (_("Subject"), 60),
        (_("Issuer"), 36),
        (_("Area"), 24),
        (_("District"), 24),
        (_("Urgency"), 18),
        (_("Signer"), 28),
        (_("Position of the signer"), 28),
        (_("Recipients"), 48),
    ]
    sheet = headed_sheet(book, _("Documents"), columns)
    if listing.totals.count:
        for document in listing.rows.iterator(chunk_size=1000):
            sheet.append(_cells(sheet, document))
    source = _("Anti-trafficking programme portal, register of documents")
    lines = origin_of(listing, source=source, reader=reader, address=address)
    lines.append((_("Documents"), listing.totals.count))
    lines += listing.totals.kinds
    write_origin(book, lines)
    return saved(book)


def _cells(sheet: Any, document: Document) -> list[Any]:
    district = document.area.district
    return [
        text_cell(sheet, document.number),
        day_cell(sheet, document.issued_on),
        document.year,
        text_cell(sheet, document.get_kind_display()),
        text_cell(sheet, document.subject),
        text_cell(sheet, document.issuer.name),
        text_cell(sheet, document.area.name),
        text_cell(sheet, district.name if district else ""),
        text_cell(sheet, document.get_urgency_display()),
        text_cell(sheet, document.signer),
        text_cell(sheet, document.signer_position),
        text_cell(sheet, "; ".join(document.recipients)),
    ]
