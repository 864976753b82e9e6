"""What the endpoints of tips and cases share: their lists, and steps that the forms of the pages judge."""

from collections.abc import Callable, Collection
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.problems import FilterProblem, NotNow
from accounts.api.protected import ProtectedViews
from accounts.api.typed import body_of, judged, object_sent
from accounts.api.versions import asked_version
from accounts.models import User
from accounts.scoping import scope_of
from incidents.forms.fields import IncidentForm, no_secret_field
from incidents.listing import Listing
from incidents.services.tip import TransitionNotAllowed


def parameters_of(form: Any) -> list[OpenApiParameter]:
    """The filters of a list, for the description of the API."""
    return [
        OpenApiParameter(name, str, description=field.label or "") for name, field in form.base_fields.items()
    ]


def body(form: type[IncidentForm], *, without: Collection[str] = ()) -> dict[str, Any]:
    """The description of a body that a form about a protected record judges."""
    more = {"has_no_secret": no_secret_field()} if form.tells_in_words else {}
    return body_of(form, without=without, more=more)


class IncidentViews(ProtectedViews):
    """Records that a listing of the pages narrows down; ``noun`` is what its verbs begin with: "tip", "case"."""

    listing: type[Listing]
    noun: str
    detail_class: Any

    def may_read(self, reader: User) -> bool:
        return scope_of(reader).may(f"{self.noun}.read")

    def may_write(self, reader: User) -> bool:
        return scope_of(reader).may(f"{self.noun}.write")

    def get_serializer_class(self) -> Any:
        return self.serializer_class if self.action == "list" else self.detail_class

    def narrowed(self, request: Request) -> Any:
        asked = self.listing(request.query_params, reader=self.reader)
        if not asked.is_usable:
            raise FilterProblem(asked.form.errors)
        return self.get_queryset().filter(pk__in=asked.found.order_by().values("pk"))

    def step(
        self,
        request: Request,
        record: Any,
        form: Callable[[dict[str, Any]], IncidentForm],
        verb: Callable[..., object],
        **renamed: str,
    ) -> Response:
        """The record after a verb that takes what its form holds. ``renamed``: the verb's own name of a field.

        Raises NotNow where the record does not stand where the step starts from.
        """
        version = asked_version(request)
        given = judged(object_sent(request), form).given
        told = {renamed.get(name, name): value for name, value in given.items()}
        try:
            verb(actor=self.reader, version=version, **{self.noun: record}, **told)
        except TransitionNotAllowed as refused:
            raise NotNow(" ".join(refused.messages)) from refused
        return self.answer(record)
