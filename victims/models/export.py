"""Exports of victims' records in the shape of a standard: asked for, approved by a second person, made, destroyed."""

import datetime as dt
import uuid
from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.sealed_file import SealedFile
from accounts.scoping import Person, ScopedQuerySet, scope_of
from territory.models import Area

#: So long the file is there to be downloaded.
KEPT_FOR = dt.timedelta(days=7)


class CaseExportQuerySet(ScopedQuerySet["CaseExport"]):
    def visible_to(self, user: Person) -> "CaseExportQuerySet":
        """Exports of the areas in which the person may ask for or approve one."""
        scope = scope_of(user)
        found: CaseExportQuerySet = self._scoped(
            self.filter(scope.rows(every="case_export.ask") | scope.rows(every="case_export.approve"))
        )
        return found


@pghistory.track(exclude=["progress", "lease_until"])
class CaseExport(models.Model):
    """One export and what became of it. No row and no file of it names a person.

    A worker takes it for a while (``lease``, ``lease_until``) and keeps renewing; when the lease runs out, because the
    worker was killed, the next one makes it anew. ``loss`` tells what the protection cost.
    """

    class Standard(models.TextChoices):
        HTCDS = "htcds", _("cases, HTCDS 2.0")
        IC_TIP = "ic_tip", _("statistics, IC-TIP")

    class State(models.TextChoices):
        ASKED = "asked", _("waits for approval")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")
        MAKING = "making", _("being made")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")
        DESTROYED = "destroyed", _("destroyed")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    request_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    standard = models.CharField(_("shape"), max_length=6, choices=Standard.choices)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    first_year = models.PositiveSmallIntegerField(_("from the year"))
    last_year = models.PositiveSmallIntegerField(_("to the year"))
    purpose = models.CharField(_("purpose"), max_length=300)
    recipient = models.CharField(_("recipient"), max_length=200)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered"), null=True)
    refusal = models.CharField(_("reason of the refusal"), max_length=300, blank=True, default="")
    progress = models.PositiveSmallIntegerField(_("progress"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    failure = models.CharField(_("reason"), max_length=20, blank=True, default="")
    loss: Any = models.JSONField(_("loss"), default=dict)
    finished_at = models.DateTimeField(_("finished"), null=True)
    destroyed_at = models.DateTimeField(_("destroyed"), null=True)

    objects: ClassVar[Any] = CaseExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export of case data")
        verbose_name_plural = _("exports of case data")
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "finished_at"], name="case_export_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=F("asked_by")), name="victims_export_four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(state="asked") | Q(answered_by__isnull=False), name="victims_export_answered"
            ),
            models.CheckConstraint(
                condition=Q(last_year__gte=F("first_year")), name="victims_export_years_in_order"
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="victims_export_progress_percent"),
        ]

    def __str__(self) -> str:
        years = {self.first_year: None, self.last_year: None}
        return f"{self.get_standard_display()}, {'–'.join(map(str, years))}"

    @property
    def is_at_work(self) -> bool:
        return self.state in (self.State.APPROVED, self.State.MAKING)

    @property
    def kept_until(self) -> dt.datetime | None:
        """When the file is destroyed; None before there is one."""
        return self.finished_at + KEPT_FOR if self.state == self.State.READY and self.finished_at else None

    @property
    def has_file(self) -> bool:
        """Whether the file can be had: it is ready and its days are not over."""
        until = self.kept_until
        return until is not None and timezone.now() < until


class CaseExportFile(SealedFile):
    """The file of an export, sealed, for the days it is kept."""

    export = models.OneToOneField(
        CaseExport, models.CASCADE, related_name="file", verbose_name=_("export of case data")
    )

    class Meta(SealedFile.Meta):
        verbose_name = _("file of an export")
        verbose_name_plural = _("files of exports")
