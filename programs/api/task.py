"""Tasks of a document, and how each receiving unit stands with them."""

import uuid
from typing import Any, cast

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import AgencyKey, AgencySummary, AreaKey, AreaSummary, Text
from accounts.api.repeats import IDEMPOTENCY_KEY
from accounts.models import User
from accounts.scoping import scope_of
from programs.api.attachment import FILE_KEY, FILE_PATH, AttachmentSerializer, file_of, files_sent
from programs.api.comment import CommentedViews
from programs.api.document import DocumentKey
from programs.models import Activity, Assignment, Comparison, Document, Task
from programs.selectors.attachment import files_of_notes
from programs.selectors.document import may_enter_documents
from programs.selectors.task import (
    LATE,
    NoteRow,
    get_assignment,
    get_task_document,
    is_late_on,
    may_read_tasks,
    progress_notes,
)
from programs.services.task import TASKS_LIMIT, CutTask, Unit, cut_tasks, note_progress
from programs.task_filters import AssignmentFilter
from programs.views.attachment import handed_out

_MOST_UNITS = 1000
_MOST_EVIDENCE = 50


class TaskSerializer(serializers.ModelSerializer[Task]):
    """A numbered task of a document."""

    lead = AgencySummary(allow_null=True)
    partners = AgencySummary(many=True)

    class Meta:
        model = Task
        fields = [
            *("id", "document", "order", "number", "text", "lead", "partners", "starts_on", "due_on"),
            *("measure_indicator", "measure_comparison", "measure_value", "measure_words", "copied_from"),
        ]


class CutTaskSerializer(serializers.Serializer[Any]):
    """A task as it is cut."""

    number = Text(max_length=10)
    text = Text(max_length=5000)
    lead = AgencyKey(required=False, allow_null=True)
    partners = AgencyKey(many=True, required=False)
    starts_on = serializers.DateField(required=False, allow_null=True)
    due_on = serializers.DateField(required=False, allow_null=True)
    measure_indicator = serializers.SlugField(max_length=60, required=False, allow_blank=True)
    measure_comparison = serializers.ChoiceField(choices=Comparison.choices, required=False, allow_blank=True)
    measure_value = serializers.DecimalField(max_digits=16, decimal_places=3, required=False, allow_null=True)
    measure_words = Text(max_length=300, required=False, allow_blank=True)

    def validate(self, sent: dict[str, Any]) -> dict[str, Any]:
        starts_on, due_on = sent.get("starts_on"), sent.get("due_on")
        if starts_on and due_on and due_on < starts_on:
            raise serializers.ValidationError({"due_on": _("The task is due before it starts.")})
        return sent


class UnitSerializer(serializers.Serializer[Any]):
    """An agency in an area: who receives a task."""

    agency = AgencyKey()
    area = AreaKey()


class CuttingSerializer(serializers.Serializer[Any]):
    """Tasks cut from a document in one sitting, all or none. ``after`` is how many it had when they were written."""

    document = DocumentKey()
    tasks = serializers.ListField(child=CutTaskSerializer(), max_length=TASKS_LIMIT)
    units = serializers.ListField(child=UnitSerializer(), required=False, max_length=_MOST_UNITS)
    after = serializers.IntegerField(min_value=0)


class TaskViews(CommentedViews):
    """Tasks of documents the reader may see. Sending a list cuts tasks from a document, all or none."""

    commented = "task"
    serializer_class = TaskSerializer

    def may_read(self, reader: User) -> bool:
        return may_read_tasks(reader)

    def may_write(self, reader: User) -> bool:
        return may_read_tasks(reader) and may_enter_documents(reader)

    def visible(self, reader: User) -> Any:
        documents = Document.objects.visible_to(reader).order_by().values("pk")
        found = Task.objects.filter(document__in=documents)
        if chosen := self.request.query_params.get("document"):
            is_key = chosen.isascii() and chosen.isdecimal() and len(chosen) < 19
            found = found.filter(document=int(chosen)) if is_key else found.none()
        return found.select_related("lead").prefetch_related("partners").order_by("-id")

    @extend_schema(request=CuttingSerializer, responses={201: TaskSerializer(many=True)})
    def create(self, request: Request) -> Response:
        sent = CuttingSerializer(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        given = sent.validated_data
        document = get_task_document(request, given["document"].pk, needs="write")
        made = cut_tasks(
            actor=self.reader,
            document=document,
            tasks=[CutTask(**task) for task in given["tasks"]],
            units=[Unit(**unit) for unit in given.get("units", ())],
            after=given["after"],
        )
        tasks = self.get_queryset().filter(pk__in=[task.pk for task in made]).order_by("order")
        return Response(self.get_serializer(tasks, many=True).data, status=status.HTTP_201_CREATED)


class AssignmentSerializer(serializers.ModelSerializer[Assignment]):
    """One task as one unit has it. ``is_late`` follows from the due date."""

    agency = AgencySummary()
    area = AreaSummary()
    task = TaskSerializer()
    is_late = serializers.SerializerMethodField()

    class Meta:
        model = Assignment
        fields = [
            *("id", "version", "task", "agency", "area", "state", "is_late", "reason", "due_on", "done_on"),
        ]

    def get_is_late(self, assignment: Assignment) -> bool:
        return assignment.is_late(timezone.localdate())


@extend_schema_field(OpenApiTypes.INT)
class ActivityEvidenceKey(serializers.PrimaryKeyRelatedField[Activity]):
    """The id of an activity of the own unit."""

    default_error_messages = {"does_not_exist": _("Your unit has no activity with the id {pk_value}.")}

    def get_queryset(self) -> Any:
        return Activity.objects.visible_to(self.context["request"].user)


class ProgressWriteSerializer(serializers.Serializer[Any]):
    """How far the task has come, and what shows it."""

    state = serializers.ChoiceField(choices=Assignment.State.choices)
    text = Text(max_length=20_000)
    reason = Text(max_length=300, required=False, allow_blank=True)
    done_on = serializers.DateField(required=False, allow_null=True)
    activities = ActivityEvidenceKey(many=True, required=False)
    documents = DocumentKey(many=True, required=False)
    submission_key = serializers.UUIDField(required=False)


class ProgressWithFilesSerializer(ProgressWriteSerializer):
    """The same with files that show it, as multipart/form-data."""

    files = serializers.ListField(child=serializers.FileField(), required=False)


class ProgressSerializer(serializers.Serializer[Any]):
    """What a unit told, with the evidence the reader may open and the number of pieces that are hidden."""

    id = serializers.IntegerField(source="note.pk")
    state = serializers.CharField(source="note.state")
    text = serializers.CharField(source="note.text")
    at = serializers.DateTimeField(source="note.at")
    activities: Any = serializers.SerializerMethodField()
    documents: Any = serializers.SerializerMethodField()
    hidden = serializers.IntegerField(source="hidden_count")

    def get_activities(self, row: Any) -> list[int]:
        return [activity.pk for activity in row.activities]

    def get_documents(self, row: Any) -> list[int]:
        return [document.pk for document in row.documents]


class AssignmentViews(CommentedViews):
    """The tasks of units: own ones, or every unit's in the area for who coordinates or steers it."""

    commented = "assignment"
    serializer_class = AssignmentSerializer
    filter_class = AssignmentFilter

    def may_read(self, reader: User) -> bool:
        return may_read_tasks(reader)

    def may_write(self, reader: User) -> bool:
        return scope_of(reader).may("task.write")

    def visible(self, reader: User) -> Any:
        found = Assignment.objects.visible_to(reader).select_related("agency", "area", "task__lead")
        return found.prefetch_related("task__partners")

    def filter_queryset(self, queryset: Any) -> Any:
        found = super().filter_queryset(queryset)
        state = self.request.query_params.get("state") if self.action == "list" else ""
        if state == LATE:
            return found.filter(is_late_on(timezone.localdate()))
        return found.filter(state=state) if state else found

    @extend_schema(responses=AttachmentSerializer(many=True))
    @action(detail=True, url_path="attachments", pagination_class=None)
    def attachments(self, request: Request, pk: str) -> Response:
        """The files of the unit's notes, in the order in which they came."""
        files = files_of_notes(self.get_object())
        return Response(AttachmentSerializer(files, many=True).data)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}, parameters=[FILE_KEY])
    @action(detail=True, url_path=FILE_PATH)
    def attachment(self, request: Request, pk: str, key: str) -> HttpResponseBase:
        """A file to save, with a row in the trail."""
        file = file_of(files_of_notes(self.get_object()), key)
        return handed_out(cast(HttpRequest, request), file)

    @extend_schema(methods=["GET"], responses=ProgressSerializer(many=True))
    @extend_schema(
        methods=["POST"],
        request={
            "application/json": ProgressWriteSerializer,
            "multipart/form-data": ProgressWithFilesSerializer,
        },
        responses={201: ProgressSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @action(
        detail=True,
        methods=["get", "post"],
        url_path="progress",
        pagination_class=None,
        parser_classes=[JSONParser, MultiPartParser],
    )
    def progress(self, request: Request, pk: str) -> Response:
        """The notes of the unit, newest first (the last 200); POST tells progress, also with files."""
        if request.method != "POST":
            rows = [NoteRow.of(note) for note in progress_notes(self.get_object(), self.reader)[:200]]
            return Response(ProgressSerializer(rows, many=True).data)
        assignment = get_assignment(request, int(pk), needs="write")
        sent = ProgressWriteSerializer(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        given = sent.validated_data
        note = note_progress(
            actor=self.reader,
            assignment=assignment,
            state=Assignment.State(given["state"]),
            text=given["text"],
            reason=given.get("reason", ""),
            activities=given.get("activities", ())[:_MOST_EVIDENCE],
            documents=given.get("documents", ())[:_MOST_EVIDENCE],
            attachments=files_sent(request, required=False),
            on=given.get("done_on"),
            submission_key=given.get("submission_key") or uuid.uuid4(),
        )
        told = NoteRow.of(progress_notes(assignment, self.reader).get(pk=note.pk))
        return Response(ProgressSerializer(told).data, status=status.HTTP_201_CREATED)
