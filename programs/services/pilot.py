"""Assessing a pilot, deciding on it, and making its tasks anew elsewhere."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.scoping import scope_of
from programs.models import Document, Occasion, Pilot, PilotAssessment, PilotFigure, Task
from programs.services.task import Unit, give_tasks
from territory.figure import Figure
from territory.models import Agency, Area


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
    pilot.figures.filter(occasion=occasion, name__in=list(removed)).delete()
    for (name, unit), figure in figures.items():
        PilotFigure.objects.update_or_create(
            pilot=pilot, occasion=occasion, name=name, defaults={"unit": unit, **PilotFigure.columns(figure)}
        )


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
    assessment, _made = PilotAssessment.objects.update_or_create(
        pilot=pilot, occasion=occasion, defaults={"assessed_on": assessed_on, "text": text, "by": actor}
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
    pilot.decision = Pilot.Decision.REPLICATE
    pilot.decided_on = timezone.localdate()
    pilot.save(update_fields=["decision", "decided_on"])
    return made


def may_run_pilot(actor: User, document: Document) -> bool:
    """Whether the actor runs pilots of this plan: own unit issued it, or the actor coordinates its whole area.

    Unlike entering a document, a plan from above gives no right to assess or to repeat its pilot.
    """
    scope = scope_of(actor)
    own = any(grant.reaches(document.issuer_id, document.area) for grant in scope.having("document.write"))
    return own or scope.may_in("document.write_all", document.area)


def _require(actor: User, document: Document) -> None:
    if not may_run_pilot(actor, document):
        raise PermissionDenied("the actor does not run pilots of this plan")


def _lock(document: Document) -> None:
    """Let nobody else make a pilot or tasks of the document meanwhile; a second click waits for the first."""
    list(
        Document.objects.unscoped("the row is locked").select_for_update(of=("self",)).filter(pk=document.pk)
    )
