"""Parts of a case: persons under their labels, places of the route, what was seized, and the tips it came from.

A part has no version of its own: its ETag, and what If-Match names, are the case's.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import AreaSummary
from accounts.api.protected import ProtectedViews, in_row_scope
from accounts.api.repeats import IDEMPOTENCY_KEY
from accounts.api.typed import judged, object_sent
from accounts.api.versions import IF_MATCH, asked_version
from accounts.models import User
from accounts.scoping import scope_of
from incidents.api.incident import body
from incidents.api.tip import TipSerializer
from incidents.forms.case import ItemForm, PartForm, PlaceForm
from incidents.forms.person import EndSearchForm, PersonForm, StandingForm, VerdictForm, WantedForm
from incidents.models import (
    Case,
    CasePlace,
    PersonInCase,
    PersonStanding,
    SeizedItem,
    Tip,
    Verdict,
    WantedPerson,
)
from incidents.selectors.reading import get_case, get_wanted
from incidents.services import case as case_verbs
from incidents.services import person as verbs

#: Where the parts of a case stand in the addresses.
OF_CASE = "cases/(?P<case>[1-9][0-9]{0,17})"
_NUMBER = "[1-9][0-9]{0,17}"
_CASE = OpenApiParameter("case", int, OpenApiParameter.PATH, description=_("The id of the case."))
_WANTED = OpenApiParameter("wanted", int, OpenApiParameter.PATH, description=_("The id of the search."))
#: What is given once, when a person is added; later ones are standings.
_OF_NEW = ("standing", "since", "document_number")


@extend_schema(parameters=[_CASE])
class CasePartViews(ProtectedViews):
    """Parts of one case. The case behind them is noted as read, also where it has none."""

    ordering = ("id",)

    def may_read(self, reader: User) -> bool:
        return scope_of(reader).may("case.read")

    def may_write(self, reader: User) -> bool:
        return scope_of(reader).may("case.write")

    def parts(self, case: Case, reader: User) -> Any:
        """The parts of a case that the reader may see."""
        raise NotImplementedError

    def case(self, *, needs: str = "read") -> Case:
        """The case of the address. Raises Http404."""
        return get_case(self.request, int(self.kwargs["case"]), needs=needs)

    def visible(self, reader: User) -> Any:
        return self.parts(self.case(), reader)

    def part(self) -> Any:
        """The part of the address, in a case the reader may write. Raises Http404."""
        self.case(needs="write")
        return self.get_object()

    def records_shown(self, rows: Iterable[Any]) -> Iterable[Case]:
        return [Case(pk=int(self.kwargs["case"]))]

    @staticmethod
    def versioned(response: Response, record: Any) -> Response:
        return ProtectedViews.versioned(response, record.case)

    def judge(self, request: Request, case: Case, form: type[PartForm]) -> dict[str, Any]:
        """What was sent, found good by the form of the page. Raises ValidationError by field."""
        found: PartForm = judged(
            object_sent(request), lambda typed: form(typed, case=case, actor=self.reader)
        )
        return found.given

    def add(self, request: Request, form: type[PartForm], verb: Any) -> Response:
        """The part that a verb makes of what was sent."""
        case = self.case(needs="write")
        made = verb(case=case, actor=self.reader, **self.judge(request, case, form))
        return self.answer(made, status=status.HTTP_201_CREATED)


class CasePlaceSerializer(serializers.ModelSerializer[CasePlace]):
    """A place that people of a case were taken from, through, or to; ``area`` is known in Viet Nam only."""

    area = AreaSummary(allow_null=True)

    class Meta:
        model = CasePlace
        fields = ["id", "kind", "country", "area"]


class CasePlaceViews(CasePartViews):
    """Places of the route of a case. One that is wrong is removed and added anew."""

    serializer_class = CasePlaceSerializer

    def parts(self, case: Case, reader: User) -> Any:
        return CasePlace.objects.filter(case=case).select_related("case", "area")

    @extend_schema(
        request=body(PlaceForm), responses={201: CasePlaceSerializer}, parameters=[_CASE, IDEMPOTENCY_KEY]
    )
    @in_row_scope
    def create(self, request: Request, case: str) -> Response:
        """Add a place; one that is there already is answered as it is."""
        return self.add(request, PlaceForm, case_verbs.add_place)

    @extend_schema(responses={204: None}, parameters=[_CASE, IF_MATCH])
    @in_row_scope
    def destroy(self, request: Request, case: str, pk: str) -> Response:
        """Remove a place."""
        return _removed(self, request)


class CaseItemSerializer(serializers.ModelSerializer[SeizedItem]):
    """Something that was seized or kept as evidence. ``worth`` is in đồng."""

    quantity = serializers.FloatField(allow_null=True)

    class Meta:
        model = SeizedItem
        fields = [
            *("id", "kind", "description", "quantity", "unit", "worth", "seized_on", "document_number"),
        ]


class CaseItemViews(CasePartViews):
    """What was seized in a case."""

    serializer_class = CaseItemSerializer

    def parts(self, case: Case, reader: User) -> Any:
        return SeizedItem.objects.filter(case=case).select_related("case")

    @extend_schema(
        request=body(ItemForm), responses={201: CaseItemSerializer}, parameters=[_CASE, IDEMPOTENCY_KEY]
    )
    @in_row_scope
    def create(self, request: Request, case: str) -> Response:
        """Write down something that was seized."""
        return self.add(request, ItemForm, case_verbs.add_item)

    @extend_schema(request=body(ItemForm), parameters=[_CASE, IF_MATCH])
    @in_row_scope
    def update(self, request: Request, case: str, pk: str) -> Response:
        """Correct an item, whole: what is left out is empty."""
        item, version = self.part(), asked_version(request)
        given = self.judge(request, item.case, ItemForm)
        return self.answer(case_verbs.change_item(item=item, actor=self.reader, version=version, **given))

    @extend_schema(responses={204: None}, parameters=[_CASE, IF_MATCH])
    @in_row_scope
    def destroy(self, request: Request, case: str, pk: str) -> Response:
        """Remove an item that was written down by mistake."""
        return _removed(self, request)


def _removed(view: CasePartViews, request: Request) -> Response:
    """The answer after a part was taken off; its ETag is what the case has now."""
    part, version = view.part(), asked_version(request)
    held = case_verbs.remove_part(part=part, actor=view.reader, version=version)
    return ProtectedViews.versioned(Response(status=status.HTTP_204_NO_CONTENT), held)


class StandingSerializer(serializers.ModelSerializer[PersonStanding]):
    """The standing a person has from a day on, until the next one."""

    class Meta:
        model = PersonStanding
        fields = ["standing", "since", "document_number"]


class VerdictSerializer(serializers.ModelSerializer[Verdict]):
    """What a court decided about a person at one trial. Terms are in months."""

    decided_on = serializers.DateField(source="stage.reached_on")
    trial = serializers.CharField(source="stage.kind")
    article: Any = serializers.SerializerMethodField()

    class Meta:
        model = Verdict
        fields = ["trial", "decided_on", "article", "sentence", "months", "probation_months"]

    def get_article(self, verdict: Verdict) -> str | None:
        """The article of the criminal code that the verdict rests on."""
        return verdict.offence.article if verdict.offence else None


class WantedSerializer(serializers.ModelSerializer[WantedPerson]):
    """A search for a person, running while ``until`` is empty."""

    class Meta:
        model = WantedPerson
        fields = ["id", "code", "level", "since", "document_number", "until", "ended_by"]


class CasePersonSerializer(serializers.ModelSerializer[PersonInCase]):
    """A person in a case, under a label without meaning. Who it is stays outside the portal."""

    group = serializers.SlugRelatedField("code", read_only=True, allow_null=True)  # type: ignore[var-annotated]
    standings = StandingSerializer(many=True)
    verdicts = VerdictSerializer(many=True)
    wanted = WantedSerializer(many=True)

    class Meta:
        model = PersonInCase
        fields = [
            *("id", "label", "sex", "birth_year", "age_band", "is_ethnic_minority", "occupation"),
            *("nationality", "group", "group_role", "standings", "verdicts", "wanted"),
        ]


class CasePersonViews(CasePartViews):
    """Suspects, accused and defendants of a case, by their labels. None is removed: verdicts rest on them."""

    serializer_class = CasePersonSerializer

    def parts(self, case: Case, reader: User) -> Any:
        searches = WantedPerson.objects.visible_to(reader).order_by("since", "id")
        found = PersonInCase.objects.filter(case=case).select_related("case", "group")
        return found.prefetch_related(
            "standings",
            Prefetch("verdicts", Verdict.objects.select_related("stage", "offence")),
            Prefetch("wanted", searches),
        )

    @extend_schema(
        request=body(PersonForm), responses={201: CasePersonSerializer}, parameters=[_CASE, IDEMPOTENCY_KEY]
    )
    @in_row_scope
    def create(self, request: Request, case: str) -> Response:
        """Add a person under the next label; "group" is the id of a group of own agency, or "new"."""
        return self.add(request, PersonForm, verbs.add_person)

    @extend_schema(request=body(PersonForm, without=_OF_NEW), parameters=[_CASE, IF_MATCH])
    @in_row_scope
    def update(self, request: Request, case: str, pk: str) -> Response:
        """Correct what is known about a person, whole: what is left out is empty. Standings stay."""
        person, version = self.part(), asked_version(request)

        def known(typed: dict[str, Any]) -> PersonForm:
            form = PersonForm(typed, case=person.case, actor=self.reader)
            form.begin_with(person)
            return form

        given = judged(object_sent(request), known).given
        return self.answer(verbs.change_person(person=person, actor=self.reader, version=version, **given))

    @extend_schema(
        request=body(StandingForm), responses=CasePersonSerializer, parameters=[_CASE, IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"])
    @in_row_scope
    def standing(self, request: Request, case: str, pk: str) -> Response:
        """Give a person the next standing: suspect, accused, defendant."""
        return self._deed(request, StandingForm, verbs.change_standing)

    @extend_schema(
        request=body(VerdictForm), responses=CasePersonSerializer, parameters=[_CASE, IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"])
    @in_row_scope
    def verdict(self, request: Request, case: str, pk: str) -> Response:
        """Write down a verdict; one for the same trial is corrected."""
        return self._deed(request, VerdictForm, verbs.give_verdict)

    @extend_schema(
        request=body(WantedForm), responses=CasePersonSerializer, parameters=[_CASE, IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"], url_path="wanted")
    @in_row_scope
    def want(self, request: Request, case: str, pk: str) -> Response:
        """Write down that a person is wanted."""
        return self._deed(request, WantedForm, verbs.want_person)

    @extend_schema(
        request=body(EndSearchForm),
        responses=CasePersonSerializer,
        parameters=[_CASE, _WANTED, IDEMPOTENCY_KEY],
    )
    @action(detail=True, methods=["post"], url_path=f"wanted/(?P<wanted>{_NUMBER})/end")
    @in_row_scope
    def end_search(self, request: Request, case: str, pk: str, wanted: str) -> Response:
        """Write down that a person is no longer wanted."""
        person = self.part()
        search = get_wanted(request, int(wanted))
        if search.person_id != person.pk:
            raise Http404
        given = self.judge(request, person.case, EndSearchForm)
        verbs.end_search(wanted=search, actor=self.reader, **given)
        return self.answer(person)

    def _deed(self, request: Request, form: type[PartForm], verb: Any) -> Response:
        person = self.part()
        verb(person=person, actor=self.reader, **self.judge(request, person.case, form))
        return self.answer(person)


class CaseTipViews(CasePartViews):
    """The tips that a case came from. The link is made where a tip's case is opened: ``tips/{id}/open-case/``."""

    serializer_class = TipSerializer

    def parts(self, case: Case, reader: User) -> Any:
        return (
            Tip.objects.visible_to(reader)
            .filter(case=case)
            .select_related("agency", "area", "offence", "case")
        )

    def records_shown(self, rows: Iterable[Tip]) -> Iterable[Any]:
        return [*super().records_shown(rows), *rows]

    @staticmethod
    def versioned(response: Response, record: Any) -> Response:
        """A tip has a version of its own."""
        return ProtectedViews.versioned(response, record)
