"""Report jobs: asking for a report, making it, and picking up what a killed worker left behind.

The database is the truth. The broker only says "look now": a message may be lost, doubled or late, and still
each job ends in one report or in a reason a person understands.
"""

import datetime as dt
import hashlib
import logging
import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.leases import Keeper, LeaseLost
from accounts.models import AuditEvent, User
from accounts.scoping import scope_of
from accounts.tracing import where_it_failed
from reporting.building import NoTemplate, build_snapshot
from reporting.models import Report, ReportJob
from reporting.rendering.pdf import FontMissing, Printed, render_pdf
from reporting.rendering.snapshot import Snapshot
from territory.models import Area
from territory.period import CutOff, Period, parse_period

logger = logging.getLogger("portal.jobs")

#: How many unfinished reports one person may have at a time.
UNFINISHED_LIMIT = 5

#: A queued job whose message did not arrive is sent again after this many seconds.
RESEND_AFTER = 10

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
    "defect": _("The report could not be made because of a defect in the portal. It has been logged."),
}


@dataclass(frozen=True)
class Lease:
    """The right to work on a job until it runs out or is renewed."""

    job: ReportJob
    token: uuid.UUID


def request_report(
    *, actor: User, kind: str, area: Area, period: Period, request_key: uuid.UUID | None = None
) -> ReportJob:
    """Ask for a report. The same ``request_key`` again returns the same job.

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
    transaction.on_commit(lambda: send(job))
    return job


def send(job: ReportJob) -> None:
    """Tell a worker to look at the job. A broker that is away is no harm: the job is sent again later."""
    from reporting.tasks import make_report

    try:
        make_report.apply_async(args=[str(job.key)], expires=3600)
    except Exception as error:
        logger.warning("report job %s could not be sent: %s", job.pk, type(error).__name__)
        return
    _all_jobs("sent").filter(pk=job.pk).update(sent_at=timezone.now())


def take(key: str) -> Lease | None:
    """Take a job that waits, or whose worker is gone. None when there is nothing to do."""
    now = timezone.now()
    token = uuid.uuid4()
    free = Q(state=ReportJob.State.QUEUED) | Q(state=ReportJob.State.RUNNING, lease_until__lt=now)
    taken = (
        _all_jobs("a worker takes any job")
        .filter(free, key=key, attempts__lt=settings.REPORT_MAX_ATTEMPTS)
        .update(
            state=ReportJob.State.RUNNING,
            lease=token,
            lease_until=now + _lease_time(),
            attempts=F("attempts") + 1,
            progress=0,
            step="",
        )
    )
    if not taken:
        return None
    job = _all_jobs("the job just taken").select_related("area", "asked_by").get(key=key)
    return Lease(job, token)


def renew(lease: Lease, **changed: Any) -> None:
    """Keep the job a while longer, and note progress. Raises LeaseLost."""
    held = _all_jobs("the lease names the job").filter(pk=lease.job.pk, lease=lease.token)
    if not held.filter(state=ReportJob.State.RUNNING).update(
        lease_until=timezone.now() + _lease_time(), **changed
    ):
        raise LeaseLost(f"report job {lease.job.pk}")


def carry_out(lease: Lease) -> None:
    """Make the report of a job and finish it; a failure is noted with its reason.

    Raises LeaseLost when another worker has taken over; nothing is stored then.
    """
    job = lease.job
    period = parse_period(
        job.period_code, CutOff(job.period_rule) if job.period_rule != "explicit" else CutOff.ND09
    )
    keeper = _Keeper(lease)
    try:
        with keeper, override("vi"):
            keeper.note(5, "gathering")
            snapshot = build_snapshot(
                kind=job.kind,
                area=job.area,
                period=period,
                progress=lambda p: keeper.note(5 + p * 35 // 100, "gathering"),
            )
            keeper.note(45, "printing")
            printed = render_pdf(snapshot, progress=lambda p: keeper.note(45 + p // 2, "printing"))
        _finish(lease, period, snapshot, printed)
    except LeaseLost:
        logger.warning("report job %s was taken over by another worker", job.pk)
        raise
    except (NoTemplate, FontMissing) as error:
        _fail(lease, "no_template" if isinstance(error, NoTemplate) else "no_font")
    except Exception as error:
        logger.error("report job %s failed: %s%s", job.pk, type(error).__name__, where_it_failed(error))
        _fail(lease, "defect")


def pick_up_abandoned() -> list[str]:
    """Find jobs nobody works on: send them again, or give up after too many attempts. Returns the keys sent."""
    now = timezone.now()
    stale = _all_jobs("abandoned jobs").filter(state=ReportJob.State.RUNNING, lease_until__lt=now)
    spent = stale.filter(attempts__gte=settings.REPORT_MAX_ATTEMPTS)
    spent.update(
        state=ReportJob.State.FAILED, failure="gave_up", lease=None, lease_until=None, finished_at=now
    )
    unheard = Q(sent_at__isnull=True) | Q(sent_at__lt=now - dt.timedelta(seconds=RESEND_AFTER))
    waiting = _all_jobs("jobs whose message got lost").filter(unheard, state=ReportJob.State.QUEUED)
    keys = []
    for job in [*stale.filter(attempts__lt=settings.REPORT_MAX_ATTEMPTS), *waiting]:
        send(job)
        keys.append(str(job.key))
    return keys


def _all_jobs(reason: str) -> Any:
    return ReportJob.objects.unscoped(reason)


def _lease_time() -> dt.timedelta:
    return dt.timedelta(seconds=settings.REPORT_LEASE_SECONDS)


def _finish(lease: Lease, period: Period, snapshot: Snapshot, printed: Printed) -> None:
    """Store the report and end the job, in one transaction, if the lease still holds."""
    job = lease.job
    key = uuid.uuid4()
    report = Report(
        key=key,
        job=job,
        kind=job.kind,
        area=job.area,
        period_code=period.code,
        period_start=period.start,
        period_end=period.end,
        title=f"{snapshot['document']['title']} {snapshot['document']['subject']}"[:300],
        snapshot=snapshot,
        sha256=hashlib.sha256(printed.content).hexdigest(),
        size=len(printed.content),
        pages=printed.pages,
        made_by=job.asked_by,
        is_demo=snapshot["document"]["is_demo"],
    )
    report.file.save(f"{key.hex}.pdf", ContentFile(printed.content), save=False)
    try:
        with transaction.atomic():
            held = (
                _all_jobs("the lease names the job").select_for_update().filter(pk=job.pk, lease=lease.token)
            )
            if not held.filter(state=ReportJob.State.RUNNING).exists():
                raise LeaseLost(f"report job {job.pk}")
            report.save()
            held.update(
                state=ReportJob.State.DONE,
                progress=100,
                step="",
                lease=None,
                lease_until=None,
                finished_at=timezone.now(),
            )
    except BaseException:
        report.file.delete(save=False)
        raise


def _fail(lease: Lease, reason: str) -> None:
    _all_jobs("the lease names the job").filter(pk=lease.job.pk, lease=lease.token).update(
        state=ReportJob.State.FAILED, failure=reason, lease=None, lease_until=None, finished_at=timezone.now()
    )


class _Keeper(Keeper):
    """Keeps the lease while the report is made, since printing takes its time."""

    def __init__(self, lease: Lease) -> None:
        every = settings.REPORT_LEASE_SECONDS / 4
        super().__init__(f"report job {lease.job.pk}", every=every, renew=lambda: renew(lease))
        self.lease = lease
        self.noted: dict[str, Any] = {}

    def note(self, progress: int, step: str) -> None:
        """Note progress for the page that waits. Raises LeaseLost when the job is another worker's by now."""
        self.refuse_if_lost()
        if self.noted != {"progress": progress, "step": step}:
            self.noted = {"progress": progress, "step": step}
            renew(self.lease, **self.noted)
