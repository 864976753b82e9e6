"""What waits for a head's approval, with what to look at twice."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, Role, User
from accounts.scoping import scope_of
from programs.models import Activity
from programs.selectors.approval import is_own
from programs.selectors.quantity import QUANTITY_ROWS, Quantity

#: Days after its last day from which an activity counts as reported late.
LATE_DAYS = 60


@dataclass(frozen=True)
class WaitingRow:
    """One activity that waits, with its figures and what is unusual about it."""

    activity: Activity
    quantities: list[Quantity]
    warnings: list[str]
    #: The reader filed it, and there is another head to decide.
    leaves_to_another: bool

    @property
    def choice(self) -> str:
        """What a tick stands for: this activity as it was seen."""
        return f"{self.activity.pk}:{self.activity.version}"


def may_approve_somewhere(user: User) -> bool:
    return scope_of(user).may("activity.approve")


def waiting_activities(user: User) -> "QuerySet[Activity]":
    """What waits for the person, the longest waiting first."""
    found: QuerySet[Activity] = (
        Activity.objects.waiting_for(user)
        .select_related("agency", "area__district", "submitted_by")
        .annotate(quantity_rows=QUANTITY_ROWS)
        .defer("narrative", "search_text", "sort_key", "area__search_text", "agency__search_text")
        .order_by("submitted_at", "pk")
    )
    return found


def waiting_rows(user: User, activities: Sequence[Any]) -> list[WaitingRow]:
    """The rows of one page of the queue. Two queries, however many rows."""
    others = _other_heads(user)
    twins = _same_again(user, activities)
    rows = []
    for activity in activities:
        quantities = [Quantity.from_columns(row) for row in activity.quantity_rows]
        is_left = is_own(user, activity) and any(_reaches(each, activity) for each in others)
        rows.append(WaitingRow(activity, quantities, _warnings(activity, quantities, twins), is_left))
    return rows


def _warnings(activity: Activity, quantities: Sequence[Quantity], twins: set[int]) -> list[str]:
    warnings = []
    if not quantities:
        warnings.append(_("No figures were given."))
    if activity.pk in twins:
        warnings.append(_("Another activity has the same title, days, agency and area: is it the same one?"))
    if activity.is_cumulative:
        warnings.append(_("Its figures were gathered over a long time and may hold those of others."))
    submitted_on = timezone.localdate(activity.submitted_at) if activity.submitted_at else activity.ended_on
    days = (submitted_on - activity.ended_on).days
    if days > LATE_DAYS:
        warnings.append(_("It was submitted %(days)d days after it ended.") % {"days": days})
    if activity.return_reason:
        warnings.append(_("It was returned before: %(reason)s") % {"reason": activity.return_reason})
    return warnings


def _other_heads(user: User) -> list[Membership]:
    """The memberships of other heads of the person's units."""
    agencies = {grant.membership.agency_id for grant in scope_of(user).having("activity.approve")}
    held = Membership.objects.valid_on(dt.date.today()).filter(
        agency__in=agencies, role=Role.HEAD_OF_UNIT, user__is_active=True
    )
    return list(held.exclude(user=user).select_related("area"))


def _reaches(membership: Membership, activity: Activity) -> bool:
    return membership.agency_id == activity.agency_id and membership.area.contains(activity.area)


def _same_again(user: User, activities: Iterable[Activity]) -> set[int]:
    """The keys of those of which there is another one with the same title, days, agency and area."""

    def content(row: Any) -> tuple[Any, ...]:
        return (row["title"], row["agency"], row["area"], row["started_on"], row["ended_on"])

    shown = {
        activity.pk: (
            activity.title,
            activity.agency_id,
            activity.area_id,
            activity.started_on,
            activity.ended_on,
        )
        for activity in activities
    }
    if not shown:
        return set()
    found = Activity.objects.visible_to(user).filter(
        agency__in={key[1] for key in shown.values()},
        ended_on__in={key[4] for key in shown.values()},
        title__in={key[0] for key in shown.values()},
    )
    keys: dict[tuple[Any, ...], int] = {}
    for row in found.order_by().values("title", "agency", "area", "started_on", "ended_on")[:2_000]:
        keys[content(row)] = keys.get(content(row), 0) + 1
    return {pk for pk, key in shown.items() if keys.get(key, 0) > 1}
