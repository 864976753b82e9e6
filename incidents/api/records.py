"""Tips and cases of own agency, without names, as the pages show them. Sealed cases are their readers' alone."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from accounts.api.fields import AgencySummary, AreaSummary
from accounts.api.problems import FilterProblem
from accounts.api.protected import ProtectedViews
from accounts.models import User
from accounts.scoping import scope_of
from incidents.listing import CaseFilterForm, CaseListing, Listing, TipFilterForm, TipListing
from incidents.models import Case, CaseOffence, Stage, Tip


def _parameters(form: Any) -> list[OpenApiParameter]:
    return [OpenApiParameter(name, str, description=field.label) for name, field in form.base_fields.items()]


class TipSerializer(serializers.ModelSerializer[Tip]):
    """A tip as a list gives it."""

    agency = AgencySummary()
    area = AreaSummary()
    offence = serializers.SlugRelatedField("article", read_only=True, allow_null=True)  # type: ignore[var-annotated]

    class Meta:
        model = Tip
        fields = [
            *(
                "id",
                "version",
                "code",
                "kind",
                "channel",
                "received_on",
                "agency",
                "area",
                "offence",
                "urgency",
            ),
            *("state", "due_on", "decided_on", "ground", "forwarded_to"),
        ]


class TipDetailSerializer(TipSerializer):
    """A tip with what was told."""

    class Meta(TipSerializer.Meta):
        fields = [*TipSerializer.Meta.fields, "text"]


class OffenceSerializer(serializers.ModelSerializer[CaseOffence]):
    """An article that a case is prosecuted under."""

    class Meta:
        model = CaseOffence
        fields = ["criminal_code", "article", "name"]


class StageSerializer(serializers.ModelSerializer[Stage]):
    """A stage that a case reached, with the counts of that stage. Counts of stages are never added."""

    class Meta:
        model = Stage
        fields = ["kind", "reached_on", "document_number", "persons", "victims"]


class CaseSerializer(serializers.ModelSerializer[Case]):
    """A case as a list gives it."""

    agency = AgencySummary()
    area = AreaSummary()
    offences = OffenceSerializer(many=True)
    stages = StageSerializer(many=True)

    class Meta:
        model = Case
        fields = [
            *("id", "version", "code", "agency", "area", "force", "discovery", "acts_since", "due_on"),
            *("is_sealed", "offences", "stages"),
        ]


class CaseDetailSerializer(CaseSerializer):
    """A case with its summary."""

    class Meta(CaseSerializer.Meta):
        fields = [*CaseSerializer.Meta.fields, "summary"]


class _IncidentViews(ProtectedViews):
    """Rows that a listing of the pages narrows down."""

    listing: type[Listing]
    verb: str
    detail_class: Any

    def may_read(self, reader: User) -> bool:
        return scope_of(reader).may(self.verb)

    def get_serializer_class(self) -> Any:
        return self.detail_class if self.action == "retrieve" else self.serializer_class

    def narrowed(self, request: Request) -> Any:
        asked = self.listing(request.query_params, reader=self.reader)
        if not asked.is_usable:
            raise FilterProblem(asked.form.errors)
        return self.get_queryset().filter(pk__in=asked.found.order_by().values("pk"))


@extend_schema(parameters=_parameters(TipFilterForm), methods=["GET"])
class TipViews(_IncidentViews):
    """Tips of own agency. Each one given is noted."""

    serializer_class = TipSerializer
    detail_class = TipDetailSerializer
    listing = TipListing
    verb = "tip.read"
    ordering = ("-received_on", "-id")

    def visible(self, reader: User) -> Any:
        return Tip.objects.visible_to(reader).select_related("agency", "area", "offence")


@extend_schema(parameters=_parameters(CaseFilterForm), methods=["GET"])
class CaseViews(_IncidentViews):
    """Cases of own agency. Each one given is noted."""

    serializer_class = CaseSerializer
    detail_class = CaseDetailSerializer
    listing = CaseListing
    verb = "case.read"

    def visible(self, reader: User) -> Any:
        found = Case.objects.visible_to(reader).select_related("agency", "area")
        return found.prefetch_related("offences", "stages")
