"""Programmes: the phases, their projects, and what they aim at."""

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from programs.models.document import Document
from programs.models.task import Comparison
from territory.models import AgencyKind


@pghistory.track()
class Programme(models.Model):
    """A phase of the programme against human trafficking, with the decision it rests on. Data, never a constant."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=300)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    legal_basis = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="programmes",
        verbose_name=_("legal basis"),
    )
    looks_ahead_to = models.PositiveSmallIntegerField(_("orientation to the year"), null=True, blank=True)

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="programs_programme_days_in_order"
            )
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Project(models.Model):
    """A project (đề án) of a programme, with the kinds of agency that lead it."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="projects", verbose_name=_("programme")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=300)
    leads = models.ManyToManyField(AgencyKind, related_name="+", blank=True, verbose_name=_("led by"))

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["programme", "number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="programs_project_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"


@pghistory.track()
class Target(models.Model):
    """What a programme aims at in a year: an indicator, or two as a percentage, a comparison and a value.

    ``indicator`` and ``out_of`` are codes of indicators; with ``out_of`` the value is a percentage of it.
    """

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="targets", verbose_name=_("programme")
    )
    project = models.ForeignKey(
        Project, models.CASCADE, null=True, blank=True, related_name="targets", verbose_name=_("project")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    text = models.CharField(_("target"), max_length=400)
    indicator = models.SlugField(_("indicator"), max_length=60, blank=True, default="")
    out_of = models.SlugField(_("as a percentage of"), max_length=60, blank=True, default="")
    comparison = models.CharField(
        _("comparison"), max_length=10, choices=Comparison.choices, default=Comparison.AT_LEAST
    )
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=3, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=40, blank=True, default="%")
    year = models.PositiveSmallIntegerField(
        _("year"), null=True, blank=True, help_text=_("Empty: each year.")
    )

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["programme", "order"]

    def __str__(self) -> str:
        return self.text
