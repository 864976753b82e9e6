"""Inviting people, giving and ending roles, closing accounts. Each change is in the trail, told to whom it concerns."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AuditEvent, Membership, Notice, Role, RoleRequest, User
from accounts.notices import notify
from accounts.people.invitation import ask_to_invite
from accounts.people.rights import (
    administrators_of,
    is_wholly_within,
    may_decide,
    may_give,
    people_seen_by,
    takes_two,
)
from accounts.services import record_event
from territory.models import Agency, Area
from territory.text import normalise


@dataclass(frozen=True)
class Wanted:
    """A role that somebody is to have: where, as what, from when until when, and why."""

    role: str
    agency: Agency
    area: Area
    valid_from: dt.date
    valid_to: dt.date | None = None
    reason: str = ""


def invite_person(*, actor: User, email: str, full_name: str, wanted: Wanted) -> User:
    """Open an account with its first role, and send its owner the link to set a password.

    Somebody who has an account elsewhere gets the role beside the others, and no second account. Raises
    PermissionDenied, ValidationError by field.
    """
    _refuse_unless_given_by(actor, wanted)
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise ValidationError({"email": error}) from error
    full_name = normalise(" ".join(full_name.split()))
    if not full_name:
        raise ValidationError({"full_name": _("Give the full name.")})
    with transaction.atomic(), pghistory.context(user=actor.pk):
        person = User.objects.filter(email=email).first()
        if person is None:
            person = User.objects.create_user(email, full_name=full_name)
            _note(actor, AuditEvent.Kind.PERSON_INVITED, person)
            ask_to_invite(person)
        give_role(actor=actor, person=person, wanted=wanted)
    return person


def invite_again(*, actor: User, person: User) -> None:
    """Send the link anew to somebody who has not set a password yet. Raises PermissionDenied, ValidationError."""
    if not people_seen_by(actor).filter(pk=person.pk).exists():
        raise PermissionDenied("the actor does not know the person")
    if person.has_usable_password() or not person.is_active:
        raise ValidationError(_("This person has a password, or the account is closed. No link was sent."))
    with transaction.atomic():
        _note(actor, AuditEvent.Kind.PERSON_INVITED, person)
        ask_to_invite(person)


def give_role(*, actor: User, person: User, wanted: Wanted) -> Membership | RoleRequest:
    """Give a role, or ask another administrator to agree where the role takes two.

    Raises PermissionDenied, ValidationError by field.
    """
    check_role(actor=actor, person=person, wanted=wanted)
    with transaction.atomic(), pghistory.context(user=actor.pk):
        if not takes_two(wanted.role):
            return _make(actor, person, wanted)
        asked: RoleRequest = RoleRequest.objects.create(
            user=person,
            role=wanted.role,
            agency=wanted.agency,
            area=wanted.area,
            valid_from=wanted.valid_from,
            valid_to=wanted.valid_to,
            reason=normalise(wanted.reason.strip()),
            asked_by=actor,
        )
        _note(actor, AuditEvent.Kind.ROLE_ASKED, person, role=wanted.role, request=asked.pk)
        notify(
            people=[each for each in administrators_of(wanted.area) if may_decide(each, asked)],
            kind=Notice.ROLE_ASKED,
            key=f"role-asked:{asked.pk}",
            url=reverse("role_request", args=[asked.pk]),
            about={"unit": wanted.agency.name},
        )
    return asked


def check_role(*, actor: User, person: User | None, wanted: Wanted) -> None:
    """Refuse what ``give_role`` refuses, and change nothing. No person is one whose account is yet to be opened.

    Raises PermissionDenied, ValidationError by field.
    """
    _refuse_unless_given_by(actor, wanted)
    if person is not None:
        if actor.pk == person.pk:
            raise PermissionDenied("nobody gives a role to themself")
        if not person.is_active:
            raise ValidationError(_("This account is closed. Open it again first."))
    _check(person, wanted)
    if takes_two(wanted.role) and not wanted.reason.strip():
        raise ValidationError({"reason": _("Say why: another administrator decides by it.")})


def decide_role(*, actor: User, request: RoleRequest, agrees: bool, answer: str = "") -> RoleRequest:
    """Agree to a role or refuse it. Raises PermissionDenied, and ValidationError when it is decided, or has ended."""
    with transaction.atomic(), pghistory.context(user=actor.pk):
        held: RoleRequest = (
            RoleRequest.objects.select_for_update(of=("self",))
            .select_related("user", "agency__area", "area", "asked_by")
            .get(pk=request.pk)
        )
        if held.state != RoleRequest.State.ASKED:
            raise ValidationError(_("This was decided meanwhile."))
        if not may_decide(actor, held):
            raise PermissionDenied("the actor is not the second pair of eyes")
        answer = normalise(answer.strip())
        if not agrees and not answer:
            raise ValidationError({"answer": _("Say why you refuse.")})
        wanted = Wanted(held.role, held.agency, held.area, held.valid_from, held.valid_to)
        held.decided_by, held.decided_at, held.answer = actor, timezone.now(), answer
        held.state = RoleRequest.State.AGREED if agrees else RoleRequest.State.REFUSED
        if agrees:
            _check(held.user, wanted, apart_from=held)
            held.membership = _make(actor, held.user, wanted)
        else:
            _note(actor, AuditEvent.Kind.ROLE_REFUSED, held.user, role=held.role, request=held.pk)
        held.save()
        notify(
            people=[held.asked_by],
            kind=Notice.ROLE_DECIDED,
            key=f"role-decided:{held.pk}",
            url=reverse("role_request", args=[held.pk]),
            about={"unit": held.agency.name},
        )
    return held


def withdraw_role(*, actor: User, request: RoleRequest) -> None:
    """Take back what one asked for. Raises PermissionDenied, ValidationError when it was decided."""
    with transaction.atomic(), pghistory.context(user=actor.pk):
        held: RoleRequest = RoleRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
        if held.asked_by_id != actor.pk:
            raise PermissionDenied("somebody else asked")
        if held.state != RoleRequest.State.ASKED:
            raise ValidationError(_("This was decided meanwhile."))
        held.state = RoleRequest.State.WITHDRAWN
        held.save(update_fields=["state"])


def end_role(*, actor: User, membership: Membership, last_day: dt.date) -> Membership:
    """Let a role end with a day; with yesterday it has ended now. Raises PermissionDenied, ValidationError."""
    if not may_give(actor, membership.agency, membership.area):
        raise PermissionDenied("the role is not the actor's to end")
    today = timezone.localdate()
    with transaction.atomic(), pghistory.context(user=actor.pk):
        held: Membership = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
        if held.valid_to is not None and held.valid_to < today:
            raise ValidationError({"last_day": _("This role has ended already.")})
        if last_day < today - dt.timedelta(days=1):
            raise ValidationError(
                {"last_day": _("Yesterday is the earliest last day: what was done since then stays.")}
            )
        held.valid_to = max(last_day, held.valid_from)
        held.save(update_fields=["valid_to"])
        if held.held_on(today) and last_day < today:  # it began today, and a row cannot end before it begins
            raise ValidationError({"last_day": _("This role begins today. Let it end today.")})
        _note(actor, AuditEvent.Kind.ROLE_ENDED, held.user, role=held.role, last_day=last_day.isoformat())
    return held


def close_account(*, actor: User, person: User) -> None:
    """Close an account at once: its sessions and keys end with it, what it did stays. Raises PermissionDenied."""
    _set_active(actor, person, is_active=False)


def open_account(*, actor: User, person: User) -> None:
    """Open a closed account again, with the roles that still hold. Those that take two administrators have ended.

    Otherwise one alone would give them, to whoever reads the mail of that address by now. Raises PermissionDenied,
    and ValidationError while such a role is yet to begin.
    """
    with transaction.atomic():
        _set_active(actor, person, is_active=True)
        _end_grave_roles(actor, person)


def _set_active(actor: User, person: User, *, is_active: bool) -> None:
    known = people_seen_by(actor).filter(pk=person.pk).exists()
    if not known or actor.pk == person.pk or not is_wholly_within(actor, person):
        raise PermissionDenied("the account is not the actor's to close or open")
    kind = AuditEvent.Kind.PERSON_OPENED if is_active else AuditEvent.Kind.PERSON_CLOSED
    with transaction.atomic(), pghistory.context(user=actor.pk):
        held = User.objects.select_for_update().get(pk=person.pk)
        if held.is_active != is_active:
            held.is_active = is_active
            held.save(update_fields=["is_active"])
            _note(actor, kind, held)


def _end_grave_roles(actor: User, person: User) -> None:
    """End the roles of the person that take two administrators, with yesterday."""
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    lasting = Membership.objects.filter(Q(valid_to=None) | Q(valid_to__gt=yesterday), user=person)
    for held in lasting.select_for_update(of=("self",)):
        if not takes_two(held.role):
            continue
        if held.valid_from > yesterday:  # a row cannot end before it begins
            raise ValidationError(
                _(
                    "This account has a role that takes two administrators and begins today or later. Wait until then."
                )
            )
        with pghistory.context(user=actor.pk):
            held.valid_to = yesterday
            held.save(update_fields=["valid_to"])
        _note(actor, AuditEvent.Kind.ROLE_ENDED, person, role=held.role, last_day=yesterday.isoformat())


def _refuse_unless_given_by(actor: User, wanted: Wanted) -> None:
    if not may_give(actor, wanted.agency, wanted.area):
        raise PermissionDenied("the role is not the actor's to give")


def _check(person: User | None, wanted: Wanted, apart_from: RoleRequest | None = None) -> None:
    errors: dict[str, str] = {}
    if wanted.role not in Role.values:
        errors["role"] = _("Choose a role of the list.")
    # What has ended may be given still: who closes the periods of its day needs it.
    if wanted.agency.valid_from > wanted.valid_from:
        errors["agency"] = _("This agency did not exist yet on that day. Choose another, or a later day.")
    if wanted.area.valid_from > wanted.valid_from:
        errors["area"] = _("This area did not exist yet on that day. Choose another, or a later day.")
    if wanted.valid_to is not None and wanted.valid_to < wanted.valid_from:
        errors["valid_to"] = _("The last day lies before the first.")
    if person is not None and _has_role(person, wanted, apart_from):
        errors["role"] = _("The person has this very role in that time, or it was asked for.")
    if errors:
        raise ValidationError(errors)


def _has_role(person: User, wanted: Wanted, apart_from: RoleRequest | None) -> bool:
    """Whether the person has the role on a day that is wanted, or another request asks for it."""
    same = Q(user=person, role=wanted.role, agency=wanted.agency, area=wanted.area)
    overlapping = Q(valid_to=None) | Q(valid_to__gte=wanted.valid_from)
    if wanted.valid_to is not None:
        overlapping &= Q(valid_from__lte=wanted.valid_to)
    asked = RoleRequest.objects.filter(same, overlapping, state=RoleRequest.State.ASKED)
    if apart_from is not None:
        asked = asked.exclude(pk=apart_from.pk)
    return Membership.objects.filter(same, overlapping).exists() or asked.exists()


def _make(actor: User, person: User, wanted: Wanted) -> Membership:
    made: Membership = Membership.objects.create(
        user=person,
        role=wanted.role,
        agency=wanted.agency,
        area=wanted.area,
        valid_from=wanted.valid_from,
        valid_to=wanted.valid_to,
    )
    _note(actor, AuditEvent.Kind.ROLE_GIVEN, person, role=wanted.role, membership=made.pk)
    notify(
        people=[person],
        kind=Notice.ROLE_GIVEN,
        key=f"role-given:{made.pk}",
        url=reverse("home"),
        about={"unit": wanted.agency.name},
    )
    return made


def _note(actor: User, kind: AuditEvent.Kind, person: User, **detail: str | int) -> None:
    record_event(actor=actor, kind=kind, about=f"accounts.user:{person.pk}", detail=detail)
