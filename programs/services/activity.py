"""Filing and changing activities."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Unpack
from uuid import UUID

import pghistory
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.changing import ChangedMeanwhile
from accounts.models import User
from accounts.together import read_together
from programs.attachments import CheckedFile, stored_files, take_off
from programs.models import Activity, Assignment
from programs.selectors.approval import heads_among, heads_of, held_by_heads, may_change, may_decide
from programs.selectors.quantity import Quantity
from programs.selectors.rights import may_write_activity
from programs.services.approval import mark_submitted, put_forward, tell_heads
from programs.services.content import (
    ActivityFields,
    Content,
    content_of,
    content_typed,
    write_content,
    write_first_content,
)
from programs.services.refusals import ApprovedAlready
from territory.models import Agency, Area

State = Activity.State

_LOCKED = _(
    "It is approved by now, so only the head of your unit changes it. Ask the head to return it with a reason;"
    " what you typed is still here."
)


def file_activity(
    *,
    actor: User,
    submission_key: UUID,
    quantities: Sequence[Quantity] = (),
    costs: Mapping[str, Decimal] | None = None,
    attachments: Sequence[CheckedFile] = (),
    state: str = State.SUBMITTED,
    copied_from: Activity | None = None,
    is_demo: bool = False,
    **fields: Unpack[ActivityFields],
) -> Activity:
    """Submit an activity to the head of the unit, or keep it as a draft (``state``) of the unit.

    What is submitted is approved at once where nobody in the portal heads the unit. The same ``submission_key``
    again gives the record that exists, so a second click makes no second one.
    Raises PermissionDenied when no membership of ``actor`` writes for this agency in this area, or when the
    key belongs to somebody else's record; ValidationError, by field, when a rule is broken.
    """
    if state not in (State.DRAFT, State.SUBMITTED):
        raise ValueError("an activity is filed as a draft or submitted")
    _refuse_unless_writer(actor, fields["agency"], fields["area"])
    made, held = read_together(_made_by(submission_key), held_by_heads(fields["agency"].pk, fields["area"]))
    if made:
        return _own(made[0], actor)
    heads = heads_among(held)
    content = content_typed(fields, quantities, costs or {})
    _refuse_foreign_tasks(actor, content)
    activity = Activity(
        **content.columns,
        submission_key=submission_key,
        filed_by=actor,
        copied_from=copied_from,
        is_demo=is_demo,
    )
    activity.agency, activity.area = fields["agency"], fields["area"]
    try:
        with stored_files() as files, transaction.atomic(), pghistory.context(user=actor.pk):
            if state == State.SUBMITTED:
                mark_submitted(activity, actor, heads)
            activity.save(force_insert=True)
            write_first_content(activity, content)
            files.attach(activity=activity, actor=actor, checked=attachments)
            tell_heads(activity, heads)
    except IntegrityError:
        # The other of two clicks was faster.
        existing = filed_with(actor=actor, submission_key=submission_key)
        if existing is None:
            raise
        return existing
    return activity


def filed_with(*, actor: User, submission_key: UUID) -> Activity | None:
    """The record that this submission made, if it was made already.

    Raises PermissionDenied when it is somebody else's.
    """
    activity = _made_by(submission_key).first()
    return None if activity is None else _own(activity, actor)


def _made_by(submission_key: UUID) -> Any:
    found = Activity.objects.unscoped("a submission belongs to whoever sent it, which `_own` checks")
    return found.filter(submission_key=submission_key)


def _own(activity: Activity, actor: User) -> Activity:
    if activity.filed_by_id != actor.pk:
        raise PermissionDenied
    return activity


def change_activity(
    *,
    activity: Activity,
    actor: User,
    version: int,
    quantities: Sequence[Quantity] = (),
    costs: Mapping[str, Decimal] | None = None,
    attachments: Sequence[CheckedFile] = (),
    removed_attachments: Iterable[int] = (),
    state: str | None = None,
    **fields: Unpack[ActivityFields],
) -> Activity:
    """Put what was typed in the place of what an activity holds.

    ``version`` is the one that was opened. Where nothing differs nothing is written, so a second click is no
    second change. ``state`` "submitted" hands a draft or a returned activity to the head of the unit; otherwise it
    stays what it is: an approved one that a head changes stays approved, by that head.
    Raises ApprovedAlready when it is approved and ``actor`` is not a head of its unit, ChangedMeanwhile when
    somebody else changed it since; PermissionDenied when ``actor`` does not write for its agency and area or the
    new ones; ValidationError, by field.
    """
    content = content_typed(fields, quantities, costs or {})
    removed = set(removed_attachments)
    with stored_files() as files, transaction.atomic(), pghistory.context(user=actor.pk):
        stored = Activity.objects.unscoped("locked here and checked in the next lines")
        current: Activity = (
            stored.select_for_update(of=("self",)).select_related("agency", "area").get(pk=activity.pk)
        )
        _refuse_unless_writer(actor, current.agency, current.area)
        _refuse_unless_writer(actor, fields["agency"], fields["area"])
        held = {file.sha256 for file in current.attachments.exclude(pk__in=removed)}
        new_files = [file for file in attachments if file.sha256 not in held]
        leaving = list(current.attachments.filter(pk__in=removed))
        before = content_of(current)
        is_submitted_now = state == State.SUBMITTED and current.state in (State.DRAFT, State.RETURNED)
        if not new_files and not leaving and not is_submitted_now and content == before:
            return current
        refuse_unless_open(actor, current, fields["agency"], fields["area"])
        if version != current.version:
            raise ChangedMeanwhile.since(current)
        _refuse_foreign_tasks(actor, content, before.assignments)
        has_moved = (current.agency, current.area) != (fields["agency"], fields["area"])
        for column, value in content.columns.items():
            setattr(current, column, value)
        current.agency, current.area = fields["agency"], fields["area"]
        heads: list[User] = []
        if is_submitted_now or (has_moved and current.state == State.SUBMITTED):
            heads = put_forward(current, actor)
        else:
            note_change_by(actor, current)
        current.version += 1
        current.save()
        write_content(current, content)
        for attachment in leaving:
            take_off(attachment)
        files.attach(activity=current, actor=actor, checked=new_files)
        tell_heads(current, heads)
    return current


def note_change_by(actor: User, current: Activity) -> None:
    """An approved activity that is changed stays approved, by whoever changed it if that is a head of its unit."""
    if current.state == State.APPROVED:
        decides = may_decide(actor, current.agency_id, current.area)
        current.decided_by, current.decided_at = actor if decides else None, timezone.now()


def refuse_unless_open(actor: User, current: Activity, agency: Agency, area: Area) -> None:
    """Raise ApprovedAlready unless the actor may change the activity here, and where it is to go."""
    if current.state != State.APPROVED:
        return
    may_here = may_change(actor, current, heads_of(current.agency_id, current.area))
    may_there = may_decide(actor, agency.pk, area) or not heads_of(agency.pk, area)
    if not (may_here and may_there):
        raise ApprovedAlready(_LOCKED)


def is_same_content(
    activity: Activity,
    *,
    quantities: Sequence[Quantity],
    costs: Mapping[str, Decimal],
    **fields: Unpack[ActivityFields],
) -> bool:
    """Whether the activity holds exactly this."""
    return content_typed(fields, quantities, costs) == content_of(activity)


def _refuse_unless_writer(actor: User, agency: Agency, area: Area) -> None:
    if not may_write_activity(actor, agency.pk, area):
        raise PermissionDenied


def _refuse_foreign_tasks(actor: User, content: Content, held: frozenset[int] = frozenset()) -> None:
    """Tasks are linked only by who may see them; those that were linked before stay."""
    added = content.assignments - held
    if added and Assignment.objects.visible_to(actor).filter(pk__in=added).count() != len(added):
        raise PermissionDenied
