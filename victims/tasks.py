"""What workers do for victims: the reminders of the day."""

from celery import shared_task
from django.utils import timezone

from victims.reminders import remind_of_the_day


@shared_task(name="victims.tasks.remind")
def remind() -> None:
    remind_of_the_day(timezone.localdate())
