"""Who decides about an activity, and what a person may do with it next."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accounts.models import Membership, Role, User
from accounts.scoping import scope_of
from accounts.together import Asked, Kept, read_together
from programs.models import Activity
from programs.selectors.rights import may_write_activity
from territory.models import Area, paths_above

State = Activity.State


def heads_of(agency_id: int, area: Area, today: dt.date | None = None) -> list[User]:
    """The active heads of an agency whose memberships reach the area today. One query."""
    return heads_among(*read_together(held_by_heads(agency_id, area, today)))


def held_by_heads(agency_id: int, area: Area, today: dt.date | None = None) -> Asked:
    """The memberships by which an agency's active heads reach the area today, by name."""
    return _held_by_heads(today or dt.date.today(), agency_id, tuple(paths_above(area.path)))


_held_by_heads = Kept(
    lambda today, agency, above: (
        Membership.objects.valid_on(today)
        .filter(agency=agency, role=Role.HEAD_OF_UNIT, user__is_active=True, area__path__in=above)
        .select_related("user")
        .order_by("user__full_name", "user_id")
    )
)


def heads_among(memberships: Iterable[Membership]) -> list[User]:
    """The people of the memberships, each once."""
    return list({membership.user_id: membership.user for membership in memberships}.values())


def may_decide(user: User, agency_id: int, area: Area) -> bool:
    """Whether the person heads this agency in this area."""
    return any(grant.reaches(agency_id, area) for grant in scope_of(user).having("activity.approve"))


def is_own(user: User, activity: Activity) -> bool:
    """Whether the person filed the activity, or vouched for it when it was submitted."""
    return user.pk in (activity.filed_by_id, activity.submitted_by_id)


def must_leave_to_another(user: User, activity: Activity, heads: Sequence[User]) -> bool:
    """Whether another head has to approve: nobody approves what he filed himself, unless he is the only head."""
    return is_own(user, activity) and any(head.pk != user.pk for head in heads)


def may_change(user: User, activity: Activity, heads: Sequence[User]) -> bool:
    """Whether the person may change what the activity holds.

    Its unit may until it is approved. An approved one is changed by a head, or by the unit if it has no head.
    """
    if not may_write_activity(user, activity.agency_id, activity.area):
        return False
    if activity.state != State.APPROVED:
        return True
    return not heads or may_decide(user, activity.agency_id, activity.area)


@dataclass(frozen=True)
class Steps:
    """What a person may do with an activity as it stands, for the buttons of its page."""

    change: bool
    submit: bool
    withdraw: bool
    approve: bool
    send_back: bool
    #: Another head has to approve, because this one filed it.
    leaves_to_another: bool
    #: Nobody in the portal heads the unit, so what it submits is approved at once.
    has_no_head: bool
    copy: bool

    @property
    def any_decision(self) -> bool:
        return self.submit or self.withdraw or self.approve or self.send_back


def steps_for(user: User, activity: Activity, heads: Sequence[User]) -> Steps:
    writes = may_write_activity(user, activity.agency_id, activity.area)
    decides = may_decide(user, activity.agency_id, activity.area)
    waits = activity.state == State.SUBMITTED
    is_left = must_leave_to_another(user, activity, heads)
    return Steps(
        change=may_change(user, activity, heads),
        submit=writes and activity.state in (State.DRAFT, State.RETURNED),
        withdraw=writes and waits and is_own(user, activity),
        approve=decides and waits and not is_left,
        send_back=decides and activity.state in (State.SUBMITTED, State.APPROVED),
        leaves_to_another=decides and waits and is_left,
        has_no_head=not heads,
        copy=writes,
    )
