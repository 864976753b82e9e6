"""What units send: figures as they are reported, with their sources, and the texts of their sections.

A unit begins, fills in and submits; who coordinates the area accepts or returns.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import AgencySummary, AreaSummary, Text
from accounts.api.problems import FilterProblem, NotNow
from accounts.api.repeats import IDEMPOTENCY_KEY
from accounts.api.versions import IF_MATCH, asked_version
from accounts.api.views import RecordViews
from accounts.models import User
from accounts.scoping import scope_of
from programs.api.fields import ReportedFigure as ReportedFigureField
from reporting.models import (
    Obligation,
    ReportedFigure,
    Section,
    SectionNarrative,
    Submission,
    SubmissionState,
)
from reporting.obligations import may_read_obligations
from reporting.services.submissions import (
    NotReady,
    TransitionNotAllowed,
    Typed,
    accept_submission,
    confirm_nil,
    open_submission,
    refresh_from_records,
    reopen_submission,
    return_submission,
    save_submission,
    submit_submission,
    undo_nil,
    withdraw_submission,
)
from reporting.services.submissions.steps import LONGEST_REASON
from reporting.services.submissions.writing import (
    LONGEST_EXPLANATION,
    LONGEST_NARRATIVE,
    LONGEST_NOTE,
    LONGEST_TAKEN_FROM,
)
from reporting.submission_rights import get_obligation
from territory.figure import print_figure_vi
from territory.text import TextField

#: Figures, texts and explanations that one request may carry.
_MOST_ROWS = 500


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


class OpeningSerializer(serializers.Serializer[Any]):
    """The obligation that a submission answers."""

    obligation = serializers.IntegerField(min_value=1, max_value=2**63 - 1)


class FigureWriteSerializer(serializers.Serializer[Any]):
    """One figure: ``key`` is its indicator, or "indicator/part". Null takes the unit's word back."""

    key = Text(max_length=120)
    as_reported = ReportedFigureField(required=False, allow_null=True)
    note = Text(max_length=LONGEST_NOTE, required=False, allow_blank=True)
    taken_from = Text(max_length=LONGEST_TAKEN_FROM, required=False, allow_blank=True)


class NarrativeWriteSerializer(serializers.Serializer[Any]):
    """A unit's text for one section."""

    section = serializers.ChoiceField(choices=Section.choices)
    text = Text(max_length=LONGEST_NARRATIVE, allow_blank=True)


class ExplanationSerializer(serializers.Serializer[Any]):
    """A word about a warning: the rule, and the figure or section it is about."""

    rule = serializers.SlugField(max_length=40)
    subject = Text(max_length=120)
    text = Text(max_length=LONGEST_EXPLANATION, allow_blank=True)


class SubmissionWriteSerializer(serializers.Serializer[Any]):
    """What a unit says. What is left out stays as it is."""

    figures = serializers.ListField(child=FigureWriteSerializer(), required=False, max_length=_MOST_ROWS)
    narratives = serializers.ListField(
        child=NarrativeWriteSerializer(), required=False, max_length=_MOST_ROWS
    )
    explanations = serializers.ListField(child=ExplanationSerializer(), required=False, max_length=_MOST_ROWS)

    @property
    def typed(self) -> Typed:
        """What was sent, as the service takes it."""
        sent = self.validated_data
        figures = sent.get("figures", ())
        return Typed(
            figures={row["key"]: row["as_reported"] for row in figures if "as_reported" in row},
            notes={row["key"]: row["note"] for row in figures if "note" in row},
            taken_from={row["key"]: row["taken_from"] for row in figures if "taken_from" in row},
            narratives={row["section"]: row["text"] for row in sent.get("narratives", ())},
            explanations={(row["rule"], row["subject"]): row["text"] for row in sent.get("explanations", ())},
        )


class SectionReasonSerializer(serializers.Serializer[Any]):
    """What is to be corrected in a section; without one, in the whole."""

    section = serializers.ChoiceField(choices=Section.choices, required=False, allow_blank=True)
    reason = Text(max_length=LONGEST_REASON)


class ReasonsSerializer(serializers.Serializer[Any]):
    """Why a submission goes back to its unit."""

    reasons = serializers.ListField(
        child=SectionReasonSerializer(), min_length=1, max_length=len(Section) + 1
    )

    @property
    def by_section(self) -> dict[str, str]:
        return {row.get("section", ""): row["reason"] for row in self.validated_data["reasons"]}


class NilSerializer(serializers.Serializer[Any]):
    """That there was nothing to report about people and cases, said in the sender's name."""

    sure = serializers.ChoiceField(choices=[True])


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

    def may_write(self, reader: User) -> bool:
        """Units send, coordinators accept; whose a submission is the services ask."""
        scope = scope_of(reader)
        return any(scope.may(f"submission.{verb}") for verb in ("write", "write_past", "review"))

    def get_serializer_class(self) -> Any:
        return SubmissionSerializer if self.action == "list" else SubmissionDetailSerializer

    def visible(self, reader: User) -> Any:
        """A draft is its unit's own business until it is sent."""
        seen = Obligation.objects.visible_to(reader).order_by()
        own = seen.filter(scope_of(reader).rows(own="obligation.read"))
        found = Submission.objects.filter(
            Q(obligation__in=own.values("pk"))
            | (Q(obligation__in=seen.values("pk")) & ~Q(first_submitted_at=None))
        ).select_related("obligation__agency", "obligation__area")
        return found if self.action == "list" else found.prefetch_related("figures__indicator", "narratives")

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

    @extend_schema(
        request=OpeningSerializer,
        responses={201: SubmissionDetailSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def create(self, request: Request) -> Response:
        """Begin the answer to an obligation with what the unit's records say; the one there is when it was begun."""
        sent = OpeningSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        obligation = get_obligation(request, sent.validated_data["obligation"], needs="write")
        return self._stepped(
            lambda: open_submission(obligation=obligation, actor=self.reader), status=status.HTTP_201_CREATED
        )

    @extend_schema(request=SubmissionWriteSerializer, parameters=[IF_MATCH])
    def partial_update(self, request: Request, pk: str) -> Response:
        """Fill it in. What is left out stays as it is."""
        submission, version = self.get_object(), asked_version(request)
        sent = SubmissionWriteSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        return self._stepped(
            lambda: save_submission(
                submission=submission, actor=self.reader, version=version, typed=sent.typed
            )
        )

    @extend_schema(request=None, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """Send it to the coordinator. What stands in the way is told by figure and section."""
        return self._step(request, submit_submission)

    @extend_schema(request=None, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take it back before it is accepted."""
        return self._step(request, withdraw_submission)

    @extend_schema(request=None, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """Accept it: its figures count, and it is locked."""
        return self._step(request, accept_submission)

    @extend_schema(request=ReasonsSerializer, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"], url_path="return")
    def send_back(self, request: Request, pk: str) -> Response:
        """Give it back to its unit with a reason."""
        return self._give_back(request, return_submission)

    @extend_schema(request=ReasonsSerializer, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """Open an accepted one again, with a reason."""
        return self._give_back(request, reopen_submission)

    @extend_schema(request=NilSerializer, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"], url_path="confirm-nil")
    def confirm_nil(self, request: Request, pk: str) -> Response:
        """State in one's own name that there was nothing. It is submitted by a step of its own."""
        self.get_object()
        sent = NilSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        return self._step(request, confirm_nil)

    @extend_schema(request=None, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"], url_path="undo-nil")
    def undo_nil(self, request: Request, pk: str) -> Response:
        """Take the nil statement back."""
        return self._step(request, undo_nil)

    @extend_schema(request=None, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def refresh(self, request: Request, pk: str) -> Response:
        """Take over again what the unit's records say; the unit's own words stay."""
        return self._step(request, refresh_from_records)

    def _give_back(self, request: Request, verb: Callable[..., Submission]) -> Response:
        self.get_object()
        sent = ReasonsSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        return self._step(request, verb, reasons=sent.by_section)

    def _step(self, request: Request, verb: Callable[..., Submission], **given: Any) -> Response:
        submission, version = self.get_object(), asked_version(request)
        return self._stepped(lambda: verb(submission=submission, actor=self.reader, version=version, **given))

    def _stepped(self, work: Callable[[], Submission], *, status: int = 200) -> Response:
        """The submission after the work. Raises ValidationError for findings that stand in the way, and NotNow."""
        try:
            return self.answer(work(), status=status)
        except NotReady as unready:
            told: dict[str, list[str]] = {}
            for finding in unready.findings:
                if finding.blocks:
                    told.setdefault(finding.subject, []).append(f"{finding.message} ({finding.rule})")
            raise exceptions.ValidationError(told) from unready
        except TransitionNotAllowed as refused:
            raise NotNow(str(refused.message)) from refused
