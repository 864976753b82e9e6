"""What a person agreed to, purpose by purpose, until they take it back."""

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from victims.models.victim import Victim


class ConsentQuerySet(models.QuerySet["Consent"]):
    def standing(self, purpose: str) -> "ConsentQuerySet":
        """Consents for the purpose that were not taken back."""
        return self.filter(purpose=purpose, withdrawn_on__isnull=True)

    def latest_withdrawn(self, purpose: str) -> Any:
        """The victims who took a consent for the purpose back and gave none since, as a subquery."""
        withdrawn = self.filter(purpose=purpose, withdrawn_on__isnull=False).values("victim_id")
        return withdrawn.exclude(victim_id__in=self.model.objects.standing(purpose).values("victim_id"))


@pghistory.track()
class Consent(models.Model):
    """A consent for one purpose. Taken back it stands no more from that moment."""

    class Purpose(models.TextChoices):
        SERVICE = "service", _("support services")
        TRANSFER = "transfer", _("transfer to another agency")
        STATISTICS = "statistics", _("statistics")
        RESEARCH = "research", _("research")

    class How(models.TextChoices):
        WRITTEN = "written", _("in writing")
        ORAL = "oral", _("orally, with a witness")

    class By(models.TextChoices):
        PERSON = "person", _("the person")
        PARENT = "parent", _("a parent")
        GUARDIAN = "guardian", _("the guardian")
        REPRESENTATIVE = "representative", _("another legal representative")

    victim = models.ForeignKey(Victim, models.CASCADE, related_name="consents", verbose_name=_("victim"))
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices)
    given_on = models.DateField(_("given on"))
    how = models.CharField(_("how"), max_length=7, choices=How.choices)
    given_by = models.CharField(_("given by"), max_length=14, choices=By.choices, default=By.PERSON)
    withdrawn_on = models.DateField(_("taken back on"), null=True, blank=True)

    objects: ClassVar[Any] = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["purpose", "given_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["victim", "purpose"],
                condition=Q(withdrawn_on__isnull=True),
                name="victims_consent_stands_once",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("given_on")),
                name="victims_consent_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.victim} {self.purpose}"
