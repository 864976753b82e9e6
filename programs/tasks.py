"""What workers do for the programme: the reminders of the day."""

from celery import shared_task
from django.utils import timezone

from programs.reminders import remind_of_tasks


@shared_task(name="programs.tasks.remind")
def remind() -> None:
    remind_of_tasks(timezone.localdate())
