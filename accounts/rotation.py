"""Sealing with a new key what an older one sealed, batch by batch, while the portal runs."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models, transaction

from accounts.factors.sealed import reseal_seeds
from accounts.field_keys import current_key_id
from accounts.models.sealed import SealedRow, sealed_models
from accounts.row_scope import system_scope

#: Rows of one transaction.
BATCH = 200


@dataclass(frozen=True)
class Rotated:
    """How many rows of a table were sealed anew in a batch."""

    table: str
    rows: int


def rotate(*, batch: int = BATCH) -> Iterator[Rotated]:
    """Seal anew all rows that the current key did not seal; each batch is a transaction of its own.

    Stopped at any point it goes on from there when called again. Rows that somebody is writing are passed over and
    come last. Raises KeyMissing when a row's key is gone from FIELD_KEYS.
    """
    for model in sealed_models(apps.get_models()):
        while rows := _batch(model, batch, skip_locked=True) or _batch(model, batch, skip_locked=False):
            yield Rotated(model._meta.db_table, rows)
    while seeds := reseal_seeds(size=batch, skip_locked=True) or reseal_seeds(size=batch, skip_locked=False):
        yield Rotated("mfa_authenticator", seeds)


def _batch(model: type[SealedRow], size: int, *, skip_locked: bool) -> int:
    with transaction.atomic(), system_scope("keys are rotated for everybody"):
        stale: models.QuerySet[SealedRow] = model._base_manager.exclude(key_id=current_key_id())
        rows = list(stale.select_for_update(skip_locked=skip_locked).order_by("pk")[:size])
        for row in rows:
            row.reseal()
    return len(rows)
