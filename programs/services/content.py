"""What an activity holds besides its state: typed, stored, compared and written."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NotRequired, TypedDict

from django.core.exceptions import ValidationError
from django.utils import timezone

from programs.models import Activity, ActivityCost, ActivityOccurrence, ActivityQuantity, Assignment, Measure
from programs.selectors.occurrence import Occurrence, OccurrenceSums
from programs.selectors.quantity import Quantity
from programs.services.rules import REPEATED_MEASURE, broken_parts, broken_rules, repeated_measures
from territory.figure import Figure
from territory.models import Agency, Area
from territory.text import normalise

_TEXTS = ("title", "integrated_with", "other_partners", "narrative")
_COLUMNS = (
    *("kind", "title", "agency_id", "area_id", "started_on", "ended_on", "is_cumulative", "is_integrated"),
    *("integrated_with", "audience", "other_partners", "narrative"),
)


class ActivityFields(TypedDict):
    """What is typed about an activity, besides its figures, costs and files.

    ``places`` lie within ``area`` and say where in it; the figures count in ``area``. ``assignments`` are tasks of
    the same agency that the activity serves.
    """

    kind: str
    title: str
    agency: Agency
    area: Area
    started_on: dt.date
    ended_on: dt.date
    places: NotRequired[Sequence[Area]]
    is_cumulative: NotRequired[bool]
    is_integrated: NotRequired[bool]
    integrated_with: NotRequired[str]
    audience: NotRequired[Sequence[str]]
    partner_agencies: NotRequired[Sequence[Agency]]
    other_partners: NotRequired[str]
    assignments: NotRequired[Sequence[Assignment]]
    occurrences: NotRequired[Sequence[Occurrence]]
    narrative: NotRequired[str]


@dataclass(frozen=True)
class Content:
    """Everything typed about an activity, in a form in which two can be compared."""

    columns: dict[str, Any]
    places: frozenset[int]
    partners: frozenset[int]
    assignments: frozenset[int]
    occurrences: tuple[Occurrence, ...]
    quantities: dict[str, Quantity]
    costs: dict[str, Decimal]


def content_typed(
    fields: ActivityFields, quantities: Sequence[Quantity], costs: Mapping[str, Decimal]
) -> Content:
    """The content that was typed. Raises ValidationError, by field, when it breaks a rule."""
    given: dict[str, Any] = {
        "places": [],
        "is_cumulative": False,
        "is_integrated": False,
        "integrated_with": "",
        "audience": [],
        "partner_agencies": [],
        "other_partners": "",
        "assignments": [],
        "occurrences": [],
        "narrative": "",
        **fields,
    }
    for name in _TEXTS:
        given[name] = normalise(given[name]).strip()
    occurrences = tuple(
        replace(each, venue=normalise(each.venue).strip()) for each in given.pop("occurrences")
    )
    _refuse_broken({**given, "quantities": quantities, "occurrences": occurrences}, quantities)
    if not given["is_integrated"]:
        given["integrated_with"] = ""
    places, partners, assignments = (
        frozenset(record.pk for record in given.pop(name))
        for name in ("places", "partner_agencies", "assignments")
    )
    given["agency_id"], given["area_id"] = given.pop("agency").pk, given.pop("area").pk
    given["audience"] = list(given["audience"])
    by_measure = _by_measure([*quantities, *filled_in(quantities, occurrences)])
    amounts = {str(source): amount for source, amount in costs.items()}
    return Content(given, places, partners, assignments, occurrences, by_measure, amounts)


def content_of(activity: Activity) -> Content:
    """What the stored activity holds."""
    return Content(
        {name: getattr(activity, name) for name in _COLUMNS},
        frozenset(activity.places.values_list("pk", flat=True)),
        frozenset(activity.partner_agencies.values_list("pk", flat=True)),
        linked_tasks(activity),
        tuple(Occurrence.of(row) for row in activity.occurrences.select_related("area")),
        _by_measure(Quantity.of(row) for row in activity.quantities.all()),
        {cost.source: cost.amount for cost in activity.costs.all()},
    )


def linked_tasks(activity: Activity) -> frozenset[int]:
    """The keys of the tasks that the activity serves."""
    linked = Assignment.objects.unscoped("only which are linked to an activity the caller holds")
    return frozenset(linked.filter(activities=activity.pk).values_list("pk", flat=True))


def filled_in(quantities: Sequence[Quantity], occurrences: Sequence[Occurrence]) -> list[Quantity]:
    """Quantities that were left out and follow from the occurrences: how often, and how many attended in all."""
    sums = OccurrenceSums.of(occurrences)
    given = {str(quantity.measure) for quantity in quantities}
    return [
        Quantity(
            measure,
            Figure.exact(value),
            women=sums.women if measure == Measure.ATTENDANCES and sums.has_all_women else None,
        )
        for measure, value in sums.by_measure.items()
        if measure not in given and value
    ]


def write_first_content(activity: Activity, content: Content) -> None:
    """All that hangs on an activity that was made just now: nothing is there yet that could differ."""
    activity.places.add(*content.places)
    activity.partner_agencies.add(*content.partners)
    activity.assignments.add(*content.assignments)
    ActivityQuantity.objects.bulk_create(
        ActivityQuantity(activity=activity, **quantity.as_columns())
        for quantity in content.quantities.values()
    )
    ActivityCost.objects.bulk_create(
        ActivityCost(activity=activity, source=source, amount=amount)
        for source, amount in content.costs.items()
    )
    _write_new_occurrences(activity, enumerate(content.occurrences, start=1))


def write_content(activity: Activity, content: Content) -> None:
    """Bring all that hangs on the activity in line with the content, touching only what differs."""
    activity.places.set(content.places)
    activity.partner_agencies.set(content.partners)
    _write_tasks(activity, content.assignments)
    _write_quantities(activity, content.quantities)
    _write_costs(activity, content.costs)
    _write_occurrences(activity, content.occurrences)


def _refuse_broken(given: Mapping[str, Any], quantities: Sequence[Quantity]) -> None:
    broken = broken_rules(given, today=timezone.localdate())
    for quantity in quantities:
        for errors in broken_parts(quantity).values():
            broken.setdefault("quantities", []).extend(errors)
    if repeated_measures(quantities):
        broken.setdefault("quantities", []).append(ValidationError(REPEATED_MEASURE, code="repeated_measure"))
    if broken:
        raise ValidationError(broken)


def _by_measure(quantities: Iterable[Quantity]) -> dict[str, Quantity]:
    return {
        str(quantity.measure): replace(quantity, measure=str(quantity.measure)) for quantity in quantities
    }


def _write_tasks(activity: Activity, wanted: frozenset[int]) -> None:
    held = linked_tasks(activity)
    if held != wanted:
        activity.assignments.remove(*(held - wanted))
        activity.assignments.add(*(wanted - held))


def _write_quantities(activity: Activity, quantities: Mapping[str, Quantity]) -> None:
    wanted = dict(quantities)
    for row in activity.quantities.all():
        quantity = wanted.pop(row.measure, None)
        if quantity is None:
            row.delete()
        elif Quantity.of(row) != quantity:
            for column, value in quantity.as_columns().items():
                setattr(row, column, value)
            row.save()
    for quantity in wanted.values():
        ActivityQuantity.objects.create(activity=activity, **quantity.as_columns())


def _write_costs(activity: Activity, costs: Mapping[str, Decimal]) -> None:
    amounts = dict(costs)
    for cost in activity.costs.all():
        amount = amounts.pop(cost.source, None)
        if amount is None:
            cost.delete()
        elif cost.amount != amount:
            cost.amount = amount
            cost.save()
    for source, amount in amounts.items():
        ActivityCost.objects.create(activity=activity, source=source, amount=amount)


def _write_occurrences(activity: Activity, occurrences: Sequence[Occurrence]) -> None:
    rows = {row.order: row for row in activity.occurrences.select_related("area")}
    new = []
    for order, occurrence in enumerate(occurrences, start=1):
        row = rows.pop(order, None)
        if row is None:
            new.append((order, occurrence))
        elif Occurrence.of(row) != occurrence:
            for column, value in occurrence.as_columns().items():
                setattr(row, column, value)
            row.save()
    if rows:
        activity.occurrences.filter(pk__in=[row.pk for row in rows.values()]).delete()
    _write_new_occurrences(activity, new)


def _write_new_occurrences(activity: Activity, occurrences: Iterable[tuple[int, Occurrence]]) -> None:
    ActivityOccurrence.objects.bulk_create(
        ActivityOccurrence(activity=activity, order=order, **occurrence.as_columns())
        for order, occurrence in occurrences
    )
