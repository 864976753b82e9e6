"""Whom to ask about the portal in an area."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User
from territory.models import Area


@pghistory.track()
class Contact(models.Model):
    """The responsible office of the area's standing agency: an office and its telephone, not a person."""

    area = models.OneToOneField(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    office = models.CharField(_("office"), max_length=160)
    phone = models.CharField(_("telephone"), max_length=40, blank=True, default="")
    email = models.EmailField(_("e-mail"), blank=True, default="")
    address = models.CharField(_("address"), max_length=200, blank=True, default="")
    hours = models.CharField(_("office hours"), max_length=120, blank=True, default="")
    changed_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", editable=False, verbose_name=_("changed by")
    )
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")

    def __str__(self) -> str:
        return f"{self.office} · {self.area}"
