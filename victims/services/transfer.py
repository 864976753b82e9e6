"""Handing a file to another agency: asked by one, answered by the other."""

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.row_scope import system_scope
from territory.models import Agency
from victims.models import Consent, SupportCase, Transfer, Victim
from victims.notices import tell_of_answer, tell_of_request
from victims.services.consent import has_consent
from victims.services.rights import clean_words, locked, require, require_unit
from victims.services.support import TransitionNotAllowed
from victims.value_lists import Circle

State = Transfer.State

TRANSITIONS = {State.ASKED: {"accept": State.ACCEPTED, "refuse": State.REFUSED, "withdraw": State.WITHDRAWN}}


@transaction.atomic
def ask_transfer(
    *, actor: User, victim: Victim, to_agency: Agency, reason: str, urgent_reason: str = ""
) -> Transfer:
    """Ask another agency to take a person over. It is shown the code, sex, age group and needs, and nothing else.

    Without a consent that stands this is refused, unless a reason says why it cannot wait; the head is told then.
    Raises ValidationError by field, PermissionDenied.
    """
    current = locked(victim)
    require(actor, current)
    words = clean_words(current, reason=reason, urgent_reason=urgent_reason)
    if to_agency.pk == current.agency_id:
        raise ValidationError({"to_agency": _("The person is in the care of this agency already.")})
    if not to_agency.held_on(timezone.localdate()) and current.agency.held_on(timezone.localdate()):
        raise ValidationError({"to_agency": _("This agency exists no more.")})
    if has_consent(current, Consent.Purpose.TRANSFER):
        words["urgent_reason"] = ""
    elif not words["urgent_reason"]:
        raise ValidationError(
            {
                "urgent_reason": _(
                    "The person has not agreed to a transfer. Write down their consent first, or say here"
                    " why it cannot wait."
                )
            }
        )
    support = SupportCase.objects.filter(victim=current).first()
    try:
        with transaction.atomic(), pghistory.context(user=actor.pk):
            transfer = Transfer.objects.create(
                victim=current,
                from_agency=current.agency,
                to_agency=to_agency,
                asked_by=actor,
                shown_code=current.code,
                shown_sex=current.sex,
                shown_age_band=current.age_band,
                shown_needs=support.needs if support else [],
                **words,
            )
    except IntegrityError:
        raise ValidationError(
            _("A transfer was asked for already. Wait for the answer, or take it back.")
        ) from None
    tell_of_request(transfer)
    made: Transfer = transfer
    return made


@transaction.atomic
def accept_transfer(*, actor: User, transfer: Transfer) -> Transfer:
    """Take the person over: the file goes to the actor's agency, and the sender sees it no more.

    The files of persons under 18 with them go along; relatives stay where they are. The actor becomes the case
    worker. Where the consent was taken back meanwhile nothing is handed over.
    Raises TransitionNotAllowed, PermissionDenied, ValidationError.
    """
    current = _locked(transfer)
    _require_receiver(actor, current)
    with system_scope("the file changes hands by the answer of the receiving agency"):
        rows = Victim.objects.unscoped("the file that is handed over").select_for_update(of=("self",))
        victim: Victim = rows.get(pk=current.victim_id)
        if not current.is_urgent and not has_consent(victim, Consent.Purpose.TRANSFER):
            raise ValidationError(
                _("The person took their consent back. The sending agency has to ask anew.")
            )
        _answer(actor, current, "accept", "")
        children = rows.filter(related_to=victim, circle=Circle.CHILD, agency=current.from_agency)
        with pghistory.context(user=actor.pk):
            for handed_over in (victim, *children):
                handed_over.agency, handed_over.area = current.to_agency, current.to_agency.area
                handed_over.version += 1
                handed_over.save(update_fields=["agency", "area", "version"])
                SupportCase.objects.filter(victim=handed_over).update(worker=actor)
    tell_of_answer(current)
    return current


@transaction.atomic
def refuse_transfer(*, actor: User, transfer: Transfer, reason: str) -> Transfer:
    """Raises TransitionNotAllowed, PermissionDenied, ValidationError by field."""
    current = _locked(transfer)
    _require_receiver(actor, current)
    with system_scope("the text is held against an identity the receiver does not see"):
        words = clean_words(current.victim, answer_reason=reason)
    if not words["answer_reason"]:
        raise ValidationError({"answer_reason": _("Say why your agency cannot take the person over.")})
    _answer(actor, current, "refuse", words["answer_reason"])
    tell_of_answer(current)
    return current


@transaction.atomic
def withdraw_transfer(*, actor: User, transfer: Transfer) -> Transfer:
    """Take a request back. Raises TransitionNotAllowed, PermissionDenied."""
    current = _locked(transfer)
    require(actor, current.victim)
    if current.victim.agency_id != current.from_agency_id:
        raise PermissionDenied
    _answer(actor, current, "withdraw", "")
    return current


def may_answer(actor: User, transfer: Transfer) -> bool:
    """Whether the actor answers for the agency that is asked."""
    try:
        _require_receiver(actor, transfer)
    except PermissionDenied:
        return False
    return True


def _require_receiver(actor: User, transfer: Transfer) -> None:
    require_unit(actor, transfer.to_agency, transfer.to_agency.area)


def _locked(transfer: Transfer) -> Transfer:
    rows = Transfer.objects.unscoped("locked; the right is asked for next").select_for_update(of=("self",))
    found: Transfer = rows.select_related("from_agency", "to_agency__area", "asked_by").get(pk=transfer.pk)
    return found


def _answer(actor: User, transfer: Transfer, step: str, reason: str) -> None:
    try:
        transfer.state = TRANSITIONS[State(transfer.state)][step]
    except KeyError:
        raise TransitionNotAllowed(_("This transfer was answered already. Open the page again.")) from None
    transfer.answered_by, transfer.answered_at = actor, timezone.now()
    transfer.answer_reason = reason
    with pghistory.context(user=actor.pk):
        transfer.save(update_fields=["state", "answered_by", "answered_at", "answer_reason"])
