"""Programmes with their projects and targets, and how far the targets are met where the reader may look."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.problems import FilterProblem
from accounts.api.views import RecordViews
from accounts.models import User
from accounts.scoping import scope_of
from programs.models import Document, Programme, Project, Target
from programs.selectors.quantity import print_figure
from reporting.programme_targets import (
    JudgedTarget,
    judged_targets,
    may_read_programmes,
    viewpoints_of,
    year_to_start_with,
    years_of,
)
from territory.period import parse_period


class ProjectSerializer(serializers.ModelSerializer[Project]):
    """A project of a programme, with the kinds of agency that lead it."""

    leads = serializers.SlugRelatedField("code", many=True, read_only=True)  # type: ignore[var-annotated]

    class Meta:
        model = Project
        fields = ["number", "name", "leads"]


class TargetSerializer(serializers.ModelSerializer[Target]):
    """What a programme aims at; with ``out_of`` the value is a percentage of that indicator."""

    class Meta:
        model = Target
        fields = ["id", "order", "text", "indicator", "out_of", "comparison", "value", "unit", "year"]


class ProgrammeSerializer(serializers.ModelSerializer[Programme]):
    """A phase of the programme. ``legal_basis`` is told to who may see the document."""

    legal_basis = serializers.SerializerMethodField()
    projects = ProjectSerializer(many=True)
    targets = TargetSerializer(many=True)

    class Meta:
        model = Programme
        fields = [
            *("code", "name", "starts_on", "ends_on", "legal_basis", "looks_ahead_to", "projects"),
            "targets",
        ]

    def get_legal_basis(self, programme: Programme) -> int | None:
        key = programme.legal_basis_id
        return key if key in self.context["view"].shown_documents else None


class FindingSerializer(serializers.Serializer[Any]):
    """A target and what is found of it. ``actual`` is what was reached, as far as it is known."""

    target = TargetSerializer()
    verdict = serializers.CharField(source="judgement.verdict")
    actual = serializers.SerializerMethodField()
    why = serializers.CharField(source="judgement.why")

    def get_actual(self, judged: JudgedTarget) -> str | None:
        figure = judged.judgement.actual
        return print_figure(figure) if figure is not None else None


class FindingsSerializer(serializers.Serializer[Any]):
    """The targets of a programme, held against the figures of one unit and year."""

    unit = serializers.CharField()
    units = serializers.ListField(child=serializers.CharField())
    year = serializers.IntegerField()
    period_start = serializers.DateField()
    period_end = serializers.DateField()
    findings = FindingSerializer(many=True)


class ProgrammeViews(RecordViews):
    """The phases of the programme. They are loaded as data, so they are only read here."""

    serializer_class = ProgrammeSerializer
    ordering = ("-starts_on", "-id")
    lookup_field = "code"
    lookup_value_regex = "[-a-zA-Z0-9_]{1,20}"

    def may_read(self, reader: User) -> bool:
        return may_read_programmes(scope_of(reader))

    def visible(self, reader: User) -> Any:
        return Programme.objects.prefetch_related("projects__leads", "targets")

    def get_object(self) -> Programme:
        found: Programme | None = self.get_queryset().filter(code=self.kwargs["code"]).first()
        if found is None:
            raise Http404
        return found

    @property
    def shown_documents(self) -> set[int]:
        """The keys of the documents programmes rest on, as far as the reader may see them. One query."""
        shown: set[int] | None = getattr(self, "_shown", None)
        if shown is None:
            seen = Document.objects.visible_to(self.reader).filter(programmes__isnull=False).order_by()
            shown = self._shown = set(seen.values_list("pk", flat=True).distinct())
        return shown

    @extend_schema(
        responses=FindingsSerializer,
        parameters=[
            OpenApiParameter("unit", str, description=_("One of the units that the answer names.")),
            OpenApiParameter("year", int, description=_("A year of the programme.")),
        ],
    )
    @action(detail=True, methods=["get"])
    def targets(self, request: Request, code: str) -> Response:
        """Each target held against a unit and year of the reader's."""
        programme = self.get_object()
        viewpoints = {each.key: each for each in viewpoints_of(scope_of(self.reader), programme)}
        if not viewpoints:
            raise Http404
        years = {str(year): year for year in years_of(programme)}
        unit = request.query_params.get("unit") or next(iter(viewpoints))
        if unit not in viewpoints:
            raise FilterProblem({"unit": [_("This is none of the units you may ask about.")]})
        typed = request.query_params.get("year")
        if typed and typed not in years:
            raise FilterProblem({"year": [_("The programme does not run in %(year)s.") % {"year": typed}]})
        viewpoint = viewpoints[unit]
        year = years[typed] if typed else year_to_start_with(years_of(programme), viewpoint)
        period = parse_period(str(year))
        found = {
            "unit": unit,
            "units": list(viewpoints),
            "year": year,
            "period_start": period.start,
            "period_end": period.end,
            "findings": judged_targets(programme, viewpoint, year),
        }
        return Response(FindingsSerializer(found).data)
