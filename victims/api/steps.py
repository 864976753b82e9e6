"""The steps of a file over the API: those of its pages, by the same forms and services, and what they left.

An identity, a narrative and a file of a victim have no step here: they are opened on their pages alone.
"""

import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.problems import NotNow
from accounts.api.protected import ProtectedViews, in_row_scope
from accounts.api.repeats import IDEMPOTENCY_KEY
from accounts.api.typed import body_of, judged, object_sent
from accounts.api.versions import IF_MATCH, asked_version
from victims.api.shapes import (
    ConsentSerializer,
    FollowUpSerializer,
    GoalSerializer,
    LinkedPersonSerializer,
    StaySerializer,
    StopSerializer,
    StopWriteSerializer,
    SupportSerializer,
    VictimSerializer,
)
from victims.forms.steps import (
    STOPS,
    ClosureForm,
    ConsentForm,
    FollowUpForm,
    GoalForm,
    PersonForm,
    ReasonForm,
    StatusForm,
    StayForm,
    SupportForm,
)
from victims.models import SupportCase, Victim
from victims.selectors.victim import find_victim, linked_persons
from victims.services.support import TransitionNotAllowed
from victims.views.steps import SETTLED, STEPS

_PART = OpenApiParameter("part", int, OpenApiParameter.PATH, description=_("The id of the part."))
#: The fields of a route's form.
_OF_FORM = re.compile(r"(kind|country|area|on)_([0-9]+)")
_ONE = "(?P<part>[1-9][0-9]{0,17})"


class RouteSerializer(serializers.Serializer[Any]):
    """The places of a route in their order."""

    stops = StopSerializer(many=True)


class RouteWriteSerializer(serializers.Serializer[Any]):
    """The places that a route has from now on, in their order."""

    stops = serializers.ListField(child=StopWriteSerializer(), max_length=STOPS)


def _step(name: str, form: Any, shown: Any = None) -> Callable[..., Any]:
    """Dress a step of a file: what it takes, and that it is sent to the file's address.

    Where it leaves parts, ``shown`` is the shape of one, and GET lists them.
    """
    posted = extend_schema(
        methods=["POST"], request=body_of(form), responses=VictimSerializer, parameters=[IDEMPOTENCY_KEY]
    )
    if shown is None:
        addressed = action(detail=True, methods=["post"], url_path=name)
        return lambda handler: posted(addressed(in_row_scope(handler)))
    listed = extend_schema(methods=["GET"], responses=shown(many=True))
    addressed = action(detail=True, methods=["get", "post"], url_path=name, pagination_class=None)
    return lambda handler: listed(posted(addressed(in_row_scope(handler))))


def _settling(name: str) -> Callable[..., Any]:
    """Dress what settles a part of a file, or its support: nothing is sent but the address."""
    parameters = [_PART, IDEMPOTENCY_KEY] if _ONE in name else [IDEMPOTENCY_KEY]
    described = extend_schema(request=None, responses=VictimSerializer, parameters=parameters)
    addressed = action(detail=True, methods=["post"], url_path=name)
    return lambda handler: described(addressed(in_row_scope(handler)))


class VictimStepViews(ProtectedViews):
    """What is done with a file after it was made."""

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

    @extend_schema(methods=["GET"], responses=RouteSerializer)
    @extend_schema(
        methods=["PUT"], request=RouteWriteSerializer, responses=RouteSerializer, parameters=[IF_MATCH]
    )
    @action(detail=True, methods=["get", "put"], url_path="route")
    @in_row_scope
    def route(self, request: Request, code: str) -> Response:
        """The route of the person; PUT puts other places in its stead. Its version is the file's."""
        needs = "victim.write" if request.method == "PUT" else "victim.read"
        victim = find_victim(self.reader, code, needs=needs)
        if request.method == "PUT":
            sent = RouteWriteSerializer(data=object_sent(request))
            sent.is_valid(raise_exception=True)
            self._lead(victim, sent.validated_data["stops"], asked_version(request))
            victim.refresh_from_db(fields=["version"], from_queryset=Victim.objects.visible_to(self.reader))
        self.note_reads([victim])
        stops = victim.route.select_related("area")
        return self.versioned(Response(RouteSerializer({"stops": stops}).data), victim)

    @_step("status", StatusForm)
    def decide(self, request: Request, code: str) -> Response:
        """Write down a decision on the status."""
        return self._take("status", request, code)

    @_step("goals", GoalForm, GoalSerializer)
    def add_goal(self, request: Request, code: str) -> Response:
        """The goals of the support; POST adds one."""
        return self._parts("goal", GoalSerializer, request, code)

    @_settling(f"goals/{_ONE}/reached")
    def reach_goal(self, request: Request, code: str, part: str) -> Response:
        """Write down that a goal is reached."""
        return self._settle("goal-reached", code, part)

    @_settling(f"goals/{_ONE}/dropped")
    def drop_goal(self, request: Request, code: str, part: str) -> Response:
        """Write down that a goal is given up."""
        return self._settle("goal-dropped", code, part)

    @_step("stays", StayForm, StaySerializer)
    def begin_stay(self, request: Request, code: str) -> Response:
        """The stays in facilities; POST begins one."""
        return self._parts("stay", StaySerializer, request, code)

    @_settling(f"stays/{_ONE}/end")
    def end_stay(self, request: Request, code: str, part: str) -> Response:
        """End a stay today."""
        return self._settle("stay-ended", code, part)

    @_step("follow-ups", FollowUpForm, FollowUpSerializer)
    def plan_follow_up(self, request: Request, code: str) -> Response:
        """The follow-ups; POST plans one."""
        return self._parts("follow-up", FollowUpSerializer, request, code)

    @_settling(f"follow-ups/{_ONE}/done")
    def finish_follow_up(self, request: Request, code: str, part: str) -> Response:
        """Write down that a follow-up was done today."""
        return self._settle("follow-up-done", code, part)

    @_step("consents", ConsentForm, ConsentSerializer)
    def add_consent(self, request: Request, code: str) -> Response:
        """The consents; POST writes one down."""
        return self._parts("consent", ConsentSerializer, request, code)

    @_settling(f"consents/{_ONE}/withdraw")
    def withdraw_consent(self, request: Request, code: str, part: str) -> Response:
        """Write down that a consent was taken back today."""
        return self._settle("consent-withdrawn", code, part)

    @_step("persons", PersonForm, LinkedPersonSerializer)
    def link_person(self, request: Request, code: str) -> Response:
        """The persons of the case linked to the victim, for who may see the case; POST links one."""
        return self._parts("person", LinkedPersonSerializer, request, code)

    @extend_schema(responses={204: None}, parameters=[_PART])
    @action(detail=True, methods=["delete"], url_path=f"persons/{_ONE}")
    @in_row_scope
    def unlink_person(self, request: Request, code: str, part: str) -> Response:
        """Take the link to a person away."""
        self._settle("person-unlinked", code, part)
        return Response(status=status.HTTP_204_NO_CONTENT)

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

    @_settling("approve-closure")
    def approve_closure(self, request: Request, code: str) -> Response:
        """End the support. For the head of the unit, and not for who asked."""
        return self._settle("closure-approved", code, "0")

    def _take(self, step: str, request: Request, code: str) -> Response:
        """The file after one of the steps of its pages."""
        victim = find_victim(self.reader, code, needs=STEPS[step].verb)
        self._grow(victim, step, object_sent(request))
        return self.answer(victim)

    def _parts(self, step: str, shape: Any, request: Request, code: str) -> Response:
        """What steps of this kind left on a file, all of it; or the file after one more."""
        if request.method == "POST":
            return self._take(step, request, code)
        victim = find_victim(self.reader, code)
        rows = list(self._left_by(step, victim))
        cases = {row.person.case_id: row.person.case for row in rows} if step == "person" else {}
        self.note_reads([victim, *cases.values()])
        return Response(shape(rows, many=True).data)

    def _left_by(self, step: str, victim: Victim) -> Any:
        match step:
            case "goal":
                return victim.goals.all()
            case "stay":
                return victim.stays.select_related("facility")
            case "follow-up":
                return victim.follow_ups.all()
            case "consent":
                return victim.consents.all()
        return linked_persons(self.reader, victim)

    def _settle(self, what: str, code: str, part: str) -> Response:
        """The file after something on it was settled. Raises NotNow where it was settled already."""
        verb, settle = SETTLED[what]
        victim = find_victim(self.reader, code, needs=verb)
        try:
            settle(self.reader, victim, int(part))
        except TransitionNotAllowed as refused:
            raise NotNow(" ".join(refused.messages)) from refused
        return self.answer(victim)

    def _grow(self, victim: Victim, step: str, body: dict[str, Any], **hidden: Any) -> None:
        """Take a step. Raises NotNow where the support does not stand where it starts from."""
        chosen = STEPS[step]
        form = judged(body, lambda typed: chosen.form(typed, actor=self.reader, victim=victim), **hidden)
        try:
            chosen.save(self.reader, victim, form)
        except TransitionNotAllowed as refused:
            raise NotNow(" ".join(refused.messages)) from refused

    def _lead(self, victim: Victim, stops: list[dict[str, Any]], version: int) -> None:
        """Set a route by its form, which has four fields for each place. Raises ValidationError by place and field."""
        typed: dict[str, Any] = {}
        for number, stop in enumerate(stops):
            day = stop.get("reached_on")
            typed |= {f"kind_{number}": stop["kind"], f"country_{number}": stop["country"]}
            typed |= {f"area_{number}": stop.get("area"), f"on_{number}": day.isoformat() if day else None}
        try:
            self._grow(victim, "route", typed, version=version)
        except ValidationError as refused:
            raise _by_place(refused) from refused


def _by_place(refused: ValidationError) -> ValidationError:
    """The errors of a route's form under the names that its body has: "stops.0.area" for "area_0".

    What the service refuses is told of the route as a whole.
    """
    if not hasattr(refused, "error_dict"):
        return refused
    told: dict[str, list[Any]] = {}
    for name, errors in refused.error_dict.items():
        match = _OF_FORM.fullmatch(name)
        field = {"on": "reached_on"}.get(match[1], match[1]) if match else ""
        told.setdefault(f"stops.{match[2]}.{field}" if match else "stops", []).extend(errors)
    return ValidationError(told)
