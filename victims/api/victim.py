"""Files in the care of own agency, under their codes. Who a person is, and what they told, is not given."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import OuterRef, Subquery
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.problems import FilterProblem
from accounts.api.protected import in_row_scope
from accounts.api.repeats import IDEMPOTENCY_KEY, submission_key
from accounts.api.typed import body_of, judged, object_sent
from accounts.api.versions import IF_MATCH, asked_version
from accounts.models import User
from accounts.scoping import scope_of
from incidents.models import Case
from victims.api.shapes import VictimSerializer
from victims.api.steps import VictimStepViews
from victims.forms.victim import VictimFilterForm, VictimForm
from victims.models import CODE_PATTERN, Victim
from victims.selectors.victim import find_victim, person
from victims.services.victim import change_victim, register_victim


@extend_schema(
    parameters=[
        OpenApiParameter(name, str, description=field.label or "")
        for name, field in VictimFilterForm.base_fields.items()
    ],
    methods=["GET"],
)
class VictimViews(VictimStepViews):
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
        cases = Case.objects.visible_to(reader).filter(pk=OuterRef("case_id")).order_by()
        found = Victim.objects.visible_to(reader).select_related("agency", "area", "related_to", "support")
        return found.annotate(seen_case_code=Subquery(cases.values("code"))).prefetch_related("statuses")

    def records_shown(self, rows: Iterable[Any]) -> Iterable[models.Model]:
        """A file tells of its case as well, to who may see the case."""
        victims = list(rows)
        cases = {row.case_id for row in victims if getattr(row, "seen_case_code", None)}
        return [*victims, *(Case(pk=pk) for pk in sorted(cases))]

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
