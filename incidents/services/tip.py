"""Taking tips in, assigning and extending them, and resolving them. A tip becomes a case in one step."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any, NotRequired, TypedDict, Unpack

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Role, User
from incidents.deadlines import due_by, rule_on
from incidents.models import (
    TIP_OPEN,
    TIP_TRANSITIONS,
    Case,
    DeadlineStep,
    Offence,
    Tip,
    TipAct,
    TipDeed,
    TipState,
)
from incidents.services.case import NewCase, make_case
from incidents.services.changing import locked, next_code, refuse_future, refuse_unless_writer
from territory.models import Agency, Area

PREFIX = "TB"

#: Which extension comes after which; None: the limit has not been extended.
_NEXT_EXTENSION = {
    None: DeadlineStep.FIRST_EXTENSION,
    DeadlineStep.FIRST_EXTENSION: DeadlineStep.SECOND_EXTENSION,
}


class TransitionNotAllowed(ValidationError):
    """The deed is none for a tip in this state."""


class TipFields(TypedDict):
    """What is typed about a tip."""

    kind: str
    channel: str
    received_on: dt.date
    received_time: NotRequired[dt.time | None]
    agency: Agency
    area: Area
    text: str
    offence: NotRequired[Offence | None]
    urgency: NotRequired[str]


def take_tip(
    *, actor: User, submission_key: uuid.UUID, is_demo: bool = False, **fields: Unpack[TipFields]
) -> Tip:
    """Put a tip into the book, with its code and its first time limit.

    The same ``submission_key`` again gives the tip that exists. Raises PermissionDenied when the actor does not write
    for this agency there, or the key is somebody else's; ValidationError by field.
    """
    refuse_unless_writer(actor, "tip.write", fields["agency"], fields["area"])
    existing = taken_with(actor=actor, submission_key=submission_key)
    if existing is not None:
        return existing
    _judge(fields)
    rule = rule_on(DeadlineStep.FIRST, fields["received_on"])
    due_on = due_by(rule, received_on=fields["received_on"], decided_on=fields["received_on"])
    try:
        with transaction.atomic(), pghistory.context(user=actor.pk):
            tip: Tip = Tip.objects.create(
                code=next_code(PREFIX, fields["area"], fields["received_on"].year),
                due_on=due_on,
                submission_key=submission_key,
                taken_by=actor,
                is_demo=is_demo,
                **fields,
            )
    except IntegrityError:
        # The other of two clicks was faster.
        existing = taken_with(actor=actor, submission_key=submission_key)
        if existing is None:
            raise
        return existing
    return tip


def taken_with(*, actor: User, submission_key: uuid.UUID) -> Tip | None:
    """The tip that this submission made, if it was made already. Raises PermissionDenied when it is another's."""
    found: Tip | None = Tip.objects.visible_to(actor).filter(submission_key=submission_key).first()
    if found is not None and found.taken_by_id != actor.pk:
        raise PermissionDenied("the key belongs to somebody else's tip")
    return found


def change_tip(*, tip: Tip, actor: User, version: int, **fields: Unpack[TipFields]) -> Tip:
    """Correct what was typed about a tip. The first time limit follows the day of receipt while it is the last one.

    Agency and area stay. Raises PermissionDenied, ChangedMeanwhile, ValidationError by field.
    """
    with transaction.atomic(), pghistory.context(user=actor.pk):
        held = locked(tip, actor=actor, verb="tip.write", version=version)
        _judge(fields)
        moved = held.received_on != fields["received_on"]
        for name in ("kind", "channel", "received_on", "received_time", "text", "offence", "urgency"):
            if name in fields:
                setattr(held, name, fields[name])
        if moved:
            _refuse_after_acts(held)
            rule = rule_on(DeadlineStep.FIRST, held.received_on)
            held.due_on = due_by(rule, received_on=held.received_on, decided_on=held.received_on)
        held.version += 1
        held.save()
    return held


def assign_tip(
    *, tip: Tip, actor: User, to: User, on: dt.date, version: int | None = None, note: str = ""
) -> Tip:
    """Give a tip to an investigator of the agency, who verifies it.

    Raises PermissionDenied, ChangedMeanwhile, TransitionNotAllowed, ValidationError when ``to`` investigates nothing
    there.
    """

    def change(held: Tip) -> dict[str, Any]:
        if to not in investigators_of(held.agency, on=on):
            raise ValidationError({"to": _("This person does not investigate for your agency.")})
        held.assigned_to = to
        return {}

    return _act(tip, actor, TipDeed.ASSIGN, on=on, version=version, note=note, change=change)


def extend_tip(
    *, tip: Tip, actor: User, on: dt.date, document_number: str, version: int | None = None, note: str = ""
) -> Tip:
    """Extend the time limit by the next step the law knows: to two months from receipt, then once more by two.

    Raises PermissionDenied, ChangedMeanwhile, TransitionNotAllowed, ValidationError when there is no further step, the
    decision is not numbered, or came after the limit had passed.
    """
    if not document_number.strip():
        raise ValidationError({"document_number": _("Give the number of the decision.")})

    def change(held: Tip) -> dict[str, Any]:
        step = next_extension(held)
        if step is None:
            raise ValidationError(_("The limit was extended twice. The law knows no further extension."))
        if on > held.due_on:
            raise ValidationError(
                {
                    "on": _("The limit ended on %(day)s, before this decision.")
                    % {"day": f"{held.due_on:%d/%m/%Y}"}
                }
            )
        rule = rule_on(step, on)
        held.due_on = due_by(rule, received_on=held.received_on, decided_on=on, previous_due=held.due_on)
        return {"step": step, "due_on": held.due_on}

    return _act(
        tip,
        actor,
        TipDeed.EXTEND,
        on=on,
        document_number=document_number,
        version=version,
        note=note,
        change=change,
    )


def suspend_tip(
    *, tip: Tip, actor: User, on: dt.date, document_number: str, note: str, version: int | None = None
) -> Tip:
    """Suspend the resolution of a tip (Article 148). Raises as `extend_tip`; a reason is needed in ``note``."""
    _require_note(note)
    return _act(
        tip,
        actor,
        TipDeed.SUSPEND,
        on=on,
        document_number=document_number,
        version=version,
        note=note,
        change=_decided(on),
    )


def resume_tip(
    *, tip: Tip, actor: User, on: dt.date, document_number: str, version: int | None = None, note: str = ""
) -> Tip:
    """Take a suspended tip up again, with the time limit of Article 149. Raises as `extend_tip`."""

    def change(held: Tip) -> dict[str, Any]:
        held.decided_on = None
        rule = rule_on(DeadlineStep.RESUMED, on)
        held.due_on = due_by(rule, received_on=held.received_on, decided_on=on, previous_due=held.due_on)
        return {"due_on": held.due_on}

    return _act(
        tip,
        actor,
        TipDeed.RESUME,
        on=on,
        document_number=document_number,
        version=version,
        note=note,
        change=change,
    )


def forward_tip(
    *,
    tip: Tip,
    actor: User,
    on: dt.date,
    to: str,
    document_number: str = "",
    note: str = "",
    version: int | None = None,
) -> Tip:
    """Send a tip to the agency that is competent. It is then no longer ours to resolve. Raises as `extend_tip`."""
    if not to.strip():
        raise ValidationError({"forwarded_to": _("Say which agency the tip was sent to.")})

    def change(held: Tip) -> dict[str, Any]:
        held.decided_on, held.forwarded_to = on, to
        return {}

    return _act(
        tip,
        actor,
        TipDeed.FORWARD,
        on=on,
        document_number=document_number,
        version=version,
        note=note,
        change=change,
    )


def refuse_tip(
    *,
    tip: Tip,
    actor: User,
    on: dt.date,
    ground: str,
    document_number: str,
    note: str = "",
    version: int | None = None,
) -> Tip:
    """Decide not to prosecute, on a ground of Article 157. Raises as `extend_tip`."""
    if not ground:
        raise ValidationError({"ground": _("Choose the ground.")})
    if not document_number.strip():
        raise ValidationError({"document_number": _("Give the number of the decision.")})

    def change(held: Tip) -> dict[str, Any]:
        held.decided_on, held.ground = on, ground
        return {}

    return _act(
        tip,
        actor,
        TipDeed.REFUSE,
        on=on,
        document_number=document_number,
        version=version,
        note=note,
        change=change,
    )


def open_case(
    *,
    tip: Tip,
    actor: User,
    on: dt.date,
    document_number: str,
    offences: list[Offence],
    version: int | None = None,
    note: str = "",
) -> Case:
    """Open a case from a tip: the case, its first stages, the link and the end of the tip, in one transaction.

    Raises as `extend_tip`; ValidationError when no offence is named or one did not apply.
    """
    if not document_number.strip():
        raise ValidationError({"document_number": _("Give the number of the decision.")})
    made: list[Case] = []

    def change(held: Tip) -> dict[str, Any]:
        new = NewCase(
            agency=held.agency,
            area=held.area,
            detected_on=held.received_on,
            prosecuted_on=on,
            document_number=document_number,
            offences=offences,
            discovery="tip",
            investigator=held.assigned_to,
            is_demo=held.is_demo,
        )
        made.append(make_case(actor=actor, new=new))
        held.case, held.decided_on = made[0], on
        return {}

    _act(
        tip,
        actor,
        TipDeed.OPEN_CASE,
        on=on,
        document_number=document_number,
        version=version,
        note=note,
        change=change,
    )
    return made[0]


def next_extension(tip: Tip) -> DeadlineStep | None:
    """The step by which the limit can be extended next, or None after the last."""
    steps = list(tip.acts.filter(deed=TipDeed.EXTEND).order_by("id").values_list("step", flat=True))
    return _NEXT_EXTENSION.get(DeadlineStep(steps[-1]) if steps else None)


def investigators_of(agency: Agency, *, on: dt.date) -> list[User]:
    """The people who investigate for an agency on a day, in alphabetical order."""
    held = Membership.objects.valid_on(on).filter(agency=agency, role=Role.INVESTIGATOR, user__is_active=True)
    return list(User.objects.filter(pk__in=held.values("user")).order_by("full_name"))


def _act(
    tip: Tip,
    actor: User,
    deed: TipDeed,
    *,
    on: dt.date,
    version: int | None,
    change: Callable[[Tip], dict[str, Any]],
    document_number: str = "",
    note: str = "",
) -> Tip:
    """Do a deed: lock, check the table of transitions, change, write the act down."""
    with transaction.atomic(), pghistory.context(user=actor.pk):
        held = locked(tip, actor=actor, verb="tip.write", version=version)
        leads_to = TIP_TRANSITIONS[TipState(held.state)].get(deed)
        if leads_to is None:
            raise TransitionNotAllowed(
                _("This cannot be done with a tip that is: %(state)s.") % {"state": held.get_state_display()},
                code="transition",
            )
        refuse_future("on", on)
        if on < held.received_on:
            raise ValidationError({"on": _("The day lies before the day of receipt.")})
        told = change(held)
        held.state = leads_to
        held.version += 1
        held.save()
        TipAct.objects.create(
            tip=held, deed=deed, decided_on=on, document_number=document_number, note=note, by=actor, **told
        )
    return held


def _decided(on: dt.date) -> Callable[[Tip], dict[str, Any]]:
    def change(held: Tip) -> dict[str, Any]:
        held.decided_on = on
        return {}

    return change


def _require_note(note: str) -> None:
    if not note.strip():
        raise ValidationError({"note": _("Give the reason.")})


def _judge(fields: TipFields) -> None:
    refuse_future("received_on", fields["received_on"])
    if not fields["text"].strip():
        raise ValidationError({"text": _("Say in a few sentences what was told.")})
    agency = fields["agency"]
    if not agency.held_on(fields["received_on"]):
        raise ValidationError(
            {"agency": _("%(agency)s did not exist under this name on the day.") % {"agency": agency.name}}
        )


def _refuse_after_acts(tip: Tip) -> None:
    dated = tip.acts.exclude(deed=TipDeed.ASSIGN).exists() or tip.state not in TIP_OPEN
    if dated:
        raise ValidationError(
            {"received_on": _("The day of receipt cannot change any more: a decision rests on it.")}
        )
