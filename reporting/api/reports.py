"""What is owed, and the reports that were issued, with their files."""

from typing import Any

from django.db.models import Q
from django.http import FileResponse, Http404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request

from accounts.api.fields import AgencySummary, AreaSummary
from accounts.api.keys import Consumer
from accounts.api.problems import ProblemRenderer
from accounts.api.views import RecordViews
from accounts.models import ApiKey, AuditEvent, KeyScope, User
from accounts.scoping import scope_of
from reporting.models import Obligation, ObligationState, Report
from reporting.obligation_listing import ObligationFilter
from reporting.obligations import may_read_obligations, visible_obligations


class ObligationSerializer(serializers.ModelSerializer[Obligation]):
    """What a unit owes for a period, and where it stands. ``is_nil``: the unit confirmed that there was nothing."""

    form = serializers.CharField(source="form_id")
    agency = AgencySummary()
    area = AreaSummary()
    state = serializers.ChoiceField(choices=ObligationState.choices, source="stands")
    is_late = serializers.BooleanField()
    is_nil = serializers.SerializerMethodField()

    class Meta:
        model = Obligation
        fields = [
            *("id", "version", "form", "agency", "area", "period_code", "period_start", "period_end"),
            *("period_rule", "due_on", "state", "is_late", "is_nil"),
        ]

    def get_is_nil(self, row: Obligation) -> bool:
        submission = getattr(row, "submission", None)
        return bool(submission and submission.is_nil)


class ObligationViews(RecordViews):
    """What own units owe; for who coordinates an area or gathers its reports, what every unit in it owes."""

    serializer_class = ObligationSerializer
    filter_class = ObligationFilter
    ordering = ("-due_on", "-id")

    def may_read(self, reader: User) -> bool:
        return may_read_obligations(reader)

    def visible(self, reader: User) -> Any:
        return visible_obligations(reader)


class ReportSerializer(serializers.ModelSerializer[Report]):
    """An issued report. ``code`` is the one of /verify/; the hashes are those of the files."""

    area = AreaSummary()
    pdf = serializers.SerializerMethodField()
    word = serializers.SerializerMethodField()
    revises = serializers.SlugRelatedField("key", read_only=True, allow_null=True)  # type: ignore[var-annotated]

    class Meta:
        model = Report
        fields = [
            *("key", "kind", "area", "period_code", "period_start", "period_end", "title", "state", "number"),
            *(
                "symbol",
                "issued_on",
                "signer_name",
                "signer_title",
                "code",
                "revision",
                "revises",
                "is_signed",
            ),
            *("pdf", "sha256", "size", "pages", "word", "docx_sha256"),
        ]

    def get_pdf(self, row: Report) -> str:
        return self._address("api-report-pdf", row)

    def get_word(self, row: Report) -> str | None:
        return self._address("api-report-word", row) if row.docx else None

    def _address(self, name: str, row: Report) -> str:
        address: str = self.context["request"].build_absolute_uri(reverse(name, args=[row.key]))
        return address


class PdfFile(ProblemRenderer):
    """The file is sent as it is; only errors are rendered."""

    media_type = "application/pdf"
    format = "pdf"


class WordFile(ProblemRenderer):
    """The file is sent as it is; only errors are rendered."""

    media_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    format = "docx"


class ReportViews(RecordViews):
    """Issued reports: those a person may see, or for a key those of its area."""

    serializer_class = ReportSerializer
    read_scope = KeyScope.REPORTS
    ordering = ("-issued_on", "-id")
    lookup_field = "key"
    lookup_value_regex = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

    @property
    def reader(self) -> Any:
        return self.request.user

    def may_read(self, reader: Any) -> bool:
        if isinstance(reader, Consumer):
            return True
        return scope_of(reader).may("report.read") or scope_of(reader).may("report.read_issued")

    def visible(self, reader: Any) -> Any:
        every = Report.objects.defer("snapshot").select_related("area", "revises")
        if isinstance(reader, Consumer):
            area = reader.key_area
            within = Q(area__path__startswith=area.path) if area is not None else Q(pk__in=[])
            found = every.unscoped("the area of a key is its scope").filter(within)
        else:
            found = every.visible_to(reader)
        return found.filter(state__in=[Report.State.ISSUED, Report.State.SUPERSEDED])

    def get_object(self) -> Report:
        found: Report | None = self.get_queryset().filter(key=self.kwargs["key"]).first()
        if found is None:
            raise Http404
        return found

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], renderer_classes=[PdfFile])
    def pdf(self, request: Request, key: str) -> FileResponse:
        """The PDF, as it was issued and signed; who took it is noted."""
        report = self.get_object()
        return self._file(report, report.file, f"{report.file_stem}.pdf", PdfFile.media_type)

    @extend_schema(responses={(200, WordFile.media_type): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], renderer_classes=[WordFile])
    def word(self, request: Request, key: str) -> FileResponse:
        """The Word file; who took it is noted."""
        report = self.get_object()
        return self._file(report, report.docx, f"{report.file_stem}.docx", WordFile.media_type)

    def _file(self, report: Report, stored: Any, name: str, media_type: str) -> FileResponse:
        if not stored:
            raise Http404
        try:
            content = stored.open("rb")
        except FileNotFoundError as missing:
            raise Http404 from missing
        asks, key = self.request.user, self.request.auth
        AuditEvent.objects.create(
            kind=AuditEvent.Kind.REPORT_READ,
            user=asks if isinstance(asks, User) else None,
            about=f"reporting.report:{report.pk}",
            detail={"key": key.prefix} if isinstance(key, ApiKey) else {},
        )
        return FileResponse(content, as_attachment=True, filename=name, content_type=media_type)
