"""Facilities that take in victims, and who stays in them."""

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from territory.models import Agency, Area
from territory.validity import Validity, ValidQuerySet
from victims.models.victim import Victim


@pghistory.track()
class Facility(Validity):
    """A place that receives and supports victims, such as a province's general social protection facility."""

    name = models.CharField(_("name"), max_length=160)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="facilities", verbose_name=_("run by"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="facilities", verbose_name=_("area"))
    capacity = models.PositiveIntegerField(_("places"), null=True, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    objects: ClassVar[Any] = ValidQuerySet["Facility"].as_manager()

    class Meta(Validity.Meta):
        verbose_name = _("facility")
        verbose_name_plural = _("facilities")

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class FacilityStay(Validity):
    """A victim's stay from a day to a day, both included. One person is in one place: overlaps are refused."""

    victim = models.ForeignKey(Victim, models.CASCADE, related_name="stays", verbose_name=_("victim"))
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="stays", verbose_name=_("facility"))

    objects: ClassVar[Any] = ValidQuerySet["FacilityStay"].as_manager()

    class Meta(Validity.Meta):
        verbose_name = _("stay")
        verbose_name_plural = _("stays")
        ordering = ["valid_from", "id"]
        indexes = [models.Index(fields=["facility", "valid_from"], name="stay_facility")]

    def __str__(self) -> str:
        return f"{self.victim} {self.valid_from:%Y-%m-%d}"
