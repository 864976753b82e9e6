"""Consents: given for one purpose, and taken back at once."""

import datetime as dt

import pghistory
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from victims.models import Consent, Victim
from victims.services.rights import locked, require, require_past


@transaction.atomic
def give_consent(
    *, actor: User, victim: Victim, purpose: str, given_on: dt.date, how: str, given_by: str
) -> Consent:
    """Write down a consent. For a person under 18 somebody gives it for them.

    Raises ValidationError by field, PermissionDenied.
    """
    current = locked(victim)
    require(actor, current)
    require_past(given_on=given_on)
    if current.is_under_18 and given_by == Consent.By.PERSON:
        raise ValidationError({"given_by": _("The person is under 18: say who gave the consent for them.")})
    try:
        with transaction.atomic(), pghistory.context(user=actor.pk):
            made: Consent = Consent.objects.create(
                victim=current, purpose=purpose, given_on=given_on, how=how, given_by=given_by
            )
    except IntegrityError:
        raise ValidationError({"purpose": _("There is a consent for this purpose already.")}) from None
    return made


@transaction.atomic
def withdraw_consent(*, actor: User, consent: Consent) -> Consent:
    """Take a consent back from now on. A second time changes nothing. Raises PermissionDenied."""
    require(actor, locked(consent.victim))
    if consent.withdrawn_on is None:
        consent.withdrawn_on = max(timezone.localdate(), consent.given_on)
        with pghistory.context(user=actor.pk):
            consent.save(update_fields=["withdrawn_on"])
    return consent


def has_consent(victim: Victim, purpose: Consent.Purpose) -> bool:
    """Whether a consent for the purpose stands."""
    return bool(Consent.objects.standing(purpose).filter(victim=victim).exists())
