"""Lists as Excel files: the same rows in the same order, and where they come from."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from accounts.models import User
from programs.models import Activity, ActivityKind, Measure
from programs.selectors.quantity import Quantity, print_figure
from programs.tables import ActivityListing, ActivityRow, Listing
from territory.excel_stream import Cell, Heading, StreamedSheet, streamed_workbook

#: Rows that are read from the database at a time.
_CHUNK = 1000


def origin_of(listing: Listing, *, source: str, reader: User, address: str) -> list[tuple[str, Any]]:
    """What every list says of itself: where it comes from, when and by whom it was made, and the filters."""
    return [
        (_("Source"), source),
        (_("Address"), address),
        (_("Made on"), f"{timezone.localtime():%d/%m/%Y %H:%M}"),
        (_("Made by"), reader.full_name),
        *((_("Filter: %(name)s") % {"name": name}, chosen) for name, chosen in listing.filter.in_use),
    ]


def activities_workbook(listing: ActivityListing, *, reader: User, address: str) -> Iterator[bytes]:
    """All rows of the listing as a file. They are summed and read while it is sent, in the language of who asked."""
    language = get_language() or "vi"

    def activities() -> tuple[list[int], Iterable[list[Cell]]]:
        measures = [total.measure for total in listing.totals.sums]
        with override(language):
            columns = _columns(measures)
        heads: list[Cell] = [Heading(name) for name, _width in columns]
        return [width for _name, width in columns], chain(
            [heads], _rows(listing, measures, language=language)
        )

    def about() -> tuple[list[int], Iterable[list[Cell]]]:
        with override(language):
            return [36, 80], [[Heading(label), value] for label, value in _origin(listing, reader, address)]

    return streamed_workbook(
        [
            StreamedSheet(_("Activities"), activities),
            StreamedSheet(_("About this file"), about, is_headed=False),
        ]
    )


def _names(through: Any, name: str) -> ArraySubquery:
    """The names of what hangs on an activity, as an array."""
    rows = through.objects.filter(activity=OuterRef("pk")).order_by(f"{name}__sort_key", "pk")
    return ArraySubquery(rows.values(f"{name}__name"))


_NAMES = {
    "place_names": _names(Activity.places.through, "area"),
    "partner_names": _names(Activity.partner_agencies.through, "agency"),
}


def _columns(measures: Iterable[Measure]) -> list[tuple[str, int]]:
    """The heads of the columns, and how wide each is."""
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
    return columns


def _rows(listing: ActivityListing, measures: Sequence[Measure], *, language: str) -> Iterator[list[Cell]]:
    if not listing.count_of_all:
        return
    with override(language):
        words = {value: str(label) for value, label in (*ActivityKind.choices, *Activity.State.choices)}
    for activity in listing.rows.annotate(**_NAMES).iterator(chunk_size=_CHUNK):
        with override(language):
            cells = _cells(ActivityRow.of(activity), measures, words)
        yield cells


def _cells(row: ActivityRow, measures: Iterable[Measure], words: dict[str, str]) -> list[Cell]:
    activity: Any = row.activity
    district = activity.area.district
    cells: list[Cell] = [
        activity.started_on,
        activity.ended_on,
        activity.title,
        words[activity.kind],
        activity.agency.name,
        activity.area.name,
        district.name if district else "",
        "; ".join(activity.place_names),
        "; ".join([*activity.partner_names, *filter(None, [activity.other_partners])]),
        words[activity.state],
        "; ".join(map(str, row.quantities)),
    ]
    by_measure: dict[str, Quantity] = {quantity.measure: quantity for quantity in row.quantities}
    for measure in measures:
        quantity = by_measure.get(measure)
        if quantity is None:
            cells += [None, None, None]
        else:
            figure = quantity.figure
            cells += [print_figure(figure), figure.low, figure.high]
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
