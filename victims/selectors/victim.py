"""Files a person may see, and what stands on them."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Min, Q
from django.http import Http404, HttpRequest

from accounts.models import ReadEvent, User
from accounts.reading import record_reads
from accounts.scoping import Person, scope_of
from incidents.models import Case
from territory.models import Agency, Area
from victims.models import CODE_PATTERN, FollowUp, SupportCase, Transfer, Victim, VictimAttachment

_CODE = re.compile(CODE_PATTERN, re.ASCII)


def person(request: HttpRequest, *, verb: str = "victim.read") -> User:
    """Who asks. Raises PermissionDenied for a role that has nothing to do with victims."""
    user = request.user
    if not isinstance(user, User) or not scope_of(user).may(verb):
        raise PermissionDenied
    return user


def get_victim(request: HttpRequest, code: str, *, needs: str = "victim.read") -> Victim:
    """The victim in own care, found and allowed, with its unit; the read is recorded. Raises as `find_victim`."""
    victim = find_victim(request.user, code, needs=needs)
    record_reads(actor=person(request, verb=needs), records=[victim], how=ReadEvent.How.PAGE)
    return victim


def find_victim(user: Person, code: str, *, needs: str = "victim.read") -> Victim:
    """The victim in own care, found and allowed, with its unit.

    Raises Http404 when there is none, when it is in another agency's care, and when the person lacks the verb
    ``needs`` over it: an answer never tells which.
    """
    if not isinstance(user, User) or not _CODE.fullmatch(code):
        raise Http404
    found = Victim.objects.visible_to(user).filter(scope_of(user).rows(own=needs), code=code)
    victim: Victim | None = found.select_related("agency", "area", "related_to").first()
    if victim is None:
        raise Http404
    return victim


def get_attachment(victim: Victim, key: UUID) -> VictimAttachment:
    """An attachment of a victim whose identity is open to the reader. Raises Http404."""
    found: VictimAttachment | None = victim.attachments.filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def linked_persons(user: User, victim: Victim) -> Any:
    """The persons linked to a victim, in the cases this reader may see."""
    cases = Case.objects.visible_to(user).order_by().values("pk")
    return victim.persons.filter(person__case__in=cases).select_related("person__case")


def find_own(user: User, code: str) -> Victim | None:
    """The victim of own care with this code, typed in any case."""
    found: Victim | None = Victim.objects.visible_to(user).filter(code=code.strip().upper()).first()
    return found


def units_of(user: Person, verb: str = "victim.write") -> list[tuple[Agency, Area]]:
    """The units for which a person keeps files."""
    return [(grant.membership.agency, grant.area) for grant in scope_of(user).having(verb)]


def get_transfer(request: HttpRequest, key: Any) -> Transfer:
    """A transfer of own agency, either way. Raises Http404."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    found = Transfer.objects.visible_to(user).filter(key=key)
    transfer: Transfer | None = found.select_related(
        "from_agency__area", "to_agency__area", "asked_by", "answered_by"
    ).first()
    if transfer is None:
        raise Http404
    return transfer


@dataclass(frozen=True)
class DayOfWork:
    """What is to be done on a day."""

    day: dt.date
    follow_ups: list[FollowUp]


def caseload(user: User) -> Any:
    """The open support cases of a case worker, with the next follow-up's day as an attribute."""
    return (
        SupportCase.objects.filter(worker=user, victim__in=Victim.objects.visible_to(user))
        .exclude(state=SupportCase.State.CLOSED)
        .select_related("victim")
        .annotate(next_on=Min("victim__follow_ups__due_on", filter=Q(victim__follow_ups__done_on=None)))
        .order_by("next_on", "opened_on", "id")
    )


def calendar(user: User, *, until: dt.date) -> Iterator[DayOfWork]:
    """Open follow-ups of own cases, day by day, the late ones first."""
    rows = (
        FollowUp.objects.open()
        .filter(victim__support__worker=user, victim__in=Victim.objects.visible_to(user), due_on__lte=until)
        .select_related("victim")
        .order_by("due_on", "id")
    )
    for day, follow_ups in groupby(rows, key=lambda row: row.due_on):
        yield DayOfWork(day, list(follow_ups))
