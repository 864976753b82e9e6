"""How files of victims and their parts look over the API: under codes, without who a person is."""

from typing import Any

from rest_framework import serializers

from accounts.api.fields import AgencySummary, AreaSummary
from victims.models import (
    Consent,
    FacilityStay,
    FollowUp,
    SupportCase,
    SupportGoal,
    Transfer,
    Victim,
    VictimPerson,
    VictimRoute,
    VictimStatus,
)
from victims.value_lists import Country, RouteKind


class StatusSerializer(serializers.ModelSerializer[VictimStatus]):
    """A decision about whether the person is a victim. The latest by date holds."""

    class Meta:
        model = VictimStatus
        fields = ["status", "decided_on", "number", "body"]


class VictimSerializer(serializers.ModelSerializer[Victim]):
    """A file under its code. ``case`` is the code of the case, for who may see the case."""

    agency = AgencySummary()
    area = AreaSummary()
    related_to = serializers.SlugRelatedField("code", read_only=True, allow_null=True)  # type: ignore[var-annotated]
    case = serializers.CharField(source="seen_case_code", allow_null=True)
    statuses = StatusSerializer(many=True)
    support = serializers.SerializerMethodField()

    class Meta:
        model = Victim
        fields = [
            *("code", "version", "circle", "related_to", "agency", "area", "status", "statuses", "arrival"),
            *("arrived_on", "sex", "age", "age_band", "minority", "nationality", "education", "occupation"),
            *("acts", "means", "purposes", "recruiter_relation", "channel", "controls"),
            *("children_with_them", "case", "support"),
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


class StopSerializer(serializers.ModelSerializer[VictimRoute]):
    """A place the person was brought from, through or to; ``area`` is known in Viet Nam only."""

    area = AreaSummary(allow_null=True)

    class Meta:
        model = VictimRoute
        fields = ["kind", "country", "area", "reached_on"]


class StopWriteSerializer(serializers.Serializer[Any]):
    """A place of a route as it is sent; ``area`` is the id of a province."""

    kind = serializers.ChoiceField(choices=RouteKind.choices)
    country = serializers.ChoiceField(choices=Country.choices)
    area = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2**63 - 1)
    reached_on = serializers.DateField(required=False, allow_null=True)


class GoalSerializer(serializers.ModelSerializer[SupportGoal]):
    """What the support is to reach."""

    class Meta:
        model = SupportGoal
        fields = ["id", "text", "due_on", "state"]


class StaySerializer(serializers.ModelSerializer[FacilityStay]):
    """A stay in a facility from a day to a day, both included; running while ``valid_to`` is empty."""

    facility = serializers.SlugRelatedField("name", read_only=True)  # type: ignore[var-annotated]

    class Meta:
        model = FacilityStay
        fields = ["id", "facility", "valid_from", "valid_to"]


class FollowUpSerializer(serializers.ModelSerializer[FollowUp]):
    """Something to be done for the person by a day; open while ``done_on`` is empty."""

    class Meta:
        model = FollowUp
        fields = ["id", "kind", "due_on", "done_on"]


class ConsentSerializer(serializers.ModelSerializer[Consent]):
    """A consent for one purpose; it stands while ``withdrawn_on`` is empty."""

    class Meta:
        model = Consent
        fields = ["id", "purpose", "given_on", "how", "given_by", "withdrawn_on"]


class LinkedPersonSerializer(serializers.ModelSerializer[VictimPerson]):
    """The part that a person of the case had in what was done to the victim."""

    case = serializers.CharField(source="person.case.code")
    person = serializers.IntegerField(source="person_id")
    label: Any = serializers.CharField(source="person.label")

    class Meta:
        model = VictimPerson
        fields = ["id", "case", "person", "label", "part"]


class TransferSerializer(serializers.ModelSerializer[Transfer]):
    """A request to take a person over: all that the receiving agency sees until it accepts."""

    code = serializers.CharField(source="shown_code")
    sex = serializers.CharField(source="shown_sex")
    age_band = serializers.CharField(source="shown_age_band")
    needs = serializers.ListField(child=serializers.CharField(), source="shown_needs")
    from_agency = AgencySummary()
    to_agency = AgencySummary()

    class Meta:
        model = Transfer
        fields = [
            *("key", "state", "code", "sex", "age_band", "needs", "from_agency", "to_agency", "reason"),
            *("urgent_reason", "asked_at", "answered_at", "answer_reason"),
        ]
