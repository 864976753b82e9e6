"""Submitting activities, and approving, returning and withdrawing them.

Nobody approves what he filed himself, unless he is the only head of the unit. A unit without a head in the portal
has nobody to ask: what it submits is approved at once, and the page of the activity says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.changing import ChangedMeanwhile
from accounts.models import Notice, User
from accounts.notices import notify
from programs.models import Activity
from programs.selectors.approval import heads_of, is_own, may_decide, must_leave_to_another
from programs.selectors.rights import may_write_activity
from programs.services.refusals import TransitionNotAllowed
from territory.text import control_characters, normalise

State = Activity.State

#: From which state each step leads where. A step that is not listed cannot be taken.
TRANSITIONS: Mapping[str, Mapping[str, str]] = {
    State.DRAFT: {"submit": State.SUBMITTED},
    State.SUBMITTED: {"approve": State.APPROVED, "return": State.RETURNED, "withdraw": State.DRAFT},
    State.RETURNED: {"submit": State.SUBMITTED},
    State.APPROVED: {"return": State.RETURNED},
}

LONGEST_REASON = 2_000
#: How many activities are approved in one go.
MOST_AT_ONCE = 100

_NOT_NOW: Mapping[str, Any] = {
    State.DRAFT: _("It is a draft and was not submitted."),
    State.SUBMITTED: _("It was submitted already."),
    State.RETURNED: _("It was returned already."),
    State.APPROVED: _("It is approved already."),
}
_LEFT_TO_ANOTHER = _("You filed it yourself, so another head of your unit decides.")
_CHANGED = _("It was changed after you opened the page. Look at it again.")
_UNKNOWN = _("There is no such activity waiting for you.")


def submit_activity(*, activity: Activity, actor: User, version: int) -> Activity:
    """Hand an activity to the head of its unit; approved at once where the unit has none.

    Raises PermissionDenied for whoever does not file for the unit, TransitionNotAllowed when it is not a draft and
    was not returned, ChangedMeanwhile when it was changed since ``version`` was opened.
    """
    with transaction.atomic(), pghistory.context(user=actor.pk):
        current = _locked(activity)
        if not may_write_activity(actor, current.agency_id, current.area):
            raise PermissionDenied
        if current.state in (State.SUBMITTED, State.APPROVED) and current.submitted_by_id == actor.pk:
            return current  # the second of two clicks
        _check(current, "submit", version)
        heads = put_forward(current, actor)
        _save(current)
        tell_heads(current, heads)
    return current


def approve_activity(*, activity: Activity, actor: User, version: int) -> Activity:
    """Let a submitted activity count.

    Raises PermissionDenied for whoever does not head its unit, TransitionNotAllowed when it does not wait or is the
    head's own and there is another head, ChangedMeanwhile when it was changed since ``version`` was opened.
    """
    with transaction.atomic(), pghistory.context(user=actor.pk):
        current = _locked_for_decision(activity, actor)
        if current.state == State.APPROVED and current.decided_by_id == actor.pk:
            return current  # the second of two clicks
        _check(current, "approve", version)
        if must_leave_to_another(actor, current, _heads(current)):
            raise TransitionNotAllowed(_LEFT_TO_ANOTHER)
        current.state = TRANSITIONS[current.state]["approve"]
        current.decided_by, current.decided_at = actor, timezone.now()
        current.return_reason = ""
        _save(current)
        _tell_filer(current, Notice.ACTIVITY_APPROVED)
    return current


def return_activity(*, activity: Activity, actor: User, version: int, reason: str) -> Activity:
    """Give an activity back to its unit with a reason; an approved one no longer counts from then on.

    Raises PermissionDenied for whoever does not head its unit, ValidationError by field when the reason is missing
    or too long, TransitionNotAllowed, ChangedMeanwhile.
    """
    reason = judged_reason(reason)
    with transaction.atomic(), pghistory.context(user=actor.pk):
        current = _locked_for_decision(activity, actor)
        is_same = current.state == State.RETURNED and current.return_reason == reason
        if is_same and current.decided_by_id == actor.pk:
            return current  # the second of two clicks
        _check(current, "return", version)
        current.state = TRANSITIONS[current.state]["return"]
        current.decided_by, current.decided_at = actor, timezone.now()
        current.return_reason = reason
        _save(current)
        _tell_filer(current, Notice.ACTIVITY_RETURNED)
    return current


def withdraw_activity(*, activity: Activity, actor: User, version: int) -> Activity:
    """Take one's own submission back, so that it is a draft again.

    Raises PermissionDenied for whoever did not submit it, TransitionNotAllowed, ChangedMeanwhile.
    """
    with transaction.atomic(), pghistory.context(user=actor.pk):
        current = _locked(activity)
        is_theirs = may_write_activity(actor, current.agency_id, current.area) and is_own(actor, current)
        if not is_theirs:
            raise PermissionDenied
        if current.state == State.DRAFT:
            return current  # the second of two clicks
        _check(current, "withdraw", version)
        current.state = TRANSITIONS[current.state]["withdraw"]
        _save(current)
    return current


@dataclass
class Approvals:
    """What came of approving several: those approved, and the others each with a reason."""

    approved: list[Activity] = field(default_factory=list)
    refused: list[tuple[str, Any]] = field(default_factory=list)


def approve_activities(*, actor: User, chosen: Sequence[tuple[int, int]]) -> Approvals:
    """Approve several activities, each by key and the version that was seen, and each on its own.

    One that cannot be approved keeps no other from it. Raises ValidationError when there are too many at once.
    """
    if len(chosen) > MOST_AT_ONCE:
        message = _("Approve at most %(limit)s activities at once.")
        raise ValidationError(message, code="too_many", params={"limit": MOST_AT_ONCE})
    known: dict[int, Activity] = (
        Activity.objects.visible_to(actor).select_related("agency", "area").in_bulk([pk for pk, _v in chosen])
    )
    outcome = Approvals()
    for pk, version in dict(chosen).items():
        activity = known.get(pk)
        try:
            if activity is None:
                raise PermissionDenied
            outcome.approved.append(approve_activity(activity=activity, actor=actor, version=version))
        except TransitionNotAllowed as refused:
            outcome.refused.append((str(activity), refused.message))
        except ChangedMeanwhile:
            outcome.refused.append((str(activity), _CHANGED))
        except PermissionDenied:
            outcome.refused.append((f"no. {pk}" if activity is None else str(activity), _UNKNOWN))
    return outcome


def judged_reason(reason: str) -> str:
    """The reason as it is stored. Raises ValidationError by field when it is missing, too long or unreadable."""
    reason = normalise(reason).strip()
    message: Any = None
    if not reason:
        message = _("Say what is to be corrected: the unit reads it above the form.")
    elif len(reason) > LONGEST_REASON:
        message = _("The reason has more than %(limit)s characters. Shorten it.") % {"limit": LONGEST_REASON}
    elif control_characters(reason):
        message = _("The text holds an invisible control character.")
    if message:
        raise ValidationError({"reason": message})
    return reason


def put_forward(activity: Activity, actor: User) -> list[User]:
    """Mark an activity as submitted by the actor, not saved yet, and return the heads who decide about it.

    Where there are none it is marked approved at once. For the services of activities only.
    """
    heads = _heads(activity)
    mark_submitted(activity, actor, heads)
    return heads


def mark_submitted(activity: Activity, actor: User, heads: Sequence[User]) -> None:
    """Mark an activity as submitted to these heads; where there are none, as approved. It is not saved yet."""
    now = timezone.now()
    activity.submitted_by, activity.submitted_at = actor, now
    activity.decided_by, activity.decided_at = None, None
    activity.state = State.SUBMITTED
    if not heads:
        activity.state, activity.decided_at, activity.return_reason = State.APPROVED, now, ""


def tell_heads(activity: Activity, heads: Iterable[User]) -> None:
    """Give those who decide about a submitted activity a notice, except who submitted it."""
    if activity.state != State.SUBMITTED:
        return
    others = [head for head in heads if head.pk != activity.submitted_by_id]
    _tell(activity, others, Notice.ACTIVITY_SUBMITTED)


def _tell_filer(activity: Activity, kind: Notice) -> None:
    who = activity.submitted_by or activity.filed_by
    if who.pk != activity.decided_by_id:
        _tell(activity, [who], kind)


def _tell(activity: Activity, people: Sequence[User], kind: Notice) -> None:
    if not people:
        return
    notify(
        people=people,
        kind=kind,
        key=f"activity:{activity.pk}:{activity.version}:{kind.value}",
        url=reverse("activity_detail", args=[activity.pk]),
        about={
            "number": str(activity.pk),
            "day": f"{activity.ended_on:%d/%m/%Y}",
            "unit": activity.agency.name,
        },
    )


def _locked(activity: Activity) -> Activity:
    stored = Activity.objects.unscoped("locked here; the caller judges who acts").select_for_update(
        of=("self",)
    )
    current: Activity = stored.select_related("agency", "area", "filed_by", "submitted_by").get(
        pk=activity.pk
    )
    return current


def _locked_for_decision(activity: Activity, actor: User) -> Activity:
    current = _locked(activity)
    if not may_decide(actor, current.agency_id, current.area):
        raise PermissionDenied
    return current


def _check(current: Activity, step: str, version: int) -> None:
    if step not in TRANSITIONS[current.state]:
        raise TransitionNotAllowed(_NOT_NOW[current.state])
    if version != current.version:
        raise ChangedMeanwhile.since(current)


def _heads(activity: Activity) -> list[User]:
    return heads_of(activity.agency_id, activity.area)


def _save(activity: Activity) -> None:
    activity.version += 1
    activity.save()
