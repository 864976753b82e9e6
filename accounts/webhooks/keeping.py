"""Keeping webhooks: made by an administrator for a key, paused, given a new secret; messages sent again."""

import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.keys import keys_seen_by, may_manage_keys
from accounts.models import ApiKey, AuditEvent, Delivery, Happening, User, Webhook
from accounts.outbox import ask_to_look
from accounts.services import record_event
from accounts.webhooks.addresses import AddressRefused, find_target
from accounts.webhooks.signing import new_secret

MOST_WEBHOOKS = 10
#: How long the secret before is signed with besides a new one.
OVERLAP = dt.timedelta(hours=24)


def webhooks_seen_by(user: User) -> Any:
    """The webhooks a person keeps: those of keys that an administrator sees. Nobody else has any."""
    if not may_manage_keys(user):
        return Webhook.objects.none()
    keys = keys_seen_by(user).order_by().values("pk")
    return Webhook.objects.filter(api_key__in=keys).select_related("api_key", "made_by")


def make_webhook(*, actor: User, key: ApiKey, url: str, told_of: Collection[str]) -> Webhook:
    """A webhook without a secret yet; nothing is sent before that is taken.

    Raises PermissionDenied, and ValidationError by field for an address that nothing may be sent to.
    """
    _refuse_unless_keeper(actor, key)
    if not told_of or not set(told_of) <= set(Happening.values):
        raise ValidationError({"told_of": _("Choose what the address is told of.")})
    try:
        find_target(url)
    except AddressRefused as refused:
        raise ValidationError({"url": refused.message}) from refused
    with transaction.atomic(), pghistory.context(user=actor.pk):
        ApiKey.objects.select_for_update().get(pk=key.pk)
        if key.webhooks.count() >= MOST_WEBHOOKS:
            raise ValidationError(_("A key has at most 10 webhooks."))
        made = Webhook(
            api_key=key,
            url=url,
            told_of=[value for value in Happening.values if value in told_of],
            made_by=actor,
        )
        made.put({})
        made.save(force_insert=True)
        _record(made, actor, AuditEvent.Kind.WEBHOOK_MADE)
    return made


def renew_secret(*, webhook: Webhook, actor: User) -> str:
    """Make a secret and give it back; it is never given again. The one before is signed with for a day more.

    Raises PermissionDenied.
    """
    with _keeping(webhook, actor) as kept:
        secret, before = new_secret(), kept.opened()["secret"]
        kept.put({"secret": secret, "secret_before": before})
        kept.before_until = timezone.now() + OVERLAP if before else None
        kept.save()
        _record(kept, actor, AuditEvent.Kind.WEBHOOK_SECRET)
    return secret


def pause(*, webhook: Webhook, actor: User, is_paused: bool) -> Webhook:
    """Stop sending, or go on with what waits. Raises PermissionDenied."""
    with _keeping(webhook, actor) as kept:
        if (kept.paused_at is not None) != is_paused:
            kept.paused_at = timezone.now() if is_paused else None
            kept.save(update_fields=["paused_at"])
            _record(kept, actor, AuditEvent.Kind.WEBHOOK_CHANGED)
            transaction.on_commit(ask_to_look)
    return kept


def send_again(*, delivery: Delivery, actor: User) -> Delivery:
    """Try a message anew from its first try, under the same id. Raises PermissionDenied."""
    with _keeping(delivery.webhook, actor) as kept:
        held: Delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
        held.state, held.tries, held.next_at = Delivery.State.WAITING, 0, timezone.now()
        held.leased_until = None
        held.save(update_fields=["state", "tries", "next_at", "leased_until"])
        _record(kept, actor, AuditEvent.Kind.WEBHOOK_RESENT)
        transaction.on_commit(ask_to_look)
    return held


@contextmanager
def _keeping(webhook: Webhook, actor: User) -> Iterator[Webhook]:
    """The webhook, locked for a change by who keeps its key. Raises PermissionDenied."""
    _refuse_unless_keeper(actor, webhook.api_key)
    with transaction.atomic(), pghistory.context(user=actor.pk):
        yield Webhook.objects.select_for_update(of=("self",)).select_related("api_key").get(pk=webhook.pk)


def _refuse_unless_keeper(actor: User, key: ApiKey) -> None:
    if not may_manage_keys(actor) or not keys_seen_by(actor).filter(pk=key.pk).exists():
        raise PermissionDenied("the actor does not keep the key")


def _record(webhook: Webhook, actor: User, kind: AuditEvent.Kind) -> None:
    record_event(actor=actor, kind=kind, about=f"accounts.webhook:{webhook.pk}")
