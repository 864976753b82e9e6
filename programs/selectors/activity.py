"""Activities a person may see, and sums over them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.http import Http404, HttpRequest

from accounts.models import User
from accounts.scoping import scope_of
from programs.models import Activity, ActivityKind, ActivityQuantity, Measure
from programs.selectors.quantity import print_figure, sums_by_measure
from territory.collation import ViParts, parts_of
from territory.figure import Figure
from territory.models import Agency, Area

READING_VERBS = ("activity.read", "activity.read_all")


def may_read_activities(user: User) -> bool:
    return any(scope_of(user).may(verb) for verb in READING_VERBS)


def person(request: HttpRequest) -> User:
    """Who asks. Raises PermissionDenied for somebody who is not signed in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def get_activity(request: HttpRequest, pk: int, *, needs: str = "read") -> Activity:
    """The activity, found and allowed, with its agency and area.

    ``needs`` is "read" or "write". Raises Http404 when there is none, when the person may not see it, and
    when the person may see but not change it: an answer never tells which.
    """
    user = person(request)
    found = Activity.objects.visible_to(user).select_related(
        "agency", "area__district", "filed_by", "submitted_by", "decided_by"
    )
    if needs == "write":
        found = found.filter(scope_of(user).rows(own="activity.write"))
    activity: Activity | None = found.filter(pk=pk).first()
    if activity is None:
        raise Http404
    return activity


#: The newest rows that are looked at to tell whether words are common, and how many of them then hold the words.
_LOOKED_AT, _MANY = 400, 4


def by_rarity(visible: Any, found: Any, words: Sequence[str]) -> list[Any]:
    """What is found for folded words, as two queries of which the database runs one and passes over the other.

    Rare words are found by the index over their parts. Where many rows hold the words it would give nearly all of
    them, which takes seconds, so these are looked for as without it; the newest of the ``visible`` rows tell which it
    is. Words that are too short to have parts are found by one query.
    """
    parts = parts_of(words)
    if not parts:
        return [found]
    newest = visible.order_by("-ended_on", "-pk")[:_LOOKED_AT].values("pk")
    held = Q()
    for word in words:
        held &= Q(search_text__contains=word)
    looked_at = Activity.objects.unscoped("of rows that are visible it is told how common words are")
    are_common = Exists(looked_at.filter(held, pk__in=newest).order_by()[_MANY - 1 : _MANY])
    rare = found.alias(_parts=ViParts("search_text")).filter(~are_common, _parts__contains=parts)
    return [found.filter(are_common), rare]


@dataclass(frozen=True)
class FilterAgencies:
    """The agencies a list of activities can be narrowed to: who filed them, and who may have taken part."""

    filing: list[Agency]
    taking_part: list[Agency]


def areas_read(user: User) -> list[Area]:
    """The areas of the memberships by which the person reads activities, each once."""
    scope = scope_of(user)
    return list(
        {grant.area.pk: grant.area for verb in READING_VERBS for grant in scope.having(verb)}.values()
    )


def asked_of_agencies(user: User) -> "QuerySet[Agency]":
    """What reads the agencies whose activities the person may see, and those of the same provinces."""
    reach = Q(pk__in={grant.membership.agency_id for grant in scope_of(user).having("activity.read")})
    for area in areas_read(user):
        reach |= (
            Q(area__province=area.province_id) if area.province_id else Q(area__path__startswith=area.path)
        )
    columns = ("name", "valid_from", "valid_to", "sort_key", "area__path")
    return Agency.objects.filter(reach).select_related("area").only(*columns)


def agencies_of_activities(user: User, read: Iterable[Agency]) -> FilterAgencies:
    """The agencies whose activities the person may see, and those which can be partners, of what was read."""
    scope = scope_of(user)
    own = {grant.membership.agency_id for grant in scope.having("activity.read")}
    wholes = [grant.area for grant in scope.having("activity.read_all")]
    found = list(read)
    filing = [
        agency
        for agency in found
        if agency.pk in own or any(agency.area.path.startswith(area.path) for area in wholes)
    ]
    return FilterAgencies(filing, found)


#: Kinds in the order in which they are declared, which is the order of the report.
KIND_RANK = Case(
    *(When(kind=kind, then=Value(rank)) for rank, kind in enumerate(ActivityKind.values)),
    output_field=IntegerField(),
)


@dataclass(frozen=True)
class MeasureTotal:
    measure: Measure
    figure: Figure

    def __str__(self) -> str:
        return print_figure(self.figure, str(self.measure.label))


@dataclass(frozen=True)
class ActivityTotals:
    """How many activities, how many of them gather figures over years, and a sum for each measure.

    ``elsewhere`` of them took place in the area that was asked for but count in a larger one: they are in no sum.
    """

    count: int = 0
    cumulative: int = 0
    elsewhere: int = 0
    sums: tuple[MeasureTotal, ...] = ()


def activity_counts(activities: Any, counted: Q | None = None, *, up_to: int | None = None) -> ActivityTotals:
    """How many a queryset of activities holds, without sums; of more than ``up_to``, one more than that. One query."""
    found = (
        activities.order_by()
        .annotate(is_elsewhere=_is_not(counted))
        .values("pk", "is_cumulative", "is_elsewhere")
    )
    numbers: dict[str, Any] = (found if up_to is None else found[: up_to + 1]).aggregate(
        count=Count("pk"),
        cumulative=Count("pk", filter=Q(is_cumulative=True)),
        elsewhere=Count("pk", filter=Q(is_elsewhere=True)),
    )
    return ActivityTotals(**numbers)


def _is_not(counted: Q | None) -> Any:
    return Value(False) if counted is None else ExpressionWrapper(~counted, output_field=BooleanField())


def with_sums(counts: ActivityTotals, activities: Any, counted: Q | None = None) -> ActivityTotals:
    """The totals of activities that were counted already. One query. Sums stay as qualified as their parts.

    With ``counted``, only those that fit it are summed; the others are told by their number.
    """
    if not counts.count:
        return counts
    summed = activities.filter(counted) if counted is not None else activities
    sums = sums_by_measure(ActivityQuantity.objects.filter(activity__in=summed.order_by().values("pk")))
    totals = tuple(MeasureTotal(measure, sums[measure].figure()) for measure in Measure if measure in sums)
    return replace(counts, sums=totals)
