"""Fields of serializers: text as every form takes it, and records named by their id."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import User
from accounts.scoping import scope_of
from territory.models import Agency, Area
from territory.text import control_characters, normalise


class Text(serializers.CharField):
    """Text in NFC without control characters."""

    default_error_messages = {
        "control_characters": _("The text holds an invisible control character. Type it anew.")
    }

    def to_internal_value(self, data: Any) -> str:
        text = normalise(str(super().to_internal_value(data)))
        if control_characters(text):
            self.fail("control_characters")
        return text


def _held(field: Any, name: str) -> dict[int, Any]:
    """The agencies or areas of who asks, by id: they were read with the scope and need no second look."""
    user = getattr(field.context.get("request"), "user", None)
    grants = scope_of(user).grants if isinstance(user, User) else []
    return {record.pk: record for record in (getattr(grant.membership, name) for grant in grants)}


class AgencyKey(serializers.PrimaryKeyRelatedField[Agency]):
    """The id of an agency."""

    default_error_messages = {"does_not_exist": _("There is no agency with the id {pk_value}.")}

    def __init__(self, **kwargs: Any) -> None:
        if not kwargs.get("read_only"):
            kwargs.setdefault("queryset", Agency.objects.all())
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Agency:
        known: Agency | None = _held(self, "agency").get(data) if type(data) is int else None
        return known or super().to_internal_value(data)


class AreaKey(serializers.PrimaryKeyRelatedField[Area]):
    """The id of an area."""

    default_error_messages = {"does_not_exist": _("There is no area with the id {pk_value}.")}

    def __init__(self, **kwargs: Any) -> None:
        if not kwargs.get("read_only"):
            kwargs.setdefault("queryset", Area.objects.all())
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Area:
        known: Area | None = _held(self, "area").get(data) if type(data) is int else None
        return known or super().to_internal_value(data)


class AgencySummary(serializers.Serializer[Agency]):
    """An agency as a record names it."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class AreaSummary(serializers.Serializer[Area]):
    """An area as a record names it."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    level = serializers.CharField()
    name = serializers.CharField()
