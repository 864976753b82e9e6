"""What workers do for people and programs: notices by e-mail, messages to webhooks, seals over the logs, and
forgetting what is over."""

from celery import shared_task

from accounts.api.repeats import forget_sent_requests as forget
from accounts.forgetting import forget_what_is_over as forget_all
from accounts.kept_heads import keep_heads
from accounts.models import WaitingInvitation
from accounts.notice_mail import send_waiting
from accounts.outbox import forget_events, spread_events
from accounts.people.invitation import send_invitations as send_each
from accounts.sealing import seal_logs
from accounts.sessions import forget_sessions as forget_ended
from accounts.webhooks.delivering import deliver, due_deliveries


@shared_task(name="accounts.tasks.mail_notices")
def mail_notices() -> None:
    send_waiting()


@shared_task(name="accounts.tasks.send_invitations")
def send_invitations() -> None:
    """Send the links that did not go out when they were asked for."""
    send_each(WaitingInvitation.objects.all())


@shared_task(name="accounts.tasks.seal_reads")
def seal_reads() -> None:
    seal_logs()


@shared_task(name="accounts.tasks.keep_last_seals")
def keep_last_seals() -> None:
    keep_heads()


@shared_task(name="accounts.tasks.forget_sent_requests")
def forget_sent_requests() -> None:
    forget()


@shared_task(name="accounts.tasks.forget_sessions")
def forget_sessions() -> None:
    forget_ended()


@shared_task(name="accounts.tasks.work_on_outbox")
def work_on_outbox() -> None:
    """Make messages of what happened, and hand those that are due to workers."""
    while spread_events():
        pass
    for pk in due_deliveries():
        deliver_message.apply_async(args=[pk], expires=60)


@shared_task(name="accounts.tasks.deliver_message", soft_time_limit=30)
def deliver_message(pk: int) -> None:
    deliver(pk)


@shared_task(name="accounts.tasks.forget_old_events")
def forget_old_events() -> None:
    forget_events()


@shared_task(name="accounts.tasks.forget_what_is_over", soft_time_limit=3600)
def forget_what_is_over() -> None:
    forget_all()
