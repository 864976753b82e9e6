"""Files that go with an activity, a document or a progress note."""

import uuid
from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.files.looks import Look, look_of
from accounts.files.scanning import Scanned
from accounts.models import User
from programs.models.activity import Activity
from programs.models.document import Document
from programs.models.task import ProgressNote


def stored_name(attachment: "Attachment", filename: str) -> str:
    """A name made by the server; what the file was called is kept in a column."""
    return f"attachments/{attachment.key.hex[:2]}/{attachment.key.hex}"


def thumbnail_name(attachment: "Attachment", filename: str) -> str:
    """The small picture lies beside its file."""
    return f"{stored_name(attachment, filename)}.thumbnail"


@pghistory.track()
class Attachment(models.Model):
    """A file of a checked type, stored outside the web root and served only through the guarded view.

    It belongs to one record, and whoever may see that record may have the file.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    activity = models.ForeignKey(
        Activity, models.CASCADE, null=True, related_name="attachments", verbose_name=_("activity")
    )
    document = models.ForeignKey(
        Document,
        models.CASCADE,
        null=True,
        db_index=False,
        related_name="attachments",
        verbose_name=_("document"),
    )
    progress_note = models.ForeignKey(
        ProgressNote,
        models.CASCADE,
        null=True,
        db_index=False,
        related_name="attachments",
        verbose_name=_("progress note"),
    )
    file = models.FileField(_("file"), upload_to=stored_name)
    thumbnail = models.FileField(_("small picture"), upload_to=thumbnail_name, blank=True, default="")
    name = models.CharField(_("name"), max_length=200)
    media_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    scanned = models.CharField(
        _("virus scan"), max_length=15, choices=Scanned.choices, default=Scanned.NOT_CONFIGURED
    )
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["id"]
        # Most files belong to activities, so the other two owners are indexed only where there is one.
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["document"], name="attachment_document", condition=Q(document__isnull=False)
            ),
            models.Index(
                fields=["progress_note"], name="attachment_note", condition=Q(progress_note__isnull=False)
            ),
        ]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(activity__isnull=False, document__isnull=True, progress_note__isnull=True)
                | Q(activity__isnull=True, document__isnull=False, progress_note__isnull=True)
                | Q(activity__isnull=True, document__isnull=True, progress_note__isnull=False),
                name="programs_attachment_has_one_owner",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def look(self) -> Look:
        return look_of(self.media_type)

    @property
    def icon(self) -> str:
        """The static file that shows what kind of file it is."""
        return self.look.icon
