"""Workbooks of past figures that were uploaded, and their rows."""

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.scoping import Person, ScopedQuerySet, scope_of
from programs.models import WorkbookRow, WorkbookUpload
from reporting.models.submission import Submission


class PastUploadQuerySet(ScopedQuerySet["PastUpload"]):
    def visible_to(self, user: Person) -> "PastUploadQuerySet":
        """One's own uploads, for as long as one enters past periods somewhere."""
        scope = scope_of(user)
        enters = scope.may("submission.write") or scope.may("submission.write_past")
        found: PastUploadQuerySet = self._scoped(self.filter(by=user.pk) if enters else self.none())
        return found


@pghistory.track(exclude=["done", "lease_until"])
class PastUpload(WorkbookUpload):
    """A workbook of figures of past periods, of many units, and what became of it.

    With ``submits`` each report that is complete is submitted when its figures are stored; otherwise all stay
    drafts.
    """

    TASK = "reporting.tasks.work_on_past_upload"

    submits = models.BooleanField(_("submitted where complete"), default=False)

    objects: ClassVar[Any] = PastUploadQuerySet.as_manager()

    class Meta(WorkbookUpload.Meta):
        abstract = False
        verbose_name = _("upload of past figures")
        verbose_name_plural = _("uploads of past figures")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["by", "-id"], name="past_upload_by"),
            models.Index(
                fields=["lease_until"],
                condition=Q(state__in=["waiting", "checking", "storing"]),
                name="past_upload_at_work",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["by"],
                condition=Q(state__in=["waiting", "checking", "storing"]),
                name="reporting_past_upload_one_at_work_a_person",
            )
        ]


class PastUploadRow(WorkbookRow):
    """One row of a workbook of past figures, and the submission it went into."""

    upload = models.ForeignKey(
        PastUpload, models.CASCADE, related_name="upload_rows", verbose_name=_("upload")
    )
    submission = models.ForeignKey(
        Submission, models.SET_NULL, null=True, related_name="+", verbose_name=_("submission")
    )

    class Meta(WorkbookRow.Meta):
        abstract = False
        verbose_name = _("row of an upload of past figures")
        verbose_name_plural = _("rows of uploads of past figures")
        constraints = [
            models.UniqueConstraint(fields=["upload", "number"], name="reporting_past_upload_row_once"),
        ]
        indexes = [models.Index(fields=["upload", "is_good", "number"], name="past_upload_row_shown")]
