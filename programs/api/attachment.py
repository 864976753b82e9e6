"""Files of the records of an endpoint: listed, sent, handed out and taken off by the rules of their pages."""

from typing import Any, cast
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.versions import IF_MATCH, asked_version
from accounts.api.views import RecordViews
from accounts.files.checking import CheckedFile
from accounts.files.choosing import FilesField
from programs.models import Attachment
from programs.selectors.attachment import attachments_of
from programs.views.attachment import handed_out

#: One file of a record in an address.
FILE_PATH = "attachments/(?P<key>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
FILE_KEY = OpenApiParameter(
    "key", OpenApiTypes.UUID, OpenApiParameter.PATH, description=_("The key of the file.")
)


class AttachmentSerializer(serializers.ModelSerializer[Attachment]):
    """A file of a record. ``key`` names it in addresses."""

    added_by = serializers.CharField(source="added_by.full_name")

    class Meta:
        model = Attachment
        fields = ["key", "name", "media_type", "size", "sha256", "scanned", "added_by", "added_at"]


class FilesSerializer(serializers.Serializer[Any]):
    """Files of a multipart body."""

    files = serializers.ListField(child=serializers.FileField())


class AttachedViews(RecordViews):
    """Records with files of their own."""

    def to_change(self, request: Request, pk: str) -> Any:
        """The record, found and the reader's to change. Raises Http404."""
        raise NotImplementedError

    def change_files(self, record: Any, version: int, *, added: list[CheckedFile], removed: list[int]) -> Any:
        """The record with these files added and those taken off."""
        raise NotImplementedError

    @extend_schema(methods=["GET"], responses=AttachmentSerializer(many=True))
    @extend_schema(
        methods=["POST"],
        request={"multipart/form-data": FilesSerializer},
        responses={201: AttachmentSerializer(many=True)},
        parameters=[IF_MATCH],
    )
    @action(
        detail=True,
        methods=["get", "post"],
        url_path="attachments",
        parser_classes=[MultiPartParser],
        pagination_class=None,
    )
    def attachments(self, request: Request, pk: str) -> Response:
        """The files of the record; POST adds those sent as "files" (multipart/form-data)."""
        if request.method != "POST":
            record = self.get_object()
            return self.versioned(Response(self._files(record)), record)
        record, version = self.to_change(request, pk), asked_version(request)
        changed = self.change_files(record, version, added=files_sent(request), removed=[])
        return self.versioned(Response(self._files(changed), status=status.HTTP_201_CREATED), changed)

    @extend_schema(
        methods=["GET"],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
        parameters=[FILE_KEY],
    )
    @extend_schema(methods=["DELETE"], responses={204: None}, parameters=[FILE_KEY, IF_MATCH])
    @action(detail=True, methods=["get", "delete"], url_path=FILE_PATH)
    def attachment(self, request: Request, pk: str, key: str) -> HttpResponseBase:
        """A file to save, with a row in the trail; DELETE takes it off."""
        if request.method != "DELETE":
            return handed_out(cast(HttpRequest, request), file_of(self.get_object().attachments, key))
        record, version = self.to_change(request, pk), asked_version(request)
        file = file_of(record.attachments, key)
        changed = self.change_files(record, version, added=[], removed=[file.pk])
        return self.versioned(Response(status=status.HTTP_204_NO_CONTENT), changed)

    @staticmethod
    def _files(record: Any) -> Any:
        return AttachmentSerializer(attachments_of(record), many=True).data


def file_of(files: Any, key: str) -> Attachment:
    """The file with this key among those of a record. Raises Http404."""
    file: Attachment | None = files.filter(key=UUID(key)).first()
    if file is None:
        raise Http404
    return file


def files_sent(request: Request, *, required: bool = True) -> list[CheckedFile]:
    """The files sent as "files", looked into. Raises ValidationError at "files"."""
    try:
        checked: list[CheckedFile] = FilesField(required=required).clean(request.FILES.getlist("files"))
    except ValidationError as error:
        raise ValidationError({"files": error}) from error
    return checked
