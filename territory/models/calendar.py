"""Days that are not what their weekday says: public holidays, days off instead, and Saturdays worked instead."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _


@pghistory.track()
class SpecialDay(models.Model):
    """A day whose weekday does not tell whether people work. Days without a row go by their weekday."""

    class Kind(models.TextChoices):
        OFF = "off", _("day off")
        WORKED = "worked", _("working day in the place of another")
        ORDINARY = "ordinary", _("as its weekday")

    day = models.DateField(_("day"), unique=True)
    kind = models.CharField(_("what it is"), max_length=8, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=120)
    basis = models.CharField(_("legal basis"), max_length=200)

    class Meta:
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name}"
