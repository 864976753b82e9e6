"""The register of documents."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import AgencyKey, AgencySummary, AreaKey, AreaSummary, Text
from accounts.api.versions import IF_MATCH, asked_version
from accounts.files.checking import CheckedFile
from accounts.models import ReadEvent, User
from programs.api.attachment import AttachedViews
from programs.api.comment import CommentedViews
from programs.document_filters import DocumentFilter
from programs.document_reads import note_document_read
from programs.models import NUMBER_FORM, Document, DocumentKind, Relation, Urgency
from programs.selectors.document import get_document, may_enter_documents, may_read_documents
from programs.services.document import (
    RestsOn,
    change_document,
    enter_document,
)

_MOST_RELATIONS = 50


@extend_schema_field(OpenApiTypes.INT)
class DocumentKey(serializers.PrimaryKeyRelatedField[Document]):
    """The id of a document in the register of who asks."""

    default_error_messages = {"does_not_exist": _("Your register has no document with the id {pk_value}.")}

    def get_queryset(self) -> Any:
        return Document.objects.visible_to(self.context["request"].user)


class RelationSerializer(serializers.Serializer[Any]):
    """What the document rests on, and how."""

    kind = serializers.ChoiceField(choices=Relation.choices)
    document = DocumentKey(source="rests_on")


class DocumentSerializer(serializers.ModelSerializer[Document]):
    """A document as it is read."""

    issuer = AgencySummary()
    area = AreaSummary()
    co_issuers = AgencySummary(many=True)
    rests_on = serializers.SerializerMethodField()

    class Meta:
        model = Document
        fields = [
            *("id", "version", "kind", "number", "issued_on", "year", "issuer", "co_issuers", "area"),
            *("subject", "signer", "signer_position", "urgency", "recipients", "note"),
            *("valid_from", "valid_to", "rests_on", "is_demo"),
        ]

    def get_rests_on(self, document: Document) -> list[dict[str, Any]]:
        """Relations to documents the reader may see."""
        shown = self.context["view"].shown_documents(document)
        return [
            {"kind": relation.kind, "document": relation.rests_on_id}
            for relation in document.upward.all()
            if relation.rests_on_id in shown
        ]


class DocumentWriteSerializer(serializers.Serializer[Document]):
    """A document as it is sent. What a change leaves out stays as it is."""

    kind = serializers.ChoiceField(choices=DocumentKind.choices)
    number = serializers.RegexField(NUMBER_FORM, max_length=60, required=False, allow_blank=True)
    issued_on = serializers.DateField(required=False, allow_null=True)
    year = serializers.IntegerField(min_value=1945, max_value=2100, required=False, allow_null=True)
    issuer = AgencyKey()
    co_issuers = AgencyKey(many=True, required=False)
    area = AreaKey()
    subject = Text(max_length=500)
    signer = Text(max_length=120, required=False, allow_blank=True)
    signer_position = Text(max_length=120, required=False, allow_blank=True)
    urgency = serializers.ChoiceField(choices=Urgency.choices, required=False)
    recipients = serializers.ListField(child=Text(max_length=200), max_length=60, required=False)
    note = Text(max_length=20_000, required=False, allow_blank=True)
    valid_from = serializers.DateField(required=False, allow_null=True)
    valid_to = serializers.DateField(required=False, allow_null=True)
    rests_on = RelationSerializer(many=True, required=False)

    def validate_rests_on(self, relations: list[dict[str, Any]]) -> list[RestsOn]:
        if len(relations) > _MOST_RELATIONS:
            raise serializers.ValidationError(
                _("A document names at most %(limit)d others.") % {"limit": _MOST_RELATIONS}
            )
        return [RestsOn(relation["rests_on"], Relation(relation["kind"])) for relation in relations]


class DocumentViews(CommentedViews, AttachedViews):
    """Documents of the areas above, of the own agency and, for who coordinates, of every agency in the area."""

    commented = "document"
    serializer_class = DocumentSerializer
    filter_class = DocumentFilter

    def may_read(self, reader: User) -> bool:
        return may_read_documents(reader)

    def may_write(self, reader: User) -> bool:
        return may_enter_documents(reader)

    def visible(self, reader: User) -> Any:
        found = Document.objects.visible_to(reader).select_related("issuer", "area")
        return found.prefetch_related("co_issuers", "upward")

    def shown_documents(self, document: Document) -> set[int]:
        """The keys the reader may see among those that the answer's documents rest on. One query an answer."""
        shown: set[int] | None = getattr(self, "_shown", None)
        if shown is None:
            listed = getattr(self, "_listed", None) or [document]
            named = {relation.rests_on_id for each in listed for relation in each.upward.all()}
            keys = Document.objects.visible_to(self.reader).filter(pk__in=named).order_by()
            shown = self._shown = set(keys.values_list("pk", flat=True))
        return shown

    def paginate_queryset(self, queryset: Any) -> Any:
        self._listed = super().paginate_queryset(queryset)
        return self._listed

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        document = self.get_object()
        note_document_read(actor=self.reader, document=document, how=ReadEvent.How.API)
        return self.versioned(Response(self.get_serializer(document).data), document)

    @extend_schema(request=DocumentWriteSerializer, responses={201: DocumentSerializer})
    def create(self, request: Request) -> Response:
        fields = self._fields(request)
        return self.answer(enter_document(actor=self.reader, **fields), status=status.HTTP_201_CREATED)

    @extend_schema(request=DocumentWriteSerializer, parameters=[IF_MATCH])
    def update(self, request: Request, pk: str) -> Response:
        return self._change(request, pk, partial=False)

    @extend_schema(request=DocumentWriteSerializer, parameters=[IF_MATCH])
    def partial_update(self, request: Request, pk: str) -> Response:
        return self._change(request, pk, partial=True)

    def _change(self, request: Request, pk: str, *, partial: bool) -> Response:
        document = get_document(request, int(pk), needs="write")
        version = asked_version(request)
        fields = self._fields(request, partial=partial)
        return self.answer(change_document(actor=self.reader, document=document, version=version, **fields))

    def to_change(self, request: Request, pk: str) -> Document:
        return get_document(request, int(pk), needs="write")

    def change_files(
        self, record: Document, version: int, *, added: list[CheckedFile], removed: list[int]
    ) -> Document:
        return change_document(
            actor=self.reader,
            document=record,
            version=version,
            attachments=added,
            removed_attachments=removed,
        )

    def _fields(self, request: Request, *, partial: bool = False) -> dict[str, Any]:
        sent = DocumentWriteSerializer(
            data=request.data, partial=partial, context=self.get_serializer_context()
        )
        sent.is_valid(raise_exception=True)
        return dict(sent.validated_data)
