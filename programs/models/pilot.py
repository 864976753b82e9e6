"""Pilots: a plan tried in some areas for some time, assessed, and made anew elsewhere."""

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.scoping import Person, ScopedQuerySet, scope_of
from programs.models.document import Document
from territory.figure_columns import FigureColumns
from territory.models import Agency, Area, paths_above


class PilotQuerySet(ScopedQuerySet["Pilot"]):
    def visible_to(self, user: Person) -> "PilotQuerySet":
        """Pilots of own area, of the areas above, and, for who coordinates, of the areas below."""
        scope = scope_of(user)
        condition = Q(pk__in=[])
        for verb in ("document.read", "document.read_all"):
            for grant in scope.having(verb):
                condition |= Q(area__path__in=paths_above(grant.area.path))
        for grant in scope.having("document.read_all"):
            condition |= Q(area__path__startswith=grant.area.path)
        found: PilotQuerySet = self._scoped(self.filter(condition))
        return found


@pghistory.track()
class Pilot(models.Model):
    """A plan carried out in chosen areas within a window. Its tasks are those of its document.

    ``decision_reason`` says why it was stopped; ``unassessed_reason`` why that was decided without a final assessment.
    """

    class Decision(models.TextChoices):
        OPEN = "open", _("not decided")
        REPLICATE = "replicate", _("replicate")
        STOP = "stop", _("stop")

    document = models.OneToOneField(Document, models.PROTECT, related_name="pilot", verbose_name=_("plan"))
    name = models.CharField(_("name"), max_length=300)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area of the plan"))
    areas = models.ManyToManyField(Area, related_name="pilots", verbose_name=_("pilot areas"))
    lead = models.ForeignKey(Agency, models.PROTECT, related_name="led_pilots", verbose_name=_("lead agency"))
    partners = models.ManyToManyField(
        Agency, related_name="partnered_pilots", blank=True, verbose_name=_("cooperating agencies")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices, default=Decision.OPEN)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    decision_reason = models.CharField(_("why it was stopped"), max_length=300, blank=True, default="")
    unassessed_reason = models.CharField(
        _("why it was stopped without a final assessment"), max_length=300, blank=True, default=""
    )
    replicated_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replications",
        verbose_name=_("replicated from"),
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    objects: ClassVar[Any] = PilotQuerySet.as_manager()

    class Meta:
        verbose_name = _("pilot")
        verbose_name_plural = _("pilots")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="programs_pilot_days_in_order",
                violation_error_message=_("The pilot ends before it starts."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Occasion(models.TextChoices):
    BASELINE = "baseline", _("baseline")
    MIDTERM = "midterm", _("mid-term")
    FINAL = "final", _("final")


@pghistory.track()
class PilotAssessment(models.Model):
    """What a pilot was found to be worth, half-way or at the end."""

    pilot = models.ForeignKey(Pilot, models.CASCADE, related_name="assessments", verbose_name=_("pilot"))
    occasion = models.CharField(_("occasion"), max_length=8, choices=Occasion.choices)
    assessed_on = models.DateField(_("date"))
    text = models.TextField(_("assessment"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("assessment of a pilot")
        verbose_name_plural = _("assessments of pilots")
        ordering = ["assessed_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["pilot", "occasion"], name="programs_assessment_once_an_occasion")
        ]

    def __str__(self) -> str:
        return f"{self.pilot}: {self.get_occasion_display()}"


@pghistory.track()
class PilotFigure(FigureColumns):
    """A figure of a pilot before, half-way or at the end, to be held beside each other."""

    pilot = models.ForeignKey(Pilot, models.CASCADE, related_name="figures", verbose_name=_("pilot"))
    occasion = models.CharField(_("occasion"), max_length=8, choices=Occasion.choices)
    name = models.CharField(_("what is counted"), max_length=200)
    unit = models.CharField(_("unit"), max_length=40)

    class Meta(FigureColumns.Meta):
        abstract = False
        verbose_name = _("figure of a pilot")
        verbose_name_plural = _("figures of pilots")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["pilot", "occasion", "name"], name="programs_pilot_figure_once"),
            *FigureColumns.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_occasion_display()}"
