"""What workers do for people: the digest of notices."""

from celery import shared_task

from accounts.notices import send_digests


@shared_task(name="accounts.tasks.mail_digests")
def mail_digests() -> None:
    send_digests()
