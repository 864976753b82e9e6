"""What workers do for people: the digest of notices, seals over the logs, and forgetting what was sent."""

from celery import shared_task

from accounts.api.repeats import forget_sent_requests as forget
from accounts.models import User
from accounts.notices import send_digest_of, send_digests
from accounts.sealing import seal_logs


@shared_task(name="accounts.tasks.mail_digests")
def mail_digests() -> None:
    send_digests()


@shared_task(name="accounts.tasks.mail_digest_of")
def mail_digest_of(user_id: int) -> None:
    """Mail what a person must know at once, with all else that waits for them."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is not None:
        send_digest_of(user=user)


@shared_task(name="accounts.tasks.seal_reads")
def seal_reads() -> None:
    seal_logs()


@shared_task(name="accounts.tasks.forget_sent_requests")
def forget_sent_requests() -> None:
    forget()
