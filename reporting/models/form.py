"""Forms: what units are asked for, by whom, how often and until when. Forms are data."""

from typing import Any, ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from reporting.models.indicator import Section
from territory.models import AgencyKind, Level
from territory.period import CutOff
from territory.validity import Validity, ValidQuerySet


class FormKind(models.TextChoices):
    """What sort of period a form is about, and so what sort of report is made of it."""

    SIX_MONTH = "six_month", _("Six-month report")
    ANNUAL = "annual", _("Annual report")
    PHASE = "phase", _("Phase report")
    THEMATIC = "thematic", _("Thematic report")
    AD_HOC = "ad_hoc", _("Ad hoc report")


class CutOffRule(models.TextChoices):
    """The rule that proposes the days of a period; the days are stored. See ``territory.period.CutOff``."""

    ND09 = CutOff.ND09.value, _("Decree 09/2019: half-years from 15 December and 15 June")
    CALENDAR = CutOff.CALENDAR.value, _("Calendar: half-years from 1 January and 1 July")
    EXPLICIT = CutOff.EXPLICIT.value, _("Dates given one by one")


@pghistory.track()
class Form(Validity):
    """One form, known by its ``code`` in obligations, addresses and commands.

    ``due_after_days`` are calendar days after the last day of a period; ``opens_before_days`` are days before that
    day on which obligations are made and units may start. Only a form with ``is_scheduled`` is opened by the clock;
    every form may be opened by hand. ``may_be_nil`` says whether a unit may confirm that there was nothing.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=FormKind.choices)
    name = models.CharField(_("name"), max_length=160)
    name_en = models.CharField(_("name in English"), max_length=160)
    cut_off = models.CharField(
        _("cut-off rule"), max_length=12, choices=CutOffRule.choices, default=CutOffRule.ND09
    )
    due_after_days = models.PositiveSmallIntegerField(_("due, days after the period"), default=5)
    opens_before_days = models.PositiveSmallIntegerField(_("opens, days before the period ends"), default=30)
    may_be_nil = models.BooleanField(_("nil may be confirmed"), default=True)
    is_scheduled = models.BooleanField(_("opened by the clock"), default=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = ValidQuerySet["Form"].as_manager()

    class Meta(Validity.Meta):
        verbose_name = _("form")
        verbose_name_plural = _("forms")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.name_en if get_language() == "en" else self.name


@pghistory.track()
class FormSection(models.Model):
    """A section of a form, in order. ``title`` is printed instead of the section's usual name where it is given."""

    form = models.ForeignKey(Form, models.CASCADE, related_name="sections", verbose_name=_("form"))
    section = models.CharField(_("section"), max_length=20, choices=Section.choices)
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    title = models.CharField(_("title"), max_length=160, blank=True, default="")
    is_narrative_required = models.BooleanField(_("a text is required"), default=False)

    class Meta:
        verbose_name = _("section of a form")
        verbose_name_plural = _("sections of forms")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["form", "section"], name="reporting_form_section_once")
        ]

    def __str__(self) -> str:
        return self.title or self.get_section_display()


@pghistory.track()
class FormIndicator(models.Model):
    """An indicator that a form asks for, named by its code: indicators change from a date on, the question stays.

    ``breakdowns`` are names of the indicator's breakdowns ("sex", "age_group") that the form asks for besides the
    total.
    """

    form = models.ForeignKey(Form, models.CASCADE, related_name="indicators", verbose_name=_("form"))
    indicator = models.SlugField(_("indicator"), max_length=60)
    breakdowns = ArrayField(
        models.SlugField(max_length=40), verbose_name=_("breakdowns"), default=list, blank=True
    )
    order = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("indicator of a form")
        verbose_name_plural = _("indicators of forms")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["form", "indicator"], name="reporting_form_indicator_once")
        ]

    def __str__(self) -> str:
        return self.indicator


@pghistory.track()
class FormFiler(models.Model):
    """Who must file a form: every agency of a kind in areas of a level."""

    form = models.ForeignKey(Form, models.CASCADE, related_name="filers", verbose_name=_("form"))
    agency_kind = models.ForeignKey(
        AgencyKind, models.PROTECT, related_name="+", verbose_name=_("kind of agency")
    )
    level = models.CharField(_("level"), max_length=10, choices=Level.choices)

    class Meta:
        verbose_name = _("who files a form")
        verbose_name_plural = _("who files forms")
        constraints = [
            models.UniqueConstraint(fields=["form", "agency_kind", "level"], name="reporting_form_filer_once")
        ]

    def __str__(self) -> str:
        return f"{self.agency_kind} ({self.get_level_display()})"
