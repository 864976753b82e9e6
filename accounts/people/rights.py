"""Who may give and take which roles, and which people an administrator knows."""

from typing import Any

from django.db.models import Q

from accounts.models import Membership, Role, RoleRequest, User
from accounts.scoping import VERBS, scope_of
from territory.models import Agency, Area, paths_above

MANAGE = "people.manage"

#: Verbs that reach names of people in cases, or that hand out roles.
_GRAVE = frozenset({"identity.open", "case.read", MANAGE})


def takes_two(role: str) -> bool:
    """Whether a role is given by two administrators only."""
    return bool(VERBS[role] & _GRAVE)


def may_manage_people(user: User) -> bool:
    return scope_of(user).may(MANAGE)


def administrators_of(area: Area | None) -> list[User]:
    """The administrators of an area and of those around it, today; without one, all there are."""
    held = Membership.objects.current().filter(role=Role.ADMINISTRATOR, user__is_active=True)
    if area is not None:
        held = held.filter(area__path__in=paths_above(area.path))
    return list({each.user_id: each.user for each in held.select_related("user")}.values())


def may_give(actor: User, agency: Agency, area: Area) -> bool:
    """Whether roles at this agency for this area are the actor's to give."""
    return any(
        grant.area.contains(area) and grant.area.contains(agency.area)
        for grant in scope_of(actor).having(MANAGE)
    )


def agencies_given_by(actor: User) -> Any:
    """The agencies at which the actor gives roles, those that have ended too."""
    agencies = Agency.objects.none()
    for grant in scope_of(actor).having(MANAGE):
        agencies |= Agency.objects.filter(area__path__startswith=grant.area.path)
    return agencies.select_related("area").order_by("area__path", "sort_key")


def areas_given_by(actor: User) -> Any:
    """The areas for which the actor gives roles: of communes, only the own one."""
    return scope_of(actor).areas(MANAGE)


def people_seen_by(actor: User) -> Any:
    """Everybody who has, had or is to have a role in the administrator's areas. No rows for anybody else."""
    own = scope_of(actor).rows(every=MANAGE)
    return User.objects.filter(
        Q(pk__in=Membership.objects.filter(own).values("user"))
        | Q(pk__in=RoleRequest.objects.filter(own).values("user"))
    )


def is_wholly_within(actor: User, person: User) -> bool:
    """Whether all roles the person holds today are in the actor's areas: then the account is the actor's to close."""
    held = list(Membership.objects.current().filter(user=person))
    return all(may_give(actor, each.agency, each.area) for each in held)


def requests_seen_by(actor: User) -> Any:
    """The requests for roles in the administrator's areas."""
    own = scope_of(actor).rows(every=MANAGE)
    return RoleRequest.objects.filter(own).select_related("user", "agency", "area", "asked_by", "decided_by")


def may_decide(actor: User, request: RoleRequest) -> bool:
    """Whether the actor is the second pair of eyes: an administrator there, not who asked, not whom it is for."""
    return (
        request.state == RoleRequest.State.ASKED
        and actor.pk not in (request.asked_by_id, request.user_id)
        and may_give(actor, request.agency, request.area)
    )
