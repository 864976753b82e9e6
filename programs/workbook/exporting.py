"""Activities that were filed, as rows of the workbook: what comes out can be put in again."""

from collections.abc import Iterable, Iterator
from typing import IO, Any

from accounts.models import User
from programs.models import Activity, ActivityKind, Audience, UploadRow
from programs.selectors.activity import READING_VERBS
from programs.selectors.quantity import PARTS, Quantity
from programs.tables import ActivityListing
from programs.workbook.choices import Choices, labels_of, yes_no_labels
from programs.workbook.columns import PARTING
from programs.workbook.reading import texts_of
from programs.workbook.writing import WrittenRow, faults_of, filled, given_back
from territory.figure import print_figure_vi, print_number_vi
from territory.models import Agency, Area, Level

_CHUNK = 1000
_TEXTS = ("title", "integrated_with", "other_partners", "narrative")
_JOIN = f"{PARTING} "


def full_export(listing: ActivityListing, *, reader: User) -> IO[bytes]:
    """All activities of a list in the format of the template, as an open temporary file."""
    choices = Choices(reader, verbs=READING_VERBS)
    # The list leaves long texts out; here they are wanted.
    activities = listing.rows.defer(None).prefetch_related("partner_agencies__area", "costs")
    rows = activities.iterator(chunk_size=_CHUNK) if listing.count_of_all else ()
    return filled(choices, _written(rows, choices))


def rest_of(upload: Any) -> IO[bytes]:
    """The rows of an upload that could not be stored, with what is wrong with each."""
    rows = UploadRow.objects.filter(upload=upload, is_good=False).order_by("number")
    return given_back(Choices(upload.by), map(_given_back, rows.iterator(chunk_size=_CHUNK)))


def _given_back(row: UploadRow) -> WrittenRow:
    return WrittenRow(texts_of(row.values), faults_of(row))


def _written(activities: Iterable[Activity], choices: Choices) -> Iterator[WrittenRow]:
    writer = _Values(choices)
    for activity in activities:
        yield WrittenRow(writer.of(activity))


class _Values:
    """Turns activities into the texts of their cells."""

    def __init__(self, choices: Choices) -> None:
        self.choices = choices
        self.kinds, self.audiences = labels_of(ActivityKind), labels_of(Audience)
        self.yes = yes_no_labels()[0]

    def of(self, activity: Any) -> dict[str, str]:
        values = {name: getattr(activity, name) for name in _TEXTS}
        values |= {
            "kind": self.kinds[activity.kind],
            "agency": self._agency(activity.agency),
            "area": self.choices.areas.label(activity.area),
            "district": _district(activity.area),
            "started_on": f"{activity.started_on:%d/%m/%Y}",
            "ended_on": f"{activity.ended_on:%d/%m/%Y}",
            "is_cumulative": self.yes if activity.is_cumulative else "",
            "is_integrated": self.yes if activity.is_integrated else "",
            "audience": _JOIN.join(self.audiences[each] for each in activity.audience),
            "partner_agencies": _JOIN.join(
                self.choices.partners.label(agency) for agency in activity.partner_agencies.all()
            ),
        }
        for row in activity.quantity_rows:
            values |= _figure(Quantity.from_columns(row))
        for cost in activity.costs.all():
            values[f"cost.{cost.source}"] = print_number_vi(cost.amount)
        return values

    def _agency(self, agency: Agency) -> str:
        """By the label it has among those one files for, or else among all of the province."""
        own = self.choices.agencies
        return own.label(agency) if agency.pk in own.records else self.choices.partners.label(agency)


def _district(area: Area) -> str:
    return area.district.name if area.level == Level.COMMUNE and area.district else ""


def _figure(quantity: Quantity) -> dict[str, str]:
    cells = {f"figure.{quantity.measure}": print_figure_vi(quantity.figure, pad=False)}
    for part in PARTS:
        value = getattr(quantity, part)
        if value is not None:
            cells[f"{part}.{quantity.measure}"] = print_number_vi(value)
    return cells
