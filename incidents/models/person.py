"""Persons in a case. Nobody is named here: a label tells them apart, identities are kept elsewhere."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.models.case import Case


class Standing(models.TextChoices):
    SUSPECT = "suspect", _("suspect")
    ACCUSED = "accused", _("accused")
    DEFENDANT = "defendant", _("defendant")


@pghistory.track()
class PersonInCase(models.Model):
    """One person in one case, under a label without meaning such as “Đ1”."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="persons", verbose_name=_("case"))
    label = models.CharField(_("label"), max_length=10)

    class Meta:
        verbose_name = _("person in a case")
        verbose_name_plural = _("persons in cases")
        constraints = [models.UniqueConstraint(fields=["case", "label"], name="incidents_person_label_once")]

    def __str__(self) -> str:
        return f"{self.case} {self.label}"


@pghistory.track()
class PersonStanding(models.Model):
    """The standing a person has in a case from a day on, until the next one."""

    person = models.ForeignKey(
        PersonInCase, models.CASCADE, related_name="standings", verbose_name=_("person")
    )
    standing = models.CharField(_("standing"), max_length=10, choices=Standing.choices)
    since = models.DateField(_("since"))

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        ordering = ["since", "id"]
        constraints = [models.UniqueConstraint(fields=["person", "standing"], name="incidents_standing_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_standing_display()}"
