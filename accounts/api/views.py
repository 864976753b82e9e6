"""The shape of an endpoint of records: scoped, filtered as its page is, versioned."""

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import filters, mixins, viewsets
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.endpoints import Endpoint
from accounts.api.problems import FilterProblem
from accounts.api.repeats import answered_once
from accounts.api.versions import etag_of
from accounts.models import User


class PageFilters(filters.BaseFilterBackend):
    """The FilterSet of the page. A parameter that cannot be read is an error that names it, never ignored."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        filter_class = getattr(view, "filter_class", None)
        if filter_class is None or view.action != "list":
            return queryset
        if not any(request.query_params.get(name) for name in filter_class.base_filters):
            return queryset
        chosen = filter_class(request.query_params, reader=request.user)
        if not chosen.is_usable:
            raise FilterProblem(chosen.form.errors)
        return queryset.filter(pk__in=chosen.found.order_by().values("pk"))

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        fields = {
            "name": "fields",
            "in": OpenApiParameter.QUERY,
            "required": False,
            "description": _("The fields to give, set apart by commas; all unless given."),
            "schema": {"type": "string"},
        }
        filter_class = getattr(view, "filter_class", None)
        if filter_class is None:
            return [fields]
        return [
            fields,
            *(
                {
                    "name": name,
                    "in": OpenApiParameter.QUERY,
                    "required": False,
                    "description": str(each.extra.get("label") or each.label or name),
                    "schema": {"type": "string"},
                }
                for name, each in filter_class.base_filters.items()
            ),
        ]


class RecordViews(Endpoint, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Any]):
    """Records the reader may see. A role that reads none anywhere is refused; one out of sight does not exist."""

    filter_class: ClassVar[Any] = None
    post: Any
    filter_backends = [PageFilters]
    ordering: ClassVar[tuple[str, ...]] = ("-id",)
    lookup_value_regex = "[1-9][0-9]{0,17}"

    def may_read(self, reader: User) -> bool:
        """Whether the person's role reads such records anywhere."""
        raise NotImplementedError

    def may_write(self, reader: User) -> bool:
        """Whether the person's role writes such records anywhere."""
        return False

    def visible(self, reader: User) -> Any:
        """The rows the person may see, with what their representation needs."""
        raise NotImplementedError

    def get_queryset(self) -> Any:
        return self.visible(self.reader)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method == "POST" and "Idempotency-Key" in request.headers:
            self.post = answered_once(self, self.post, request, self.reader)

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """The serializer, with the fields that ``fields`` asks for where records are read."""
        made: Any = super().get_serializer(*args, **kwargs)
        typed = self.request.query_params.get("fields", "") if self.request is not None else ""
        if typed and self.action in ("list", "retrieve"):
            told = getattr(made, "child", made).fields
            asked = {name.strip() for name in typed[:1000].split(",")}
            if not asked <= set(told):
                raise FilterProblem({"fields": [_("Known are: %(names)s.") % {"names": ", ".join(told)}]})
            for name in set(told) - asked:
                told.pop(name)
        return made

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        if self.action is None:  # a method the endpoint does not know
            raise MethodNotAllowed(str(request.method))
        is_allowed = self.may_read if request.method in SAFE_METHODS else self.may_write
        if not is_allowed(self.reader):
            raise PermissionDenied

    def get_object(self) -> Any:
        found = self.get_queryset().filter(**{self.lookup_field: self.kwargs[self.lookup_field]}).first()
        if found is None:
            raise Http404
        return found

    def answer(self, record: Any, *, status: int = 200) -> Response:
        """The record as it is now, with its version as ETag."""
        fresh = self.get_queryset().get(pk=record.pk)
        return self.versioned(Response(self.get_serializer(fresh).data, status=status), fresh)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        record = self.get_object()
        return self.versioned(Response(self.get_serializer(record).data), record)

    def kept_of(self, answer: Response) -> Any:
        """What is kept of an answer, for the request that is sent again."""
        return answer.data

    def told_again(self, kept: Any, status: int) -> Response:
        """The answer to a request that is sent again."""
        return Response(kept, status=status)

    @staticmethod
    def versioned(response: Response, record: Any) -> Response:
        if hasattr(record, "version"):
            response["ETag"] = etag_of(record.version)
        return response
