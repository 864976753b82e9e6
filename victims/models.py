"""Facilities that take in victims."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from territory.models import Agency, Area
from territory.validity import Validity


@pghistory.track()
class Facility(Validity):
    """A place that receives and supports victims, such as a province's general social protection facility."""

    name = models.CharField(_("name"), max_length=160)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="facilities", verbose_name=_("run by"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="facilities", verbose_name=_("area"))
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta(Validity.Meta):
        verbose_name = _("facility")
        verbose_name_plural = _("facilities")

    def __str__(self) -> str:
        return self.name
