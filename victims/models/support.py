"""The support of a victim: needs, a plan with goals, services, follow-ups, and how it was closed."""

from typing import Any, ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from victims.models.facility import Facility
from victims.models.victim import Victim
from victims.value_lists import Funding, ServiceKind


@pghistory.track()
class SupportCase(models.Model):
    """The support of one victim by one case worker. Closed with an outcome that a head approves; may open again."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        CLOSURE_ASKED = "closure_asked", _("closure asked for")
        CLOSED = "closed", _("closed")

    class Outcome(models.TextChoices):
        REINTEGRATED = "reintegrated", _("reintegrated into the community")
        REFERRED = "referred", _("referred to another agency")
        DECLINED = "declined", _("declined support")
        MOVED_AWAY = "moved_away", _("moved away")
        OTHER = "other", _("other")

    victim = models.OneToOneField(Victim, models.CASCADE, related_name="support", verbose_name=_("victim"))
    worker = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("case worker"))
    state = models.CharField(_("state"), max_length=13, choices=State.choices, default=State.OPEN)
    opened_on = models.DateField(_("opened on"))
    needs: Any = ArrayField(
        models.CharField(max_length=24, choices=ServiceKind.choices),
        verbose_name=_("needs"),
        default=list,
        blank=True,
    )
    interpreter = models.CharField(
        _("interpreter needed for"),
        max_length=60,
        blank=True,
        default="",
        help_text=_("The language. Empty: none is needed."),
    )
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices, blank=True, default="")
    closure_asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    closed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("closure approved by")
    )
    closed_on = models.DateField(_("closed on"), null=True)
    return_reason = models.CharField(_("reason"), max_length=300, blank=True, default="")
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("support")
        verbose_name_plural = _("support")
        indexes = [models.Index(fields=["worker", "state"], name="support_worker_state")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="closed") | (Q(closed_on__isnull=False) & ~Q(outcome="")),
                name="victims_support_closed_with_outcome",
            )
        ]

    def __str__(self) -> str:
        return str(self.victim)

    def needs_said(self) -> str:
        return ", ".join(str(ServiceKind(need).label) for need in self.needs)


@pghistory.track()
class SupportGoal(models.Model):
    """What the support is to reach, agreed with the person."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        REACHED = "reached", _("reached")
        DROPPED = "dropped", _("given up")

    victim = models.ForeignKey(Victim, models.CASCADE, related_name="goals", verbose_name=_("victim"))
    text = models.CharField(_("goal"), max_length=300)
    due_on = models.DateField(_("until"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.OPEN)

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering = ["due_on", "id"]

    def __str__(self) -> str:
        return f"{self.victim} #{self.pk}"


@pghistory.track()
class SupportService(models.Model):
    """A service given to the person. ``amount`` is in đồng; empty where the service costs nothing or is not known."""

    victim = models.ForeignKey(Victim, models.CASCADE, related_name="services", verbose_name=_("victim"))
    kind = models.CharField(_("service"), max_length=24, choices=ServiceKind.choices)
    provider = models.CharField(_("provider"), max_length=160)
    facility = models.ForeignKey(
        Facility, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("facility")
    )
    amount = models.PositiveBigIntegerField(_("amount in đồng"), null=True, blank=True)
    funding = models.CharField(_("paid from"), max_length=8, choices=Funding.choices, default=Funding.LOCAL)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["starts_on", "id"]
        indexes = [models.Index(fields=["kind", "starts_on"], name="service_kind_starts")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="victims_service_days_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.victim} {self.kind}"


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def open(self) -> "FollowUpQuerySet":
        return self.filter(done_on__isnull=True)


@pghistory.track()
class FollowUp(models.Model):
    """Something to be done for the person by a day: a visit, a call, a paper to be fetched."""

    class Kind(models.TextChoices):
        VISIT = "visit", _("visit")
        CALL = "call", _("call")
        MEETING = "meeting", _("meeting with others who help")
        PAPERWORK = "paperwork", _("paperwork")

    victim = models.ForeignKey(Victim, models.CASCADE, related_name="follow_ups", verbose_name=_("victim"))
    kind = models.CharField(_("what"), max_length=9, choices=Kind.choices)
    due_on = models.DateField(_("due on"))
    done_on = models.DateField(_("done on"), null=True, blank=True)

    objects: ClassVar[Any] = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(done_on=None), name="follow_up_open_due"),
        ]

    def __str__(self) -> str:
        return f"{self.victim} {self.due_on:%Y-%m-%d}"
