"""Taking second factors away from a person who lost them: two administrators agree, and the person is told."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.factors.telling import tell, tell_all
from accounts.models import AuditEvent, FactorReset, Membership, Notice, User
from accounts.people.rights import administrators_of
from accounts.scoping import scope_of
from accounts.services import record_event
from accounts.sessions import end_sessions

RESET = "factor.reset"
#: Characters of the shortest reason.
SHORTEST_REASON = 10


def people_kept_by(actor: User) -> models.QuerySet[User]:
    """Whose second factors an administrator may take away with another: of all in the own areas, but not the own."""
    held = Membership.objects.none()
    for grant in scope_of(actor).having(RESET):
        held |= Membership.objects.current().filter(area__path__startswith=grant.area.path)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).exclude(pk=actor.pk)


def resets_waiting_for(actor: User) -> models.QuerySet[FactorReset]:
    """The requests that wait, of people the actor keeps."""
    waiting = FactorReset.objects.filter(state=FactorReset.State.ASKED, person__in=people_kept_by(actor))
    return waiting.select_related("person", "asked_by")


@transaction.atomic
def ask_for_reset(*, actor: User, person: User, reason: str) -> FactorReset:
    """Ask for the reset of a person's second factors. Nothing happens before another administrator agrees.

    Raises PermissionDenied, ValidationError.
    """
    _require(actor, person)
    person = User.objects.select_for_update().get(pk=person.pk)
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST_REASON:
        raise ValidationError(_("Say how you made sure that it is this person who asks."))
    if not Authenticator.objects.filter(user=person).exists():
        raise ValidationError(_("This person has no second factor."))
    if person.factor_resets.filter(state=FactorReset.State.ASKED).exists():
        raise ValidationError(_("A reset was asked for already and waits for a second administrator."))
    made = FactorReset.objects.create(person=person, asked_by=actor, reason=reason)
    _note(actor, AuditEvent.Kind.RESET_ASKED, made)
    tell_all(
        _others_who_keep(person, but=actor),
        Notice.RESET_ASKED,
        key=str(made.pk),
        url=reverse("factor_list"),
    )
    return made


@transaction.atomic
def decide_reset(*, actor: User, reset: FactorReset, agrees: bool) -> FactorReset:
    """Agree to a reset, or not. Agreeing takes all factors away and ends every session of the person.

    Raises PermissionDenied for whoever asked for it, ValidationError when it is decided already.
    """
    current = FactorReset.objects.select_for_update().select_related("person").get(pk=reset.pk)
    _require(actor, current.person)
    if current.state != FactorReset.State.ASKED:
        raise ValidationError(_("This reset is decided already."))
    if agrees and current.asked_by_id == actor.pk:
        raise PermissionDenied("the administrator who asks does not agree for the second")
    current.state = FactorReset.State.AGREED if agrees else FactorReset.State.REFUSED
    current.decided_by, current.decided_at = actor, timezone.now()
    current.save(update_fields=["state", "decided_by", "decided_at"])
    if agrees:
        Authenticator.objects.filter(user=current.person).delete()
        open_sessions = UserSession.objects.filter(user=current.person)
        end_sessions(user=current.person, actor=actor, sessions=open_sessions)
        tell(current.person, Notice.FACTOR_RESET, key=str(current.pk))
    kind = AuditEvent.Kind.RESET_AGREED if agrees else AuditEvent.Kind.RESET_REFUSED
    _note(actor, kind, current)
    return current


def _require(actor: User, person: User) -> None:
    if not people_kept_by(actor).filter(pk=person.pk).exists():
        raise PermissionDenied("the person works in no area that the administrator keeps")


def _others_who_keep(person: User, *, but: User) -> list[User]:
    """The other administrators of the areas a person works in."""
    keeping = {
        each.pk: each for held in person.memberships.current() for each in administrators_of(held.area)
    }
    return [each for pk, each in keeping.items() if pk not in (but.pk, person.pk)]


def _note(actor: User, kind: AuditEvent.Kind, reset: FactorReset) -> None:
    record_event(actor=actor, kind=kind, about=f"accounts.user:{reset.person_id}", detail={"reset": reset.pk})
