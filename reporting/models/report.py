"""Reports: the template they follow, the job that makes them, and the frozen result."""

import datetime as dt
import uuid
from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.scoping import Person, ScopedQuerySet, scope_of
from reporting.models.form import CutOffRule
from territory.collation import ViFold, ViWords
from territory.models import Area, Level
from territory.period import CutOff, Period, stored_period


class ReportKind(models.TextChoices):
    SIX_MONTH = "six_month", _("Six-month report")
    ANNUAL = "annual", _("Annual report")
    PHASE = "phase", _("Phase report")
    PILOT = "pilot", _("Pilot assessment")
    THEMATIC = "thematic", _("Thematic report")
    PROGRESS = "progress", _("Progress report on tasks")
    STATISTICS = "statistics", _("Statistics form")


class MapBasis(models.TextChoices):
    """Which map the areas of a report are taken from."""

    THEN = "then", _("the map as it was at the end of the period")
    NOW = "now", _("today's map")


@pghistory.track()
class ReportTemplate(models.Model):
    """Sections and blocks of a kind of report, as data. A changed template is a new version.

    ``level`` limits a template to areas of one level: a district's phase report has another frame than a province's.
    """

    code = models.SlugField(_("code"), max_length=40)
    level = models.CharField(_("level"), max_length=10, choices=Level.choices, blank=True, default="")
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    name = models.CharField(_("name"), max_length=160)
    layout: Any = models.JSONField(_("layout"))
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")
    changed_at = models.DateTimeField(_("changed"), auto_now_add=True, null=True)

    class Meta:
        verbose_name = _("report template")
        verbose_name_plural = _("report templates")
        constraints = [
            models.UniqueConstraint(
                fields=["code", "level", "version"], name="reporting_template_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class ReportDraftQuerySet(ScopedQuerySet["ReportDraft"]):
    def visible_to(self, user: Person) -> "ReportDraftQuerySet":
        """Drafts of areas whose reports the person drafts, reviews or signs."""
        found: ReportDraftQuerySet = self._scoped(self.filter(scope_of(user).rows(every="report.read")))
        return found


@pghistory.track(exclude=["content"])
class ReportDraft(models.Model):
    """A report that people work on: what they wrote over the drafted sentences, and how far approval has come.

    ``content`` holds, by the key of a block, the paragraphs that replace the drafted ones. In a paragraph ``{code}``
    stays linked to the figure; "seen" keeps each figure as it was printed when the text was written, so that a
    change since then is told. ``pilot`` and ``document`` say what a pilot assessment or a progress report is about.
    ``revises`` is the issued report that this one will replace.
    """

    class State(models.TextChoices):
        DRAFTING = "drafting", _("being drafted")
        IN_REVIEW = "in_review", _("being reviewed")
        REVIEWED = "reviewed", _("reviewed, to be signed")
        SIGNED = "signed", _("signed, being issued")
        ISSUED = "issued", _("issued")
        ABANDONED = "abandoned", _("abandoned")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=ReportKind.choices)
    area = models.ForeignKey(Area, models.PROTECT, related_name="report_drafts", verbose_name=_("area"))
    period_code = models.CharField(_("period"), max_length=24)
    period_rule = models.CharField(_("cut-off rule"), max_length=12)
    map_basis = models.CharField(_("map"), max_length=4, choices=MapBasis.choices, default=MapBasis.THEN)
    template = models.ForeignKey(ReportTemplate, models.PROTECT, related_name="+", verbose_name=_("template"))
    pilot = models.ForeignKey("programs.Pilot", models.PROTECT, null=True, related_name="+")
    document = models.ForeignKey("programs.Document", models.PROTECT, null=True, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFTING)
    content: Any = models.JSONField(default=dict)
    revises = models.ForeignKey("Report", models.PROTECT, null=True, related_name="revision_drafts")
    revision_reason = models.CharField(_("why it is revised"), max_length=500, blank=True, default="")
    made_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("drafted by")
    )
    made_at = models.DateTimeField(_("drafted"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    objects: ClassVar[Any] = ReportDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of a report")
        verbose_name_plural = _("drafts of reports")
        ordering = ["-id"]
        indexes = [models.Index(fields=["area", "-id"], name="report_draft_area")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.area} {self.period_code}"

    @property
    def period(self) -> Period:
        """The period as it was stored, with its rule."""
        return stored_period(self.period_code, self.period_rule)


@pghistory.track()
class ApprovalStep(models.Model):
    """One step that a draft took: by whom, under which name and title, when, and of which version of it."""

    class Step(models.TextChoices):
        SENT = "sent", _("sent for review")
        SENT_BACK = "sent_back", _("sent back")
        REVIEWED = "reviewed", pgettext_lazy("report", "reviewed")
        SIGNED = "signed", _("signed")

    draft = models.ForeignKey(ReportDraft, models.CASCADE, related_name="steps")
    step = models.CharField(_("step"), max_length=10, choices=Step.choices)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    report = models.ForeignKey(
        "Report", models.PROTECT, null=True, related_name="steps", verbose_name=_("report that was read")
    )
    name = models.CharField(_("name"), max_length=160)
    title = models.CharField(_("title"), max_length=160, blank=True, default="")
    note = models.CharField(_("note"), max_length=1000, blank=True, default="")
    draft_version = models.PositiveIntegerField()
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("step of approval")
        verbose_name_plural = _("steps of approval")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.draft}: {self.get_step_display()}"


class NumberBook(models.Model):
    """The last number given in a year to reports of a body, told apart by its symbol ("BC-BCĐ")."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    symbol = models.CharField(_("symbol"), max_length=40)
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("book of numbers")
        verbose_name_plural = _("books of numbers")
        constraints = [
            models.UniqueConstraint(fields=["area", "symbol", "year"], name="reporting_number_book_once")
        ]

    def __str__(self) -> str:
        return f"{self.symbol} {self.year}: {self.last}"


@pghistory.track()
class ReportSchedule(models.Model):
    """Reports that are made by the clock: a kind, for an area or for every area of a level, some days after."""

    kind = models.CharField(_("kind"), max_length=12, choices=ReportKind.choices)
    cut_off = models.CharField(_("cut-off rule"), max_length=12, choices=CutOffRule.choices)
    area = models.ForeignKey(
        Area, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("area")
    )
    level = models.CharField(_("level"), max_length=10, choices=Level.choices, blank=True, default="")
    after_days = models.PositiveSmallIntegerField(_("days after the period"), default=10)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("schedule of reports")
        verbose_name_plural = _("schedules of reports")
        constraints = [
            models.CheckConstraint(
                condition=Q(area__isnull=False, level="") | (Q(area__isnull=True) & ~Q(level="")),
                name="reporting_schedule_area_or_level",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.area or self.get_level_display()}"


@pghistory.track()
class ReportBatch(models.Model):
    """Reports of one kind and period for many areas, asked for at once; their jobs name it."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=ReportKind.choices)
    period_code = models.CharField(_("period"), max_length=24)
    period_rule = models.CharField(_("cut-off rule"), max_length=12)
    asked_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("asked by")
    )
    schedule = models.ForeignKey(ReportSchedule, models.SET_NULL, null=True, related_name="batches")
    asked_at = models.DateTimeField(_("asked"), auto_now_add=True)
    told_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("batch of reports")
        verbose_name_plural = _("batches of reports")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "kind", "period_code", "period_rule"],
                condition=Q(schedule__isnull=False),
                name="reporting_scheduled_batch_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.period_code}"


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
    current lease can finish it, so there is exactly one report, however many workers tried. A job with ``issues``
    makes no new report: it prints the signed one with its number and issues it.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("in progress")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    request_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=ReportKind.choices)
    area = models.ForeignKey(Area, models.PROTECT, related_name="report_jobs", verbose_name=_("area"))
    period_code = models.CharField(_("period"), max_length=24)
    period_rule = models.CharField(_("cut-off rule"), max_length=12)
    map_basis = models.CharField(_("map"), max_length=4, choices=MapBasis.choices, default=MapBasis.THEN)
    draft = models.ForeignKey(ReportDraft, models.PROTECT, null=True, related_name="jobs")
    batch = models.ForeignKey(ReportBatch, models.PROTECT, null=True, related_name="jobs")
    issues = models.ForeignKey("Report", models.PROTECT, null=True, related_name="issuing_jobs")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="report_jobs")
    asked_at = models.DateTimeField(_("asked"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    progress = models.PositiveSmallIntegerField(_("progress"), default=0)
    step = models.CharField(_("step"), max_length=40, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    taken_at = models.DateTimeField(null=True, editable=False)
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
        return self.state in (self.State.DONE, self.State.FAILED, self.State.CANCELLED)


class ReportQuerySet(ScopedQuerySet["Report"]):
    def visible_to(self, user: Person) -> "ReportQuerySet":
        """Reports of areas the person drafts reports for; a steering member sees the issued ones."""
        scope = scope_of(user)
        drafting = scope.rows(every="report.read")
        issued = scope.rows(every="report.read_issued")
        is_out = Q(state__in=[Report.State.ISSUED, Report.State.SUPERSEDED])
        found: ReportQuerySet = self._scoped(self.filter(drafting | (issued & is_out)))
        return found


#: What may change of an issued report: that it is superseded, and what is known of figures that moved since.
_MAY_CHANGE = ["state", "drifted", "drift_checked_at"]


@pghistory.track(exclude=["snapshot"])
class Report(models.Model):
    """A report that was made: the snapshot of every figure and text, and the files printed from it.

    An issued report has a number of its year's book, a signer, a date and a code for ``/verify/CODE``; nothing of it
    changes afterwards but that a revision supersedes it. ``differences`` lists what a revision changed.
    ``drifted`` names figures whose answer has changed since it was issued, as of ``drift_checked_at``.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        ISSUED = "issued", _("issued")
        SUPERSEDED = "superseded", _("superseded")

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
    draft = models.ForeignKey(ReportDraft, models.PROTECT, null=True, related_name="reports")
    draft_version = models.PositiveIntegerField(null=True)
    map_basis = models.CharField(_("map"), max_length=4, choices=MapBasis.choices, default=MapBasis.THEN)
    snapshot_sha256 = models.CharField(max_length=64, blank=True, default="")
    docx = models.FileField(upload_to="reports/%Y/", blank=True, default="")
    docx_sha256 = models.CharField(max_length=64, blank=True, default="")
    docx_size = models.PositiveIntegerField(default=0)
    is_signed = models.BooleanField(_("signed digitally"), default=False)
    number = models.PositiveIntegerField(_("number"), null=True)
    symbol = models.CharField(_("symbol"), max_length=40, blank=True, default="")
    issued_on = models.DateField(_("issued"), null=True)
    issued_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("issued by")
    )
    signer_name = models.CharField(_("signed by"), max_length=160, blank=True, default="")
    signer_title = models.CharField(_("title"), max_length=160, blank=True, default="")
    code = models.CharField(_("code to verify"), max_length=20, unique=True, null=True, db_collation="C")
    revision = models.PositiveSmallIntegerField(_("revision"), default=0)
    revises = models.OneToOneField("self", models.PROTECT, null=True, related_name="revised_by")
    differences: Any = models.JSONField(default=list)
    drifted: Any = models.JSONField(default=list)
    drift_checked_at = models.DateTimeField(null=True)
    is_demo = models.BooleanField(default=False, editable=False)

    objects: ClassVar[Any] = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["area", "-id"], name="report_area"),
            GinIndex(ViWords(ViFold("title")), name="report_words"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(period_end__gte=F("period_start")), name="reporting_report_period_in_order"
            ),
            models.CheckConstraint(
                condition=Q(state="draft")
                | Q(number__isnull=False, issued_on__isnull=False, code__isnull=False),
                name="reporting_issued_has_number_date_and_code",
            ),
        ]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Trigger(
                name="issued_report_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=_MAY_CHANGE),
                func=(
                    "IF OLD.state IN ('issued', 'superseded') THEN"
                    " RAISE EXCEPTION 'an issued report does not change'; END IF; RETURN NEW;"
                ),
            ),
            pgtrigger.Protect(
                name="issued_report_is_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__state__in=["issued", "superseded"]),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def period(self) -> Period:
        """The period as it was stored, with its rule."""
        rule = self.snapshot["period"]["rule"] if "period" in self.snapshot else CutOff.ND09.value
        return stored_period(self.period_code, rule)

    @property
    def file_stem(self) -> str:
        """What its files are called when they are downloaded, without the ending."""
        number = f"-{self.number}" if self.state != self.State.DRAFT else ""
        return f"{self.kind}-{self.area.code}-{self.period_code.replace('..', '_')}{number}"

    @property
    def printed_number(self) -> str:
        """Number and symbol as documents write them: "05/BC-BCĐ"; empty before it is signed."""
        return f"{self.number:02d}/{self.symbol}" if self.number is not None else ""
