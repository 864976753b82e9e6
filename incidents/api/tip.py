"""Tips of own agency as the pages show them, taken in, corrected, and led to their resolution."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import AgencySummary, AreaSummary
from accounts.api.protected import in_row_scope
from accounts.api.repeats import IDEMPOTENCY_KEY, submission_key
from accounts.api.typed import judged, object_sent
from accounts.api.versions import IF_MATCH
from accounts.models import User
from incidents.api.incident import IncidentViews, body, parameters_of
from incidents.forms.tip import (
    ActForm,
    AssignForm,
    ForwardForm,
    OpenCaseForm,
    RefuseForm,
    SuspendForm,
    TipForm,
)
from incidents.listing import TipFilterForm, TipListing
from incidents.models import Tip
from incidents.selectors.reading import get_tip, reader, writing_agencies
from incidents.services import tip as verbs


class TipSerializer(serializers.ModelSerializer[Tip]):
    """A tip as a list gives it."""

    agency = AgencySummary()
    area = AreaSummary()
    offence = serializers.SlugRelatedField("article", read_only=True, allow_null=True)  # type: ignore[var-annotated]

    class Meta:
        model = Tip
        fields = [
            *("id", "version", "code", "kind", "channel", "received_on", "agency", "area", "offence"),
            *("urgency", "state", "due_on", "decided_on", "ground", "forwarded_to"),
        ]


class TipDetailSerializer(TipSerializer):
    """A tip with what was told, and the case that was opened from it."""

    case = serializers.SlugRelatedField("code", read_only=True, allow_null=True)  # type: ignore[var-annotated]

    class Meta(TipSerializer.Meta):
        fields = [*TipSerializer.Meta.fields, "text", "case"]


@extend_schema(parameters=parameters_of(TipFilterForm), methods=["GET"])
class TipViews(IncidentViews):
    """Tips of own agency. Each one given is noted."""

    serializer_class = TipSerializer
    detail_class = TipDetailSerializer
    listing = TipListing
    noun = "tip"
    ordering = ("-received_on", "-id")

    def visible(self, reader: User) -> Any:
        found = Tip.objects.visible_to(reader).select_related("agency", "area", "offence")
        return found if self.action == "list" else found.select_related("case")

    def records_shown(self, rows: Iterable[Tip]) -> Iterable[models.Model]:
        """A tip by itself tells of its case as well."""
        return rows if self.action == "list" else [each for tip in rows for each in (tip, tip.case) if each]

    @extend_schema(request=body(TipForm), responses={201: TipDetailSerializer}, parameters=[IDEMPOTENCY_KEY])
    @in_row_scope
    def create(self, request: Request) -> Response:
        """Take a tip in."""
        actor = reader(request, "tip.write")
        units = writing_agencies(actor, "tip.write")
        key = submission_key(request)
        form = judged(
            object_sent(request), lambda typed: TipForm(typed, units=units), submission_key=str(key)
        )
        made = verbs.take_tip(actor=actor, submission_key=key, **form.given)
        return self.answer(made, status=status.HTTP_201_CREATED)

    @extend_schema(request=body(TipForm, without=("agency", "area")), parameters=[IF_MATCH])
    @in_row_scope
    def update(self, request: Request, pk: str) -> Response:
        """Correct a tip, whole: what is left out is empty. Agency and area stay."""
        tip = get_tip(request, int(pk), needs="write")

        def change(**told: Any) -> object:
            return verbs.change_tip(**told, agency=tip.agency, area=tip.area)

        return self.step(request, tip, lambda typed: TipForm(typed, units=[], tip=tip), change)

    @extend_schema(request=body(AssignForm), parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    @in_row_scope
    def assign(self, request: Request, pk: str) -> Response:
        """Give it to an investigator of the agency."""
        return self._act(request, pk, AssignForm, verbs.assign_tip)

    @extend_schema(request=body(ActForm), parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    @in_row_scope
    def extend(self, request: Request, pk: str) -> Response:
        """Extend the time limit by the next step of the law."""
        return self._act(request, pk, ActForm, verbs.extend_tip)

    @extend_schema(request=body(SuspendForm), parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    @in_row_scope
    def suspend(self, request: Request, pk: str) -> Response:
        """Suspend the resolution."""
        return self._act(request, pk, SuspendForm, verbs.suspend_tip)

    @extend_schema(request=body(ActForm), parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    @in_row_scope
    def resume(self, request: Request, pk: str) -> Response:
        """Take a suspended tip up again."""
        return self._act(request, pk, ActForm, verbs.resume_tip)

    @extend_schema(request=body(ForwardForm), parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    @in_row_scope
    def forward(self, request: Request, pk: str) -> Response:
        """Send it to the competent agency."""
        return self._act(request, pk, ForwardForm, verbs.forward_tip, forwarded_to="to")

    @extend_schema(request=body(RefuseForm), parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    @in_row_scope
    def refuse(self, request: Request, pk: str) -> Response:
        """Decide not to prosecute."""
        return self._act(request, pk, RefuseForm, verbs.refuse_tip)

    @extend_schema(request=body(OpenCaseForm), parameters=[IF_MATCH])
    @action(detail=True, methods=["post"], url_path="open-case")
    @in_row_scope
    def open_case(self, request: Request, pk: str) -> Response:
        """Open a case from it; the answer names the case."""

        def open_case(*, offences: Any, **told: Any) -> object:
            return verbs.open_case(offences=list(offences), **told)

        return self._act(request, pk, OpenCaseForm, open_case)

    def _act(self, request: Request, pk: str, form: Any, verb: Any, **renamed: str) -> Response:
        tip = get_tip(request, int(pk), needs="write")
        return self.step(request, tip, lambda typed: form(typed, tip=tip), verb, **renamed)
