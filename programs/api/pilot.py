"""Pilots with their figures and assessments, to be read."""

from typing import Any

from rest_framework import serializers

from accounts.api.fields import AgencySummary, AreaSummary
from accounts.api.views import RecordViews
from accounts.models import User
from programs.models import Pilot, PilotAssessment, PilotFigure
from programs.selectors.pilot import may_read_pilots
from programs.selectors.quantity import print_figure


class PilotFigureSerializer(serializers.ModelSerializer[PilotFigure]):
    """A figure before, half-way or at the end; ``as_reported`` is how it was told."""

    as_reported = serializers.SerializerMethodField()

    class Meta:
        model = PilotFigure
        fields = ["occasion", "name", "unit", "as_reported", "low", "high", "qualifier"]

    def get_as_reported(self, row: PilotFigure) -> str:
        return print_figure(row.figure)


class AssessmentSerializer(serializers.ModelSerializer[PilotAssessment]):
    class Meta:
        model = PilotAssessment
        fields = ["occasion", "assessed_on", "text"]


class PilotSerializer(serializers.ModelSerializer[Pilot]):
    """A plan tried in some areas for some time."""

    area = AreaSummary()
    areas = AreaSummary(many=True)
    lead = AgencySummary()
    partners = AgencySummary(many=True)
    figures = PilotFigureSerializer(many=True)
    assessments = AssessmentSerializer(many=True)

    class Meta:
        model = Pilot
        fields = [
            *("id", "document", "name", "area", "areas", "lead", "partners", "starts_on", "ends_on"),
            *("decision", "decided_on", "replicated_from", "figures", "assessments", "is_demo"),
        ]


class PilotViews(RecordViews):
    """Pilots of the own area, of the areas above and, for who coordinates, of the areas below."""

    serializer_class = PilotSerializer

    def may_read(self, reader: User) -> bool:
        return may_read_pilots(reader)

    def visible(self, reader: User) -> Any:
        found = Pilot.objects.visible_to(reader).select_related("area", "lead")
        return found.prefetch_related("areas", "partners", "figures", "assessments")
