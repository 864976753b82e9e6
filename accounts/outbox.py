"""The outbox: what happened is noted in its own transaction, and told to who may know of it after that stands.

A worker is asked to look as soon as the transaction stands, and beat asks again and again; so nothing is told of work
that was undone, and nothing that stands is lost with a worker or a broker.
"""

import datetime as dt
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.keys import is_good
from accounts.lots import remove_in_lots
from accounts.models import ApiKey, Delivery, Happening, KeyScope, OutboxEvent, Webhook
from accounts.scoping import Scope
from territory.models import Agency, Area

logger = logging.getLogger("portal.jobs")

#: Events looked at in one transaction.
BATCH = 200
#: How long events and the messages about them are kept.
KEPT_FOR = dt.timedelta(days=90)


@dataclass(frozen=True)
class KnownBy:
    """What a key needs to be told: a scope, and a verb for records of own agencies, or of all in the area."""

    scope: KeyScope
    own: Sequence[str] = ()
    every: Sequence[str] = ()


_OF_UNITS = KnownBy(KeyScope.RECORDS_READ, ("obligation.read",), ("obligation.read_all",))
KNOWN_BY: Mapping[str, KnownBy] = {
    Happening.SUBMITTED: _OF_UNITS,
    Happening.ACCEPTED: _OF_UNITS,
    Happening.ISSUED: KnownBy(KeyScope.REPORTS, (), ("report.read", "report.read_issued")),
    Happening.OVERDUE: KnownBy(KeyScope.RECORDS_READ, ("task.read",), ("task.read_all",)),
}


def note_event(
    *, kind: Happening, name: str, area: Area, data: Mapping[str, Any], agency: Agency | None = None
) -> None:
    """Note what happened, in the running transaction. The same ``name`` again is told no second time.

    Raises TransactionManagementError outside a transaction: what happened and the note of it stand or fall together.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an event needs the transaction in which it happens")
    event = OutboxEvent(kind=kind, name=name, area=area, agency=agency, data=dict(data))
    OutboxEvent.objects.bulk_create([event], ignore_conflicts=True)
    transaction.on_commit(ask_to_look)


def ask_to_look() -> None:
    """Ask a worker to look, where anybody is told anything. A broker that is away is no harm: beat asks again."""
    from accounts.tasks import work_on_outbox

    if not Webhook.objects.exclude(secret="").exists():
        return
    try:
        work_on_outbox.apply_async(expires=60)
    except Exception as error:
        logger.warning("outbox: a worker could not be asked: %s", type(error).__name__)


def spread_events() -> int:
    """Make a message of each new event for each webhook whose key may know of it. Returns how many."""
    with transaction.atomic():
        events = list(
            OutboxEvent.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(spread_at=None)
            .select_related("area")[:BATCH]
        )
        if not events:
            return 0
        related = ("api_key__area", "api_key__membership__user", "api_key__membership__area")
        hooks = Webhook.objects.exclude(secret="").select_related(*related)
        made = Delivery.objects.bulk_create(
            [
                Delivery(webhook=hook, event=event)
                for hook in hooks
                for event in events
                if event.kind in hook.told_of and may_know(hook.api_key, event)
            ],
            ignore_conflicts=True,
        )
        OutboxEvent.objects.filter(pk__in=[event.pk for event in events]).update(spread_at=timezone.now())
    return len(made)


def may_know(key: ApiKey, event: OutboxEvent) -> bool:
    """Whether the record behind an event is one that this key may read today."""
    needed = KNOWN_BY[event.kind]
    if needed.scope.value not in key.scopes or not is_good(key, timezone.localdate()):
        return False
    held = key.membership
    if held is None:
        return key.area is not None and key.area.contains(event.area)
    scope = Scope(held.user, [held])
    is_own = event.agency_id is not None and any(
        grant.reaches(event.agency_id, event.area) for verb in needed.own for grant in scope.having(verb)
    )
    return is_own or any(scope.may_in(verb, event.area) for verb in needed.every)


def forget_events() -> int:
    """Forget events, and the messages about them, whose time is over. Returns how many."""
    over = timezone.now() - KEPT_FOR
    return remove_in_lots(OutboxEvent.objects.filter(at__lt=over).exclude(spread_at=None))
