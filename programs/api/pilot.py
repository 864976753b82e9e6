"""Pilots with their figures and assessments, and what is decided about them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import AgencyKey, AgencySummary, AreaKey, AreaSummary, Text
from accounts.api.versions import IF_MATCH, asked_version
from accounts.models import User
from programs.api.comment import CommentedViews
from programs.api.document import DocumentKey
from programs.api.fields import ReportedFigure
from programs.api.task import TaskSerializer, UnitSerializer
from programs.models import Occasion, Pilot, PilotAssessment, PilotFigure, Task
from programs.pilot_filters import PilotFilter
from programs.selectors.document import get_document
from programs.selectors.pilot import get_pilot, may_read_pilots, may_start_pilots, origin_of_plan
from programs.selectors.quantity import print_figure
from programs.services.pilot import (
    LONGEST_REASON,
    assess,
    change_pilot,
    replicate,
    set_figures,
    start_pilot,
    stop_pilot,
)
from programs.services.task import Unit

_MOST_FIGURES = 60
_MOST_UNITS = 1000
_LONGEST_ASSESSMENT = 20_000


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
            *("id", "version", "document", "name", "area", "areas", "lead", "partners", "starts_on"),
            *("ends_on", "decision", "decided_on", "decision_reason", "unassessed_reason"),
            *("replicated_from", "figures", "assessments", "is_demo"),
        ]


class PilotChangeSerializer(serializers.Serializer[Any]):
    """What of a pilot can be changed, sent whole: what is left out is empty."""

    name = Text(max_length=300)
    areas = AreaKey(many=True, allow_empty=False)
    lead = AgencyKey()
    partners = AgencyKey(many=True, required=False, default=list)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()

    def validate(self, sent: dict[str, Any]) -> dict[str, Any]:
        first = sent["starts_on"]
        if sent["ends_on"] < first:
            raise serializers.ValidationError({"ends_on": _("The last day lies before the first day.")})
        gone = [area.name for area in sent["areas"] if not area.held_on(first)]
        if gone:
            message = _("Not a unit on the first day: %(areas)s.") % {"areas": ", ".join(gone)}
            raise serializers.ValidationError({"areas": message})
        if not sent["lead"].held_on(first):
            raise serializers.ValidationError({"lead": _("This agency did not exist on the first day.")})
        return sent


class PilotWriteSerializer(PilotChangeSerializer):
    """A new pilot. Its tasks are those of its document, which is piloted once."""

    document = DocumentKey()


class AssessmentWriteSerializer(serializers.Serializer[Any]):
    """An assessment as it is sent; one of the same occasion takes the place of the first."""

    occasion = serializers.ChoiceField(choices=[Occasion.MIDTERM, Occasion.FINAL])
    assessed_on = serializers.DateField()
    text = Text(max_length=_LONGEST_ASSESSMENT)


class CountedSerializer(serializers.Serializer[Any]):
    """One thing that is counted."""

    name = Text(max_length=200)
    unit = Text(max_length=40)
    as_reported = ReportedFigure()


class FiguresSerializer(serializers.Serializer[Any]):
    """The figures of one occasion, by name; ``removed`` names what is not counted any more."""

    occasion = serializers.ChoiceField(choices=Occasion.choices)
    figures = serializers.ListField(child=CountedSerializer(), max_length=_MOST_FIGURES)
    removed = serializers.ListField(
        child=serializers.CharField(max_length=200), max_length=_MOST_FIGURES, required=False
    )

    def validate_figures(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len({row["name"] for row in rows}) < len(rows):
            raise serializers.ValidationError(_("This is counted in a row above already."))
        return rows


class PilotReplicationSerializer(serializers.Serializer[Any]):
    """Under which plan the tasks are made anew, for whom and until when."""

    document = DocumentKey()
    units = serializers.ListField(child=UnitSerializer(), min_length=1, max_length=_MOST_UNITS)
    starts_on = serializers.DateField()
    due_on = serializers.DateField()


class PilotStopSerializer(serializers.Serializer[Any]):
    """That a pilot goes no further. ``open_tasks`` is how many are open and will be closed for this reason."""

    decided_on = serializers.DateField()
    reason = Text(max_length=LONGEST_REASON)
    open_tasks = serializers.IntegerField(min_value=0)
    unassessed_reason = Text(max_length=LONGEST_REASON, default="", allow_blank=True)


class PilotViews(CommentedViews):
    """Pilots of the own area, of the areas above and, for who coordinates, of the areas below."""

    commented = "pilot"
    serializer_class = PilotSerializer
    filter_class = PilotFilter

    def may_read(self, reader: User) -> bool:
        return may_read_pilots(reader)

    def may_write(self, reader: User) -> bool:
        return may_start_pilots(reader)

    def visible(self, reader: User) -> Any:
        found = Pilot.objects.visible_to(reader).select_related("area", "lead")
        return found.prefetch_related("areas", "partners", "figures", "assessments")

    @extend_schema(request=PilotWriteSerializer, responses={201: PilotSerializer})
    def create(self, request: Request) -> Response:
        sent = self._sent(request, PilotWriteSerializer)
        document = get_document(request, sent.pop("document").pk)
        made = start_pilot(
            actor=self.reader, document=document, replicated_from=origin_of_plan(document), **sent
        )
        return self.answer(made, status=status.HTTP_201_CREATED)

    @extend_schema(request=PilotChangeSerializer, parameters=[IF_MATCH])
    def update(self, request: Request, pk: str) -> Response:
        pilot = get_pilot(request, int(pk), needs="write")
        version, sent = asked_version(request), self._sent(request, PilotChangeSerializer)
        return self.answer(change_pilot(actor=self.reader, pilot=pilot, version=version, **sent))

    @extend_schema(request=AssessmentWriteSerializer)
    @action(detail=True, methods=["post"])
    def assess(self, request: Request, pk: str) -> Response:
        """Write down what it was found to be worth, half-way or at the end."""
        pilot = get_pilot(request, int(pk), needs="write")
        sent = self._sent(request, AssessmentWriteSerializer)
        assess(actor=self.reader, pilot=pilot, **{**sent, "occasion": Occasion(sent["occasion"])})
        return self.answer(pilot)

    @extend_schema(request=FiguresSerializer)
    @action(detail=True, methods=["post"])
    def figures(self, request: Request, pk: str) -> Response:
        """Put down its figures before, half-way or at the end."""
        pilot = get_pilot(request, int(pk), needs="write")
        sent = self._sent(request, FiguresSerializer)
        set_figures(
            actor=self.reader,
            pilot=pilot,
            occasion=Occasion(sent["occasion"]),
            figures={(row["name"], row["unit"]): row["as_reported"] for row in sent["figures"]},
            removed=sent.get("removed", ()),
        )
        return self.answer(pilot)

    @extend_schema(request=PilotReplicationSerializer, responses={201: TaskSerializer(many=True)})
    @action(detail=True, methods=["post"])
    def replicate(self, request: Request, pk: str) -> Response:
        """Make its tasks anew under another plan; the answer is the list of them."""
        pilot = get_pilot(request, int(pk), needs="write")
        sent = self._sent(request, PilotReplicationSerializer)
        document = get_document(request, sent["document"].pk)
        made = replicate(
            actor=self.reader,
            pilot=pilot,
            document=document,
            units=[Unit(**unit) for unit in sent["units"]],
            starts_on=sent["starts_on"],
            due_on=sent["due_on"],
        )
        tasks = Task.objects.filter(pk__in=[task.pk for task in made]).select_related("lead")
        shown = TaskSerializer(tasks.prefetch_related("partners").order_by("order"), many=True)
        return Response(shown.data, status=status.HTTP_201_CREATED)

    @extend_schema(request=PilotStopSerializer)
    @action(detail=True, methods=["post"])
    def stop(self, request: Request, pk: str) -> Response:
        """Decide that it goes no further; its open tasks are closed for this reason."""
        pilot = get_pilot(request, int(pk), needs="write")
        sent = self._sent(request, PilotStopSerializer)
        return self.answer(stop_pilot(actor=self.reader, pilot=pilot, **sent))

    def _sent(self, request: Request, shape: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        sent = shape(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        return dict(sent.validated_data)
