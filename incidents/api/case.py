"""Cases of own agency, without names, as the pages show them. Sealed cases are their readers' alone."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import AgencySummary, AreaSummary
from accounts.api.protected import in_row_scope
from accounts.api.repeats import IDEMPOTENCY_KEY, submission_key
from accounts.api.typed import judged, object_sent
from accounts.api.versions import IF_MATCH, asked_version
from accounts.models import User
from incidents.api.incident import IncidentViews, body, parameters_of
from incidents.forms.case import CaseForm, ExtensionForm, SealForm, StageForm
from incidents.listing import CaseFilterForm, CaseListing
from incidents.models import Case, CaseOffence, Stage
from incidents.selectors.reading import get_case, reader, writing_agencies
from incidents.services import case as verbs

#: What is given once, when a case is opened; later days are stages.
_OF_NEW = ("agency", "area", "detected_on", "prosecuted_on", "document_number")


class OffenceSerializer(serializers.ModelSerializer[CaseOffence]):
    """An article that a case is prosecuted under."""

    class Meta:
        model = CaseOffence
        fields = ["criminal_code", "article", "name"]


class StageSerializer(serializers.ModelSerializer[Stage]):
    """A stage that a case reached, with the counts of that stage. Counts of stages are never added."""

    class Meta:
        model = Stage
        fields = ["kind", "reached_on", "document_number", "persons", "victims"]


class CaseSerializer(serializers.ModelSerializer[Case]):
    """A case as a list gives it."""

    agency = AgencySummary()
    area = AreaSummary()
    offences = OffenceSerializer(many=True)
    stages = StageSerializer(many=True)

    class Meta:
        model = Case
        fields = [
            *("id", "version", "code", "agency", "area", "force", "discovery", "acts_since", "due_on"),
            *("is_sealed", "offences", "stages"),
        ]


class CaseDetailSerializer(CaseSerializer):
    """A case with its summary."""

    class Meta(CaseSerializer.Meta):
        fields = [*CaseSerializer.Meta.fields, "summary"]


@extend_schema(parameters=parameters_of(CaseFilterForm), methods=["GET"])
class CaseViews(IncidentViews):
    """Cases of own agency. Each one given is noted."""

    serializer_class = CaseSerializer
    detail_class = CaseDetailSerializer
    listing = CaseListing
    noun = "case"

    def visible(self, reader: User) -> Any:
        found = Case.objects.visible_to(reader).select_related("agency", "area")
        return found.prefetch_related("offences", "stages")

    @extend_schema(
        request=body(CaseForm), responses={201: CaseDetailSerializer}, parameters=[IDEMPOTENCY_KEY]
    )
    @in_row_scope
    def create(self, request: Request) -> Response:
        """Open a case that came from no tip; ``tips/{id}/open-case/`` opens one that did."""
        actor = reader(request, "case.write")
        units = writing_agencies(actor, "case.write")
        key = submission_key(request)
        form = judged(
            object_sent(request),
            lambda typed: CaseForm(typed, actor=actor, units=units),
            submission_key=str(key),
        )
        new = verbs.NewCase(submission_key=key, **{**form.given, "offences": list(form.given["offences"])})
        return self.answer(verbs.make_case(actor=actor, new=new), status=status.HTTP_201_CREATED)

    @extend_schema(request=body(CaseForm, without=_OF_NEW), parameters=[IF_MATCH])
    @in_row_scope
    def update(self, request: Request, pk: str) -> Response:
        """Correct a case, whole: what is left out is empty. Agency, area and the days of its stages stay."""
        case = get_case(request, int(pk), needs="write")

        def form(typed: dict[str, Any]) -> CaseForm:
            return CaseForm(typed, actor=self.reader, units=[], case=case)

        return self.step(request, case, form, _with_offences)

    @extend_schema(request=body(StageForm), parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    @in_row_scope
    def stage(self, request: Request, pk: str) -> Response:
        """Write down a stage that it reached."""
        return self._part(request, pk, StageForm, verbs.reach_stage)

    @extend_schema(request=body(ExtensionForm), parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    @in_row_scope
    def extend(self, request: Request, pk: str) -> Response:
        """Give the investigation more time."""
        return self._part(request, pk, ExtensionForm, verbs.extend_investigation)

    @extend_schema(request=body(SealForm), parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    @in_row_scope
    def seal(self, request: Request, pk: str) -> Response:
        """Seal it, or change who reads a sealed one."""
        return self._part(request, pk, SealForm, verbs.seal_case)

    @extend_schema(request=None, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    @in_row_scope
    def unseal(self, request: Request, pk: str) -> Response:
        """Take the seal off."""
        case = get_case(request, int(pk), needs="write")
        return self.answer(verbs.unseal_case(case=case, actor=self.reader, version=asked_version(request)))

    def _part(self, request: Request, pk: str, form: Any, verb: Any) -> Response:
        case = get_case(request, int(pk), needs="write")
        return self.step(request, case, lambda typed: form(typed, case=case, actor=self.reader), verb)


def _with_offences(*, offences: Any, **told: Any) -> object:
    return verbs.change_case(offences=list(offences), **told)
