"""Assessing a pilot, deciding on it, and making its tasks anew elsewhere."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.changing import ChangedMeanwhile
from accounts.models import User
from programs.models import (
    Assignment,
    Document,
    Occasion,
    Pilot,
    PilotAssessment,
    PilotFigure,
    ProgressNote,
    Task,
)
from programs.selectors.rights import may_run_pilot
from programs.services.task import Unit, give_tasks
from territory.figure import Figure
from territory.models import Agency, Area
from territory.text import control_characters, normalise

#: The longest reason for stopping, in characters: it is also the reason why its tasks do not apply.
LONGEST_REASON = 300


@transaction.atomic
def start_pilot(
    *, actor: User, document: Document, areas: Iterable[Area], partners: Iterable[Agency] = (), **fields: Any
) -> Pilot:
    """Make a pilot of a plan. Raises PermissionDenied, ValidationError by field: a plan is piloted once."""
    _require(actor, document)
    _lock(document)
    if (
        Pilot.objects.unscoped("a plan is piloted once, whoever may see it")
        .filter(document=document)
        .exists()
    ):
        raise ValidationError({"document": _("This plan has a pilot already.")})
    chosen = list(areas)
    if not chosen:
        raise ValidationError({"areas": _("Choose at least one area.")})
    if any(not document.area.contains(area) for area in chosen):
        raise ValidationError({"areas": _("A pilot area lies outside the area of its plan.")})
    pilot = Pilot(document=document, area=document.area, **fields)
    pilot.full_clean(exclude=["document"])
    with pghistory.context(user=actor.pk):
        pilot.save()
        pilot.areas.set(chosen)
        pilot.partners.set(partners)
    return pilot


@transaction.atomic
def set_figures(
    *,
    actor: User,
    pilot: Pilot,
    occasion: Occasion,
    figures: Mapping[tuple[str, str], Figure],
    removed: Iterable[str] = (),
) -> None:
    """Put down the figures of an occasion, by (what is counted, unit); those of the same name are replaced.

    ``removed`` names what is not counted any more. Raises PermissionDenied.
    """
    _require(actor, pilot.document)
    with pghistory.context(user=actor.pk):
        pilot.figures.filter(occasion=occasion, name__in=list(removed)).delete()
        for (name, unit), figure in figures.items():
            columns = {"unit": unit, **PilotFigure.columns(figure)}
            PilotFigure.objects.update_or_create(pilot=pilot, occasion=occasion, name=name, defaults=columns)


@transaction.atomic
def assess(
    *, actor: User, pilot: Pilot, occasion: Occasion, assessed_on: dt.date, text: str
) -> PilotAssessment:
    """Assess a pilot half-way or at the end; a second time changes the first. Raises ValidationError by field."""
    _require(actor, pilot.document)
    if assessed_on < pilot.starts_on:
        raise ValidationError({"assessed_on": _("The assessment lies before the pilot began.")})
    if assessed_on > timezone.localdate():
        raise ValidationError({"assessed_on": _("The date lies in the future.")})
    told = {"assessed_on": assessed_on, "text": text, "by": actor}
    with pghistory.context(user=actor.pk):
        assessment, _made = PilotAssessment.objects.update_or_create(
            pilot=pilot, occasion=occasion, defaults=told
        )
    return assessment


@transaction.atomic
def replicate(
    *,
    actor: User,
    pilot: Pilot,
    document: Document,
    units: Iterable[Unit],
    starts_on: dt.date,
    due_on: dt.date,
) -> list[Task]:
    """Decide that a pilot is worth repeating: its tasks are made anew under another plan and given to other units.

    Each new task links back to the one it was made from. Raises PermissionDenied; ValidationError when the plan has
    tasks already or is the pilot's own, or the days are out of order.
    """
    _require(actor, pilot.document)
    _require(actor, document)
    _lock(document)
    held = _lock_pilot(pilot)
    if held.decision == Pilot.Decision.STOP:
        raise ValidationError(_("The pilot was stopped, so it is not repeated."), code="stopped")
    if document.pk == pilot.document_id or document.tasks.exists():
        raise ValidationError({"document": _("Choose a new plan that has no tasks yet.")})
    if not pilot.document.tasks.exists():
        raise ValidationError(_("The pilot has no tasks that could be made anew."), code="no_tasks")
    if due_on < starts_on:
        raise ValidationError({"due_on": _("The tasks are due before they start.")})
    made = []
    for task in pilot.document.tasks.all():
        copy = Task.objects.create(
            document=document,
            order=task.order,
            number=task.number,
            text=task.text,
            lead=task.lead,
            starts_on=starts_on,
            due_on=due_on,
            measure_indicator=task.measure_indicator,
            measure_comparison=task.measure_comparison,
            measure_value=task.measure_value,
            measure_words=task.measure_words,
            copied_from=task,
        )
        copy.partners.set(task.partners.all())
        made.append(copy)
    give_tasks(actor=actor, tasks=made, units=units)
    with pghistory.context(user=actor.pk):
        held.decision = Pilot.Decision.REPLICATE
        held.decided_on = timezone.localdate()
        held.version += 1
        held.save(update_fields=["decision", "decided_on", "version"])
    pilot.decision, pilot.decided_on, pilot.version = held.decision, held.decided_on, held.version
    return made


@transaction.atomic
def change_pilot(
    *,
    actor: User,
    pilot: Pilot,
    version: int,
    areas: Iterable[Area],
    partners: Iterable[Agency] = (),
    **fields: Any,
) -> Pilot:
    """Change name, window, areas, lead and partners of a pilot. Where nothing differs nothing is written.

    Raises PermissionDenied; ChangedMeanwhile when it is not at ``version`` any more; ValidationError, by field,
    also when it was stopped: what was tried then stays as it was.
    """
    _require(actor, pilot.document)
    held = _lock_pilot(pilot)
    chosen, together = {area.pk: area for area in areas}, {agency.pk for agency in partners}
    before = _content(held)
    for name, value in fields.items():
        setattr(held, name, value)
    if (*_content(held)[:-2], set(chosen), together) == before:
        return held
    if held.version != version:
        raise ChangedMeanwhile.since(held)
    if held.decision == Pilot.Decision.STOP:
        raise ValidationError(_("The pilot was stopped, so it stays as it is."), code="stopped")
    if not chosen:
        raise ValidationError({"areas": _("Choose at least one area.")})
    if any(not held.document.area.contains(area) for area in chosen.values()):
        raise ValidationError({"areas": _("A pilot area lies outside the area of its plan.")})
    held.full_clean(exclude=["document"], validate_unique=False)
    held.version += 1
    with pghistory.context(user=actor.pk):
        held.save()
        held.areas.set(chosen.values())
        held.partners.set(together)
    return held


def open_tasks_of(pilot: Pilot) -> Any:
    """The units' tasks of a pilot that are neither done nor excused."""
    return Assignment.objects.unscoped("stopping a pilot closes the tasks of every unit").filter(
        task__document=pilot.document_id,
        state__in=[Assignment.State.NOT_STARTED, Assignment.State.IN_PROGRESS],
    )


@transaction.atomic
def stop_pilot(
    *,
    actor: User,
    pilot: Pilot,
    decided_on: dt.date,
    reason: str,
    open_tasks: int,
    unassessed_reason: str = "",
) -> Pilot:
    """Decide that a pilot goes no further. Tasks still open become not applicable, with this reason in a note.

    ``open_tasks`` is how many the actor was told are open. ``unassessed_reason`` is needed where there is no final
    assessment. The same again changes nothing. Raises PermissionDenied; ValidationError, by field, also when the
    number of open tasks is another by now, or another decision was taken.
    """
    _require(actor, pilot.document)
    held = _lock_pilot(pilot)
    why, excuse = normalise(reason).strip(), normalise(unassessed_reason).strip()
    if (held.decision, held.decided_on, held.decision_reason) == (Pilot.Decision.STOP, decided_on, why):
        return held
    is_assessed = held.assessments.filter(occasion=Occasion.FINAL).exists()
    _judge_stop(held, decided_on, why, excuse, is_assessed=is_assessed)
    waiting = list(open_tasks_of(held).select_for_update(of=("self",)))
    if len(waiting) != open_tasks:
        message = _("%(count)d tasks are open by now. Look at the number below, and send again.")
        raise ValidationError(message % {"count": len(waiting)}, code="open_tasks")
    held.decision, held.decided_on, held.decision_reason = Pilot.Decision.STOP, decided_on, why
    held.unassessed_reason = "" if is_assessed else excuse
    held.version += 1
    with pghistory.context(user=actor.pk):
        held.save()
        _close_tasks(actor, waiting, why)
    return held


def _judge_stop(pilot: Pilot, decided_on: dt.date, reason: str, excuse: str, *, is_assessed: bool) -> None:
    if pilot.decision == Pilot.Decision.STOP:
        raise ValidationError(_("The pilot was stopped already."), code="stopped")
    broken: dict[str, Any] = {}
    for name, text in (("reason", reason), ("unassessed_reason", excuse)):
        if control_characters(text):
            broken[name] = _("The text holds an invisible control character.")
        elif len(text) > LONGEST_REASON:
            broken[name] = _("At most %(limit)d characters fit.") % {"limit": LONGEST_REASON}
    if not reason:
        broken["reason"] = _("Say why the pilot is stopped.")
    if not is_assessed and not excuse:
        broken["unassessed_reason"] = _("There is no final assessment. Write one first, or say why not.")
    if decided_on > timezone.localdate():
        broken["decided_on"] = _("The date lies in the future.")
    elif decided_on < pilot.starts_on:
        broken["decided_on"] = _("The date lies before the pilot began.")
    if broken:
        raise ValidationError(broken)


def _close_tasks(actor: User, assignments: list[Assignment], reason: str) -> None:
    for assignment in assignments:
        assignment.state, assignment.reason = Assignment.State.NOT_APPLICABLE, reason
        assignment.version += 1
    Assignment.objects.unscoped("the tasks locked above").bulk_update(
        assignments, ["state", "reason", "version"], batch_size=500
    )
    notes = (
        ProgressNote(
            assignment=assignment,
            state=assignment.state,
            text=reason,
            by=actor,
            submission_key=uuid4(),
        )
        for assignment in assignments
    )
    ProgressNote.objects.bulk_create(notes, batch_size=500)


def _lock_pilot(pilot: Pilot) -> Pilot:
    held: Pilot = (
        Pilot.objects.unscoped("the row is locked, then judged")
        .select_for_update(of=("self",))
        .select_related("document__area", "document__issuer")
        .get(pk=pilot.pk)
    )
    return held


def _content(pilot: Pilot) -> tuple[Any, ...]:
    return (
        pilot.name,
        pilot.lead_id,
        pilot.starts_on,
        pilot.ends_on,
        set(pilot.areas.values_list("pk", flat=True)),
        set(pilot.partners.values_list("pk", flat=True)),
    )


def _require(actor: User, document: Document) -> None:
    if not may_run_pilot(actor, document):
        raise PermissionDenied("the actor does not run pilots of this plan")


def _lock(document: Document) -> None:
    """Let nobody else make a pilot or tasks of the document meanwhile; a second click waits for the first."""
    list(
        Document.objects.unscoped("the row is locked").select_for_update(of=("self",)).filter(pk=document.pk)
    )
