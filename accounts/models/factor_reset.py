"""Taking a person's second factor away: asked for by one administrator, agreed to by another."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User


class FactorReset(models.Model):
    """One request to take the second factors of a person away. It needs two administrators, neither the person."""

    class State(models.TextChoices):
        ASKED = "asked", _("waits for a second administrator")
        AGREED = "agreed", _("agreed")
        REFUSED = "refused", _("not agreed")

    person = models.ForeignKey(User, models.PROTECT, related_name="factor_resets", verbose_name=_("person"))
    reason = models.CharField(_("reason"), max_length=300)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True)

    class Meta:
        verbose_name = _("reset of a second factor")
        verbose_name_plural = _("resets of second factors")
        ordering = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state="asked"), name="factor_reset_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(person=F("asked_by")) & (Q(decided_by=None) | ~Q(person=F("decided_by"))),
                name="factor_reset_by_others",
            ),
            models.CheckConstraint(
                condition=~Q(state="agreed") | (Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by"))),
                name="factor_reset_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.state}"
