"""Services given to people in the care of own agency."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.problems import FilterProblem, NotNow
from accounts.api.protected import ProtectedViews, in_row_scope
from accounts.api.repeats import IDEMPOTENCY_KEY
from accounts.api.typed import body_of, judged, object_sent
from accounts.models import User
from accounts.scoping import scope_of
from territory.text import TextField
from victims.forms.steps import ServiceForm
from victims.models import SupportService, Victim
from victims.selectors.victim import find_victim
from victims.services.support import TransitionNotAllowed, add_service
from victims.value_lists import ServiceKind


class ServiceSerializer(serializers.ModelSerializer[SupportService]):
    """A service that was given. ``amount`` is in đồng; empty where it costs nothing or is not known."""

    victim = serializers.SlugRelatedField("code", read_only=True)  # type: ignore[var-annotated]
    facility = serializers.SlugRelatedField("name", read_only=True, allow_null=True)  # type: ignore[var-annotated]

    class Meta:
        model = SupportService
        fields = [
            *("id", "victim", "kind", "provider", "facility", "amount", "funding", "starts_on", "ends_on"),
        ]


@extend_schema(parameters=[OpenApiParameter("kind", str, enum=ServiceKind.values)], methods=["GET"])
class ServiceViews(ProtectedViews):
    """Services given to people in the care of own agency. The file behind each one given is noted."""

    serializer_class = ServiceSerializer
    ordering = ("-starts_on", "-id")

    def may_read(self, reader: User) -> bool:
        return scope_of(reader).may("victim.read")

    def may_write(self, reader: User) -> bool:
        return scope_of(reader).may("victim.write")

    def visible(self, reader: User) -> Any:
        seen = Victim.objects.visible_to(reader).order_by().values("pk")
        return SupportService.objects.filter(victim__in=seen).select_related("victim", "facility")

    def records_shown(self, rows: Iterable[SupportService]) -> Iterable[Victim]:
        return {row.victim_id: row.victim for row in rows}.values()

    def narrowed(self, request: Request) -> Any:
        kind = request.query_params.get("kind", "")
        if kind and kind not in ServiceKind.values:
            message = _("Send one of: %(values)s.") % {"values": ", ".join(ServiceKind.values)}
            raise FilterProblem({"kind": [message]})
        found = self.get_queryset()
        return found.filter(kind=kind) if kind else found

    @extend_schema(
        request=body_of(ServiceForm, more={"victim": TextField(label=_("Code of the victim"), max_length=9)}),
        responses={201: ServiceSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @in_row_scope
    def create(self, request: Request) -> Response:
        """Write down a service for the person whose code is given; the support must be open."""
        body = object_sent(request)
        victim = find_victim(self.reader, str(body.pop("victim", "")), needs="victim.write")
        form = judged(body, lambda typed: ServiceForm(typed, actor=self.reader, victim=victim))
        try:
            made = add_service(actor=self.reader, victim=victim, **form.cleaned_data)
        except TransitionNotAllowed as refused:
            raise NotNow(" ".join(refused.messages)) from refused
        return self.answer(made, status=status.HTTP_201_CREATED)
