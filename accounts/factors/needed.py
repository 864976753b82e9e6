"""Who needs a second factor, and whether a session has shown one."""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from accounts.models import Role, User
from accounts.scoping import scope_of

#: Roles that reach files of cases and victims, or keep what everybody works with.
ROLES_WITH_FACTOR: frozenset[str] = frozenset(
    {Role.HEAD_OF_UNIT, Role.CASE_WORKER, Role.INVESTIGATOR, Role.ADMINISTRATOR}
)

#: What stands beside a password. Recovery codes are for the day on which these are lost.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def needs_factor(user: User) -> bool:
    """Whether a current membership of the person asks for a second factor."""
    return any(grant.membership.role in ROLES_WITH_FACTOR for grant in scope_of(user).grants)


def factors_of(user: User) -> list[str]:
    """The kinds of second factors that the person has."""
    kinds = Authenticator.objects.filter(user=user, type__in=FACTORS).values_list("type", flat=True)
    return list(kinds.distinct())


def is_shown_in(request: HttpRequest) -> bool:
    """Whether the person signed in with a second factor, or showed one since, in this session."""
    assert isinstance(request.user, User)
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)
