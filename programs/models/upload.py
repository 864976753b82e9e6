"""Workbooks that were uploaded: the job of checking and storing one, and its rows; those of activities."""

import uuid
from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.scoping import Person, ScopedQuerySet, scope_of
from programs.models.activity import Activity
from territory.models import Agency


def upload_file_name(upload: "WorkbookUpload", filename: str) -> str:
    """A name made by the server; what the file was called is kept in a column."""
    return f"uploads/{upload.key.hex[:2]}/{upload.key.hex}"


class WorkbookUpload(models.Model):
    """A workbook and what became of it, whatever its rows are about.

    A worker takes it for a while (``lease``, ``lease_until``) and keeps renewing, first to check its rows, later
    to store them. When the lease runs out, because the worker was killed, it is given to the next one, and only
    the holder of the current lease can finish it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        CHECKING = "checking", _("being checked")
        CHECKED = "checked", _("checked")
        STORING = "storing", _("being stored")
        STORED = "stored", _("stored")
        FAILED = "failed", _("failed")
        DISCARDED = "discarded", _("discarded")

    AT_WORK: ClassVar[tuple[str, ...]] = (State.WAITING, State.CHECKING, State.STORING)
    #: The worker's task that takes the key of an upload of this kind.
    TASK: ClassVar[str]

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("uploaded by"))
    language = models.CharField(max_length=8)
    file = models.FileField(_("file"), upload_to=upload_file_name, blank=True)
    name = models.CharField(_("name"), max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(_("size in bytes"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    good = models.PositiveIntegerField(_("rows that can be stored"), default=0)
    bad = models.PositiveIntegerField(_("rows with a fault"), default=0)
    warned = models.PositiveIntegerField(_("rows with a warning"), default=0)
    stored = models.PositiveIntegerField(_("rows stored"), default=0)
    done = models.PositiveIntegerField(_("rows done so far"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    failure = models.CharField(_("reason"), max_length=30, blank=True, default="")
    failure_detail = models.CharField(_("detail"), max_length=300, blank=True, default="")
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    emptied_at = models.DateTimeField(_("file and rows removed"), null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def is_at_work(self) -> bool:
        return self.state in self.AT_WORK

    @property
    def is_emptied(self) -> bool:
        return self.emptied_at is not None

    @property
    def most_rows(self) -> int:
        """How many rows a workbook of this kind may have."""
        most: int = settings.UPLOAD_MAX_ROWS
        return most

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.rows) if self.rows else 0


class WorkbookRow(models.Model):
    """One row of a workbook as it was read, with what is wrong with it. Reached through its upload only.

    ``number`` is the row of the sheet. ``values`` holds texts by the key of their column, ``errors`` and
    ``warnings`` a list of {"key", "cell", "message"}, worded in the language of the upload.
    """

    number = models.PositiveIntegerField(_("row"))
    values: Any = models.JSONField(_("values"))
    errors: Any = models.JSONField(_("faults"), default=list)
    warnings: Any = models.JSONField(_("warnings"), default=list)
    is_good = models.BooleanField(_("can be stored"))

    class Meta:
        abstract = True
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.upload_id}:{self.number}"  # type: ignore[attr-defined]


class ActivityUploadQuerySet(ScopedQuerySet["ActivityUpload"]):
    def visible_to(self, user: Person) -> "ActivityUploadQuerySet":
        """One's own uploads, for as long as one files activities somewhere."""
        is_writer = scope_of(user).may("activity.write")
        found: ActivityUploadQuerySet = self._scoped(self.filter(by=user.pk) if is_writer else self.none())
        return found

    def at_work(self) -> "ActivityUploadQuerySet":
        return self.filter(state__in=ActivityUpload.AT_WORK)


@pghistory.track(exclude=["done", "lease_until"])
class ActivityUpload(WorkbookUpload):
    """A workbook of activities and what became of it."""

    TASK = "programs.tasks.work_on_upload"

    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("agency"),
        help_text=_("The agency of all rows; empty when they are of several."),
    )

    objects: ClassVar[Any] = ActivityUploadQuerySet.as_manager()

    class Meta(WorkbookUpload.Meta):
        abstract = False
        verbose_name = _("upload of activities")
        verbose_name_plural = _("uploads of activities")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["by", "-id"], name="upload_by"),
            models.Index(
                fields=["lease_until"],
                condition=Q(state__in=["waiting", "checking", "storing"]),
                name="upload_at_work",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["by"],
                condition=Q(state__in=["waiting", "checking", "storing"]),
                name="programs_upload_one_at_work_a_person",
            )
        ]


class UploadRow(WorkbookRow):
    """One row of a workbook of activities, and the activity it became."""

    upload = models.ForeignKey(
        ActivityUpload, models.CASCADE, related_name="upload_rows", verbose_name=_("upload")
    )
    activity = models.ForeignKey(
        Activity, models.SET_NULL, null=True, related_name="+", verbose_name=_("activity")
    )

    class Meta(WorkbookRow.Meta):
        abstract = False
        verbose_name = _("row of an upload")
        verbose_name_plural = _("rows of uploads")
        constraints = [
            models.UniqueConstraint(fields=["upload", "number"], name="programs_upload_row_once"),
        ]
        indexes = [models.Index(fields=["upload", "is_good", "number"], name="upload_row_shown")]
