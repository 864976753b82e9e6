"""Files that go with an activity."""

import uuid

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from programs.models.activity import Activity


def stored_name(attachment: "Attachment", filename: str) -> str:
    """A name made by the server; what the file was called is kept in a column."""
    return f"attachments/{attachment.key.hex[:2]}/{attachment.key.hex}"


@pghistory.track()
class Attachment(models.Model):
    """A file of a checked type, stored outside the web root and served only through the guarded view."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    activity = models.ForeignKey(
        Activity, models.CASCADE, related_name="attachments", verbose_name=_("activity")
    )
    file = models.FileField(_("file"), upload_to=stored_name)
    name = models.CharField(_("name"), max_length=200)
    media_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
