"""Seals over the logs: each holds the digests of some rows and continues the chain of the seals before it."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _


class ReadSeal(models.Model):
    """Rows of one log whose transactions were over when it was made. Never changed.

    ``rows`` holds, by id, 8 bytes of the row's id and the 32 bytes of its digest; ``digest`` is SHA-256 over the
    digest of the seal before and ``rows``. ``until`` is the transaction id below which every row is sealed.
    """

    log = models.CharField(_("log"), max_length=40)
    number = models.PositiveIntegerField(_("number"))
    first_id = models.BigIntegerField(_("first row"))
    last_id = models.BigIntegerField(_("last row"))
    count = models.PositiveIntegerField(_("rows"))
    until = models.BigIntegerField(_("transactions below"))
    rows = models.BinaryField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ["log", "number"]
        constraints = [models.UniqueConstraint(fields=["log", "number"], name="accounts_seal_once")]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.log} {self.number}"
