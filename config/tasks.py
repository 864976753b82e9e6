"""What workers do for the portal as a whole."""

from celery import shared_task

from config.condition.checks import check_and_record


@shared_task(name="config.tasks.look_after", soft_time_limit=3600, time_limit=3900)
def look_after() -> None:
    """Run all checks and record what they find."""
    check_and_record()
