"""Workbooks of people or of agencies that an administrator uploaded, and their rows."""

from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.agencies.services import MANAGE as KEEP_AGENCIES
from accounts.models import User
from accounts.people.rights import MANAGE as KEEP_PEOPLE
from accounts.scoping import Person, ScopedQuerySet, scope_of
from programs.models.upload import WorkbookRow, WorkbookUpload
from territory.models import Agency


class DirectoryUploadQuerySet(ScopedQuerySet["DirectoryUpload"]):
    def visible_to(self, user: Person) -> "DirectoryUploadQuerySet":
        """One's own uploads, for as long as one keeps what they are about."""
        scope = scope_of(user)
        kept = [subject for subject, verb in DirectoryUpload.KEPT_BY.items() if scope.may(verb)]
        found: DirectoryUploadQuerySet = self._scoped(self.filter(by=user.pk, subject__in=kept))
        return found


@pghistory.track(exclude=["done", "lease_until"])
class DirectoryUpload(WorkbookUpload):
    """A workbook of people with their roles, or of agencies, and what became of it."""

    class Subject(models.TextChoices):
        PEOPLE = "people", _("people")
        AGENCIES = "agencies", _("agencies")

    #: The verb of who keeps what a workbook is about.
    KEPT_BY: ClassVar[dict[str, str]] = {Subject.PEOPLE: KEEP_PEOPLE, Subject.AGENCIES: KEEP_AGENCIES}
    TASK = "programs.tasks.work_on_directory_upload"

    subject = models.CharField(_("subject"), max_length=10, choices=Subject.choices)

    objects: ClassVar[Any] = DirectoryUploadQuerySet.as_manager()

    class Meta(WorkbookUpload.Meta):
        abstract = False
        verbose_name = _("upload of people or agencies")
        verbose_name_plural = _("uploads of people and agencies")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["by", "-id"], name="directory_upload_by"),
            models.Index(
                fields=["lease_until"],
                condition=Q(state__in=["waiting", "checking", "storing"]),
                name="directory_upload_at_work",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["by"],
                condition=Q(state__in=["waiting", "checking", "storing"]),
                name="programs_directory_upload_one_at_work_a_person",
            )
        ]

    @property
    def most_rows(self) -> int:
        most: int = settings.DIRECTORY_MAX_ROWS
        return most


class DirectoryUploadRow(WorkbookRow):
    """One row of a workbook of people or agencies, and the person or agency it is about once it is stored."""

    upload = models.ForeignKey(
        DirectoryUpload, models.CASCADE, related_name="upload_rows", verbose_name=_("upload")
    )
    person = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("person"))
    agency = models.ForeignKey(Agency, models.SET_NULL, null=True, related_name="+", verbose_name=_("agency"))

    class Meta(WorkbookRow.Meta):
        abstract = False
        verbose_name = _("row of an upload of people or agencies")
        verbose_name_plural = _("rows of uploads of people and agencies")
        constraints = [
            models.UniqueConstraint(fields=["upload", "number"], name="programs_directory_upload_row_once"),
        ]
        indexes = [models.Index(fields=["upload", "is_good", "number"], name="directory_upload_row_shown")]
