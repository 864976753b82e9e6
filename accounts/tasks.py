"""What workers do for people: the digest of notices, seals over the logs, and forgetting what was sent."""

from celery import shared_task

from accounts.api.repeats import forget_sent_requests as forget
from accounts.notices import send_digests
from accounts.sealing import seal_logs


@shared_task(name="accounts.tasks.mail_digests")
def mail_digests() -> None:
    send_digests()


@shared_task(name="accounts.tasks.seal_reads")
def seal_reads() -> None:
    seal_logs()


@shared_task(name="accounts.tasks.forget_sent_requests")
def forget_sent_requests() -> None:
    forget()
