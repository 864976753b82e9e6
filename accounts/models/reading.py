"""The read log: who saw which protected record, when, and where. No audit, no answer."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.origin import current_address


class ReadEvent(models.Model):
    """One protected record shown to one person. Written in the transaction that read it; never changed.

    ``record`` names it ("victims.victim:12"); ``how`` says where it was shown.
    """

    class How(models.TextChoices):
        PAGE = "page", _("page")
        LIST = "list", _("list")
        API = "api", _("API")
        EXPORT = "export", _("export")
        IDENTITY = "identity", _("identity opened")
        HISTORY = "history", _("history")

    at = models.DateTimeField(_("when"), auto_now_add=True)
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("who"))
    record = models.CharField(_("record"), max_length=60)
    how = models.CharField(_("where"), max_length=10, choices=How.choices)
    address = models.GenericIPAddressField(
        _("from address"), null=True, default=current_address, editable=False
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("read event")
        verbose_name_plural = _("read events")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["record", "-id"], name="reading_record"),
            models.Index(fields=["user", "-id"], name="reading_user"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.how} {self.record}"
