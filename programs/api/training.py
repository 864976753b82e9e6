"""The register of a training class or seminar."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.api.fields import AgencyKey, AgencySummary, Text
from programs.models import TrainingPlaces, TrainingRegister
from programs.models.training import BEST_MARK
from programs.services.training import MOST_DAYS, MOST_PEOPLE, MOST_PLACES, Places

_NUMBERS = ("offered", "attended", "attended_women", "certificates", "certificates_women")


class PlacesSerializer(serializers.ModelSerializer[TrainingPlaces]):
    """The places of one agency. All are people; null was not told."""

    agency = AgencySummary(allow_null=True)

    class Meta:
        model = TrainingPlaces
        fields = ["agency", "other", *_NUMBERS]


class RegisterSerializer(serializers.ModelSerializer[TrainingRegister]):
    """A register as it is read. Takers and passers are people, averages are marks from 0 to 10."""

    places = PlacesSerializer(many=True)

    class Meta:
        model = TrainingRegister
        fields = [
            *("version", "topic", "trainers", "materials", "days", "taken_before", "passed_before"),
            *("average_before", "taken_after", "passed_after", "average_after", "updated_at", "places"),
        ]


def _people(**kwargs: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, max_value=MOST_PEOPLE, **kwargs)


def _mark() -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=3, decimal_places=1, min_value=0, max_value=BEST_MARK, default=None, allow_null=True
    )


class PlacesWriteSerializer(serializers.Serializer[Any]):
    """A row as it is sent: an agency of the portal, or another unit by its name."""

    agency = AgencyKey(default=None, allow_null=True)
    other = Text(max_length=200, default="", allow_blank=True)
    offered = _people(default=None, allow_null=True)
    attended = _people()
    attended_women = _people(default=None, allow_null=True)
    certificates = _people(default=None, allow_null=True)
    certificates_women = _people(default=None, allow_null=True)

    def validate(self, sent: dict[str, Any]) -> dict[str, Any]:
        if (sent["agency"] is None) == (not sent["other"]):
            raise serializers.ValidationError({"agency": _("Each row names one agency.")})
        return {"row": Places(**sent)}


class RegisterWriteSerializer(serializers.Serializer[Any]):
    """A register as it is sent, whole: what is left out is empty."""

    topic = Text(max_length=300, default="", allow_blank=True)
    trainers = Text(max_length=1000, default="", allow_blank=True)
    materials = Text(max_length=1000, default="", allow_blank=True)
    days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS, default=None, allow_null=True)
    taken_before = _people(default=None, allow_null=True)
    passed_before = _people(default=None, allow_null=True)
    average_before = _mark()
    taken_after = _people(default=None, allow_null=True)
    passed_after = _people(default=None, allow_null=True)
    average_after = _mark()
    places = serializers.ListField(child=PlacesWriteSerializer(), max_length=MOST_PLACES, default=list)

    def validate_places(self, rows: list[dict[str, Any]]) -> list[Places]:
        return [row["row"] for row in rows]
