"""Value lists that the law sets and may change: offences of the criminal codes, and time limits. They are data."""

import datetime as dt
from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from territory.validity import Validity, ValidQuerySet


@pghistory.track()
class Offence(Validity):
    """An article of a criminal code. ``valid_from`` and ``valid_to`` bound the days of the act it applies to."""

    class Family(models.TextChoices):
        TRAFFICKING = "trafficking", _("trafficking")
        RELATED = "related", _("related offence")

    article = models.CharField(_("article"), max_length=10)
    criminal_code = models.PositiveSmallIntegerField(_("criminal code of"), default=2015)
    name = models.CharField(_("offence"), max_length=160)
    family = models.CharField(_("family"), max_length=12, choices=Family.choices, default=Family.TRAFFICKING)

    objects: ClassVar[Any] = ValidQuerySet["Offence"].as_manager()

    class Meta(Validity.Meta):
        verbose_name = _("offence of the criminal code")
        verbose_name_plural = _("offences of the criminal codes")
        ordering = ["-criminal_code", "-family", "article"]
        constraints = [
            *Validity.Meta.constraints,
            models.UniqueConstraint(
                fields=["criminal_code", "article"], name="incidents_offence_article_once"
            ),
        ]

    def __str__(self) -> str:
        return f"Điều {self.article} BLHS {self.criminal_code}: {self.name}"

    def applies_on(self, day: dt.date) -> bool:
        """Whether an act of this day falls under the article."""
        return self.held_on(day)


class DeadlineStep(models.TextChoices):
    """What a time limit is for."""

    FIRST = "first", _("resolving a tip")
    FIRST_EXTENSION = "first_extension", _("first extension")
    SECOND_EXTENSION = "second_extension", _("second extension")
    RESUMED = "resumed", _("resolving a tip that was resumed")
    INVESTIGATION = "investigation", _("investigating a case")


class CountedFrom(models.TextChoices):
    """The day from which a time limit runs."""

    RECEIPT = "receipt", _("the day of receipt")
    PREVIOUS_DUE = "previous_due", _("the end of the limit before")
    DECISION = "decision", _("the day of the decision")


@pghistory.track()
class DeadlineRule(Validity):
    """A statutory time limit: so many days or months from a day. Sources: Articles 147, 149, 172 of the Criminal
    Procedure Code. ``valid_from`` and ``valid_to`` bound the days on which a limit begins under this rule.
    """

    step = models.CharField(_("time limit for"), max_length=20, choices=DeadlineStep.choices)
    days = models.PositiveSmallIntegerField(_("days"), null=True, blank=True)
    months = models.PositiveSmallIntegerField(_("months"), null=True, blank=True)
    counted_from = models.CharField(_("counted from"), max_length=15, choices=CountedFrom.choices)
    legal_basis = models.CharField(_("legal basis"), max_length=160)

    objects: ClassVar[Any] = ValidQuerySet["DeadlineRule"].as_manager()

    class Meta(Validity.Meta):
        verbose_name = _("time limit")
        verbose_name_plural = _("time limits")
        ordering = ["step", "valid_from"]
        constraints = [
            *Validity.Meta.constraints,
            models.CheckConstraint(
                condition=Q(days__isnull=False, months__isnull=True)
                | Q(days__isnull=True, months__isnull=False),
                name="incidents_deadline_days_or_months",
                violation_error_message=_("Give the limit in days or in months."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()} ({self.legal_basis})"


class CodeCounter(models.Model):
    """The last number given out for codes of a kind, in a province, in a year."""

    prefix = models.CharField(max_length=4)
    province_code = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("counter of codes")
        verbose_name_plural = _("counters of codes")
        constraints = [
            models.UniqueConstraint(fields=["prefix", "province_code", "year"], name="incidents_counter_once")
        ]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.province_code}-{self.year}"


class Country(models.TextChoices):
    """Countries that routes of trafficking touch, by ISO 3166-1; “other” for the rest."""

    VN = "VN", _("Viet Nam")
    CN = "CN", _("China")
    LA = "LA", _("Laos")
    KH = "KH", _("Cambodia")
    TH = "TH", _("Thailand")
    MM = "MM", _("Myanmar")
    MY = "MY", _("Malaysia")
    PH = "PH", _("Philippines")
    SG = "SG", _("Singapore")
    TW = "TW", _("Taiwan")
    HK = "HK", _("Hong Kong")
    KR = "KR", _("Korea")
    JP = "JP", _("Japan")
    RU = "RU", _("Russia")
    GB = "GB", _("United Kingdom")
    SA = "SA", _("Saudi Arabia")
    OTHER = "ZZ", _("other country")
