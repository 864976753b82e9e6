"""Handing a victim's file to another agency: asked with the least that is needed, accepted or refused."""

import uuid
from typing import Any, ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.scoping import Person, ScopedQuerySet, scope_of
from territory.models import Agency
from victims.models.victim import Victim
from victims.value_lists import AgeBand, ServiceKind, Sex


class TransferQuerySet(ScopedQuerySet["Transfer"]):
    def visible_to(self, user: Person) -> "TransferQuerySet":
        """Transfers that own agency asked for, or that it is asked for."""
        agencies = [grant.membership.agency_id for grant in scope_of(user).having("victim.read")]
        found: TransferQuerySet = self._scoped(
            self.filter(Q(from_agency__in=agencies) | Q(to_agency__in=agencies))
        )
        return found


@pghistory.track()
class Transfer(models.Model):
    """One request. Until it is accepted the receiving agency sees this row and nothing else of the victim."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("taken back")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    victim = models.ForeignKey(Victim, models.CASCADE, related_name="transfers", verbose_name=_("victim"))
    from_agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("from"))
    to_agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("to"))
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.ASKED)
    shown_code = models.CharField(_("code"), max_length=9, editable=False)
    shown_sex = models.CharField(_("sex"), max_length=8, choices=Sex.choices, editable=False)
    shown_age_band = models.CharField(_("age group"), max_length=8, choices=AgeBand.choices, editable=False)
    shown_needs: Any = ArrayField(
        models.CharField(max_length=24, choices=ServiceKind.choices),
        verbose_name=_("needs"),
        default=list,
        editable=False,
    )
    reason = models.CharField(_("reason"), max_length=300)
    urgent_reason = models.CharField(
        _("why it cannot wait for a consent"), max_length=300, blank=True, default=""
    )
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered"), null=True)
    answer_reason = models.CharField(_("reason of the answer"), max_length=300, blank=True, default="")

    objects: ClassVar[Any] = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["to_agency", "state"], name="transfer_to_state"),
            models.Index(fields=["from_agency", "state"], name="transfer_from_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["victim"], condition=Q(state="asked"), name="victims_transfer_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(from_agency=F("to_agency")), name="victims_transfer_to_another"
            ),
        ]

    def __str__(self) -> str:
        return self.shown_code

    @property
    def is_urgent(self) -> bool:
        return bool(self.urgent_reason)

    def needs_said(self) -> str:
        return ", ".join(str(ServiceKind(need).label) for need in self.shown_needs)
