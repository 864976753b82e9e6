"""Files in the care of own agency, under their codes. Who a person is, and what they told, is not given."""

from collections.abc import Callable
from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import AgencySummary, AreaSummary
from accounts.api.problems import FilterProblem, NotNow
from accounts.api.protected import ProtectedViews, in_row_scope
from accounts.api.repeats import IDEMPOTENCY_KEY, submission_key
from accounts.api.typed import body_of, judged, object_sent
from accounts.api.versions import IF_MATCH, asked_version
from accounts.models import User
from accounts.scoping import scope_of
from victims.forms.steps import (
    ClosureForm,
    ConsentForm,
    FollowUpForm,
    GoalForm,
    ReasonForm,
    StatusForm,
    StayForm,
    SupportForm,
)
from victims.forms.victim import VictimFilterForm, VictimForm
from victims.models import CODE_PATTERN, SupportCase, Victim, VictimStatus
from victims.selectors.victim import find_victim, person
from victims.services.support import TransitionNotAllowed, approve_closure
from victims.services.victim import change_victim, register_victim
from victims.views.steps import STEPS


class StatusSerializer(serializers.ModelSerializer[VictimStatus]):
    """A decision about whether the person is a victim. The latest by date holds."""

    class Meta:
        model = VictimStatus
        fields = ["status", "decided_on", "number", "body"]


class VictimSerializer(serializers.ModelSerializer[Victim]):
    """A file under its code."""

    agency = AgencySummary()
    area = AreaSummary()
    related_to = serializers.SlugRelatedField("code", read_only=True, allow_null=True)  # type: ignore[var-annotated]
    statuses = StatusSerializer(many=True)
    support = serializers.SerializerMethodField()

    class Meta:
        model = Victim
        fields = [
            *("code", "version", "circle", "related_to", "agency", "area", "status", "statuses", "arrival"),
            *("arrived_on", "sex", "age_band", "minority", "nationality", "acts", "means", "purposes"),
            *("children_with_them", "support"),
        ]

    def get_support(self, row: Victim) -> str | None:
        """Where the support stands: open, closure_asked or closed; null before it begins."""
        support = getattr(row, "support", None)
        return support.state if support else None


class SupportSerializer(serializers.ModelSerializer[SupportCase]):
    """The support of a person, as it stands."""

    class Meta:
        model = SupportCase
        fields = [
            *("version", "state", "needs", "interpreter", "opened_on", "outcome", "closed_on"),
            "return_reason",
        ]


def _step(name: str, form: Any) -> Callable[..., Any]:
    """Dress a step of a file: what it takes, and that it is sent to the file's address."""
    described = extend_schema(request=body_of(form), responses=VictimSerializer, parameters=[IDEMPOTENCY_KEY])
    addressed = action(detail=True, methods=["post"], url_path=name)
    return lambda handler: described(addressed(in_row_scope(handler)))


@extend_schema(
    parameters=[
        OpenApiParameter(name, str, description=field.label or "")
        for name, field in VictimFilterForm.base_fields.items()
    ],
    methods=["GET"],
)
class VictimViews(ProtectedViews):
    """Files of own agency. Each one given is noted."""

    serializer_class = VictimSerializer
    ordering = ("-arrived_on", "-id")
    lookup_field = "code"
    lookup_value_regex = CODE_PATTERN.strip("^$")
    named_by = "code"

    def may_read(self, reader: User) -> bool:
        return scope_of(reader).may("victim.read")

    def may_write(self, reader: User) -> bool:
        """A case worker keeps files; a head approves the end of a support."""
        return scope_of(reader).may("victim.write") or scope_of(reader).may("victim.approve")

    def visible(self, reader: User) -> Any:
        found = Victim.objects.visible_to(reader).select_related("agency", "area", "related_to", "support")
        return found.prefetch_related("statuses")

    def narrowed(self, request: Request) -> Any:
        form = VictimFilterForm(request.query_params)
        if not form.is_valid():
            raise FilterProblem(form.errors)
        return form.chosen(self.get_queryset())

    @extend_schema(
        request=body_of(VictimForm), responses={201: VictimSerializer}, parameters=[IDEMPOTENCY_KEY]
    )
    @in_row_scope
    def create(self, request: Request) -> Response:
        """Take a person into the care of own unit: "unit" is the ids of its agency and area, as in "12-34"."""
        writer = person(request, verb="victim.write")
        key = submission_key(request)
        form = judged(
            object_sent(request), lambda typed: VictimForm(typed, actor=writer), submission_key=str(key)
        )
        agency, area = form.units[form.cleaned_data["unit"]]
        made = register_victim(
            actor=writer,
            agency=agency,
            area=area,
            decision=form.decision(),
            submission_key=key,
            **form.fields_of_file(),
        )
        return self.answer(made, status=status.HTTP_201_CREATED)

    @extend_schema(request=body_of(VictimForm, without=VictimForm.OF_NEW), parameters=[IF_MATCH])
    @in_row_scope
    def update(self, request: Request, code: str) -> Response:
        """Change a file, whole: what is left out is empty. Its unit and its decisions stay."""
        victim = find_victim(self.reader, code, needs="victim.write")
        version = asked_version(request)
        form = judged(
            object_sent(request),
            lambda typed: VictimForm(typed, actor=self.reader, victim=victim),
            submission_key=str(victim.submission_key),
        )
        change_victim(actor=self.reader, victim=victim, version=version, **form.fields_of_file())
        return self.answer(victim)

    @extend_schema(methods=["GET"], responses=SupportSerializer)
    @extend_schema(
        methods=["PUT"], request=body_of(SupportForm), responses=SupportSerializer, parameters=[IF_MATCH]
    )
    @action(detail=True, methods=["get", "put"], url_path="support")
    @in_row_scope
    def support(self, request: Request, code: str) -> Response:
        """The support of the person; PUT begins it or changes its needs. The first time If-Match names "v0"."""
        needs = "victim.write" if request.method == "PUT" else "victim.read"
        victim = find_victim(self.reader, code, needs=needs)
        if request.method == "PUT":
            self._grow(victim, "support", object_sent(request), version=asked_version(request))
        support = SupportCase.objects.filter(victim=victim).first()
        if support is None:
            raise Http404
        self.note_reads([victim])
        return self.versioned(Response(SupportSerializer(support).data), support)

    @_step("status", StatusForm)
    def decide(self, request: Request, code: str) -> Response:
        """Write down a decision on the status."""
        return self._take("status", request, code)

    @_step("goals", GoalForm)
    def add_goal(self, request: Request, code: str) -> Response:
        """Add a goal of the support."""
        return self._take("goal", request, code)

    @_step("stays", StayForm)
    def begin_stay(self, request: Request, code: str) -> Response:
        """Begin a stay in a facility."""
        return self._take("stay", request, code)

    @_step("follow-ups", FollowUpForm)
    def plan_follow_up(self, request: Request, code: str) -> Response:
        """Plan a follow-up."""
        return self._take("follow-up", request, code)

    @_step("consents", ConsentForm)
    def add_consent(self, request: Request, code: str) -> Response:
        """Write down a consent."""
        return self._take("consent", request, code)

    @_step("ask-closure", ClosureForm)
    def ask_closure(self, request: Request, code: str) -> Response:
        """Ask the head of the unit to approve the end of the support."""
        return self._take("closure", request, code)

    @_step("return-closure", ReasonForm)
    def return_closure(self, request: Request, code: str) -> Response:
        """Send the closure back with a reason. For the head of the unit."""
        return self._take("return", request, code)

    @_step("reopen", ReasonForm)
    def reopen(self, request: Request, code: str) -> Response:
        """Open a closed support again."""
        return self._take("reopen", request, code)

    @extend_schema(request=None, responses=VictimSerializer)
    @action(detail=True, methods=["post"], url_path="approve-closure")
    @in_row_scope
    def approve_closure(self, request: Request, code: str) -> Response:
        """End the support. For the head of the unit, and not for who asked."""
        victim = find_victim(self.reader, code, needs="victim.approve")
        try:
            approve_closure(actor=self.reader, victim=victim)
        except TransitionNotAllowed as refused:
            raise NotNow(" ".join(refused.messages)) from refused
        return self.answer(victim)

    def _take(self, step: str, request: Request, code: str) -> Response:
        """The file after one of the steps of its pages."""
        victim = find_victim(self.reader, code, needs=STEPS[step].verb)
        self._grow(victim, step, object_sent(request))
        return self.answer(victim)

    def _grow(self, victim: Victim, step: str, body: dict[str, Any], **hidden: Any) -> None:
        """Take a step. Raises NotNow where the support does not stand where it starts from."""
        chosen = STEPS[step]
        form = judged(body, lambda typed: chosen.form(typed, actor=self.reader, victim=victim), **hidden)
        try:
            chosen.save(self.reader, victim, form)
        except TransitionNotAllowed as refused:
            raise NotNow(" ".join(refused.messages)) from refused
