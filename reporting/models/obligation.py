"""What a unit owes for a period, and what it said."""

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.scoping import Person, ScopedQuerySet, scope_of
from reporting.models.indicator import Indicator, Section
from territory.figure_columns import FigureColumns
from territory.models import Agency, Area


class Form(models.TextChoices):
    SIX_MONTH = "six_month", _("Six-month report")
    ANNUAL = "annual", _("Annual report")
    PHASE = "phase", _("Phase report")
    THEMATIC = "thematic", _("Thematic report")


class ObligationQuerySet(ScopedQuerySet["Obligation"]):
    def visible_to(self, user: Person) -> "ObligationQuerySet":
        """What own units owe; for a coordinator, what every unit in the area owes."""
        condition = scope_of(user).rows(own="obligation.read", every="obligation.read_all")
        found: ObligationQuerySet = self._scoped(self.filter(condition))
        return found


@pghistory.track()
class Obligation(models.Model):
    """One unit (an agency in an area) owes one form for one period by a due date."""

    form = models.CharField(_("form"), max_length=12, choices=Form.choices)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="obligations", verbose_name=_("agency"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="obligations", verbose_name=_("area"))
    period_code = models.CharField(_("period"), max_length=24)
    period_start = models.DateField()
    period_end = models.DateField()
    period_rule = models.CharField(max_length=12)
    due_on = models.DateField(_("due"))
    is_demo = models.BooleanField(default=False, editable=False)

    objects: ClassVar[Any] = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = _("obligation")
        verbose_name_plural = _("obligations")
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["area", "period_start", "period_end"], name="obligation_area_period"),
            models.Index(fields=["agency", "due_on"], name="obligation_agency_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["form", "agency", "area", "period_start", "period_end"],
                name="reporting_obligation_once",
            ),
            models.CheckConstraint(
                condition=Q(period_end__gte=F("period_start")), name="reporting_obligation_period_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_form_display()} {self.period_code}: {self.agency}"


class SubmissionState(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("returned")
    ACCEPTED = "accepted", _("accepted")


@pghistory.track()
class Submission(models.Model):
    """A unit's answer to an obligation. ``is_nil`` is a deliberate statement of a named person."""

    obligation = models.OneToOneField(Obligation, models.CASCADE, related_name="submission")
    state = models.CharField(
        _("state"), max_length=10, choices=SubmissionState.choices, default=SubmissionState.DRAFT
    )
    is_nil = models.BooleanField(_("nothing to report, confirmed"), default=False)
    nil_confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    nil_confirmed_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(_("submitted"), null=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True)

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
    """A figure a unit reports where no records exist, with its qualifier and note."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="figures")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+", verbose_name=_("indicator"))
    part = models.CharField(max_length=40, blank=True, default="")
    note = models.CharField(_("note"), max_length=300, blank=True, default="")

    class Meta(FigureColumns.Meta):
        abstract = False
        verbose_name = _("reported figure")
        verbose_name_plural = _("reported figures")
        constraints = [
            models.UniqueConstraint(fields=["submission", "indicator", "part"], name="reporting_figure_once"),
            *FigureColumns.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.low}"


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
