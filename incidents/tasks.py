"""What workers do for tips and cases: the warnings of the day."""

from celery import shared_task
from django.utils import timezone

from incidents.reminders import warn_of_limits


@shared_task(name="incidents.tasks.warn")
def warn() -> None:
    warn_of_limits(timezone.localdate())
