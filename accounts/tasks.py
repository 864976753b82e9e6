"""What workers do for people: notices by e-mail, seals over the logs, and forgetting what was sent."""

from celery import shared_task

from accounts.api.repeats import forget_sent_requests as forget
from accounts.notice_mail import send_waiting
from accounts.sealing import seal_logs


@shared_task(name="accounts.tasks.mail_notices")
def mail_notices() -> None:
    send_waiting()


@shared_task(name="accounts.tasks.seal_reads")
def seal_reads() -> None:
    seal_logs()


@shared_task(name="accounts.tasks.forget_sent_requests")
def forget_sent_requests() -> None:
    forget()
