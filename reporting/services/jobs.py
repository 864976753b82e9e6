"""Report jobs: asking for a report, stopping it, and picking up what a killed worker left behind.

Each job ends in one report or in a reason a person understands.
"""

import datetime as dt
import uuid
from contextlib import suppress

import pghistory
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.leases import Lease, LeaseLost, Leases
from accounts.models import AuditEvent, Notice, User
from accounts.notices import notify
from accounts.scoping import scope_of
from accounts.services import record_event
from reporting.models import MapBasis, ReportDraft, ReportJob
from territory.models import Area
from territory.period import Period

#: How many unfinished reports one person may have at a time.
UNFINISHED_LIMIT = 5

#: What a worker reads together with a job.
_WITH = ("area", "asked_by", "draft", "issues__area", "issues__revises", "issues__draft")

FAILURES = {
    "gave_up": _(
        "The report could not be made: each attempt was cut off. Try again, or tell the administrator."
    ),
    "no_template": _(
        "There is no template for this kind of report. Ask the administrator to load the catalogue."
    ),
    "no_font": _(
        "The server has no Liberation Serif font to print with. Ask the administrator to install it."
    ),
    "too_long": _(
        "Making the report took too long and was stopped. Choose a shorter period or a smaller area, or try again."
    ),
    "too_large": _("The report needs more memory than a report may take. Choose a smaller area or period."),
    "no_signature": _(
        "The report could not be signed digitally: the certificate cannot be used. Tell the administrator."
    ),
    "defect": _("The report could not be made because of a defect in the portal. It has been logged."),
}


def _too_long_ago() -> dt.datetime:
    """A job taken before this is stuck: the time limit ends it earlier wherever a worker still listens."""
    return timezone.now() - dt.timedelta(seconds=settings.REPORT_TIME_LIMIT_SECONDS * 1.5)


JOBS: Leases[ReportJob] = Leases(
    name="report job",
    rows=ReportJob.objects.unscoped,
    task="reporting.tasks.make_report",
    taken={ReportJob.State.QUEUED: ReportJob.State.RUNNING, ReportJob.State.RUNNING: ReportJob.State.RUNNING},
    limits="REPORT",
    together=_WITH,
    renewable=lambda: Q(taken_at__gt=_too_long_ago()),
)


def request_report(
    *,
    actor: User,
    kind: str,
    area: Area,
    period: Period,
    request_key: uuid.UUID | None = None,
    draft: ReportDraft | None = None,
    map_basis: str = MapBasis.THEN,
) -> ReportJob:
    """Ask for a report, of a draft where one is given. The same ``request_key`` again returns the same job.

    Raises PermissionDenied when the actor does not draft reports for the area, ValidationError when too many of
    the actor's reports are unfinished.
    """
    if not scope_of(actor).may_in("report.make", area):
        raise PermissionDenied("the actor does not make reports of this area")
    key = request_key or uuid.uuid4()
    mine = ReportJob.objects.unscoped("the actor's own jobs").filter(asked_by=actor)
    existing: ReportJob | None = mine.filter(request_key=key).first()
    if existing is not None:
        return existing
    if mine.filter(state__in=[ReportJob.State.QUEUED, ReportJob.State.RUNNING]).count() >= UNFINISHED_LIMIT:
        raise ValidationError(
            _("You have %(limit)s reports in the making. Wait until one is finished."),
            code="too_many",
            params={"limit": UNFINISHED_LIMIT},
        )
    try:
        with transaction.atomic():
            job = ReportJob.objects.create(
                request_key=key,
                kind=kind,
                area=area,
                period_code=period.code,
                period_rule=period.rule.value,
                map_basis=map_basis,
                draft=draft,
                asked_by=actor,
            )
            AuditEvent.objects.create(
                kind=AuditEvent.Kind.REPORT_ASKED,
                user=actor,
                about=f"reporting.reportjob:{job.pk}",
                detail={"area": area.code, "period": period.code, "kind": kind},
            )
    except IntegrityError:
        job = ReportJob.objects.unscoped("the actor's own job").get(request_key=key, asked_by=actor)
        return job
    transaction.on_commit(lambda: JOBS.send(job))
    return job


def take(key: str) -> Lease[ReportJob] | None:
    """Take a job that waits, or whose worker is gone. None when there is nothing to do."""
    return JOBS.take(key, taken_at=timezone.now(), progress=0, step="")


def pick_up_abandoned() -> list[str]:
    """Find jobs nobody works on: send them again, or give up after too many attempts. Returns the keys sent."""
    for stuck in JOBS.abandoned().filter(taken_at__lt=_too_long_ago()):
        fail(Lease(stuck, stuck.lease), "too_long")
    return JOBS.pick_up(lambda lease: fail(lease, "gave_up"))


def fail(lease: Lease[ReportJob], reason: str) -> None:
    """End the job with a reason a person understands, if the lease still holds, and tell who asked."""
    with suppress(LeaseLost):
        JOBS.release(lease, state=ReportJob.State.FAILED, failure=reason)
        tell_of_end(lease.work, Notice.REPORT_FAILED)


def cancel_job(*, job: ReportJob, actor: User) -> bool:
    """Stop a job that waits or runs. A worker that has it finds its lease gone and stores nothing.

    A job that issues a signed report is not cancelled: its number is given. Returns whether it was stopped; raises
    PermissionDenied for whoever neither asked for it nor drafts reports of its area.
    """
    if job.asked_by_id != actor.pk and not scope_of(actor).may_in("report.make", job.area):
        raise PermissionDenied("the actor may not stop this job")
    unfinished = JOBS.rows("the actor was judged above").filter(
        pk=job.pk, issues=None, state__in=[ReportJob.State.QUEUED, ReportJob.State.RUNNING]
    )
    with transaction.atomic(), pghistory.context(user=actor.pk):
        stopped = unfinished.update(
            state=ReportJob.State.CANCELLED, lease=None, lease_until=None, finished_at=timezone.now()
        )
        if stopped:
            record_event(
                actor=actor, kind=AuditEvent.Kind.REPORT_CANCELLED, about=f"reporting.reportjob:{job.pk}"
            )
    return bool(stopped)


def try_again(*, job: ReportJob, actor: User) -> ReportJob:
    """Let a failed or stopped job run anew from its first attempt. Twice does no more than once.

    Raises PermissionDenied for whoever does not draft reports of its area.
    """
    if not scope_of(actor).may_in("report.make", job.area):
        raise PermissionDenied("the actor does not make reports of this area")
    ended = [ReportJob.State.FAILED, ReportJob.State.CANCELLED]
    with transaction.atomic(), pghistory.context(user=actor.pk):
        again = (
            JOBS.rows("the actor was judged above")
            .filter(pk=job.pk, state__in=ended)
            .update(
                state=ReportJob.State.QUEUED,
                attempts=0,
                progress=0,
                step="",
                failure="",
                finished_at=None,
                sent_at=None,
                taken_at=None,
            )
        )
        if again:
            transaction.on_commit(lambda: JOBS.send(job))
    current: ReportJob = JOBS.rows("the actor was judged above").get(pk=job.pk)
    return current


def tell_of_end(job: ReportJob, kind: Notice) -> None:
    """A notice for who asked for the job; the e-mail digest carries it on as a sentence, never with the file."""
    if job.asked_by is not None and job.batch_id is None:
        notify(
            people=[job.asked_by],
            kind=kind,
            key=f"job:{job.pk}:{job.attempts}:{kind.value}",
            url=reverse("report_job", args=[job.key]),
            about={"record": str(job)},
        )
