"""What workers do for victims: the reminders of the day, and exports of case data."""

from celery import shared_task
from django.utils import timezone

from accounts.leases import LeaseLost
from victims.reminders import remind_of_the_day
from victims.services import export, export_jobs


@shared_task(name="victims.tasks.remind")
def remind() -> None:
    remind_of_the_day(timezone.localdate())


@shared_task(name=export_jobs.TASK)
def make_export(key: str) -> None:
    """Make an approved export, unless it is done or another worker has it."""
    lease = export_jobs.take(key)
    if lease is None:
        return
    try:
        export_jobs.carry_out(lease)
    except LeaseLost:
        return


@shared_task(name="victims.tasks.pick_up_exports")
def pick_up_exports() -> None:
    export_jobs.pick_up_abandoned()


@shared_task(name="victims.tasks.destroy_expired_exports")
def destroy_expired_exports() -> None:
    export.destroy_expired()
