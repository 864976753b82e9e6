"""Lists as Excel files: the same rows in the same order, and where they come from."""

from collections.abc import Iterable
from typing import IO, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook

from accounts.models import User
from programs.models import Activity, ActivityKind, Measure
from programs.selectors.quantity import Quantity, print_figure
from programs.tables import ActivityListing, ActivityRow, Listing
from territory.excel import day_cell, headed_sheet, saved, text_cell, write_origin


def origin_of(listing: Listing, *, source: str, reader: User, address: str) -> list[tuple[str, Any]]:
    """What every list says of itself: where it comes from, when and by whom it was made, and the filters."""
    return [
        (_("Source"), source),
        (_("Address"), address),
        (_("Made on"), f"{timezone.localtime():%d/%m/%Y %H:%M}"),
        (_("Made by"), reader.full_name),
        *((_("Filter: %(name)s") % {"name": name}, chosen) for name, chosen in listing.filter.in_use),
    ]


def activities_workbook(listing: ActivityListing, *, reader: User, address: str) -> IO[bytes]:
    """All rows of the listing as an open temporary file, at its start. The caller closes it."""
    book = Workbook(write_only=True)
    measures = [total.measure for total in listing.totals.sums]
    _write_rows(book, listing, measures)
    write_origin(book, _origin(listing, reader, address))
    return saved(book)


def _names(through: Any, name: str) -> ArraySubquery:
    """The names of what hangs on an activity, as an array."""
    rows = through.objects.filter(activity=OuterRef("pk")).order_by(f"{name}__sort_key", "pk")
    return ArraySubquery(rows.values(f"{name}__name"))


_NAMES = {
    "place_names": _names(Activity.places.through, "area"),
    "partner_names": _names(Activity.partner_agencies.through, "agency"),
}


def _write_rows(book: Workbook, listing: ActivityListing, measures: list[Measure]) -> None:
    columns: list[tuple[str, int]] = [
        (_("First day"), 12),
        (_("Last day"), 12),
        (_("Title"), 60),
        (_("Kind"), 24),
        (_("Agency"), 32),
        (_("Area"), 24),
        (_("District"), 24),
        (_("Places"), 40),
        (_("Partners"), 40),
        (_("State"), 12),
        (_("Figures as reported"), 48),
    ]
    for measure in measures:
        named = {"measure": measure.label}
        columns += [
            (_("%(measure)s, as reported") % named, 20),
            (_("%(measure)s, lowest") % named, 14),
            (_("%(measure)s, highest") % named, 14),
        ]
    sheet = headed_sheet(book, _("Activities"), columns)
    words = {value: str(label) for value, label in (*ActivityKind.choices, *Activity.State.choices)}
    # Titles wrap, so a long one does not hide under its neighbour.
    if listing.totals.count:
        for activity in listing.rows.annotate(**_NAMES).iterator(chunk_size=1000):
            sheet.append(_cells(sheet, ActivityRow.of(activity), measures, words))


def _cells(sheet: Any, row: ActivityRow, measures: Iterable[Measure], words: dict[str, str]) -> list[Any]:
    activity: Any = row.activity
    district = activity.area.district
    cells: list[Any] = [
        day_cell(sheet, activity.started_on),
        day_cell(sheet, activity.ended_on),
        text_cell(sheet, activity.title),
        text_cell(sheet, words[activity.kind]),
        text_cell(sheet, activity.agency.name),
        text_cell(sheet, activity.area.name),
        text_cell(sheet, district.name if district else ""),
        text_cell(sheet, "; ".join(activity.place_names)),
        text_cell(sheet, "; ".join([*activity.partner_names, *filter(None, [activity.other_partners])])),
        text_cell(sheet, words[activity.state]),
        text_cell(sheet, "; ".join(map(str, row.quantities))),
    ]
    by_measure: dict[str, Quantity] = {quantity.measure: quantity for quantity in row.quantities}
    for measure in measures:
        quantity = by_measure.get(measure)
        if quantity is None:
            cells += [None, None, None]
        else:
            figure = quantity.figure
            cells += [text_cell(sheet, print_figure(figure)), figure.low, figure.high]
    return cells


def _origin(listing: ActivityListing, reader: User, address: str) -> Iterable[tuple[str, Any]]:
    source = _("Anti-trafficking programme portal, list of activities")
    yield from origin_of(listing, source=source, reader=reader, address=address)
    yield _("Activities"), listing.totals.count
    for total in listing.totals.sums:
        yield _("Sum: %(measure)s") % {"measure": total.measure.label}, print_figure(total.figure)
    if listing.totals.cumulative:
        yield _("Of these with figures gathered over more than half a year"), listing.totals.cumulative
    if listing.totals.elsewhere:
        yield _("Of these in no sum, because they count in a larger area"), listing.totals.elsewhere
    yield _("Lowest and highest"), _("What a figure that is not exact can mean; empty: not known.")
