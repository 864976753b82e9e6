"""Supporting a victim: opening, planning, serving, following up, closing."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.changing import ChangedMeanwhile
from accounts.models import User
from accounts.row_scope import system_scope
from victims.models import (
    Facility,
    FacilityStay,
    FollowUp,
    SupportCase,
    SupportGoal,
    SupportService,
    Victim,
)
from victims.notices import tell_of_closure
from victims.services.rights import clean_words, locked, require, require_past
from victims.value_lists import Funding

State = SupportCase.State

#: What may follow on what. A head approves and returns; everything else is the case worker's.
TRANSITIONS: Mapping[str, Mapping[str, str]] = {
    State.OPEN: {"ask_closure": State.CLOSURE_ASKED},
    State.CLOSURE_ASKED: {"approve_closure": State.CLOSED, "return_closure": State.OPEN},
    State.CLOSED: {"reopen": State.OPEN},
}


class TransitionNotAllowed(ValidationError):
    """The support is not in a state from which this can be done."""


@transaction.atomic
def open_support(
    *,
    actor: User,
    victim: Victim,
    needs: Sequence[str],
    interpreter: str = "",
    opened_on: dt.date | None = None,
    version: int | None = None,
) -> SupportCase:
    """Begin the support, or change its needs while it is open. The actor becomes the case worker of a new one.

    Raises ChangedMeanwhile when ``version`` is given and is not the present one, 0 where nothing had begun.
    """
    current = locked(victim)
    require(actor, current)
    require_past(opened_on=opened_on)
    words = clean_words(current, interpreter=interpreter)
    with pghistory.context(user=actor.pk):
        support = SupportCase.objects.filter(victim=current).first()
        if version is not None and version != (support.version if support else 0):
            raise ChangedMeanwhile.since(current, version=support.version if support else 0)
        if support is None:
            return SupportCase.objects.create(
                victim=current,
                worker=actor,
                opened_on=opened_on or timezone.localdate(),
                needs=list(needs),
                **words,
            )
        _require_open(support)
        support.needs, support.interpreter = list(needs), words["interpreter"]
        support.version += 1
        support.save(update_fields=["needs", "interpreter", "version"])
    return support


@transaction.atomic
def add_goal(*, actor: User, victim: Victim, text: str, due_on: dt.date | None = None) -> SupportGoal:
    current = _in_support(actor, victim)
    words = clean_words(current, text=text)
    with pghistory.context(user=actor.pk):
        return SupportGoal.objects.create(victim=current, due_on=due_on, **words)


@transaction.atomic
def settle_goal(*, actor: User, goal: SupportGoal, state: SupportGoal.State) -> SupportGoal:
    require(actor, locked(goal.victim))
    goal.state = state
    with pghistory.context(user=actor.pk):
        goal.save(update_fields=["state"])
    return goal


@transaction.atomic
def add_service(
    *,
    actor: User,
    victim: Victim,
    kind: str,
    provider: str,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    amount: int | None = None,
    funding: str = Funding.LOCAL,
    facility: Facility | None = None,
) -> SupportService:
    """Write down a service. ``amount`` is in đồng. Raises ValidationError by field, PermissionDenied."""
    current = _in_support(actor, victim)
    require_past(starts_on=starts_on)
    if ends_on and ends_on < starts_on:
        raise ValidationError({"ends_on": _("The last day lies before the first day.")})
    words = clean_words(current, provider=provider)
    with pghistory.context(user=actor.pk):
        return SupportService.objects.create(
            victim=current,
            kind=kind,
            starts_on=starts_on,
            ends_on=ends_on,
            amount=amount,
            funding=funding,
            facility=facility,
            **words,
        )


@transaction.atomic
def begin_stay(
    *,
    actor: User,
    victim: Victim,
    facility: Facility,
    valid_from: dt.date,
    valid_to: dt.date | None = None,
) -> FacilityStay:
    """Take a person into a facility. Raises ValidationError by field: overlaps another stay, or no place is free."""
    current = _in_support(actor, victim)
    require_past(valid_from=valid_from)
    if valid_to and valid_to < valid_from:
        raise ValidationError({"valid_to": _("The last day lies before the first day.")})
    place = Facility.objects.select_for_update().get(pk=facility.pk)
    if not place.held_on(valid_from):
        raise ValidationError({"facility": _("This facility was not open on that day.")})
    if place.capacity is not None and occupancy(place, valid_from) >= place.capacity:
        raise ValidationError(
            {"facility": _("All %(places)d places are taken on that day.") % {"places": place.capacity}}
        )
    try:
        with transaction.atomic(), pghistory.context(user=actor.pk):
            return FacilityStay.objects.create(
                victim=current, facility=place, valid_from=valid_from, valid_to=valid_to
            )
    except IntegrityError:
        raise ValidationError(
            {"valid_from": _("The person stays in a facility on these days already. End that stay first.")}
        ) from None


@transaction.atomic
def end_stay(*, actor: User, stay: FacilityStay, on: dt.date) -> FacilityStay:
    """Raises ValidationError when the day lies before the first one."""
    require(actor, locked(stay.victim))
    require_past(on=on)
    if on < stay.valid_from:
        raise ValidationError({"on": _("The last day lies before the first day.")})
    stay.valid_to = on
    with pghistory.context(user=actor.pk):
        stay.save(update_fields=["valid_to"])
    return stay


def occupancy(facility: Facility, day: dt.date) -> int:
    """How many stay in a facility on a day, whichever agency cares for them: a number, no rows."""
    with system_scope("a number of people in a place names nobody"):
        taken: int = facility.stays.valid_on(day).count()
    return taken


@transaction.atomic
def plan_follow_up(*, actor: User, victim: Victim, kind: str, due_on: dt.date) -> FollowUp:
    current = _in_support(actor, victim)
    with pghistory.context(user=actor.pk):
        made: FollowUp = FollowUp.objects.create(victim=current, kind=kind, due_on=due_on)
    return made


@transaction.atomic
def finish_follow_up(*, actor: User, follow_up: FollowUp, on: dt.date | None = None) -> FollowUp:
    require(actor, locked(follow_up.victim))
    require_past(on=on)
    follow_up.done_on = on or timezone.localdate()
    with pghistory.context(user=actor.pk):
        follow_up.save(update_fields=["done_on"])
    return follow_up


def ask_closure(*, actor: User, victim: Victim, outcome: str) -> SupportCase:
    """Ask the head to approve the end of the support. Raises TransitionNotAllowed, PermissionDenied."""
    with transaction.atomic():
        require(actor, locked(victim))
        support = _move(
            actor, victim, "ask_closure", outcome=outcome, closure_asked_by=actor, return_reason=""
        )
        tell_of_closure(support)
    return support


def approve_closure(*, actor: User, victim: Victim) -> SupportCase:
    """End the support. Who asked for it does not approve it. Raises TransitionNotAllowed, PermissionDenied."""
    with transaction.atomic():
        require(actor, victim, "victim.approve")
        support = _locked_support(victim)
        if support.closure_asked_by_id == actor.pk:
            raise ValidationError(_("Somebody else has to approve what you asked for."))
        return _move(actor, victim, "approve_closure", closed_by=actor, closed_on=timezone.localdate())


def return_closure(*, actor: User, victim: Victim, reason: str) -> SupportCase:
    """Send a closure back with a reason. Raises TransitionNotAllowed, PermissionDenied, ValidationError."""
    with transaction.atomic():
        require(actor, victim, "victim.approve")
        words = clean_words(victim, reason=reason)
        return _move(actor, victim, "return_closure", outcome="", return_reason=words["reason"])


def reopen(*, actor: User, victim: Victim, reason: str) -> SupportCase:
    """Begin the support again, with a reason. Raises TransitionNotAllowed, PermissionDenied, ValidationError."""
    with transaction.atomic():
        require(actor, locked(victim))
        words = clean_words(victim, reason=reason)
        return _move(
            actor,
            victim,
            "reopen",
            outcome="",
            closed_on=None,
            closed_by=None,
            return_reason=words["reason"],
            worker=actor,
        )


def _move(actor: User, victim: Victim, step: str, **columns: Any) -> SupportCase:
    support = _locked_support(victim)
    try:
        support.state = TRANSITIONS[support.state][step]
    except KeyError:
        raise TransitionNotAllowed(
            _("The support is %(state)s: this cannot be done now. Open the page again."),
            params={"state": support.get_state_display()},
        ) from None
    for column, value in columns.items():
        setattr(support, column, value)
    support.version += 1
    with pghistory.context(user=actor.pk):
        support.save(update_fields=["state", "version", *columns])
    return support


def _locked_support(victim: Victim) -> SupportCase:
    support = SupportCase.objects.select_for_update().filter(victim=victim).first()
    if support is None:
        raise TransitionNotAllowed(_("The support has not begun yet."))
    return support


def _in_support(actor: User, victim: Victim) -> Victim:
    """The victim, locked, whose support is open. Raises PermissionDenied, TransitionNotAllowed."""
    current = locked(victim)
    require(actor, current)
    _require_open(_locked_support(current))
    return current


def _require_open(support: SupportCase) -> None:
    if support.state == State.CLOSED:
        raise TransitionNotAllowed(_("The support is closed. Open it again first."))
