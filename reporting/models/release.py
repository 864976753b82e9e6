"""Releases: the figures as they leave their scope, frozen for a quarter."""

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from territory.figure import Status
from territory.models import Area


class StatisticsRelease(models.Model):
    """The figures of the fixed list of tables, as everybody outside their scope reads them until the next release.

    One a quarter, so that nobody sees a published figure change with the single record behind it. ``k`` and ``base``
    are those of the rule it was made by; ``sha256`` is that of its figures.
    """

    quarter = models.CharField(_("quarter"), max_length=7, unique=True)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    k = models.PositiveSmallIntegerField()
    base = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("release of statistics")
        verbose_name_plural = _("releases of statistics")
        ordering = ["-quarter"]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Protect(name="releases_stay", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return self.quarter


class ReleasedFigure(models.Model):
    """One figure of a release. ``figure`` is empty where there is none to show; ``status`` says why."""

    release = models.ForeignKey(StatisticsRelease, models.CASCADE, related_name="figures")
    indicator = models.CharField(_("indicator"), max_length=60, db_collation="C")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    period_code = models.CharField(_("period"), max_length=24)
    part = models.CharField(max_length=40, blank=True, default="", db_collation="C")
    figure: Any = models.JSONField(null=True)
    status = models.CharField(
        _("status"), max_length=14, choices=[(each.value, each.value) for each in Status]
    )
    is_protected = models.BooleanField(_("by the rule"), default=True)

    class Meta:
        verbose_name = _("released figure")
        verbose_name_plural = _("released figures")
        constraints = [
            models.UniqueConstraint(
                fields=["release", "area", "period_code", "indicator", "part"],
                name="reporting_released_figure_once",
            )
        ]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Protect(name="figures_stay_as_released", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.period_code}"


class AnswerStamp(models.Model):
    """When the figures of one answer last changed: what Last-Modified says of it.

    ``question`` is the digest of what was asked and by whom, ``figures`` that of the answer. ``asked_on`` is the last
    day it was asked; an answer that nobody asks for is forgotten.
    """

    question = models.CharField(max_length=64, primary_key=True, db_collation="C")
    figures = models.CharField(max_length=64)
    changed_at = models.DateTimeField()
    asked_on = models.DateField()

    class Meta:
        verbose_name = _("stamp of an answer")
        verbose_name_plural = _("stamps of answers")
        indexes = [models.Index(fields=["asked_on"], name="answer_stamp_asked")]

    def __str__(self) -> str:
        return self.question
