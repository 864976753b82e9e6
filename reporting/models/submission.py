"""What a unit says for a period: its figures, its texts, the versions it sent and what became of them."""

import uuid
from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.files.scanning import Scanned
from accounts.models import User
from reporting.models.indicator import Indicator, Section
from reporting.models.obligation import Obligation
from territory.figure import Figure
from territory.figure_columns import FigureColumns


class SubmissionState(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", pgettext_lazy("submission", "submitted")
    RETURNED = "returned", _("returned")
    ACCEPTED = "accepted", _("accepted")


@pghistory.track()
class Submission(models.Model):
    """A unit's answer to an obligation. ``is_nil`` is a deliberate statement of a named person.

    ``first_submitted_at`` says whether it came in time, however often it was returned. An accepted submission is
    locked. ``version`` grows with each change and guards against two people at once; ``sent`` counts the versions
    that were submitted, each kept as a SubmissionVersion.
    """

    obligation = models.OneToOneField(Obligation, models.CASCADE, related_name="submission")
    state = models.CharField(
        _("state"), max_length=10, choices=SubmissionState.choices, default=SubmissionState.DRAFT
    )
    is_nil = models.BooleanField(_("nothing to report, confirmed"), default=False)
    nil_confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    nil_confirmed_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")
    opened_at = models.DateTimeField(_("opened"), auto_now_add=True, null=True)
    first_submitted_at = models.DateTimeField(_("first submitted"), null=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(pgettext_lazy("submission", "submitted"), null=True)
    returned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(pgettext_lazy("submission", "returned"), null=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(_("accepted"), null=True)
    sent = models.PositiveSmallIntegerField(_("versions sent"), default=0)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_nil=False) | Q(nil_confirmed_by__isnull=False, nil_confirmed_at__isnull=False),
                name="reporting_nil_is_confirmed_by_a_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.obligation}: {self.get_state_display()}"


@pghistory.track()
class ReportedFigure(FigureColumns):
    """One figure of a submission: an indicator, or one part of a breakdown of it, with its qualifier and note.

    ``source`` says where it is from: the unit's records as they were when it was last taken over, or the unit's own
    word, which ``taken_from`` may trace to a paper or a register. Where the unit's word differs from its records,
    ``from_records`` keeps what these said (the columns of a figure, and "count" of the records), and ``stands`` which
    of the two a person decided for.
    """

    class Source(models.TextChoices):
        RECORDS = "records", _("from records")
        REPORTED = "reported", _("reported by the unit")

    class Stands(models.TextChoices):
        UNDECIDED = "", _("not decided")
        RECORDS = "records", _("the records stand")
        REPORTED = "reported", _("the report stands")

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="figures")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+", verbose_name=_("indicator"))
    part = models.CharField(max_length=40, blank=True, default="")
    source = models.CharField(_("source"), max_length=8, choices=Source.choices, default=Source.REPORTED)
    from_records: Any = models.JSONField(_("what the records say"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True, default="")
    taken_from = models.CharField(_("taken from"), max_length=200, blank=True, default="")
    stands = models.CharField(
        _("what stands"), max_length=8, choices=Stands.choices, blank=True, default=Stands.UNDECIDED
    )
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decision_note = models.CharField(_("why"), max_length=300, blank=True, default="")

    class Meta(FigureColumns.Meta):
        abstract = False
        verbose_name = _("reported figure")
        verbose_name_plural = _("reported figures")
        constraints = [
            models.UniqueConstraint(fields=["submission", "indicator", "part"], name="reporting_figure_once"),
            models.CheckConstraint(
                condition=Q(stands="", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(stands="") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="reporting_figure_decided_by_a_person",
            ),
            *FigureColumns.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.low}"

    @property
    def recorded(self) -> Figure | None:
        """What the unit's records said when it was last looked; None where they said nothing."""
        if not self.from_records:
            return None
        return Figure.from_json({name: value for name, value in self.from_records.items() if name != "count"})

    @property
    def standing(self) -> Figure:
        """The figure that counts: the unit's word, unless a person decided that the records stand."""
        return (self.recorded if self.stands == self.Stands.RECORDS else None) or self.figure


@pghistory.track()
class SectionNarrative(models.Model):
    """A unit's text for one section of its form."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="narratives")
    section = models.CharField(_("section"), max_length=20, choices=Section.choices)
    order = models.PositiveSmallIntegerField(default=1)
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("narrative")
        verbose_name_plural = _("narratives")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return f"{self.get_section_display()}: {self.text[:60]}"


class SubmissionVersion(models.Model):
    """A submission as it was sent, whole. Only ever added.

    ``content`` holds the nil statement, figures with their sources, texts, the statements of the period and the
    names and hashes of files; ``sha256`` is that of its canonical JSON.
    """

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("number"))
    content: Any = models.JSONField()
    sha256 = models.CharField(max_length=64)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(pgettext_lazy("submission", "submitted"))

    class Meta:
        verbose_name = _("version of a submission")
        verbose_name_plural = _("versions of submissions")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="reporting_submission_version_once")
        ]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Protect(name="versions_stay_as_sent", operation=pgtrigger.Update)
        ]

    def __str__(self) -> str:
        return f"{self.submission} v{self.number}"


@pghistory.track()
class SubmissionReturn(models.Model):
    """Why a version was returned, section by section. An empty ``section`` is about the whole."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="returns")
    number = models.PositiveSmallIntegerField(_("version"))
    section = models.CharField(_("section"), max_length=20, choices=Section.choices, blank=True, default="")
    reason = models.CharField(_("reason"), max_length=2000)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("returned by"))
    at = models.DateTimeField(pgettext_lazy("submission", "returned"), auto_now_add=True)

    class Meta:
        verbose_name = _("reason of a return")
        verbose_name_plural = _("reasons of returns")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "number", "section"], name="reporting_return_reason_once"
            )
        ]

    def __str__(self) -> str:
        return self.reason[:80]


@pghistory.track()
class FindingExplanation(models.Model):
    """A unit's word about a warning of a rule: why the figure is right all the same.

    ``subject`` is what the finding is about (the code of an indicator, with its part, or a section).
    """

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="explanations")
    rule = models.SlugField(_("rule"), max_length=40)
    subject = models.CharField(max_length=120)
    text = models.CharField(_("explanation"), max_length=500)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("explained by"))
    at = models.DateTimeField(_("explained"), auto_now=True)

    class Meta:
        verbose_name = _("explanation")
        verbose_name_plural = _("explanations")
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "rule", "subject"], name="reporting_explanation_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.subject}"


class SubmissionPresence(models.Model):
    """Who has a submission open for editing, as of ``seen_at``; so two editors are told of each other."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="presences")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("presence at a submission")
        verbose_name_plural = _("presences at submissions")
        constraints = [models.UniqueConstraint(fields=["submission", "user"], name="reporting_presence_once")]

    def __str__(self) -> str:
        return f"{self.user} {self.seen_at:%H:%M}"


def stored_submission_file(file: "SubmissionFile", filename: str) -> str:
    """A name made by the server; what the file was called is kept in a column."""
    return f"submissions/{file.key.hex[:2]}/{file.key.hex}"


@pghistory.track()
class SubmissionFile(models.Model):
    """A file that goes with a submission, checked and served like every attachment."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(Submission, models.CASCADE, related_name="files")
    file = models.FileField(_("file"), upload_to=stored_submission_file)
    name = models.CharField(_("name"), max_length=200)
    media_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    scanned = models.CharField(
        _("virus scan"),
        max_length=15,
        choices=Scanned.choices,
        default=Scanned.NOT_CONFIGURED,
    )
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("file of a submission")
        verbose_name_plural = _("files of submissions")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class ValidationRule(models.Model):
    """A check of a submission, as data. An error blocks submitting; a warning asks for a word of explanation.

    ``params`` by kind: parts_over_total {"indicator", "breakdown"}; not_more_than {"indicator", "limit"} (the first
    may not exceed the second, e.g. accused over suspects); jump {"percent", "at_least", "indicators" (empty: all)}
    against the same period of the year before; needs {"indicator", "with"} (where the first is over zero the second
    must be too, e.g. victims without a case); required_narrative {"sections" (empty: those the form requires)}.
    """

    class Kind(models.TextChoices):
        PARTS_OVER_TOTAL = "parts_over_total", _("parts exceed their total")
        NOT_MORE_THAN = "not_more_than", _("one figure exceeds another")
        JUMP = "jump", _("a jump against the same period")
        NEEDS = "needs", _("one figure without another")
        REQUIRED_NARRATIVE = "required_narrative", _("a required text is missing")

    class Severity(models.TextChoices):
        ERROR = "error", _("error")
        WARNING = "warning", _("warning")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity.choices)
    params: Any = models.JSONField(_("parameters"), default=dict)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("validation rule")
        verbose_name_plural = _("validation rules")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code
