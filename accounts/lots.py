"""Removing many rows: some at a time, each lot in a transaction of its own, so that no lock and no work grows long."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet

from accounts.models import AuditEvent

#: Rows that one transaction removes.
LOT = 5_000


def remove_in_lots(
    rows: "QuerySet[Any]", *, size: int = LOT, first: Callable[[Sequence[Any]], object] | None = None
) -> int:
    """Remove rows with what hangs on them, and return how many went. What ceased to be over while this ran stays.

    ``first`` is given the keys of each lot in its transaction, while the rows are locked and still there.
    """
    removed = 0
    while True:
        with transaction.atomic():
            keys = list(rows.order_by().select_for_update().values_list("pk", flat=True)[:size])
            if not keys:
                return removed
            if first is not None:
                first(keys)
            removed += rows.model._base_manager.filter(pk__in=keys).delete()[0]


def note_removal(model: type[Model], rows: int) -> None:
    """Note in the trail how many rows of a kind went; nothing where none did."""
    if rows:
        AuditEvent.objects.create(
            kind=AuditEvent.Kind.DATA_ERASED, about=model._meta.label_lower, detail={"rows": rows}
        )
