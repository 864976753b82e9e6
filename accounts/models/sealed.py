"""Rows with sealed columns: which columns, how they open, and the key they were sealed with."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models

from accounts.field_keys import current_key_id, seal, unseal


class SealedRow(models.Model):
    """A row whose columns ``sealed`` hold ciphertext. Read and written by `opened` and `put` alone.

    The primary key is known before the row is stored, since a text is sealed for its row. ``key_id`` is the key
    that sealed all of the row, so that a rotation finds what is left to do.
    """

    sealed: ClassVar[tuple[str, ...]] = ()

    key_id = models.CharField(max_length=16, db_index=True, editable=False)

    class Meta:
        abstract = True

    def put(self, texts: dict[str, str]) -> None:
        """Seal every column anew, with these texts in the place of the old ones. The row is not saved."""
        whole = {**(self.opened() if self.key_id else dict.fromkeys(self.sealed, "")), **texts}
        for column, text in whole.items():
            setattr(self, column, seal(text, place=self._place(column)))
        for column, index in self.indexes_of(whole).items():
            setattr(self, column, index)
        self.key_id = current_key_id()

    def opened(self) -> dict[str, str]:
        """The texts by column. Raises KeyMissing, SealBroken."""
        return {column: unseal(getattr(self, column), place=self._place(column)) for column in self.sealed}

    def indexes_of(self, texts: dict[str, str]) -> dict[str, Any]:
        """The blind indexes of the row, by column."""
        return {}

    def reseal(self) -> None:
        """Seal with the current key what another one sealed. The row is saved, and nothing else changes."""
        self.put({})
        self.save(update_fields=[*self.sealed, *self.indexes_of(dict.fromkeys(self.sealed, "")), "key_id"])

    def _place(self, column: str) -> str:
        return f"{self._meta.db_table}.{column}.{self.pk}"


def sealed_models(models_known: Iterable[type[models.Model]]) -> list[type[SealedRow]]:
    """Those of the models that hold sealed columns."""
    return [model for model in models_known if issubclass(model, SealedRow)]
