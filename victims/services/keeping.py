"""Requests of people about their own data, facilities and their places, and how long data is kept."""

import datetime as dt
from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEvent, User
from accounts.scoping import scope_of
from accounts.services import record_event
from territory.models import Agency, Area
from territory.text import normalise
from territory.working_days import last_day_of_term
from victims.models import DataRequest, Facility, RetentionRule, Victim
from victims.services.erasure import count_past
from victims.services.rights import clean_words, require_past, require_unit

#: Working days within which a request of a person about their own data gets its first answer.
WORKING_DAYS = 2


@transaction.atomic
def receive_data_request(
    *,
    actor: User,
    agency: Agency,
    area: Area,
    kind: str,
    received_on: dt.date,
    victim: Victim | None = None,
) -> DataRequest:
    """Enter a request; its clock runs from the day it came in. Raises ValidationError by field, PermissionDenied."""
    require_unit(actor, agency, area)
    require_past(received_on=received_on)
    if victim is not None and victim.agency_id != agency.pk:
        raise ValidationError({"victim": _("That victim is not in the care of your unit.")})
    with pghistory.context(user=actor.pk):
        made: DataRequest = DataRequest.objects.create(
            agency=agency,
            area=area,
            kind=kind,
            received_on=received_on,
            due_on=last_day_of_term(received_on, WORKING_DAYS),
            victim=victim,
        )
    return made


@transaction.atomic
def answer_data_request(
    *, actor: User, request: DataRequest, state: str, answer: str, answered_on: dt.date | None = None
) -> DataRequest:
    """Write down the answer. Raises ValidationError by field, PermissionDenied."""
    rows = DataRequest.objects.unscoped("locked; the right is asked for next").select_for_update(of=("self",))
    current: DataRequest = rows.select_related("agency", "area", "victim").get(pk=request.pk)
    require_unit(actor, current.agency, current.area)
    require_past(answered_on=answered_on)
    if current.state != DataRequest.State.OPEN:
        raise ValidationError(_("This request was answered already. Open the page again."))
    words = (
        clean_words(current.victim, answer=answer)
        if current.victim
        else {"answer": normalise(answer).strip()}
    )
    current.state, current.answer = state, words["answer"]
    current.answered_on = answered_on or timezone.localdate()
    current.answered_by = actor
    with pghistory.context(user=actor.pk):
        current.save(update_fields=["state", "answer", "answered_on", "answered_by"])
    return current


@transaction.atomic
def set_capacity(*, actor: User, facility: Facility, capacity: int | None) -> Facility:
    """Say how many places a facility has. Raises PermissionDenied when another agency runs it."""
    require_unit(actor, facility.agency, facility.area)
    facility.capacity = capacity
    with pghistory.context(user=actor.pk):
        facility.save(update_fields=["capacity"])
    return facility


@transaction.atomic
def open_facility(
    *, actor: User, agency: Agency, area: Area, name: str, valid_from: dt.date, capacity: int | None = None
) -> Facility:
    """Enter a facility that own agency runs, from a day on. Raises PermissionDenied, ValidationError by field."""
    require_unit(actor, agency, area)
    require_past(valid_from=valid_from)
    name = normalise(name).strip()
    running = Facility.objects.valid_on(timezone.localdate()).filter(agency=agency, name__iexact=name)
    if running.exists():
        raise ValidationError({"name": _("Your agency has a facility of this name already.")})
    with pghistory.context(user=actor.pk):
        made: Facility = Facility.objects.create(
            agency=agency, area=area, name=name, valid_from=valid_from, capacity=capacity
        )
    return made


class RemovesEarlier(Exception):
    """A rule would make data go earlier than before. ``number`` is how many records fall under it today."""

    def __init__(self, number: int) -> None:
        super().__init__(f"{number} records fall under it today")
        self.number = number


@transaction.atomic
def set_retention(
    *,
    actor: User,
    rule: RetentionRule,
    months: int,
    basis: str,
    is_active: bool,
    agreed: int | None = None,
) -> RetentionRule:
    """Say how long a kind of data is kept, and whether the rule is in force; one in force names its legal basis.

    Nothing is destroyed by this: `erase_expired` does that, in all provinces. ``agreed`` is how many records the actor
    was told to fall under the rule and agreed to. Raises RemovesEarlier where data would go earlier than before and the
    actor was told of fewer or of none; PermissionDenied; ValidationError by field.
    """
    if not scope_of(actor).may("list.write"):
        raise PermissionDenied
    basis = normalise(basis).strip()
    if is_active and not basis:
        raise ValidationError({"basis": _("Name the decision or law that orders it.")})
    current: RetentionRule = RetentionRule.objects.select_for_update().get(pk=rule.pk)
    detail: dict[str, Any] = {
        "kind": current.kind,
        "months": [current.months, months],
        "is_active": [current.is_active, is_active],
    }
    if is_active and (not current.is_active or months < current.months):
        number = count_past(RetentionRule.Kind(current.kind), months, timezone.localdate())
        if agreed is None or agreed < number:
            raise RemovesEarlier(number)
        detail["records"] = number
    current.months, current.basis, current.is_active = months, basis, is_active
    with pghistory.context(user=actor.pk):
        current.save(update_fields=["months", "basis", "is_active"])
    about = f"{current._meta.label_lower}:{current.pk}"
    record_event(actor=actor, kind=AuditEvent.Kind.RETENTION_CHANGED, about=about, detail=detail)
    return current
