"""What workers do: make reports, keep the roll-up current, pick up what was left behind."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from accounts.leases import LeaseLost
from programs.workbook import leases, uploads
from reporting.dashboard.ahead import keep_ahead
from reporting.figures.keeping import forget_kept
from reporting.models import PastUpload
from reporting.past_workbook.storing import PAST_FIGURES
from reporting.reminders import remind_of_reports
from reporting.rollup import recompute_marked
from reporting.services import batches, jobs, making, revisions, saved_views
from reporting.services.obligations import open_due_periods
from reporting.services.releases import release_statistics as release
from reporting.services.submissions.opening import forget_presences as forget_gone
from reporting.services.unissued import forget_unissued
from reporting.statistics.stamps import forget_stamps


@shared_task(name="reporting.tasks.make_report", soft_time_limit=settings.REPORT_TIME_LIMIT_SECONDS)
def make_report(key: str) -> None:
    """Make the report of a job, unless it is done or another worker has it."""
    lease = jobs.take(key)
    if lease is None:
        return
    try:
        making.carry_out(lease)
    except LeaseLost:
        return


@shared_task(name="reporting.tasks.pick_up_report_jobs")
def pick_up_report_jobs() -> None:
    jobs.pick_up_abandoned()
    batches.tell_of_finished()


@shared_task(name="reporting.tasks.start_scheduled_reports")
def start_scheduled_reports() -> None:
    batches.start_scheduled()


@shared_task(name="reporting.tasks.look_for_drift")
def look_for_drift() -> None:
    revisions.look_for_drift()


@shared_task(name="reporting.tasks.recompute_facts")
def recompute_facts() -> None:
    while recompute_marked().marks:
        pass


@shared_task(name="reporting.tasks.keep_figures")
def keep_figures() -> None:
    keep_ahead()


@shared_task(name="reporting.tasks.open_periods")
def open_periods() -> None:
    open_due_periods(today=timezone.localdate())


@shared_task(name="reporting.tasks.mail_views")
def mail_views() -> None:
    saved_views.mail_views(timezone.localdate())


@shared_task(name="reporting.tasks.remind")
def remind() -> None:
    remind_of_reports(timezone.localdate())


@shared_task(name=PastUpload.TASK)
def work_on_past_upload(key: str) -> None:
    """Check or store an uploaded workbook of past figures, unless that is done or another worker has it."""
    lease = leases.take(key, PastUpload)
    if lease is None:
        return
    try:
        uploads.work_on(lease, PAST_FIGURES)
    except LeaseLost:
        return


@shared_task(name="reporting.tasks.pick_up_past_uploads")
def pick_up_past_uploads() -> None:
    leases.pick_up_abandoned(PastUpload)


@shared_task(name="reporting.tasks.remove_old_past_uploads")
def remove_old_past_uploads() -> None:
    uploads.remove_old_uploads(PAST_FIGURES)


@shared_task(name="reporting.tasks.forget_presences")
def forget_presences() -> None:
    forget_gone()


@shared_task(name="reporting.tasks.forget_unissued_reports", soft_time_limit=3600)
def forget_unissued_reports() -> None:
    forget_unissued()


@shared_task(name="reporting.tasks.release_statistics")
def release_statistics() -> None:
    """Freeze the statistics of a quarter that has no release yet, and forget answers nobody asks for."""
    release()
    forget_stamps()
    forget_kept()
