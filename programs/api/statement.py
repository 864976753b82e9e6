"""Difficulties, recommendations and directions of a period, and what is answered to a recommendation."""

from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
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
from accounts.scoping import scope_of
from programs.api.document import DocumentKey
from programs.api.fields import NOT_IN_THIS_STATE, PeriodCode
from programs.forms.statement import LONGEST
from programs.models import STATEMENTS, Difficulty, Direction, Document, Recommendation, Task
from programs.selectors.period import typed_period
from programs.selectors.statement import get_statement, may_file_statements, may_read_statements
from programs.services.recommendation import (
    ANSWERS,
    TransitionNotAllowed,
    answer_recommendation,
    take_step,
)
from programs.services.statement import change_statement, file_statement
from programs.statement_filters import DifficultyFilter, DirectionFilter, RecommendationFilter

_COMMON = ("id", "version", "agency", "area", "period", "period_start", "period_end", "order", "text")


class _StatementSerializer(serializers.ModelSerializer[Any]):
    """What every statement tells."""

    agency = AgencySummary()
    area = AreaSummary()
    period = serializers.SerializerMethodField()

    def get_period(self, statement: Any) -> str:
        return typed_period(statement.period_start, statement.period_end)


class DifficultySerializer(_StatementSerializer):
    """What stood in the way, and what became of it."""

    class Meta:
        model = Difficulty
        fields = [*_COMMON, "state", "overcome_on", "note", "carried_from", "created_at", "is_demo"]


class RecommendationSerializer(_StatementSerializer):
    """What a higher body is asked to do, and its answer. ``answer_document`` is told to who may see it."""

    addressed_to = AgencySummary(allow_null=True)
    answering_agency = AgencySummary(allow_null=True)
    answer_document = serializers.SerializerMethodField()

    class Meta:
        model = Recommendation
        fields = [
            *(*_COMMON, "addressee", "addressed_to", "state", "answer", "answered_on", "answering_agency"),
            *("answer_document", "carried_from", "created_at", "is_demo"),
        ]

    def get_answer_document(self, recommendation: Recommendation) -> int | None:
        key = recommendation.answer_document_id
        return key if key in self.context["view"].shown_documents(recommendation) else None


class DirectionSerializer(_StatementSerializer):
    """What is to be done next, and the task that made it concrete."""

    class Meta:
        model = Direction
        fields = [*_COMMON, "task", "carried_from", "created_at", "is_demo"]


class _WriteSerializer(serializers.Serializer[Any]):
    """What every statement is sent with, whole: what is left out is empty."""

    agency = AgencyKey()
    area = AreaKey()
    period = PeriodCode()
    text = Text(max_length=LONGEST)


class DifficultyWriteSerializer(_WriteSerializer):
    """A difficulty as it is sent; ``overcome_on`` only where it is overcome."""

    state = serializers.ChoiceField(choices=Difficulty.State.choices, default=Difficulty.State.OPEN)
    overcome_on = serializers.DateField(default=None, allow_null=True)
    note = Text(max_length=LONGEST, default="", allow_blank=True)


class RecommendationWriteSerializer(_WriteSerializer):
    """A recommendation as it is sent: to an agency of the portal, or to a body by its name."""

    addressed_to = AgencyKey(default=None, allow_null=True)
    addressee = Text(max_length=160, default="", allow_blank=True)

    def validate(self, sent: dict[str, Any]) -> dict[str, Any]:
        return {**sent, "addressee": ""} if sent["addressed_to"] else sent


@extend_schema_field(OpenApiTypes.INT)
class TaskKey(serializers.PrimaryKeyRelatedField[Task]):
    """The id of a task of a document in the own register; the service asks whether the unit has it."""

    def get_queryset(self) -> Any:
        documents = Document.objects.visible_to(self.context["request"].user).order_by().values("pk")
        return Task.objects.filter(document__in=documents)


class DirectionWriteSerializer(_WriteSerializer):
    """A direction as it is sent."""

    task = TaskKey(default=None, allow_null=True)


class AnswerSerializer(serializers.Serializer[Any]):
    """The answer to a recommendation. An answer that came on paper names its document."""

    outcome = serializers.ChoiceField(choices=ANSWERS)
    text = Text(max_length=LONGEST)
    answered_on = serializers.DateField()
    document = DocumentKey(default=None, allow_null=True)


class _StatementViews(RecordViews):
    """Statements of the own unit; of every unit in the area for who coordinates or steers it."""

    kind: ClassVar[str]
    write_class: ClassVar[type[_WriteSerializer]]

    def may_read(self, reader: User) -> bool:
        return may_read_statements(reader)

    def may_write(self, reader: User) -> bool:
        return may_file_statements(reader)

    def visible(self, reader: User) -> Any:
        found = STATEMENTS[self.kind].objects.visible_to(reader).select_related("agency", "area")
        return found.defer("search_text")

    def _create(self, request: Request) -> Response:
        made = file_statement(
            actor=self.reader, kind=self.kind, submission_key=submission_key(request), **self._sent(request)
        )
        return self.answer(made, status=status.HTTP_201_CREATED)

    def _update(self, request: Request, pk: str) -> Response:
        statement = get_statement(request, self.kind, int(pk), needs="write")
        version, sent = asked_version(request), self._sent(request)
        return self.answer(change_statement(actor=self.reader, statement=statement, version=version, **sent))

    def _sent(self, request: Request) -> dict[str, Any]:
        sent = self.write_class(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        return dict(sent.validated_data)


class DifficultyViews(_StatementViews):
    """What stood in the way of the own unit; of every unit in the area for who coordinates or steers it."""

    kind = "difficulty"
    serializer_class = DifficultySerializer
    write_class = DifficultyWriteSerializer
    filter_class = DifficultyFilter

    @extend_schema(
        request=DifficultyWriteSerializer, responses={201: DifficultySerializer}, parameters=[IDEMPOTENCY_KEY]
    )
    def create(self, request: Request) -> Response:
        return self._create(request)

    @extend_schema(request=DifficultyWriteSerializer, parameters=[IF_MATCH])
    def update(self, request: Request, pk: str) -> Response:
        return self._update(request, pk)


class DirectionViews(_StatementViews):
    """What the own unit is to do next; every unit in the area for who coordinates or steers it."""

    kind = "direction"
    serializer_class = DirectionSerializer
    write_class = DirectionWriteSerializer
    filter_class = DirectionFilter

    @extend_schema(
        request=DirectionWriteSerializer, responses={201: DirectionSerializer}, parameters=[IDEMPOTENCY_KEY]
    )
    def create(self, request: Request) -> Response:
        return self._create(request)

    @extend_schema(request=DirectionWriteSerializer, parameters=[IF_MATCH])
    def update(self, request: Request, pk: str) -> Response:
        return self._update(request, pk)


class RecommendationViews(_StatementViews):
    """What the own unit recommends and is asked to do; of every unit in the area for who coordinates it."""

    kind = "recommendation"
    serializer_class = RecommendationSerializer
    write_class = RecommendationWriteSerializer
    filter_class = RecommendationFilter

    def may_write(self, reader: User) -> bool:
        if self.action in ("receive", "consider", "give_answer"):
            scope = scope_of(reader)
            return scope.may("statement.answer") or scope.may("statement.record_answer")
        return super().may_write(reader)

    def visible(self, reader: User) -> Any:
        return super().visible(reader).select_related("addressed_to", "answering_agency")

    def shown_documents(self, recommendation: Recommendation) -> set[int]:
        """The keys of documents with answers that the reader may see. One query an answer of the API."""
        shown: set[int] | None = getattr(self, "_shown", None)
        if shown is None:
            listed = getattr(self, "_listed", None) or [recommendation]
            named = {each.answer_document_id for each in listed if each.answer_document_id}
            keys = Document.objects.visible_to(self.reader).filter(pk__in=named).order_by()
            shown = self._shown = set(keys.values_list("pk", flat=True)) if named else set()
        return shown

    def paginate_queryset(self, queryset: Any) -> Any:
        self._listed = super().paginate_queryset(queryset)
        return self._listed

    @extend_schema(
        request=RecommendationWriteSerializer,
        responses={201: RecommendationSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def create(self, request: Request) -> Response:
        return self._create(request)

    @extend_schema(request=RecommendationWriteSerializer, parameters=[IF_MATCH])
    def update(self, request: Request, pk: str) -> Response:
        return self._update(request, pk)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def receive(self, request: Request, pk: str) -> Response:
        """Say that it arrived. For the addressed agency, or who records its answers."""
        return self._step(request, pk, "receive")

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def consider(self, request: Request, pk: str) -> Response:
        """Say that it is being considered. For the addressed agency, or who records its answers."""
        return self._step(request, pk, "consider")

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take it back. For the unit that sent it."""
        return self._step(request, pk, "withdraw")

    @extend_schema(request=AnswerSerializer)
    @action(detail=True, methods=["post"], url_path="answer")
    def give_answer(self, request: Request, pk: str) -> Response:
        """Answer it. For the addressed agency; for the coordinator where the answer came on paper."""
        recommendation = get_statement(request, self.kind, int(pk))
        sent = AnswerSerializer(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        return self._stepped(
            lambda: answer_recommendation(
                actor=self.reader, recommendation=recommendation, **sent.validated_data
            )
        )

    def _step(self, request: Request, pk: str, step: str) -> Response:
        recommendation = get_statement(request, self.kind, int(pk))
        return self._stepped(lambda: take_step(actor=self.reader, recommendation=recommendation, step=step))

    def _stepped(self, work: Any) -> Response:
        """The record after the work. Raises NotNow where it does not stand where the step starts from."""
        try:
            return self.answer(work())
        except TransitionNotAllowed as refused:
            raise NotNow(str(NOT_IN_THIS_STATE)) from refused
