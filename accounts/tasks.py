"""What workers do by the clock for everybody: the digest of notices, the seals of the logs."""

from celery import shared_task

from accounts.notices import send_digests
from accounts.sealing import seal_logs as seal


@shared_task(name="accounts.tasks.mail_digests")
def mail_digests() -> None:
    send_digests()


@shared_task(name="accounts.tasks.seal_logs")
def seal_logs() -> None:
    seal()
