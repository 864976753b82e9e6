"""Agencies: who reports and who acts, under the name and with the duties of the day."""

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from territory.collation import ViFold, ViSortKey
from territory.models.area import Area
from territory.validity import Validity, ValidQuerySet


class Duty(models.TextChoices):
    """What an agency answers for in the programme of its area."""

    STANDING = "standing", _("standing agency (cơ quan thường trực)")
    VICTIM_SUPPORT = "victim_support", _("victim support")
    LABOUR = "labour", _("labour and employment")
    BORDER = "border", _("border guard")
    COMMUNICATION = "communication", _("communication")


@pghistory.track()
class AgencyKind(Validity):
    """A kind of agency found in many areas, such as the provincial police or a department of health."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    order = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta(Validity.Meta):
        verbose_name = _("kind of agency")
        verbose_name_plural = _("kinds of agency")
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name


@pghistory.track(exclude=["search_text", "sort_key"])
class Agency(Validity):
    """One agency of one area under one name. A new name is a new row that succeeds the old one."""

    code = models.CharField(_("code"), max_length=40, db_collation="C")
    kind = models.ForeignKey(AgencyKind, models.PROTECT, related_name="agencies", verbose_name=_("kind"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="agencies", verbose_name=_("area"))
    name = models.CharField(_("name"), max_length=160)
    symbol = models.CharField(
        _("symbol"), max_length=20, blank=True, help_text=_("As written in document numbers, such as “CAT”.")
    )
    search_text = models.GeneratedField(
        expression=ViFold(F("name")), output_field=models.TextField(db_collation="C"), db_persist=True
    )
    sort_key = models.GeneratedField(
        expression=ViSortKey(F("name")), output_field=models.TextField(db_collation="C"), db_persist=True
    )

    objects: ClassVar[Any] = ValidQuerySet["Agency"].as_manager()

    class Meta(Validity.Meta):
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = ["sort_key", "valid_from"]
        indexes = [models.Index(fields=["area", "kind"], name="agency_area_kind")]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class AgencyDuty(Validity):
    """A duty an agency holds between two dates."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="duties", verbose_name=_("agency"))
    duty = models.CharField(_("duty"), max_length=20, choices=Duty.choices)

    objects: ClassVar[Any] = ValidQuerySet["AgencyDuty"].as_manager()

    class Meta(Validity.Meta):
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        indexes = [models.Index(fields=["duty", "agency"], name="agency_duty")]

    def __str__(self) -> str:
        return f"{self.agency}: {self.get_duty_display()}"


class AgencySuccession(models.Model):
    """Which agency took over which duty. In 2025 victim support went from labour to health."""

    predecessor = models.ForeignKey(Agency, models.CASCADE, related_name="succeeded_by")
    successor = models.ForeignKey(Agency, models.CASCADE, related_name="preceded_by")
    duty = models.CharField(_("duty"), max_length=20, choices=Duty.choices, blank=True)

    class Meta:
        verbose_name = _("agency succession")
        verbose_name_plural = _("agency successions")
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor", "duty"], name="territory_agency_succession_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"
