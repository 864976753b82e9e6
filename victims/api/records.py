"""Files in the care of own agency, under their codes. Who a person is, and what they told, is not given."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from accounts.api.fields import AgencySummary, AreaSummary
from accounts.api.problems import FilterProblem
from accounts.api.protected import ProtectedViews
from accounts.models import User
from accounts.scoping import scope_of
from victims.forms.victim import VictimFilterForm
from victims.models import CODE_PATTERN, SupportService, Victim, VictimStatus
from victims.value_lists import ServiceKind


class StatusSerializer(serializers.ModelSerializer[VictimStatus]):
    """A decision about whether the person is a victim. The latest by date holds."""

    class Meta:
        model = VictimStatus
        fields = ["status", "decided_on", "number", "body"]


class VictimSerializer(serializers.ModelSerializer[Victim]):
    """A file under its code."""

    agency = AgencySummary()
    area = AreaSummary()
    related_to = serializers.SlugRelatedField("code", read_only=True, allow_null=True)  # type: ignore[var-annotated]
    statuses = StatusSerializer(many=True)
    support = serializers.SerializerMethodField()

    class Meta:
        model = Victim
        fields = [
            *("code", "version", "circle", "related_to", "agency", "area", "status", "statuses", "arrival"),
            *("arrived_on", "sex", "age_band", "minority", "nationality", "acts", "means", "purposes"),
            *("children_with_them", "support"),
        ]

    def get_support(self, row: Victim) -> str | None:
        """Where the support stands: open, closure_asked or closed; null before it begins."""
        support = getattr(row, "support", None)
        return support.state if support else None


@extend_schema(
    parameters=[
        OpenApiParameter(name, str, description=field.label or "")
        for name, field in VictimFilterForm.base_fields.items()
    ],
    methods=["GET"],
)
class VictimViews(ProtectedViews):
    """Files of own agency. Each one given is noted."""

    serializer_class = VictimSerializer
    ordering = ("-arrived_on", "-id")
    lookup_field = "code"
    lookup_value_regex = CODE_PATTERN.strip("^$")

    def may_read(self, reader: User) -> bool:
        return scope_of(reader).may("victim.read")

    def visible(self, reader: User) -> Any:
        found = Victim.objects.visible_to(reader).select_related("agency", "area", "related_to", "support")
        return found.prefetch_related("statuses")

    def get_object(self) -> Victim:
        found: Victim | None = self.get_queryset().filter(code=self.kwargs["code"]).first()
        if found is None:
            raise Http404
        return found

    def narrowed(self, request: Request) -> Any:
        form = VictimFilterForm(request.query_params)
        if not form.is_valid():
            raise FilterProblem(form.errors)
        return form.chosen(self.get_queryset())


class ServiceSerializer(serializers.ModelSerializer[SupportService]):
    """A service that was given. ``amount`` is in đồng; empty where it costs nothing or is not known."""

    victim = serializers.SlugRelatedField("code", read_only=True)  # type: ignore[var-annotated]
    facility = serializers.SlugRelatedField("name", read_only=True, allow_null=True)  # type: ignore[var-annotated]

    class Meta:
        model = SupportService
        fields = [
            *("id", "victim", "kind", "provider", "facility", "amount", "funding", "starts_on", "ends_on"),
        ]


@extend_schema(parameters=[OpenApiParameter("kind", str, enum=ServiceKind.values)], methods=["GET"])
class ServiceViews(ProtectedViews):
    """Services given to people in the care of own agency. The file behind each one given is noted."""

    serializer_class = ServiceSerializer
    ordering = ("-starts_on", "-id")

    def may_read(self, reader: User) -> bool:
        return scope_of(reader).may("victim.read")

    def visible(self, reader: User) -> Any:
        seen = Victim.objects.visible_to(reader).order_by().values("pk")
        return SupportService.objects.filter(victim__in=seen).select_related("victim", "facility")

    def records_shown(self, rows: Iterable[SupportService]) -> Iterable[Victim]:
        return {row.victim_id: row.victim for row in rows}.values()

    def narrowed(self, request: Request) -> Any:
        kind = request.query_params.get("kind", "")
        if kind and kind not in ServiceKind.values:
            message = _("Send one of: %(values)s.") % {"values": ", ".join(ServiceKind.values)}
            raise FilterProblem({"kind": [message]})
        found = self.get_queryset()
        return found.filter(kind=kind) if kind else found
