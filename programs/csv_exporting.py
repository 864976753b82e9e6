"""The list of activities as CSV, written row by row."""

from collections.abc import Iterator, Sequence

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from programs.selectors.quantity import print_figure
from programs.tables import ActivityListing, ActivityRow
from territory.csv_lines import csv_lines


def activities_csv(listing: ActivityListing) -> Iterator[str]:
    """The lines of the file. The rows are read while they are sent, in the language of who asked."""
    language = get_language() or "vi"
    return csv_lines(_table(listing, language))


def _table(listing: ActivityListing, language: str) -> Iterator[Sequence[str]]:
    measures = [total.measure for total in listing.totals.sums]
    with override(language):
        heads = [
            *(_("First day"), _("Last day"), _("Title"), _("Kind"), _("Agency"), _("Area"), _("District")),
            *(_("State"), *(str(measure.label) for measure in measures)),
        ]
    yield heads
    if not listing.count_of_all:
        return
    for activity in listing.rows.iterator(chunk_size=1000):
        with override(language):
            cells = _cells(ActivityRow.of(activity), measures)
        yield cells


def _cells(row: ActivityRow, measures: Sequence[str]) -> list[str]:
    activity = row.activity
    district = activity.area.district
    figures = {quantity.measure: print_figure(quantity.figure) for quantity in row.quantities}
    return [
        f"{activity.started_on:%d/%m/%Y}",
        f"{activity.ended_on:%d/%m/%Y}",
        activity.title,
        activity.get_kind_display(),
        activity.agency.name,
        activity.area.name,
        district.name if district else "",
        activity.get_state_display(),
        *(figures.get(measure, "") for measure in measures),
    ]
