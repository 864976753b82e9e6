"""Which reports are made by the clock."""

import pghistory
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import AuditEvent, User
from accounts.scoping import scope_of
from accounts.services import record_event
from reporting.models import ReportSchedule
from territory.models import Area


def add_schedule(*, actor: User, kind: str, cut_off: str, area: Area, after_days: int) -> ReportSchedule:
    """Let a report of an area be made some days after each of its periods; one that is there already is changed.

    Raises PermissionDenied for whoever does not draft reports of the area.
    """
    _require(actor, area)
    with transaction.atomic(), pghistory.context(user=actor.pk):
        schedule, _ = ReportSchedule.objects.update_or_create(
            kind=kind,
            cut_off=cut_off,
            area=area,
            level="",
            defaults={"after_days": after_days, "is_active": True},
        )
        _record(actor, schedule, "schedule")
    return schedule


def stop_schedule(*, actor: User, schedule: ReportSchedule) -> None:
    """Make no more reports by this schedule. Raises PermissionDenied."""
    if schedule.area is None:
        raise PermissionDenied("a schedule for all areas is the administrator's")
    _require(actor, schedule.area)
    with transaction.atomic(), pghistory.context(user=actor.pk):
        schedule.is_active = False
        schedule.save(update_fields=["is_active"])
        _record(actor, schedule, "stop schedule")


def _require(actor: User, area: Area) -> None:
    if not scope_of(actor).may_in("report.make", area):
        raise PermissionDenied("the actor does not make reports of this area")


def _record(actor: User, schedule: ReportSchedule, step: str) -> None:
    record_event(
        actor=actor,
        kind=AuditEvent.Kind.REPORT_ASKED,
        about=f"reporting.reportschedule:{schedule.pk}",
        detail={"step": step, "kind": schedule.kind, "after_days": schedule.after_days},
    )
