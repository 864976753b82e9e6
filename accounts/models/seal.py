"""Seals over the logs: a chain of hashes that shows when a row was changed, removed or slipped in afterwards."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _


class ReadSeal(models.Model):
    """A stretch of one log, from its row ``first`` to ``last``, closed by a hash over it and the seal before.

    Ids are given before rows are written, so a stretch ends before the first row that could still be on its way.
    """

    class Log(models.TextChoices):
        READS = "reads", _("read log")
        AUDIT = "audit", _("audit log")

    log = models.CharField(_("log"), max_length=5, choices=Log.choices)
    number = models.PositiveBigIntegerField(_("number"))
    first = models.BigIntegerField(_("first row"))
    last = models.BigIntegerField(_("last row"))
    count = models.PositiveIntegerField(_("rows"))
    digest = models.CharField(_("hash"), max_length=64)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ["log", "number"]
        constraints = [models.UniqueConstraint(fields=["log", "number"], name="accounts_seal_number_once")]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.log} {self.number}: {self.first}-{self.last}"
