"""Peak campaigns and special operations."""

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.scoping import Person, ScopedQuerySet, scope_of
from territory.models import Agency, Area


class CampaignQuerySet(ScopedQuerySet["Campaign"]):
    def visible_to(self, user: Person) -> "CampaignQuerySet":
        """Campaigns of own agencies, for the roles that read cases."""
        found: CampaignQuerySet = self._scoped(self.filter(scope_of(user).rows(own="case.read")))
        return found


@pghistory.track()
class Campaign(models.Model):
    """A peak campaign or a special operation of an agency. Its results are the cases it found, never typed."""

    class Kind(models.TextChoices):
        PEAK = "peak", _("peak campaign")
        OPERATION = "operation", _("special operation")

    name = models.CharField(_("name"), max_length=160)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.PEAK)
    document_number = models.CharField(_("plan, number"), max_length=60, blank=True, default="")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="campaigns", verbose_name=_("agency"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="campaigns", verbose_name=_("area"))
    areas = models.ManyToManyField(Area, related_name="+", blank=True, verbose_name=_("focus areas"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    submission_key = models.UUIDField(unique=True, null=True, editable=False)
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")
    is_demo = models.BooleanField(default=False, editable=False)

    objects: ClassVar[Any] = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="incidents_campaign_days_in_order",
                violation_error_message=_("The campaign ends before it starts."),
            )
        ]

    def __str__(self) -> str:
        return self.name
