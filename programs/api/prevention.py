"""Models of prevention and support, what they were found to be worth, and what became of them."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import AgencyKey, AgencySummary, AreaKey, AreaSummary, Text
from accounts.api.problems import NotNow
from accounts.api.repeats import IDEMPOTENCY_KEY, submission_key
from accounts.api.versions import IF_MATCH, asked_version
from accounts.api.views import RecordViews
from accounts.models import User
from programs.api.fields import NOT_IN_THIS_STATE, ReportedFigure
from programs.api.task import UnitSerializer
from programs.forms.prevention import LONGEST
from programs.models import ModelAssessment, ModelKind, PreventionModel
from programs.prevention_filters import ModelFilter
from programs.selectors.prevention import get_model, may_keep_models, may_read_models
from programs.selectors.quantity import print_figure
from programs.services.prevention import (
    MOST_UNITS,
    TransitionNotAllowed,
    assess_model,
    change_model,
    pause_model,
    replicate_model,
    resume_model,
    start_model,
    stop_model,
)
from programs.services.task import Unit


class ModelAssessmentSerializer(serializers.ModelSerializer[ModelAssessment]):
    """What a model was found to be worth on a day."""

    class Meta:
        model = ModelAssessment
        fields = ["id", "assessed_on", "text", "verdict"]


class PreventionModelSerializer(serializers.ModelSerializer[PreventionModel]):
    """A model as it is read. ``members`` is how many take part, as reported; null where it is not known."""

    agency = AgencySummary()
    area = AreaSummary()
    members = serializers.SerializerMethodField()
    members_low = serializers.DecimalField(
        source="low", max_digits=16, decimal_places=3, read_only=True, allow_null=True
    )
    members_high = serializers.DecimalField(
        source="high", max_digits=16, decimal_places=3, read_only=True, allow_null=True
    )
    assessments = ModelAssessmentSerializer(many=True)
    copied_from = serializers.SerializerMethodField()

    class Meta:
        model = PreventionModel
        fields = [
            *("id", "version", "kind", "name", "agency", "area", "since", "state", "ended_on", "end_reason"),
            *("members", "members_low", "members_high", "description", "assessments", "copied_from"),
            *("created_at", "is_demo"),
        ]

    def get_members(self, model: PreventionModel) -> str | None:
        return print_figure(model.figure) if model.has_members else None

    def get_copied_from(self, model: PreventionModel) -> int | None:
        """The model it was made from, where the reader may see it."""
        return model.copied_from_id if model.copied_from_id in self.context["view"].shown_origins else None


class ModelWriteSerializer(serializers.Serializer[Any]):
    """A model as it is sent, whole: what is left out is empty."""

    kind = serializers.ChoiceField(choices=ModelKind.choices)
    name = Text(max_length=300)
    agency = AgencyKey()
    area = AreaKey()
    since = serializers.DateField()
    members = ReportedFigure(default=None, allow_null=True)
    description = Text(max_length=LONGEST, default="", allow_blank=True)


class ModelAssessmentWriteSerializer(serializers.Serializer[Any]):
    """An assessment as it is sent. The verdict is an opinion: stopping and replicating are steps of their own."""

    assessed_on = serializers.DateField()
    text = Text(max_length=LONGEST)
    verdict = serializers.ChoiceField(choices=ModelAssessment.Verdict.choices)


class ModelReplicationSerializer(serializers.Serializer[Any]):
    """For which units a model is made anew, and since when they have it."""

    since = serializers.DateField()
    units = serializers.ListField(child=UnitSerializer(), min_length=1, max_length=MOST_UNITS)


class ModelStopSerializer(serializers.Serializer[Any]):
    """When and why a model is stopped."""

    ended_on = serializers.DateField()
    end_reason = Text(max_length=LONGEST)


class ModelViews(RecordViews):
    """Models of the own unit; of every unit in the area for who coordinates or steers it."""

    serializer_class = PreventionModelSerializer
    filter_class = ModelFilter

    def may_read(self, reader: User) -> bool:
        return may_read_models(reader)

    def may_write(self, reader: User) -> bool:
        return may_keep_models(reader)

    def visible(self, reader: User) -> Any:
        found = PreventionModel.objects.visible_to(reader).select_related("agency", "area")
        return found.defer("search_text", "sort_key").prefetch_related("assessments")

    @property
    def shown_origins(self) -> set[int]:
        """The keys of models that copies were made from, as far as the reader may see them. One query."""
        shown: set[int] | None = getattr(self, "_shown", None)
        if shown is None:
            seen = PreventionModel.objects.visible_to(self.reader).filter(copies__isnull=False).order_by()
            shown = self._shown = set(seen.values_list("pk", flat=True).distinct())
        return shown

    @extend_schema(
        request=ModelWriteSerializer, responses={201: PreventionModelSerializer}, parameters=[IDEMPOTENCY_KEY]
    )
    def create(self, request: Request) -> Response:
        sent = self._sent(request, ModelWriteSerializer)
        made = start_model(actor=self.reader, submission_key=submission_key(request), **sent)
        return self.answer(made, status=status.HTTP_201_CREATED)

    @extend_schema(request=ModelWriteSerializer, parameters=[IF_MATCH])
    def update(self, request: Request, pk: str) -> Response:
        model = get_model(request, int(pk), needs="write")
        version, sent = asked_version(request), self._sent(request, ModelWriteSerializer)
        return self.answer(change_model(actor=self.reader, model=model, version=version, **sent))

    @extend_schema(
        request=ModelAssessmentWriteSerializer,
        responses={201: ModelAssessmentSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @action(detail=True, methods=["post"])
    def assess(self, request: Request, pk: str) -> Response:
        """Write down what it was found to be worth."""
        model = get_model(request, int(pk), needs="write")
        sent = self._sent(request, ModelAssessmentWriteSerializer)
        made = assess_model(actor=self.reader, model=model, submission_key=submission_key(request), **sent)
        return Response(ModelAssessmentSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        request=ModelReplicationSerializer,
        responses={201: PreventionModelSerializer(many=True)},
        parameters=[IDEMPOTENCY_KEY],
    )
    @action(detail=True, methods=["post"])
    def replicate(self, request: Request, pk: str) -> Response:
        """Make it anew for other units; the answer is the list of those made."""
        model = get_model(request, int(pk), needs="write")
        sent = self._sent(request, ModelReplicationSerializer)
        units = [Unit(**unit) for unit in sent["units"]]
        made = self._now(
            lambda: replicate_model(
                actor=self.reader,
                model=model,
                submission_key=submission_key(request),
                units=units,
                since=sent["since"],
            )
        )
        rows = self.get_queryset().filter(pk__in=[each.pk for each in made]).order_by("pk")
        return Response(self.get_serializer(rows, many=True).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, pk: str) -> Response:
        """Say that it rests for a time."""
        model = get_model(request, int(pk), needs="write")
        return self.answer(self._now(lambda: pause_model(actor=self.reader, model=model)))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str) -> Response:
        """Say that it goes on."""
        model = get_model(request, int(pk), needs="write")
        return self.answer(self._now(lambda: resume_model(actor=self.reader, model=model)))

    @extend_schema(request=ModelStopSerializer)
    @action(detail=True, methods=["post"])
    def stop(self, request: Request, pk: str) -> Response:
        """Stop it for good."""
        model = get_model(request, int(pk), needs="write")
        sent = self._sent(request, ModelStopSerializer)
        return self.answer(self._now(lambda: stop_model(actor=self.reader, model=model, **sent)))

    @staticmethod
    def _now(work: Callable[[], Any]) -> Any:
        """What the work gives. Raises NotNow where the model does not stand where the step starts from."""
        try:
            return work()
        except TransitionNotAllowed as refused:
            raise NotNow(str(NOT_IN_THIS_STATE)) from refused

    def _sent(self, request: Request, shape: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        sent = shape(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        return dict(sent.validated_data)
