"""Delivering messages: each by one worker at a time, again and again for a day, and then given up.

The rows are the truth. A worker that is killed leaves a lease that runs out; the message is then tried again under
the same id, by which its receiver knows it.
"""

import datetime as dt
import json
from typing import Any

from django.conf import settings
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.keys import keys_seen_by
from accounts.models import Delivery, Membership, Notice, OutboxEvent, Role, User, Webhook
from accounts.notices import notify
from accounts.outbox import may_know
from accounts.webhooks.sending import Outcome, post
from accounts.webhooks.signing import signed_headers

#: How long after each try the next one comes: eight tries within a day.
WAITS = (
    dt.timedelta(seconds=10),
    dt.timedelta(minutes=5),
    dt.timedelta(minutes=30),
    dt.timedelta(hours=2),
    dt.timedelta(hours=4),
    dt.timedelta(hours=7),
    dt.timedelta(hours=10),
)
MOST_TRIES = len(WAITS) + 1
#: Longer than a try takes.
LEASE = dt.timedelta(seconds=60)
#: Messages handed to workers at a time.
AT_ONCE = 100

State, Trouble = Delivery.State, Delivery.Trouble


def due_deliveries() -> list[int]:
    """The messages to try now, those that wait longest first. Those of a paused webhook wait."""
    now = timezone.now()
    due = Delivery.objects.filter(_free(now), state=State.WAITING, next_at__lte=now, webhook__paused_at=None)
    return list(due.order_by("next_at").values_list("pk", flat=True)[:AT_ONCE])


def deliver(pk: int) -> Outcome | None:
    """Try one message, unless it is not due or another worker has it."""
    delivery = _take(pk)
    if delivery is None:
        return None
    outcome = _try(delivery)
    _settle(delivery, outcome)
    return outcome


def message_of(event: OutboxEvent) -> dict[str, Any]:
    """What is told of an event: what, when, of which record, and where to read it."""
    data = dict(event.data)
    path = data.pop("path")
    return {
        "type": event.kind,
        "timestamp": event.at.isoformat(),
        "data": {**data, "area": event.area.code, "link": f"{settings.PUBLIC_URL}{path}"},
    }


def _free(now: dt.datetime) -> Q:
    return Q(leased_until=None) | Q(leased_until__lt=now)


def _take(pk: int) -> Delivery | None:
    now = timezone.now()
    lease = now + LEASE
    if Webhook.objects.filter(deliveries=pk).exclude(paused_at=None).exists():
        return None
    taken = Delivery.objects.filter(_free(now), pk=pk, state=State.WAITING, next_at__lte=now).update(
        leased_until=lease, tries=F("tries") + 1, tried_at=now
    )
    if not taken:
        return None
    related = ("event__area", "webhook__api_key__area", "webhook__api_key__membership__user")
    found: Delivery = Delivery.objects.select_related(*related, "webhook__api_key__membership__area").get(
        pk=pk
    )
    return found


def _try(delivery: Delivery) -> Outcome:
    webhook, event = delivery.webhook, delivery.event
    if not may_know(webhook.api_key, event):
        return Outcome(trouble=Trouble.ENDED)
    body = json.dumps(message_of(event), ensure_ascii=False, separators=(",", ":"))
    headers = signed_headers(
        message=str(event.pk), at=timezone.now(), body=body, signers=webhook.secrets_now()
    )
    return post(webhook.url, headers={**headers, "Content-Type": "application/json"}, body=body.encode())


def _settle(delivery: Delivery, outcome: Outcome) -> None:
    """Note what came of a try, if the lease still holds."""
    changed: dict[str, Any] = {"leased_until": None, "status": outcome.status, "trouble": outcome.trouble}
    is_over = outcome.trouble == Trouble.ENDED or delivery.tries >= MOST_TRIES
    if not outcome.trouble:
        changed["state"] = State.DELIVERED
    elif is_over:
        changed["state"] = State.FAILED
    else:
        changed["next_at"] = timezone.now() + WAITS[delivery.tries - 1]
    held = Delivery.objects.filter(pk=delivery.pk, leased_until=delivery.leased_until, state=State.WAITING)
    if held.update(**changed) and changed.get("state") == State.FAILED:
        _tell_administrators(delivery.webhook)


def _tell_administrators(webhook: Webhook) -> None:
    """One notice a day and webhook, to those who keep its key."""
    today = timezone.localdate()
    held = Membership.objects.valid_on(today).filter(role=Role.ADMINISTRATOR, user__is_active=True)
    keepers = [
        user
        for user in User.objects.filter(pk__in=held.values("user"))
        if keys_seen_by(user).filter(pk=webhook.api_key_id).exists()
    ]
    notify(
        people=keepers,
        kind=Notice.WEBHOOK_FAILED,
        key=f"webhook:{webhook.pk}:{today:%Y%m%d}",
        url=reverse("webhook", args=[webhook.pk]),
        about={"unit": webhook.api_key.consumer},
    )
