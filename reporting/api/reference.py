"""What figures speak of: indicators, areas, agencies, periods and targets. Read by whoever may ask for figures."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.endpoints import Endpoint
from accounts.api.problems import FilterProblem
from accounts.api.views import RecordViews
from accounts.models import KeyScope
from programs.models import Target
from reporting.api.programme import TargetSerializer
from reporting.api.statistics import PeriodSerializer
from reporting.breakdowns import BREAKDOWNS
from reporting.disclosure import OPEN_INDICATORS, OPEN_SHARES, closed_years, protected_codes
from reporting.models import Indicator, Section
from territory.models import Agency, AgencyKind, Area, Level
from territory.period import CutOff, Period, PeriodKind, propose
from territory.text import TextField

#: The first year that the portal knows periods of.
FIRST_YEAR = 2011


class ReferenceViews(RecordViews):
    """Rows that everybody may read who may ask for figures. ``form_class`` reads the parameters of a list."""

    read_scope = KeyScope.STATISTICS
    form_class: ClassVar[type[forms.Form]]

    @property
    def reader(self) -> Any:
        return self.request.user

    def may_read(self, reader: Any) -> bool:
        return True

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        form = self.form_class(request.query_params.dict())
        if not form.is_valid():
            raise FilterProblem(form.errors)
        rows = self.paginate_queryset(self.narrowed(self.get_queryset(), form.cleaned_data))
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)

    def narrowed(self, rows: Any, asked: dict[str, Any]) -> Any:
        """The rows that the parameters of a list leave."""
        raise NotImplementedError


class _Dated(forms.Form):
    """The day on which rows are to hold; today unless given."""

    day = forms.DateField(required=False, input_formats=["%Y-%m-%d"])

    def clean_day(self) -> dt.date:
        day: dt.date | None = self.cleaned_data["day"]
        return day or timezone.localdate()


_DATE_OR_NONE = {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "maxLength": 0}]}
DAY = OpenApiParameter("day", _DATE_OR_NONE, description=_("The day on which it holds; today unless given."))


class BreakdownSerializer(serializers.Serializer[Any]):
    """One way of telling an indicator apart, with its parts by name."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    parts = serializers.DictField(child=serializers.CharField())


class IndicatorSerializer(serializers.ModelSerializer[Indicator]):
    """An indicator. ``is_protected``: rounded or withheld outside the scope; ``is_released``: in a table of it."""

    breakdowns = serializers.SerializerMethodField()
    is_protected = serializers.SerializerMethodField()
    is_released = serializers.SerializerMethodField()

    class Meta:
        model = Indicator
        fields = [
            *("code", "name", "name_en", "unit", "unit_en", "section", "about", "over_areas", "over_periods"),
            *("rule", "breakdowns", "is_protected", "is_released", "valid_from", "valid_to"),
        ]

    @extend_schema_field(BreakdownSerializer(many=True))
    def get_breakdowns(self, row: Indicator) -> list[dict[str, Any]]:
        return [
            {
                "code": code,
                "label": str(BREAKDOWNS[code].label),
                "parts": {part: str(label) for part, label in self.context["view"].parts(code).items()},
            }
            for code in row.breakdowns
            if code in BREAKDOWNS
        ]

    def get_is_protected(self, row: Indicator) -> bool:
        return row.code in self.context["view"].protected

    def get_is_released(self, row: Indicator) -> bool:
        return row.code not in self.context["view"].protected or row.code in (*OPEN_INDICATORS, *OPEN_SHARES)


class _IndicatorForm(_Dated):
    section = forms.ChoiceField(required=False, choices=[("", ""), *Section.choices])


@extend_schema(parameters=[DAY, OpenApiParameter("section", str, enum=Section.values)], methods=["GET"])
class IndicatorViews(ReferenceViews):
    """The indicators, with what they are made of and may be told apart by."""

    serializer_class = IndicatorSerializer
    form_class = _IndicatorForm
    ordering = ("section", "order", "code", "id")
    lookup_field = "code"
    lookup_value_regex = "[-a-zA-Z0-9_]{1,60}"

    def visible(self, reader: Any) -> Any:
        return Indicator.objects.all()

    def narrowed(self, rows: Any, asked: dict[str, Any]) -> Any:
        found = rows.valid_on(asked["day"])
        return found.filter(section=asked["section"]) if asked["section"] else found

    def get_object(self) -> Indicator:
        """The row that holds today, else the last one that did."""
        rows = self.get_queryset().filter(code=self.kwargs["code"]).order_by("valid_from")
        begun: list[Indicator] = [row for row in rows if row.valid_from <= timezone.localdate()]
        if not begun:
            raise Http404
        return begun[-1]

    @property
    def protected(self) -> set[str]:
        """The codes of all protected indicators, read once."""
        found: set[str] | None = getattr(self, "_protected", None)
        if found is None:
            found = self._protected = protected_codes(Indicator.objects.all())
        return found

    def parts(self, code: str) -> dict[str, Any]:
        """The parts of a breakdown, read once each."""
        known: dict[str, dict[str, Any]] = self.__dict__.setdefault("_parts", {})
        if code not in known:
            known[code] = BREAKDOWNS[code].parts()
        return known[code]


class AreaSerializer(serializers.ModelSerializer[Area]):
    """An administrative unit between two dates. Codes are used again after a reform: code and day belong together."""

    parent: Any = serializers.SlugRelatedField("code", read_only=True, allow_null=True)

    class Meta:
        model = Area
        fields = [
            *("id", "code", "level", "kind", "name", "short_name", "parent", "latitude", "longitude"),
            *("valid_from", "valid_to"),
        ]


class _AreaForm(_Dated):
    level = forms.ChoiceField(required=False, choices=[("", ""), *Level.choices])
    within = TextField(required=False, max_length=10)
    q = TextField(required=False, max_length=100)


@extend_schema(
    parameters=[
        DAY,
        OpenApiParameter("level", str, enum=Level.values),
        OpenApiParameter("within", str, description=_("The code of an area: it and all that lies in it.")),
        OpenApiParameter("q", str, description=_("Words of the name, with or without diacritics.")),
    ],
    methods=["GET"],
)
class AreaViews(ReferenceViews):
    """The map of a day."""

    serializer_class = AreaSerializer
    form_class = _AreaForm
    ordering = ("sort_key", "id")

    def visible(self, reader: Any) -> Any:
        return Area.objects.select_related("parent")

    def narrowed(self, rows: Any, asked: dict[str, Any]) -> Any:
        found = rows.valid_on(asked["day"])
        if asked["within"]:
            around = Area.objects.valid_on(asked["day"]).filter(code=asked["within"]).first()
            if around is None:
                raise FilterProblem({"within": [_("No area has this code on this day.")]})
            found = found.within(around)
        if asked["level"]:
            found = found.level(asked["level"])
        return found.search(asked["q"]) if asked["q"] else found


class AgencySerializer(serializers.ModelSerializer[Agency]):
    """An agency of an area under one name, between two dates."""

    kind = serializers.SlugRelatedField("code", read_only=True)  # type: ignore[var-annotated]
    area = serializers.SlugRelatedField("code", read_only=True)  # type: ignore[var-annotated]
    area_id = serializers.IntegerField(read_only=True)

    class Meta:
        model = Agency
        fields = ["id", "code", "kind", "name", "symbol", "area", "area_id", "valid_from", "valid_to"]


class _AgencyForm(_Dated):
    kind = forms.SlugField(required=False, max_length=40)
    area = TextField(required=False, max_length=10)

    def clean_kind(self) -> str:
        kind: str = self.cleaned_data["kind"]
        if kind and not AgencyKind.objects.filter(code=kind).exists():
            raise forms.ValidationError(_("There is no such kind of agency."))
        return kind


@extend_schema(
    parameters=[
        DAY,
        OpenApiParameter("kind", str, description=_("The code of a kind, such as provincial_police.")),
        OpenApiParameter("area", str, description=_("The code of the agency's own area.")),
    ],
    methods=["GET"],
)
class AgencyViews(ReferenceViews):
    """The agencies that report and act."""

    serializer_class = AgencySerializer
    form_class = _AgencyForm
    ordering = ("sort_key", "id")

    def visible(self, reader: Any) -> Any:
        return Agency.objects.select_related("kind", "area")

    def narrowed(self, rows: Any, asked: dict[str, Any]) -> Any:
        condition = Q()
        if asked["kind"]:
            condition &= Q(kind__code=asked["kind"])
        if asked["area"]:
            condition &= Q(area__code=asked["area"])
        return rows.valid_on(asked["day"]).filter(condition)


class TargetOfProgrammeSerializer(TargetSerializer):
    """A target and the programme it belongs to."""

    programme = serializers.SlugRelatedField("code", read_only=True)  # type: ignore[var-annotated]

    class Meta(TargetSerializer.Meta):
        fields = ["programme", *TargetSerializer.Meta.fields]


class _NoParameters(forms.Form):
    pass


class TargetViews(ReferenceViews):
    """What the programmes aim at. How far it is met stands under ``programmes/CODE/targets/``."""

    serializer_class = TargetOfProgrammeSerializer
    form_class = _NoParameters
    ordering = ("programme_id", "order", "id")

    def visible(self, reader: Any) -> Any:
        return Target.objects.select_related("programme")

    def narrowed(self, rows: Any, asked: dict[str, Any]) -> Any:
        return rows


class KnownPeriodSerializer(PeriodSerializer):
    """A period by the rule of the decree. ``is_closed``: figures about people are released of it."""

    kind = serializers.ChoiceField(choices=[each.value for each in PeriodKind])
    is_closed = serializers.BooleanField()


class PeriodsView(Endpoint):
    """The years and half-years that the portal knows, the latest first."""

    read_scope = KeyScope.STATISTICS

    @extend_schema(
        operation_id="periods",
        parameters=[OpenApiParameter("rule", str, enum=["nd09", "calendar"], default="nd09")],
        responses=KnownPeriodSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        rules = {"nd09": CutOff.ND09, "calendar": CutOff.CALENDAR}
        asked = request.query_params.get("rule") or "nd09"
        if asked not in rules:
            raise FilterProblem({"rule": [_("Send one of: nd09, calendar.")]})
        today = timezone.localdate()
        closed = set(closed_years(today))
        years = [
            propose(PeriodKind.YEAR, year, rule=rules[asked])
            for year in range(today.year + 1, FIRST_YEAR - 1, -1)
        ]
        found: list[Period] = [each for year in years for each in (year, *reversed(year.half_years()))]
        told = [
            {
                "code": each.code,
                "start": each.start,
                "end": each.end,
                "rule": each.rule.value,
                "kind": each.kind.value,
                "is_closed": each in closed,
            }
            for each in found
            if each.start <= today
        ]
        return Response(KnownPeriodSerializer(told, many=True).data)
