"""Indicators: what is counted, in which unit, and how it adds up."""

from typing import Any, ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from territory.validity import Validity, ValidQuerySet


class Section(models.TextChoices):
    """The blocks of a report, in the order of facts.md 2.4."""

    SITUATION = "situation", _("Situation")
    DIRECTION = "direction", _("Steering and direction")
    COMMUNICATION = "communication", _("Communication and prevention")
    JUSTICE = "justice", _("Investigation, prosecution, trial")
    VICTIMS = "victims", _("Reception and support of victims")
    COOPERATION = "cooperation", _("Law and international cooperation")


@pghistory.track()
class Indicator(Validity):
    """A number the programme is steered by.

    ``rule`` says how it is made of measures: ``{"sum": [measure, ...]}``, optionally with ``"part"`` for one part of
    them and ``"per"`` for what one unit of the indicator holds (a million đồng);
    ``{"stock": {"in": [...], "out": [...]}}`` for a state at the end of a period; ``{"reported": true}`` for what
    only units can say; ``{"ratio": {"of": ..., "over": ...}}`` for a percentage, each side the code of an indicator
    or a list of measures. ``over_areas`` and ``over_periods`` say how values of parts make the whole; a percentage
    is never added but made anew. ``breakdowns`` names what it may be told apart by (``reporting.breakdowns``).

    A rule that changes from a day on is a new row with the same code, and the old one ends.
    """

    class Aggregation(models.TextChoices):
        SUM = "sum", _("sum")
        LAST = "last", _("last value")

    class About(models.TextChoices):
        WORK = "work", _("work done")
        PEOPLE = "people", _("people and cases")

    code = models.SlugField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200)
    unit = models.CharField(_("unit"), max_length=40)
    unit_en = models.CharField(_("unit in English"), max_length=40)
    section = models.CharField(_("section"), max_length=20, choices=Section.choices)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    over_areas = models.CharField(
        _("over areas"), max_length=5, choices=Aggregation.choices, default=Aggregation.SUM
    )
    over_periods = models.CharField(
        _("over periods"), max_length=5, choices=Aggregation.choices, default=Aggregation.SUM
    )
    about = models.CharField(_("tells of"), max_length=6, choices=About.choices, default=About.WORK)
    rule: Any = models.JSONField(_("rule"), default=dict)
    nil_text = models.CharField(
        _("words for a confirmed nil"), max_length=120, blank=True, help_text=_("Empty: “chưa phát hiện”.")
    )

    breakdowns: Any = ArrayField(
        models.CharField(max_length=20), verbose_name=_("told apart by"), default=list, blank=True
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = ValidQuerySet["Indicator"].as_manager()

    class Meta(Validity.Meta):
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_ratio(self) -> bool:
        return "ratio" in self.rule

    @property
    def is_last_value(self) -> bool:
        """Whether a period has the value of its end, and not the sum of its parts."""
        return "stock" in self.rule or self.over_periods == self.Aggregation.LAST

    @property
    def adds_up_over_areas(self) -> bool:
        """Whether the figures of areas that do not overlap may be added."""
        return not self.is_ratio and self.over_areas == self.Aggregation.SUM

    @property
    def adds_up_over_periods(self) -> bool:
        """Whether the figures of periods that do not overlap may be added."""
        return not self.is_ratio and not self.is_last_value
