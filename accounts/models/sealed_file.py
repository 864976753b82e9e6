"""Files of protected records: name and content are sealed, so that storage and its copies tell nothing."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.files.looks import Look, look_of
from accounts.files.scanning import Scanned
from accounts.models.sealed import SealedRow


class SealedFile(SealedRow):
    """A file whose bytes are sealed with a key of its own, which is sealed with the field keys.

    So a rotation of the keys touches the row alone, and a row that is gone leaves bytes that nobody can read.
    Written and read by `accounts.files.sealed`.
    """

    sealed: ClassVar[tuple[str, ...]] = ("name", "content_key", "sha256")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    stored = models.CharField(_("file"), max_length=100, editable=False)
    name = models.TextField(_("name"))
    content_key = models.TextField(editable=False)
    sha256 = models.TextField(editable=False)
    media_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    scanned = models.CharField(
        _("virus scan"), max_length=15, choices=Scanned.choices, default=Scanned.NOT_CONFIGURED
    )
    added_by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name=_("added by")
    )
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        abstract = True
        ordering: ClassVar[list[str]] = ["added_at", "id"]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @property
    def look(self) -> Look:
        return look_of(self.media_type)


#: Columns that its history leaves out: it keeps that a file was there, of what type and by whom, never what it is.
HIDDEN = ["key_id", "stored", "name", "content_key", "sha256", "scanned"]
