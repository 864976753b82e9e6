"""Statistics: figures of many indicators, areas and periods in one answer, as the reader may see them."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.decorators import method_decorator
from django.utils.http import http_date
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.gzip import gzip_page
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from accounts.api.endpoints import Endpoint
from accounts.api.problems import FilterProblem
from accounts.models import ApiKey, KeyScope
from reporting.figures import MapBasis
from reporting.statistics import QuestionError, Table, answer_question, read_question
from reporting.statistics.asking import MOST_FIGURES, MOST_INDICATORS, MOST_PERIODS, OUTPUTS
from reporting.statistics.formats import as_csv, as_json, as_jsonstat, meta
from reporting.statistics.stamps import changed_at, digest_of
from territory.figure import Direction, Status
from territory.models import Level

_LIST = {"type": "string", "pattern": r"^[^\x00]{1,4000}$"}


class PeriodSerializer(serializers.Serializer[Any]):
    """A period with its days, both included, and the rule that fixes them."""

    code = serializers.CharField()
    start = serializers.DateField()
    end = serializers.DateField()
    rule = serializers.CharField()


class DisclosureSerializer(serializers.Serializer[Any]):
    """The rule for figures about people and cases outside the reader's scope, and whether any figure fell under it."""

    k = serializers.IntegerField()
    base = serializers.IntegerField()
    applied = serializers.BooleanField()
    release = serializers.CharField(allow_null=True)


class LicenceSerializer(serializers.Serializer[Any]):
    """Under which published figures may be used."""

    name = serializers.CharField()
    url = serializers.URLField()


class MetaSerializer(serializers.Serializer[Any]):
    """What holds for the whole answer. ``generated_at`` is when one of its figures last changed.

    ``licence`` is that of published figures; null where the answer holds none, but those of the reader's own scope.
    """

    periods = PeriodSerializer(many=True)
    map = serializers.ChoiceField(choices=[each.value for each in MapBasis])
    disclosure = DisclosureSerializer()
    licence = LicenceSerializer(allow_null=True)
    generated_at = serializers.DateTimeField()


class PlaceSerializer(serializers.Serializer[Any]):
    """An area as an answer names it."""

    code = serializers.CharField()
    level = serializers.ChoiceField(choices=Level.choices)
    name = serializers.CharField()


class CoverageSerializer(serializers.Serializer[Any]):
    """How many units owed a report, how many sent one, how many of those confirmed nil (inside the scope only)."""

    expected = serializers.IntegerField()
    reported = serializers.IntegerField()
    nil = serializers.IntegerField(allow_null=True)


class BeforeSerializer(serializers.Serializer[Any]):
    """The same figure a year earlier."""

    period = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    status = serializers.ChoiceField(choices=[each.value for each in Status])


class ChangeSerializer(serializers.Serializer[Any]):
    """How the figure changed since; numbers only where both figures are exact."""

    direction = serializers.ChoiceField(choices=[each.value for each in Direction])
    difference = serializers.FloatField(allow_null=True)
    percent = serializers.FloatField(allow_null=True)


class FigureSerializer(serializers.Serializer[Any]):
    """One figure. Without a ``value`` its ``status`` says why: missing, not due, withheld (suppressed) and so on."""

    indicator = serializers.CharField()
    unit = serializers.CharField()
    area = PlaceSerializer()
    period = serializers.CharField()
    by = serializers.DictField(child=serializers.CharField())
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    qualifier = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(choices=[each.value for each in Status])
    is_estimated = serializers.BooleanField()
    disclosure = serializers.ChoiceField(choices=["rounded", "withheld"], allow_null=True)
    coverage = CoverageSerializer(allow_null=True)
    before = BeforeSerializer(required=False, allow_null=True)
    change = ChangeSerializer(required=False)


class StatisticsSerializer(serializers.Serializer[Any]):
    """An answer: what holds for all of it, and its figures in the order asked."""

    meta = MetaSerializer()
    data = FigureSerializer(many=True)  # type: ignore[assignment]


def _parameter(name: str, description: Any, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, more.pop("type", _LIST), description=description, **more)


PARAMETERS = [
    _parameter(
        "indicator",
        format_lazy(_("Codes of indicators, set apart by commas, at most {most}."), most=MOST_INDICATORS),
        required=True,
        examples=[OpenApiExample("two", value="cases_prosecuted,victims_received")],
    ),
    _parameter("area", _("Codes of areas, set apart by commas; the nation (VN) unless given.")),
    _parameter(
        "level", _("Answer for the areas of this level inside those named."), type=str, enum=Level.values
    ),
    _parameter(
        "agency",
        "The id of an agency: its records and reports alone. Outside the reader's scope its figures about people and"
        " cases are withheld.",
        type=OpenApiTypes.INT64,
    ),
    _parameter(
        "period",
        format_lazy(
            _(
                "Periods, set apart by commas, at most {most}: 2020-H1, 2020, 2016..2020, 2021-05-01..2022-06-30."
            ),
            most=MOST_PERIODS,
        ),
        required=True,
        examples=[OpenApiExample("half-years", value="2020-H1,2019-H1")],
    ),
    _parameter(
        "rule",
        _("What fixes the days of a half-year or year."),
        type=str,
        enum=["nd09", "calendar"],
        default="nd09",
    ),
    _parameter("by", _("Breakdowns that all these indicators have, set apart by commas: sex,age_group.")),
    _parameter(
        "map",
        _("The map at the end of each period, or today's."),
        type=str,
        enum=[each.value for each in MapBasis],
        default="then",
    ),
    _parameter("compare", _("Compare with the same period of the year before."), type=str, enum=["previous"]),
    _parameter("output", _("The form of the answer."), type=str, enum=list(OUTPUTS), default="json"),
    OpenApiParameter(
        "If-None-Match", str, OpenApiParameter.HEADER, description=_("The ETag of an earlier answer.")
    ),
]


class StatisticsView(Endpoint):
    """Figures. Inside the reader's scope they are true; elsewhere those about people and cases are rounded to 10."""

    read_scope = KeyScope.STATISTICS

    @extend_schema(
        operation_id="statistics",
        parameters=PARAMETERS,
        description=(
            f"At most {MOST_FIGURES:,} figures in one answer; what asks for more is refused before it is begun."
            " `ETag` and `Last-Modified` change exactly when a figure of the answer does."
        ),
        responses={
            (200, "application/json"): StatisticsSerializer,
            (200, "text/csv"): OpenApiTypes.STR,
            304: None,
        },
    )
    @method_decorator(gzip_page)
    def get(self, request: Request) -> HttpResponseBase:
        stamp = _asked(request)
        try:
            question = read_question(request.query_params.dict(), stamp=stamp)
        except QuestionError as error:
            raise FilterProblem({name: [message] for name, message in error.errors.items()}) from error
        table = answer_question(question, request.user)
        rows = as_json(table)
        told = digest_of([rows, table.disclosure, question.output])
        since = changed_at(stamp, told, question.stamp)
        etag = f'"{told[:32]}"'
        unchanged = get_conditional_response(request, etag=etag, last_modified=int(since.timestamp()))
        answer: HttpResponseBase = unchanged or _FORMS[question.output](table, rows, since)
        answer["ETag"] = etag
        answer["Last-Modified"] = http_date(since.timestamp())
        answer["Cache-Control"] = "private, no-cache"
        answer["Content-Language"] = get_language() or "vi"
        patch_vary_headers(answer, ["Accept-Language", "Authorization", "Cookie"])
        return answer


def _asked(request: Request) -> str:
    """The question as one reader asks it in one language."""
    who = f"key {request.auth.pk}" if isinstance(request.auth, ApiKey) else f"user {request.user.pk}"
    return digest_of([who, get_language(), sorted(request.query_params.dict().items())])


def _json(table: Table, rows: str, since: dt.datetime) -> HttpResponse:
    about = json.dumps(meta(table, since), ensure_ascii=False)
    return HttpResponse(f'{{"meta": {about}, "data": {rows}}}', content_type="application/json")


def _csv(table: Table, rows: str, since: dt.datetime) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(as_csv(table), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="statistics.csv"'
    return answer


def _jsonstat(table: Table, rows: str, since: dt.datetime) -> HttpResponse:
    body = json.dumps(as_jsonstat(table, since), ensure_ascii=False)
    return HttpResponse(body, content_type="application/json")


_FORMS: dict[str, Callable[[Table, str, dt.datetime], HttpResponseBase]] = {
    "json": _json,
    "csv": _csv,
    "jsonstat": _jsonstat,
}
