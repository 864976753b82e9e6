"""The guards: who asks, and the tip, case or person they ask for, found and allowed or 404."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from accounts.models import User
from accounts.scoping import scope_of
from incidents.models import Campaign, Case, CaseFile, Group, PersonInCase, Tip, TipFile, WantedPerson
from territory.models import Agency, Area


def reader(request: HttpRequest, verb: str) -> User:
    """Who asks. Raises PermissionDenied for somebody who has the verb nowhere."""
    if not isinstance(request.user, User) or not scope_of(request.user).may(verb):
        raise PermissionDenied
    return request.user


def person(request: HttpRequest) -> User:
    """Who asks. Raises PermissionDenied for somebody who is not signed in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _one(queryset: Any, user: User, pk: int, verb: str, needs: str) -> Any:
    if needs == "write":
        queryset = queryset.filter(scope_of(user).rows(own=f"{verb}.write"))
    found = queryset.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_tip(request: HttpRequest, pk: int, *, needs: str = "read") -> Tip:
    """The tip, with what its page shows. Raises Http404 when there is none, or not for this person."""
    user = person(request)
    found = Tip.objects.visible_to(user).select_related("agency", "area", "offence", "assigned_to", "case")
    tip: Tip = _one(found, user, pk, "tip", needs)
    return tip


def get_case(request: HttpRequest, pk: int, *, needs: str = "read") -> Case:
    """The case, with what its page shows. Raises Http404 when there is none, or not for this person: also when it is
    sealed and the person is not one of its readers."""
    user = person(request)
    found = Case.objects.visible_to(user).select_related("agency", "area", "campaign", "investigator")
    case: Case = _one(found, user, pk, "case", needs)
    return case


def get_case_file(request: HttpRequest, pk: int, key: UUID, *, needs: str = "read") -> CaseFile:
    """A file of a case the reader may read, or write. Raises Http404."""
    file: CaseFile | None = get_case(request, pk, needs=needs).files.filter(pk=key).first()
    if file is None:
        raise Http404
    return file


def get_tip_file(request: HttpRequest, pk: int, key: UUID, *, needs: str = "read") -> TipFile:
    """A file of a tip the reader may read, or write. Raises Http404."""
    file: TipFile | None = get_tip(request, pk, needs=needs).files.filter(pk=key).first()
    if file is None:
        raise Http404
    return file


def get_person(request: HttpRequest, pk: int) -> PersonInCase:
    """A person in a case the reader may write. Raises Http404."""
    user = person(request)
    cases = Case.objects.visible_to(user).filter(scope_of(user).rows(own="case.write"))
    found = PersonInCase.objects.select_related("case__agency", "case__area", "group").filter(
        pk=pk, case__in=cases.order_by().values("pk")
    )
    one = found.first()
    if one is None:
        raise Http404
    return one


def get_wanted(request: HttpRequest, pk: int) -> WantedPerson:
    """A wanted person in a case the reader may write. Raises Http404."""
    user = person(request)
    cases = Case.objects.visible_to(user).filter(scope_of(user).rows(own="case.write"))
    found: WantedPerson | None = (
        WantedPerson.objects.visible_to(user)
        .select_related("person__case__agency", "person__case__area")
        .filter(pk=pk, person__case__in=cases.order_by().values("pk"))
        .first()
    )
    if found is None:
        raise Http404
    return found


def get_campaign(request: HttpRequest, pk: int, *, needs: str = "read") -> Campaign:
    """The campaign. Raises Http404."""
    user = person(request)
    campaign: Campaign = _one(
        Campaign.objects.visible_to(user).select_related("agency", "area"), user, pk, "case", needs
    )
    return campaign


def get_group(request: HttpRequest, pk: int) -> Group:
    """The group. Raises Http404."""
    user = person(request)
    group: Group = _one(Group.objects.visible_to(user).select_related("agency"), user, pk, "case", "read")
    return group


def writing_agencies(user: User, verb: str) -> list[tuple[Agency, Area]]:
    """The agencies for which a person writes, each with the area the right is for."""
    seen: dict[tuple[int, int], tuple[Agency, Area]] = {}
    for grant in scope_of(user).having(verb):
        seen[grant.membership.agency_id, grant.area.pk] = (grant.membership.agency, grant.area)
    return list(seen.values())
