"""Activities with their figures, costs and places, and the steps from draft to approved."""

import uuid
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import AgencyKey, AreaKey, Text
from accounts.api.problems import NotNow, item_result
from accounts.api.repeats import IDEMPOTENCY_KEY, submission_key
from accounts.api.versions import IF_MATCH, asked_version
from accounts.files.checking import CheckedFile
from accounts.models import User
from accounts.scoping import scope_of
from programs.api.activity_reading import (
    ActivitySerializer,
    CostSerializer,
    OccurrenceSerializer,
    QuantitySerializer,
    with_all_told,
)
from programs.api.attachment import AttachedViews
from programs.api.comment import CommentedViews
from programs.api.training import RegisterSerializer, RegisterWriteSerializer
from programs.filters import ActivityFilter
from programs.models import Activity, ActivityKind, Assignment, Audience, Funding
from programs.selectors.activity import get_activity, may_read_activities
from programs.selectors.occurrence import MOST_OCCURRENCES, Occurrence
from programs.selectors.quantity import Quantity
from programs.selectors.training import has_register, may_keep_register, register_of
from programs.services import change_activity, file_activity
from programs.services.approval import (
    LONGEST_REASON,
    approve_activity,
    return_activity,
    submit_activity,
    withdraw_activity,
)
from programs.services.attachment import change_files
from programs.services.refusals import TransitionNotAllowed
from programs.services.training import keep_register

#: Activities that may be sent together.
MOST_TOGETHER = 100


@extend_schema_field(OpenApiTypes.INT)
class AssignmentKey(serializers.PrimaryKeyRelatedField[Assignment]):
    """The id of a task of the own unit."""

    default_error_messages = {"does_not_exist": _("Your unit has no task with the id {pk_value}.")}

    def get_queryset(self) -> Any:
        return Assignment.objects.visible_to(self.context["request"].user)


class ActivityWriteSerializer(serializers.Serializer[Any]):
    """An activity as it is sent, whole: what is left out is empty. ``state`` is "draft" or "submitted"."""

    state = serializers.ChoiceField(choices=["draft", "submitted"], default="submitted")
    kind = serializers.ChoiceField(choices=ActivityKind.choices)
    title = Text(max_length=300)
    agency = AgencyKey()
    area = AreaKey()
    places = AreaKey(many=True, required=False)
    started_on = serializers.DateField()
    ended_on = serializers.DateField()
    is_cumulative = serializers.BooleanField(required=False)
    is_integrated = serializers.BooleanField(required=False)
    integrated_with = Text(max_length=200, required=False, allow_blank=True)
    audience = serializers.MultipleChoiceField(choices=Audience.choices, required=False)
    partner_agencies = AgencyKey(many=True, required=False)
    other_partners = Text(max_length=300, required=False, allow_blank=True)
    narrative = Text(max_length=20_000, required=False, allow_blank=True)
    assignments = AssignmentKey(many=True, required=False)
    quantities = serializers.ListField(child=QuantitySerializer(), required=False, max_length=30)
    costs = serializers.ListField(child=CostSerializer(), required=False, max_length=len(Funding))
    occurrences = serializers.ListField(
        child=OccurrenceSerializer(), required=False, max_length=MOST_OCCURRENCES
    )

    def validate_audience(self, chosen: set[str]) -> list[str]:
        return [audience for audience in Audience.values if audience in chosen]

    def validate_costs(self, rows: list[dict[str, Any]]) -> dict[str, Decimal]:
        amounts = {row["source"]: row["amount"] for row in rows}
        if len(amounts) < len(rows):
            raise serializers.ValidationError(_("A source is named twice. Give each once, with its sum."))
        return amounts

    def validate_quantities(self, rows: list[dict[str, Any]]) -> list[Quantity]:
        return [row["quantity"] for row in rows]

    def validate_occurrences(self, rows: list[dict[str, Any]]) -> list[Occurrence]:
        return [Occurrence(**row) for row in rows]


class ReasonSerializer(serializers.Serializer[Any]):
    """Why an activity is given back to its unit."""

    reason = Text(max_length=LONGEST_REASON)


class SeveralSerializer(serializers.Serializer[Any]):
    """Activities that are sent together, each as it would be sent alone."""

    items = serializers.ListField(child=serializers.DictField(), min_length=1, max_length=MOST_TOGETHER)


class ResultSerializer(serializers.Serializer[Any]):
    """What became of one of them: 201 with its id, or the status and the errors it would have had alone."""

    status = serializers.IntegerField()
    id = serializers.IntegerField(required=False)
    version = serializers.IntegerField(required=False)
    title = serializers.CharField(required=False)
    errors = serializers.ListField(  # type: ignore[assignment]
        child=serializers.DictField(child=serializers.CharField()),
        required=False,
    )


class ResultsSerializer(serializers.Serializer[Any]):
    """What became of each, in the order sent."""

    results = ResultSerializer(many=True)


class ActivityViews(CommentedViews, AttachedViews):
    """Activities of the own unit, and what others had approved for who coordinates the area."""

    commented = "activity"
    serializer_class = ActivitySerializer
    filter_class = ActivityFilter
    ordering = ("-ended_on", "-id")

    def may_read(self, reader: User) -> bool:
        return may_read_activities(reader)

    def may_write(self, reader: User) -> bool:
        return scope_of(reader).may("activity.write")

    def visible(self, reader: User) -> Any:
        return with_all_told(Activity.objects.visible_to(reader))

    @extend_schema(
        request=ActivityWriteSerializer, responses={201: ActivitySerializer}, parameters=[IDEMPOTENCY_KEY]
    )
    def create(self, request: Request) -> Response:
        made = file_activity(actor=self.reader, submission_key=submission_key(request), **self._sent(request))
        return self.answer(made, status=status.HTTP_201_CREATED)

    @extend_schema(request=SeveralSerializer, responses=ResultsSerializer, parameters=[IDEMPOTENCY_KEY])
    @action(detail=False, methods=["post"], filter_backends=[], pagination_class=None)
    def bulk(self, request: Request) -> Response:
        """File several activities. Each is stored or refused for itself; the answer says which, in the order sent."""
        several = SeveralSerializer(data=request.data)
        several.is_valid(raise_exception=True)
        results = [self._one_of_several(item) for item in several.validated_data["items"]]
        return Response({"results": results})

    def _one_of_several(self, item: dict[str, Any]) -> dict[str, Any]:
        try:
            with transaction.atomic():
                sent = ActivityWriteSerializer(data=item, context=self.get_serializer_context())
                sent.is_valid(raise_exception=True)
                made = file_activity(actor=self.reader, submission_key=uuid.uuid4(), **sent.validated_data)
        except (APIException, ValidationError, PermissionDenied, Http404) as refused:
            return item_result(refused)
        return {"status": status.HTTP_201_CREATED, "id": made.pk, "version": made.version}

    @extend_schema(request=ActivityWriteSerializer, parameters=[IF_MATCH])
    def update(self, request: Request, pk: str) -> Response:
        """Put what is sent in the place of what the activity holds. Files stay."""
        activity = get_activity(request, int(pk), needs="write")
        version = asked_version(request)
        sent = self._sent(request)
        return self._stepped(
            lambda: change_activity(activity=activity, actor=self.reader, version=version, **sent)
        )

    @extend_schema(request=None, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """Hand it to the head of the unit."""
        return self._step(request, pk, submit_activity)

    @extend_schema(request=None, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take one's own submission back."""
        return self._step(request, pk, withdraw_activity)

    @extend_schema(request=None, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Let it count. For the head of its unit."""
        return self._step(request, pk, approve_activity)

    @extend_schema(request=ReasonSerializer, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"], url_path="return")
    def send_back(self, request: Request, pk: str) -> Response:
        """Give it back to the unit with a reason. For the head of its unit."""
        reason = ReasonSerializer(data=request.data)
        get_activity(request, int(pk))
        reason.is_valid(raise_exception=True)
        return self._step(request, pk, return_activity, reason=reason.validated_data["reason"])

    @extend_schema(methods=["GET"], responses=RegisterSerializer)
    @extend_schema(
        methods=["PUT"], request=RegisterWriteSerializer, responses=RegisterSerializer, parameters=[IF_MATCH]
    )
    @action(detail=True, methods=["get", "put"], url_path="register")
    def training_register(self, request: Request, pk: str) -> Response:
        """The register of a training class or seminar. The first time it is put, If-Match names "v0"."""
        activity = get_activity(request, int(pk))
        if request.method == "PUT":
            if not has_register(activity) or not may_keep_register(self.reader, activity):
                raise Http404
            version = asked_version(request)
            sent = RegisterWriteSerializer(data=request.data, context=self.get_serializer_context())
            sent.is_valid(raise_exception=True)
            keep_register(actor=self.reader, activity=activity, version=version, **sent.validated_data)
        register = register_of(activity)
        if register is None:
            raise Http404
        return self.versioned(Response(RegisterSerializer(register).data), register)

    def to_change(self, request: Request, pk: str) -> Activity:
        return get_activity(request, int(pk), needs="write")

    def change_files(
        self, record: Activity, version: int, *, added: list[CheckedFile], removed: list[int]
    ) -> Activity:
        try:
            return change_files(
                activity=record, actor=self.reader, version=version, added=added, removed=removed
            )
        except TransitionNotAllowed as refused:
            raise NotNow(str(refused.message)) from refused

    def _step(self, request: Request, pk: str, verb: Any, **given: Any) -> Response:
        activity = get_activity(request, int(pk))
        version = asked_version(request)
        return self._stepped(lambda: verb(activity=activity, actor=self.reader, version=version, **given))

    def _stepped(self, work: Any) -> Response:
        """The record after the work. Raises NotNow where it does not stand where the step starts from."""
        try:
            return self.answer(work())
        except TransitionNotAllowed as refused:
            raise NotNow(str(refused.message)) from refused

    def _sent(self, request: Request) -> dict[str, Any]:
        sent = ActivityWriteSerializer(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        return dict(sent.validated_data)
