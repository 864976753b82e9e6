"""Reports: the template they follow, the job that makes them, and the frozen result."""

import datetime as dt
import uuid
from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.scoping import Person, ScopedQuerySet, scope_of
from territory.models import Area


class ReportKind(models.TextChoices):
    SIX_MONTH = "six_month", _("Six-month report")
    THEMATIC = "thematic", _("Thematic report")


@pghistory.track()
class ReportTemplate(models.Model):
    """Sections and blocks of a kind of report, as data. A changed template is a new version."""

    code = models.SlugField(_("code"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    name = models.CharField(_("name"), max_length=160)
    layout: Any = models.JSONField(_("layout"))

    class Meta:
        verbose_name = _("report template")
        verbose_name_plural = _("report templates")
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="reporting_template_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class ReportJobQuerySet(ScopedQuerySet["ReportJob"]):
    def visible_to(self, user: Person) -> "ReportJobQuerySet":
        """Jobs for areas whose reports the person may read."""
        condition = scope_of(user).rows(every="report.read")
        found: ReportJobQuerySet = self._scoped(self.filter(condition))
        return found

    def still_of_interest(self) -> "ReportJobQuerySet":
        """Jobs at work, and those that failed within the last week."""
        recent = Q(state=ReportJob.State.FAILED, finished_at__gt=timezone.now() - dt.timedelta(days=7))
        return self.filter(recent | Q(state__in=[ReportJob.State.QUEUED, ReportJob.State.RUNNING]))


@pghistory.track(exclude=["progress", "step", "lease_until"])
class ReportJob(models.Model):
    """The truth about a report that was asked for, whatever becomes of brokers and workers.

    A worker takes the job for a while (``lease``, ``lease_until``) and keeps renewing. When the lease runs out,
    because the worker was killed or lost its machine, the job is given to the next one. Only the holder of the
    current lease can finish it, so there is exactly one report, however many workers tried.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("in progress")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    request_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=ReportKind.choices)
    area = models.ForeignKey(Area, models.PROTECT, related_name="report_jobs", verbose_name=_("area"))
    period_code = models.CharField(_("period"), max_length=24)
    period_rule = models.CharField(_("cut-off rule"), max_length=12)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="report_jobs")
    asked_at = models.DateTimeField(_("asked"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    progress = models.PositiveSmallIntegerField(_("progress"), default=0)
    step = models.CharField(_("step"), max_length=40, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    failure = models.CharField(_("reason"), max_length=60, blank=True, default="")
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects: ClassVar[Any] = ReportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("report job")
        verbose_name_plural = _("report jobs")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["lease_until"],
                condition=Q(state__in=["queued", "running"]),
                name="report_job_unfinished",
            )
        ]
        constraints = [
            models.CheckConstraint(condition=Q(progress__lte=100), name="reporting_job_progress_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.area} {self.period_code}"

    @property
    def is_finished(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)


class ReportQuerySet(ScopedQuerySet["Report"]):
    def visible_to(self, user: Person) -> "ReportQuerySet":
        """Reports of areas the person drafts reports for; a steering member sees the issued ones."""
        scope = scope_of(user)
        drafting = scope.rows(every="report.read")
        issued = scope.rows(every="report.read_issued")
        found: ReportQuerySet = self._scoped(self.filter(drafting | (issued & Q(state=Report.State.ISSUED))))
        return found


@pghistory.track(exclude=["snapshot"])
class Report(models.Model):
    """A report that was made: the snapshot of every figure and text, and the file printed from it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        ISSUED = "issued", _("issued")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    job = models.OneToOneField(ReportJob, models.PROTECT, null=True, related_name="report")
    kind = models.CharField(_("kind"), max_length=12, choices=ReportKind.choices)
    area = models.ForeignKey(Area, models.PROTECT, related_name="reports", verbose_name=_("area"))
    period_code = models.CharField(_("period"), max_length=24)
    period_start = models.DateField()
    period_end = models.DateField()
    title = models.CharField(_("title"), max_length=300)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    snapshot: Any = models.JSONField()
    file = models.FileField(upload_to="reports/%Y/")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    pages = models.PositiveSmallIntegerField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    is_demo = models.BooleanField(default=False, editable=False)

    objects: ClassVar[Any] = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-id"]
        indexes = [models.Index(fields=["area", "-id"], name="report_area")]
        constraints = [
            models.CheckConstraint(
                condition=Q(period_end__gte=F("period_start")), name="reporting_report_period_in_order"
            )
        ]

    def __str__(self) -> str:
        return self.title
