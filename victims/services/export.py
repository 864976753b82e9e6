"""Exports of case data: asked for, approved or refused by somebody else, and destroyed when their days are over."""

import datetime as dt
import uuid

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.files.sealed import let_go
from accounts.models import User
from accounts.scoping import scope_of
from territory.models import Area, Level
from victims.models import CaseExport
from victims.models.export import KEPT_FOR
from victims.notices import tell_of_export_asked, tell_of_export_end
from victims.services.export_jobs import EXPORTS, note_step
from victims.services.support import TransitionNotAllowed

State = CaseExport.State
ASK, APPROVE = "case_export.ask", "case_export.approve"

#: What can be done with an export in a state, and the state it leads to. The worker's steps are in `export_jobs`.
TRANSITIONS: dict[CaseExport.State, dict[str, CaseExport.State]] = {
    State.ASKED: {"approve": State.APPROVED, "refuse": State.REFUSED},
    State.READY: {"destroy": State.DESTROYED},
}
#: Below a province too few people are alike.
LEVELS = (Level.NATION, Level.PROVINCE)
FIRST_YEAR = 2004
MOST_YEARS = 20
#: So many exports a person may ask for in a week: many that overlap could be held against one another.
MOST_A_WEEK = 5


def ask_export(
    *,
    actor: User,
    standard: str,
    area: Area,
    first_year: int,
    last_year: int,
    purpose: str,
    recipient: str,
    request_key: uuid.UUID,
) -> CaseExport:
    """Ask for an export of closed years. The same ``request_key`` again gives back the same one.

    Raises PermissionDenied when the actor does not ask for the area, ValidationError by field.
    """
    if area.level not in LEVELS or not scope_of(actor).may_in(ASK, area):
        raise PermissionDenied("the actor asks for no exports of this area")
    mine = CaseExport.objects.unscoped("the actor's own exports").filter(asked_by=actor)
    earlier: CaseExport | None = mine.filter(request_key=request_key).first()
    if earlier is not None:
        return earlier
    _check(first_year, last_year, purpose, recipient)
    if mine.filter(asked_at__gt=timezone.now() - dt.timedelta(days=7)).count() >= MOST_A_WEEK:
        raise ValidationError(
            _("You asked for %(limit)s exports within a week. Wait, or use one of them."),
            params={"limit": MOST_A_WEEK},
        )
    try:
        with transaction.atomic(), pghistory.context(user=actor.pk):
            made: CaseExport = CaseExport.objects.create(
                standard=standard,
                area=area,
                first_year=first_year,
                last_year=last_year,
                purpose=purpose,
                recipient=recipient,
                asked_by=actor,
                request_key=request_key,
            )
            note_step(made, State.ASKED, actor)
            tell_of_export_asked(made)
    except IntegrityError:
        return CaseExport.objects.unscoped("the actor's own export").get(
            request_key=request_key, asked_by=actor
        )
    return made


def _check(first_year: int, last_year: int, purpose: str, recipient: str) -> None:
    this_year = timezone.localdate().year
    errors: dict[str, object] = {}
    if not FIRST_YEAR <= first_year <= last_year:
        errors["first_year"] = _("Give a year from 2004 on that is not after the last one.")
    if last_year >= this_year:
        errors["last_year"] = _(
            "Only years that are over can be exported, so that nobody sees one record come."
        )
    elif last_year - first_year >= MOST_YEARS:
        errors["last_year"] = _("Choose at most 20 years.")
    if not purpose.strip():
        errors["purpose"] = _("Say what the data is needed for.")
    if not recipient.strip():
        errors["recipient"] = _("Say who gets the file.")
    if errors:
        raise ValidationError(errors)


def may_answer(actor: User, export: CaseExport) -> bool:
    """Whether the actor may approve this export: never one's own."""
    return export.asked_by_id != actor.pk and scope_of(actor).may_in(APPROVE, export.area)


@transaction.atomic
def approve_export(*, actor: User, export: CaseExport) -> CaseExport:
    """Let it be made. Raises PermissionDenied, TransitionNotAllowed."""
    current = _answer(actor, export, "approve")
    transaction.on_commit(lambda: EXPORTS.send(current))
    return current


@transaction.atomic
def refuse_export(*, actor: User, export: CaseExport, reason: str) -> CaseExport:
    """Say no, with a reason for who asked. Raises PermissionDenied, TransitionNotAllowed, ValidationError by field."""
    if not reason.strip():
        raise ValidationError({"reason": _("Give a reason: who asked has to know what to do otherwise.")})
    current = _answer(actor, export, "refuse", refusal=reason.strip())
    tell_of_export_end(current)
    return current


def _answer(actor: User, export: CaseExport, step: str, *, refusal: str = "") -> CaseExport:
    current = locked(export)
    if not may_answer(actor, current):
        raise PermissionDenied("the actor may not answer this export")
    current.state = _next(current, step)
    current.answered_by, current.answered_at, current.refusal = actor, timezone.now(), refusal
    with pghistory.context(user=actor.pk):
        current.save(update_fields=["state", "answered_by", "answered_at", "refusal"])
    note_step(current, current.state, actor)
    return current


def note_download(*, actor: User, export: CaseExport) -> None:
    """A row in the trail for each time the file leaves the portal."""
    note_step(export, "downloaded", actor)


def destroy_expired() -> int:
    """Destroy the files whose days are over. Returns how many."""
    before = timezone.now() - KEPT_FOR
    over = CaseExport.objects.unscoped("files are destroyed for everybody").filter(
        state=State.READY, finished_at__lte=before
    )
    return sum(_destroy(export) for export in over)


@transaction.atomic
def _destroy(export: CaseExport) -> bool:
    current = locked(export)
    if current.state != State.READY:
        return False
    let_go(current.file)
    current.state, current.destroyed_at = _next(current, "destroy"), timezone.now()
    current.save(update_fields=["state", "destroyed_at"])
    note_step(current, current.state)
    return True


def _next(export: CaseExport, step: str) -> CaseExport.State:
    try:
        return TRANSITIONS[State(export.state)][step]
    except KeyError:
        raise TransitionNotAllowed(_("This was answered already. Open the page again.")) from None


def locked(export: CaseExport) -> CaseExport:
    """The export as it is now, locked until the transaction ends. The caller asks for the right."""
    rows = CaseExport.objects.unscoped("locked; the right is asked for next").select_for_update(of=("self",))
    found: CaseExport = rows.select_related("area", "asked_by").get(pk=export.pk)
    return found
