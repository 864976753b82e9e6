"""Recording which protected records a person was shown."""

from collections.abc import Iterable

from django.db import connection, models, transaction

from accounts.models import ReadEvent, User


def reads_of(record: models.Model) -> models.QuerySet[ReadEvent]:
    """Who was shown this record, newest first. The caller decides who may know."""
    return ReadEvent.objects.filter(record=f"{record._meta.label_lower}:{record.pk}").select_related("user")


def record_reads(
    *, actor: User, records: Iterable[models.Model], how: ReadEvent.How, reason: str = ""
) -> int:
    """Add one row to the read log for each record, in the running transaction. Returns how many.

    Raises TransactionManagementError outside a transaction: what is shown and what is logged stand or fall together.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a read of a protected record needs a transaction")
    rows = [
        ReadEvent(user=actor, record=f"{record._meta.label_lower}:{record.pk}", how=how, reason=reason)
        for record in records
    ]
    return len(ReadEvent.objects.bulk_create(rows))
