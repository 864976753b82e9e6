"""What an administrator does with agencies. Each change is in the history of the agency and in the trail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEvent, User
from accounts.scoping import scope_of
from accounts.services import record_event
from territory.agencies import (
    DutyNotHeld,
    KindNotValid,
    NoSuccessorArea,
    PredecessorNotStanding,
    SuccessionRefused,
    SuccessorExists,
    SuccessorNotStanding,
    end_agency,
    found_agency,
    merge_agency,
    refuse_founding,
    succeed_agency,
)
from territory.models import Agency, AgencyKind, Area, Duty
from territory.text import normalise

MANAGE = "agency.manage"

#: At which field of a form a refusal stands, and what it says.
_SAID: dict[type[SuccessionRefused], tuple[str, Any]] = {
    PredecessorNotStanding: (
        "on",
        _("The agency does not exist on the day before. Choose a day between its first and last."),
    ),
    SuccessorNotStanding: (
        "successor",
        _("That agency does not exist on that day, or is this very one. Choose another."),
    ),
    KindNotValid: ("kind", _("There are no agencies of this kind on that day.")),
    NoSuccessorArea: ("area", _("The area does not exist on that day. Choose the one of that day.")),
    SuccessorExists: (
        "name",
        _("The area has such an agency already. Choose another name, or merge into that agency."),
    ),
    DutyNotHeld: ("duties", _("The agency does not hold that duty.")),
}


def may_keep(actor: User, area: Area) -> bool:
    """Whether the agencies of an area are the actor's to keep."""
    return scope_of(actor).may_in(MANAGE, area)


def agencies_kept_by(actor: User) -> Any:
    """The agencies of the administrator's areas, whenever they existed. No rows for anybody else."""
    return Agency.objects.filter(scope_of(actor).rows(every=MANAGE)).select_related("kind", "area")


def areas_kept_by(actor: User) -> Any:
    """Today's areas that an administrator may give an agency to, from the nation down; communes by their own keeper."""
    return scope_of(actor).areas(MANAGE).filter(_not_ended())


def kinds_today() -> Any:
    """The kinds of which an agency can be added."""
    return AgencyKind.objects.filter(_not_ended())


def _not_ended() -> Q:
    return Q(valid_to=None) | Q(valid_to__gte=timezone.localdate())


def check_opening(*, actor: User, kind: AgencyKind, area: Area, name: str, on: dt.date) -> None:
    """Refuse what ``open_agency`` refuses, and change nothing. Raises PermissionDenied, ValidationError by field."""
    _refuse_unless_kept(actor, area)
    with _said_at_a_field():
        refuse_founding(kind=kind, area=area, name=name, on=on)


def open_agency(
    *,
    actor: User,
    kind: AgencyKind,
    area: Area,
    name: str,
    on: dt.date,
    symbol: str = "",
    duties: Collection[Duty] = (),
) -> Agency:
    """Add an agency that succeeds none. Raises PermissionDenied, ValidationError by field."""
    with _changing(actor, area):
        made = found_agency(kind=kind, area=area, name=name, symbol=symbol, on=on, duties=duties)
        _note(actor, made, "opened")
    return made


def correct_agency(*, actor: User, agency: Agency, name: str, symbol: str) -> Agency:
    """Put a misspelt name or symbol right, for all days. Raises PermissionDenied, ValidationError by field."""
    with _changing(actor, agency.area):
        held: Agency = Agency.objects.select_for_update().get(pk=agency.pk)
        held.name, held.symbol = normalise(name).strip(), normalise(symbol).strip()
        rivals = Agency.objects.filter(area=held.area_id, kind=held.kind_id, name=held.name).exclude(
            pk=held.pk
        )
        rivals = rivals.filter(Q(valid_to=None) | Q(valid_to__gte=held.valid_from))
        if held.valid_to is not None:
            rivals = rivals.filter(valid_from__lte=held.valid_to)
        if rivals.exists():
            raise SuccessorExists(held.name)
        held.save(update_fields=["name", "symbol"])
        _note(actor, held, "corrected")
    return held


def rename_agency(*, actor: User, agency: Agency, name: str, on: dt.date) -> Agency:
    """Give an agency a new name from a day on: a new agency that takes over all duties. Earlier days keep the old name.

    Raises PermissionDenied, ValidationError by field.
    """
    with _changing(actor, agency.area):
        made = succeed_agency(predecessor=agency, successor_kind=agency.kind, name=name, on=on, duties=())
        _note(actor, agency, "renamed", successor=made.pk)
    return made


def merge_into(*, actor: User, agency: Agency, successor: Agency, on: dt.date) -> Agency:
    """Let an agency end and another that stands take over its duties from a day on.

    Raises PermissionDenied, ValidationError by field.
    """
    if not may_keep(actor, successor.area):
        raise PermissionDenied("the successor is not the actor's to keep")
    with _changing(actor, agency.area):
        merge_agency(predecessor=agency, successor=successor, on=on)
        _note(actor, agency, "merged", successor=successor.pk)
    return successor


def close_agency(*, actor: User, agency: Agency, last_day: dt.date) -> Agency:
    """Let an agency and its duties end with a day. What it filed stays. Raises PermissionDenied, ValidationError."""
    with _changing(actor, agency.area):
        end_agency(agency=agency, last_day=last_day)
        _note(actor, agency, "closed")
    return agency


@contextmanager
def _changing(actor: User, area: Area) -> Iterator[None]:
    """One change, in one transaction, by who may make it; what the calendar refuses is said at a field."""
    _refuse_unless_kept(actor, area)
    with _said_at_a_field(), transaction.atomic(), pghistory.context(user=actor.pk):
        yield


def _refuse_unless_kept(actor: User, area: Area) -> None:
    if not may_keep(actor, area):
        raise PermissionDenied("the agency is not the actor's to keep")


@contextmanager
def _said_at_a_field() -> Iterator[None]:
    try:
        yield
    except SuccessionRefused as refusal:
        field, said = _SAID[type(refusal)]
        raise ValidationError({field: str(said)}) from refusal


def _note(actor: User, agency: Agency, what: str, **detail: int) -> None:
    record_event(
        actor=actor,
        kind=AuditEvent.Kind.AGENCY_CHANGED,
        about=f"territory.agency:{agency.pk}",
        detail={"what": what, **detail},
    )
