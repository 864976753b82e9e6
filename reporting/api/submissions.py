"""What units sent: figures as they were reported, with their sources, and the texts of their sections."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import AgencySummary, AreaSummary
from accounts.api.problems import FilterProblem
from accounts.api.views import RecordViews
from accounts.models import User
from accounts.scoping import scope_of
from reporting.models import Obligation, ReportedFigure, SectionNarrative, Submission, SubmissionState
from reporting.obligations import may_read_obligations
from territory.figure import print_figure_vi
from territory.text import TextField


class ReportedFigureSerializer(serializers.ModelSerializer[ReportedFigure]):
    """One figure of a submission. ``as_reported`` is the figure as told: "6.770", "trên 6.770", "hàng trăm"."""

    indicator = serializers.SlugRelatedField("code", read_only=True)  # type: ignore[var-annotated]
    as_reported = serializers.SerializerMethodField()

    class Meta:
        model = ReportedFigure
        fields = ["indicator", "part", "as_reported", "low", "high", "qualifier", "source", "note"]

    def get_as_reported(self, row: ReportedFigure) -> str:
        return print_figure_vi(row.figure)


class NarrativeSerializer(serializers.ModelSerializer[SectionNarrative]):
    """A unit's text for one section of its form."""

    class Meta:
        model = SectionNarrative
        fields = ["section", "text"]


class SubmissionSerializer(serializers.ModelSerializer[Submission]):
    """A submission as a list gives it. ``sent`` counts the versions that were submitted."""

    form = serializers.CharField(source="obligation.form_id")
    agency = AgencySummary(source="obligation.agency")
    area = AreaSummary(source="obligation.area")
    period_code = serializers.CharField(source="obligation.period_code")
    due_on = serializers.DateField(source="obligation.due_on")

    class Meta:
        model = Submission
        fields = [
            *("id", "version", "obligation", "form", "agency", "area", "period_code", "due_on", "state"),
            *("is_nil", "sent", "first_submitted_at", "submitted_at", "returned_at", "accepted_at"),
        ]


class SubmissionDetailSerializer(SubmissionSerializer):
    """A submission with its figures and texts."""

    figures = ReportedFigureSerializer(many=True)
    narratives = NarrativeSerializer(many=True)

    class Meta(SubmissionSerializer.Meta):
        fields = [*SubmissionSerializer.Meta.fields, "figures", "narratives"]


class _SubmissionForm(forms.Form):
    state = forms.ChoiceField(required=False, choices=[("", ""), *SubmissionState.choices])
    period = TextField(required=False, max_length=24)


@extend_schema(
    parameters=[
        OpenApiParameter("state", str, enum=SubmissionState.values),
        OpenApiParameter("period", str, description=_("The code of a period: 2020-H1.")),
    ],
    methods=["GET"],
)
class SubmissionViews(RecordViews):
    """Submissions of own unit; for who coordinates an area or gathers its reports, what every unit in it has sent."""

    serializer_class = SubmissionSerializer

    def may_read(self, reader: User) -> bool:
        return may_read_obligations(reader)

    def get_serializer_class(self) -> Any:
        return SubmissionDetailSerializer if self.action == "retrieve" else SubmissionSerializer

    def visible(self, reader: User) -> Any:
        """A draft is its unit's own business until it is sent."""
        seen = Obligation.objects.visible_to(reader).order_by()
        own = seen.filter(scope_of(reader).rows(own="obligation.read"))
        found = Submission.objects.filter(
            Q(obligation__in=own.values("pk"))
            | (Q(obligation__in=seen.values("pk")) & ~Q(first_submitted_at=None))
        ).select_related("obligation__agency", "obligation__area")
        return (
            found.prefetch_related("figures__indicator", "narratives") if self.action == "retrieve" else found
        )

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        form = _SubmissionForm(request.query_params.dict())
        if not form.is_valid():
            raise FilterProblem(form.errors)
        found = self.get_queryset()
        if form.cleaned_data["state"]:
            found = found.filter(state=form.cleaned_data["state"])
        if form.cleaned_data["period"]:
            found = found.filter(obligation__period_code=form.cleaned_data["period"])
        rows = self.paginate_queryset(found)
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)
