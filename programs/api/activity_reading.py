"""An activity as it is read: everything about fifty of them in one statement, and no object made for a row.

The serializers say what an answer holds, to its description and to what is sent; what is read goes past their
fields, which cost more time than the database and everything else together.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import F, OuterRef
from django.utils import timezone
from rest_framework import serializers

from accounts.api.fields import AgencySummary, AreaKey, AreaSummary, Text
from accounts.arrays import JSONRows
from programs.forms.fields import FIGURE_MALFORMED, FIGURE_MESSAGES
from programs.models import (
    Activity,
    ActivityCost,
    ActivityOccurrence,
    Funding,
    Measure,
)
from programs.selectors.quantity import PARTS, QUANTITY_ROWS, Quantity, print_figure
from territory.figure import FigureError, parse_figure

_LARGEST = 2_147_483_647


class QuantitySerializer(serializers.Serializer[Any]):
    """What was counted. ``as_reported`` is the figure as told: "6.770", "trên 6.770", "hàng trăm"."""

    measure = serializers.ChoiceField(choices=Measure.choices)
    as_reported = Text(max_length=60)
    low = serializers.DecimalField(max_digits=16, decimal_places=3, read_only=True, allow_null=True)
    high = serializers.DecimalField(max_digits=16, decimal_places=3, read_only=True, allow_null=True)
    qualifier = serializers.CharField(read_only=True)
    women = serializers.IntegerField(min_value=0, max_value=_LARGEST, required=False, allow_null=True)
    children = serializers.IntegerField(min_value=0, max_value=_LARGEST, required=False, allow_null=True)
    ethnic_minority = serializers.IntegerField(
        min_value=0, max_value=_LARGEST, required=False, allow_null=True
    )

    def validate(self, sent: dict[str, Any]) -> dict[str, Any]:
        try:
            figure = parse_figure(sent["as_reported"])
        except FigureError as error:
            message = FIGURE_MESSAGES.get(error.reason, FIGURE_MALFORMED)
            raise serializers.ValidationError({"as_reported": message}) from error
        parts = {part: sent.get(part) for part in PARTS}
        return {"quantity": Quantity(sent["measure"], figure, **parts)}


class CostSerializer(serializers.Serializer[Any]):
    """Money from one source, in đồng."""

    source = serializers.ChoiceField(choices=Funding.choices)  # type: ignore[assignment]
    amount = serializers.DecimalField(max_digits=15, decimal_places=0, min_value=Decimal(0))


class OccurrenceSerializer(serializers.Serializer[Any]):
    """One of the times the activity took place. ``attendances`` are attendances, not people."""

    venue = Text(max_length=200)
    held_on = serializers.DateField(required=False, allow_null=True)
    area = AreaKey(required=False, allow_null=True)
    sessions = serializers.IntegerField(min_value=0, max_value=_LARGEST, required=False, allow_null=True)
    attendances = serializers.IntegerField(min_value=0, max_value=_LARGEST, required=False, allow_null=True)
    women = serializers.IntegerField(min_value=0, max_value=_LARGEST, required=False, allow_null=True)


_SUMMARY = ("id", "version", "state", "kind", "title")
_DAYS = ("started_on", "ended_on")
_PLAIN = (
    *("is_cumulative", "is_integrated", "integrated_with", "audience", "other_partners", "narrative"),
    *("return_reason", "is_demo"),
)
_MOMENTS = ("submitted_at", "decided_at", "created_at", "updated_at")


class ActivitySerializer(serializers.ModelSerializer[Activity]):
    """An activity as it is read. Its figures count only when it is approved."""

    agency = AgencySummary()
    area = AreaSummary()
    places = AreaSummary(many=True)
    partner_agencies = AgencySummary(many=True)
    quantities = QuantitySerializer(many=True)
    costs = CostSerializer(many=True)
    occurrences = OccurrenceSerializer(many=True)

    class Meta:
        model = Activity
        fields = [
            *(*_SUMMARY, "agency", "area", "places", *_DAYS),
            *("is_cumulative", "is_integrated", "integrated_with", "audience", "partner_agencies"),
            *("other_partners", "narrative", "quantities", "costs", "occurrences", "return_reason"),
            *(*_MOMENTS, "is_demo"),
        ]

    def to_representation(self, activity: Any) -> dict[str, Any]:
        """The fields that are asked for, of a row of ``with_all_told``."""
        told = {name: getattr(activity, name) for name in (*_SUMMARY, *_DAYS, *_PLAIN)}
        told |= {name: _moment(getattr(activity, name)) for name in _MOMENTS}
        agency, area = activity.agency, activity.area
        told |= {
            "agency": {"id": agency.pk, "name": agency.name},
            "area": {"id": area.pk, "code": area.code, "level": area.level, "name": area.name},
            "places": activity.told_places,
            "partner_agencies": activity.told_partners,
            "quantities": [_quantity(row) for row in activity.quantity_rows],
            "costs": activity.told_costs,
            "occurrences": activity.told_occurrences,
        }
        return {name: told[name] for name, _field in self.fields.items()}


def _area(name: str) -> dict[str, Any]:
    """The columns of AreaSummary, of the area that a column leads to."""
    return {"id": F(f"{name}_id"), **{each: F(f"{name}__{each}") for each in ("code", "level", "name")}}


_OF_ACTIVITY = {"activity": OuterRef("pk")}
_PLACES = Activity.places.through.objects.filter(**_OF_ACTIVITY)
_PARTNERS = Activity.partner_agencies.through.objects.filter(**_OF_ACTIVITY)
#: What hangs on an activity, by the name under which a row has it.
_HANGING = {
    "told_places": JSONRows(
        Activity, _PLACES.order_by("area__sort_key", "area__valid_from"), **_area("area")
    ),
    "told_partners": JSONRows(
        Activity,
        _PARTNERS.order_by("agency__sort_key", "agency__valid_from"),
        id=F("agency_id"),
        name=F("agency__name"),
    ),
    "quantity_rows": QUANTITY_ROWS,
    "told_costs": JSONRows(
        Activity,
        ActivityCost.objects.filter(**_OF_ACTIVITY).order_by("pk"),
        source=F("source"),
        amount=F("amount"),
    ),
    "told_occurrences": JSONRows(
        Activity,
        ActivityOccurrence.objects.filter(**_OF_ACTIVITY).order_by("order"),
        area=F("area_id"),
        **{name: F(name) for name in ("venue", "held_on", "sessions", "attendances", "women")},
    ),
}


def with_all_told(activities: Any) -> Any:
    """The activities with all that ActivitySerializer tells of them, in one statement."""
    return (
        activities.select_related("agency", "area")
        .only(
            *(*_SUMMARY, *_DAYS, *_PLAIN, *_MOMENTS),
            *("agency__name", "area__code", "area__level", "area__name"),
        )
        .annotate(**_HANGING)
    )


def _moment(at: dt.datetime | None) -> str | None:
    return timezone.localtime(at).isoformat() if at else None


def _quantity(row: dict[str, Any]) -> dict[str, Any]:
    figure = Quantity.from_columns(row).figure
    return {
        "measure": row["measure"],
        "as_reported": print_figure(figure),
        "low": figure.low,
        "high": figure.high,
        "qualifier": str(figure.qualifier),
        **{part: row[part] for part in PARTS},
    }
