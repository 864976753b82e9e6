"""Comments on the records of an endpoint: read, written, changed and removed as on their pages."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import Text
from accounts.api.repeats import IDEMPOTENCY_KEY, submission_key
from accounts.api.views import RecordViews
from accounts.models import User
from programs.models import COMMENT_LIMIT, Comment
from programs.selectors.comment import Record, comments_on, get_commented, get_own_comment, kind_of
from programs.services.comment import TELL_LIMIT, Written, change_comment, remove_comment, write_comment

_KEY = OpenApiParameter("comment", int, OpenApiParameter.PATH, description=_("The id of the comment."))


class CommentSerializer(serializers.ModelSerializer[Comment]):
    """A comment. One that was removed keeps its place, without its words."""

    by = serializers.CharField(source="by.full_name")
    told: Any = serializers.SerializerMethodField()
    is_removed: Any = serializers.SerializerMethodField()

    class Meta:
        model = Comment
        fields = ["id", "text", "by", "at", "edited_at", "is_removed", "is_internal", "told"]

    def get_told(self, comment: Comment) -> list[str]:
        """The names of who was told."""
        return [user.full_name for user in comment.mentions.all()]

    def get_is_removed(self, comment: Comment) -> bool:
        return comment.removed_at is not None


class CommentWriteSerializer(serializers.Serializer[Any]):
    """What is said, and the ids of people to tell besides those named after "@" in the text."""

    text = Text(max_length=COMMENT_LIMIT)
    tell = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        required=False,
        max_length=TELL_LIMIT,
    )

    def validate_tell(self, keys: list[int]) -> list[User]:
        people = list(User.objects.filter(pk__in=keys, is_active=True))
        if len(people) != len(set(keys)):
            raise serializers.ValidationError(_("Choose people from the list."))
        return people


class WrittenCommentSerializer(CommentSerializer):
    """A comment as it was written, and the names in it of whom nobody was told."""

    not_told: Any = serializers.SerializerMethodField()

    class Meta(CommentSerializer.Meta):
        fields = [*CommentSerializer.Meta.fields, "not_told"]

    def get_not_told(self, comment: Comment) -> list[str]:
        """Unknown, borne by several, or of somebody who may not see the record."""
        told = self.context["written"].told
        return [*told.unseeing, *told.several, *told.unknown]


class CommentedViews(RecordViews):
    """Records that are commented on by whoever reads them."""

    #: The part of an address that stands for these records on the comments' own pages.
    commented: str

    def check_permissions(self, request: Request) -> None:
        """Who reads such records comments on them, whether or not they write any."""
        if self.action not in ("comments", "comment"):
            return super().check_permissions(request)
        super(RecordViews, self).check_permissions(request)
        if not self.may_read(self.reader):
            raise PermissionDenied
        return None

    @extend_schema(methods=["GET"], responses=CommentSerializer(many=True))
    @extend_schema(
        methods=["POST"],
        request=CommentWriteSerializer,
        responses={201: WrittenCommentSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @action(detail=True, methods=["get", "post"], url_path="comments")
    def comments(self, request: Request, pk: str) -> Response:
        """The comments the reader may see, newest first, page by page; POST adds one."""
        record = get_commented(request, self.commented, int(pk))
        if request.method != "POST":
            pages: Any = self.paginator
            rows = pages.paginate_queryset(comments_on(record, self.reader), request, view=_NewestFirst)
            return self.get_paginated_response(CommentSerializer(rows, many=True).data)
        sent = self._comment_sent(request)
        written = write_comment(
            actor=self.reader, record=record, submission_key=submission_key(request), **sent
        )
        return self._written(written, status.HTTP_201_CREATED)

    @extend_schema(
        methods=["PATCH"],
        request=CommentWriteSerializer,
        responses=WrittenCommentSerializer,
        parameters=[_KEY],
    )
    @extend_schema(methods=["DELETE"], responses={204: None}, parameters=[_KEY])
    @action(detail=True, methods=["patch", "delete"], url_path="comments/(?P<comment>[1-9][0-9]{0,17})")
    def comment(self, request: Request, pk: str, comment: str) -> Response:
        """Change an own comment, within a quarter of an hour, or remove it."""
        record: Record = get_commented(request, self.commented, int(pk))
        own = get_own_comment(request, int(comment))
        if kind_of(own.record) != kind_of(record) or own.record.pk != record.pk:
            raise Http404
        if request.method == "DELETE":
            remove_comment(actor=self.reader, comment=own)
            return Response(status=status.HTTP_204_NO_CONTENT)
        sent = self._comment_sent(request)
        return self._written(change_comment(actor=self.reader, comment=own, **sent), status.HTTP_200_OK)

    @staticmethod
    def _comment_sent(request: Request) -> dict[str, Any]:
        sent = CommentWriteSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        return dict(sent.validated_data)

    @staticmethod
    def _written(written: Written, status_code: int) -> Response:
        context = {"written": written}
        return Response(WrittenCommentSerializer(written.comment, context=context).data, status=status_code)


class _NewestFirst:
    """How comments are ordered, whatever the order of their records."""

    ordering = ("-id",)
