"""What workers do for the programme: the reminders of the day, and uploaded workbooks."""

from celery import shared_task
from django.utils import timezone

from accounts.leases import LeaseLost
from programs.directory_workbook.storing import KINDS
from programs.models import DirectoryUpload
from programs.reminders import remind_of_tasks
from programs.workbook import leases, uploads


@shared_task(name="programs.tasks.remind")
def remind() -> None:
    remind_of_tasks(timezone.localdate())


@shared_task(name="programs.tasks.work_on_upload")
def work_on_upload(key: str) -> None:
    """Check or store an uploaded workbook, unless that is done or another worker has it."""
    lease = leases.take(key)
    if lease is None:
        return
    try:
        uploads.work_on(lease)
    except LeaseLost:
        return


@shared_task(name=DirectoryUpload.TASK)
def work_on_directory_upload(key: str) -> None:
    """Check or store an uploaded workbook of people or agencies, unless that is done or another worker has it."""
    lease = leases.take(key, DirectoryUpload)
    if lease is None:
        return
    try:
        uploads.work_on(lease, KINDS[lease.work.subject])
    except LeaseLost:
        return


@shared_task(name="programs.tasks.pick_up_uploads")
def pick_up_uploads() -> None:
    leases.pick_up_abandoned()
    leases.pick_up_abandoned(DirectoryUpload)


@shared_task(name="programs.tasks.remove_old_uploads")
def remove_old_uploads() -> None:
    uploads.remove_old_uploads()
    # Uploads of people and of agencies lie in the same tables, so one of the kinds stands for both.
    uploads.remove_old_uploads(KINDS[DirectoryUpload.Subject.PEOPLE])
