"""Reports of many areas at once: asked for by a person or by the clock."""

import datetime as dt
from collections.abc import Iterable
from functools import partial

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.models import AuditEvent, User
from accounts.scoping import scope_of
from accounts.services import record_event
from reporting.models import ReportBatch, ReportJob, ReportKind, ReportSchedule
from reporting.services.jobs import JOBS
from territory.models import Area, Level
from territory.period import CutOff, Period, PeriodKind, propose

#: How many reports one batch may hold: all provinces of the old map, with room.
MOST_AREAS = 800

_KINDS: dict[str, PeriodKind] = {
    ReportKind.SIX_MONTH: PeriodKind.HALF_YEAR,
    ReportKind.STATISTICS: PeriodKind.HALF_YEAR,
    ReportKind.ANNUAL: PeriodKind.YEAR,
}


def areas_for(level: str, within: Area, day: dt.date) -> list[Area]:
    """The areas of a level inside another, as they were on a day."""
    held = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    found = Area.objects.filter(held, level=level, path__startswith=within.path, valid_from__lte=day)
    return list(found.order_by("sort_key", "pk"))


def request_batch(*, actor: User, kind: str, period: Period, level: str, within: Area) -> ReportBatch:
    """Ask for the reports of all areas of a level inside an area.

    Raises PermissionDenied when the actor does not draft reports of that area, ValidationError when there is no such
    area on the last day of the period, or too many.
    """
    if not scope_of(actor).may_in("report.make", within):
        raise PermissionDenied("the actor does not make reports of this area")
    areas = areas_for(level, within, period.end)
    if not areas:
        raise ValidationError(gettext_lazy("There was no area of this level at the end of the period."))
    if len(areas) > MOST_AREAS:
        message = gettext_lazy("A batch holds at most %(limit)s reports. Choose a smaller area.")
        raise ValidationError(message, code="too_many", params={"limit": MOST_AREAS})
    with transaction.atomic():
        batch = _make(kind, period, areas, asked_by=actor)
        record_event(
            actor=actor,
            kind=AuditEvent.Kind.REPORT_ASKED,
            about=f"reporting.reportbatch:{batch.pk}",
            detail={"period": period.code, "kind": kind, "level": level, "reports": len(areas)},
        )
    return batch


def start_scheduled(today: dt.date | None = None) -> list[ReportBatch]:
    """Start the reports whose day has come, each once: so many days after their period, and at most 60 days late."""
    day = today or timezone.localdate()
    started = []
    for schedule in ReportSchedule.objects.filter(is_active=True).select_related("area"):
        period = last_period(schedule.kind, CutOff(schedule.cut_off), day)
        begins = period.end + dt.timedelta(days=schedule.after_days) if period else None
        if period is None or begins is None or not begins <= day <= begins + dt.timedelta(days=60):
            continue
        if schedule.batches.filter(period_code=period.code).exists():
            continue
        nation = Area.objects.filter(level=Level.NATION).order_by("pk").first()
        areas = (
            [schedule.area]
            if schedule.area
            else areas_for(schedule.level, nation, period.end)
            if nation
            else []
        )
        with transaction.atomic():
            started.append(_make(schedule.kind, period, areas, schedule=schedule))
    return started


def last_period(kind: str, rule: CutOff, day: dt.date) -> Period | None:
    """The last period of a kind of report that was over on a day; None for kinds that come round by no clock."""
    sort = _KINDS.get(kind)
    if sort is None or rule is CutOff.EXPLICIT:
        return None
    halves = (2, 1) if sort is PeriodKind.HALF_YEAR else (None,)
    for year in (day.year, day.year - 1):
        for half in halves:
            period = propose(sort, year, half, rule)
            if period.end < day:
                return period
    return None


def tell_of_finished() -> int:
    """Mail a link, once, to who asked for a batch whose reports have all come to an end. Returns how many were told.

    The batch is marked in the transaction that sends the mail; one that cannot be sent is tried again.
    """
    unfinished = Q(jobs__state__in=[ReportJob.State.QUEUED, ReportJob.State.RUNNING])
    over = (
        ReportBatch.objects.filter(told_at=None, asked_by__isnull=False)
        .annotate(left=Count("jobs", filter=unfinished), made=Count("jobs", filter=Q(jobs__state="done")))
        .filter(left=0, made__gt=0)
    )
    told = 0
    for pk in over.values_list("pk", flat=True):
        with transaction.atomic():
            batch = (
                ReportBatch.objects.select_for_update(skip_locked=True).filter(pk=pk, told_at=None).first()
            )
            if batch is None or batch.asked_by is None:
                continue
            ReportBatch.objects.filter(pk=pk).update(told_at=timezone.now())
            with override(settings.LANGUAGE_CODE):
                link = settings.PUBLIC_URL + reverse("report_batch", args=[batch.key])
                text = _("The reports you asked for are ready: %(batch)s.") % {"batch": batch}
                send_mail(
                    _("Reports are ready"),
                    f"{text}\n\n{link}\n",
                    settings.DEFAULT_FROM_EMAIL,
                    [batch.asked_by.email],
                )
            told += 1
    return told


def _make(
    kind: str,
    period: Period,
    areas: Iterable[Area],
    *,
    asked_by: User | None = None,
    schedule: ReportSchedule | None = None,
) -> ReportBatch:
    batch: ReportBatch = ReportBatch.objects.create(
        kind=kind,
        period_code=period.code,
        period_rule=period.rule.value,
        asked_by=asked_by,
        schedule=schedule,
    )
    jobs = ReportJob.objects.bulk_create(
        ReportJob(
            kind=kind,
            area=area,
            period_code=period.code,
            period_rule=period.rule.value,
            batch=batch,
            asked_by=asked_by,
        )
        for area in areas
    )
    transaction.on_commit(partial(_send_all, jobs))
    return batch


def _send_all(jobs: Iterable[ReportJob]) -> None:
    for job in jobs:
        JOBS.send(job)
