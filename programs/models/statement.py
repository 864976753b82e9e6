"""Difficulties, directions and recommendations that a unit states for a period."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from territory.models import Agency, Area


class PeriodStatement(models.Model):
    """A text of one agency about one area, for the days from ``period_start`` to ``period_end``."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    period_start = models.DateField(_("period from"))
    period_end = models.DateField(_("period to"))
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    text = models.TextField(_("text"))
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        abstract = True
        ordering = ["order", "id"]
        indexes = [models.Index(fields=["area", "period_end"])]

    def __str__(self) -> str:
        return self.text[:80]


@pghistory.track()
class Difficulty(PeriodStatement):
    """What stood in the way (khó khăn, vướng mắc)."""

    class Meta(PeriodStatement.Meta):
        verbose_name = _("difficulty")
        verbose_name_plural = _("difficulties")


@pghistory.track()
class Direction(PeriodStatement):
    """What is to be done in the next period (phương hướng)."""

    class Meta(PeriodStatement.Meta):
        verbose_name = _("direction")
        verbose_name_plural = _("directions")


@pghistory.track()
class Recommendation(PeriodStatement):
    """What a higher body is asked to do (kiến nghị)."""

    addressee = models.CharField(_("addressed to"), max_length=160)

    class Meta(PeriodStatement.Meta):
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
