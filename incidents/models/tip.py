"""Tips: denunciations, reports and proposals to prosecute, and the acts by which they are resolved."""

import datetime as dt
from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.scoping import Person, ScopedQuerySet, scope_of
from incidents.models.case import SET_ANCESTORS, Case, unsealed_for
from incidents.models.lists import DeadlineStep, Offence
from territory.models import Agency, Area


class TipKind(models.TextChoices):
    DENUNCIATION = "denunciation", _("denunciation")
    REPORT = "report", _("report of a crime")
    PROSECUTION_PROPOSAL = "prosecution_proposal", _("proposal to prosecute")


class Channel(models.TextChoices):
    HOTLINE_111 = "hotline_111", _("hotline 111")
    HOTLINE_OTHER = "hotline_other", _("other hotline")
    POLICE_POST = "police_post", _("police post")
    COMMUNE = "commune", _("commune")
    BORDER_GUARD = "border_guard", _("border guard")
    COAST_GUARD = "coast_guard", _("coast guard")
    ONLINE = "online", _("online")
    LETTER = "letter", _("letter")
    IN_PERSON = "in_person", _("in person")
    EMBASSY = "embassy", _("embassy or consulate")
    MEDIA = "media", _("press and media")
    AGENCY = "agency", _("another agency")
    OTHER = "other", _("other")


class TipUrgency(models.TextChoices):
    NORMAL = "normal", _("normal")
    URGENT = "urgent", _("urgent")
    EMERGENCY = "emergency", _("somebody is in danger now")


class TipState(models.TextChoices):
    RECEIVED = "received", _("received")
    VERIFYING = "verifying", _("being verified")
    SUSPENDED = "suspended", _("suspended")
    CASE_OPENED = "case_opened", _("case opened")
    NOT_PROSECUTED = "not_prosecuted", _("not prosecuted")
    FORWARDED = "forwarded", _("forwarded")


class TipDeed(models.TextChoices):
    """What can be done with a tip."""

    ASSIGN = "assign", _("assigned")
    EXTEND = "extend", _("time limit extended")
    SUSPEND = "suspend", _("suspended")
    RESUME = "resume", _("resumed")
    FORWARD = "forward", _("forwarded")
    REFUSE = "refuse", _("not prosecuted")
    OPEN_CASE = "open_case", _("case opened")


#: What can be done with a tip in which state, and the state it leads to.
TIP_TRANSITIONS: dict[TipState, dict[TipDeed, TipState]] = {
    TipState.RECEIVED: {
        TipDeed.ASSIGN: TipState.VERIFYING,
        TipDeed.EXTEND: TipState.RECEIVED,
        TipDeed.FORWARD: TipState.FORWARDED,
        TipDeed.REFUSE: TipState.NOT_PROSECUTED,
        TipDeed.OPEN_CASE: TipState.CASE_OPENED,
    },
    TipState.VERIFYING: {
        TipDeed.ASSIGN: TipState.VERIFYING,
        TipDeed.EXTEND: TipState.VERIFYING,
        TipDeed.SUSPEND: TipState.SUSPENDED,
        TipDeed.FORWARD: TipState.FORWARDED,
        TipDeed.REFUSE: TipState.NOT_PROSECUTED,
        TipDeed.OPEN_CASE: TipState.CASE_OPENED,
    },
    TipState.SUSPENDED: {TipDeed.RESUME: TipState.VERIFYING},
    TipState.CASE_OPENED: {},
    TipState.NOT_PROSECUTED: {},
    TipState.FORWARDED: {},
}

#: States in which the time limit runs.
TIP_OPEN = (TipState.RECEIVED, TipState.VERIFYING)
#: States that Article 147 of the Criminal Procedure Code counts as a resolution. Forwarding is none.
TIP_RESOLVED = (TipState.CASE_OPENED, TipState.NOT_PROSECUTED, TipState.SUSPENDED)


class NoProsecution(models.TextChoices):
    """Grounds not to prosecute, after Article 157 of the Criminal Procedure Code."""

    NO_ACT = "no_act", _("there was no criminal act")
    NO_ELEMENTS = "no_elements", _("the act has not the elements of an offence")
    UNDER_AGE = "under_age", _("the person is below the age of criminal liability")
    ALREADY_JUDGED = "already_judged", _("there is a final judgment or a decision to drop the case")
    TOO_OLD = "too_old", _("the time limit for prosecution has run out")
    AMNESTY = "amnesty", _("amnesty")
    PERSON_DIED = "person_died", _("the person has died")
    NOT_REQUESTED = "not_requested", _("the victim makes no request, where one is needed")
    OTHER = "other", _("other ground")


class TipQuerySet(ScopedQuerySet["Tip"]):
    def visible_to(self, user: Person) -> "TipQuerySet":
        """Tips of own agency in own area, for the roles that read tips. A sealed case takes its tips with it."""
        unsealed = Q(case__isnull=True) | unsealed_for(user, "case__")
        found: TipQuerySet = self._scoped(self.filter(scope_of(user).rows(own="tip.read"), unsealed))
        return found

    def running(self) -> "TipQuerySet":
        """Tips whose time limit runs."""
        return self.filter(state__in=TIP_OPEN)


@pghistory.track()
class Tip(models.Model):
    """One tip as an agency received it. Nobody is named in it; ``due_on`` is the last day to resolve it."""

    code = models.CharField(_("code"), max_length=30, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=TipKind.choices)
    channel = models.CharField(_("channel"), max_length=15, choices=Channel.choices)
    received_on = models.DateField(_("received on"))
    received_time = models.TimeField(_("at"), null=True, blank=True)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="tips", verbose_name=_("received by"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="tips", verbose_name=_("area"))
    province = models.ForeignKey(Area, models.PROTECT, null=True, editable=False, related_name="+")
    district = models.ForeignKey(Area, models.PROTECT, null=True, editable=False, related_name="+")
    text = models.TextField(_("what was told"))
    offence = models.ForeignKey(
        Offence, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("offence suspected")
    )
    urgency = models.CharField(
        _("urgency"), max_length=10, choices=TipUrgency.choices, default=TipUrgency.NORMAL
    )
    assigned_to = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="tips", verbose_name=_("investigator")
    )
    state = models.CharField(_("state"), max_length=15, choices=TipState.choices, default=TipState.RECEIVED)
    due_on = models.DateField(_("due"))
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    ground = models.CharField(
        _("ground"), max_length=15, choices=NoProsecution.choices, blank=True, default=""
    )
    forwarded_to = models.CharField(_("forwarded to"), max_length=160, blank=True, default="")
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="tips", verbose_name=_("case")
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    submission_key = models.UUIDField(unique=True, null=True, editable=False)
    taken_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = TipQuerySet.as_manager()

    class Meta:
        verbose_name = _("tip")
        verbose_name_plural = _("tips")
        ordering = ["-received_on", "-id"]
        indexes = [
            models.Index(fields=["agency", "state", "due_on"], name="tip_agency_state_due"),
            models.Index(fields=["province", "received_on"], name="tip_province_received"),
            models.Index(fields=["due_on"], condition=Q(state__in=TIP_OPEN), name="tip_running_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=TIP_OPEN, decided_on__isnull=True)
                | (~Q(state__in=TIP_OPEN) & Q(decided_on__isnull=False)),
                name="incidents_tip_decided_has_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="not_prosecuted") | ~Q(ground=""),
                name="incidents_tip_refusal_has_a_ground",
            ),
            models.CheckConstraint(
                condition=~Q(state="forwarded") | ~Q(forwarded_to=""),
                name="incidents_tip_forwarded_somewhere",
            ),
            models.CheckConstraint(
                condition=~Q(state="case_opened") | Q(case__isnull=False),
                name="incidents_tip_opened_has_a_case",
            ),
        ]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Trigger(
                name="set_ancestors",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("area_id"),  # type: ignore[no-untyped-call]
                func=SET_ANCESTORS,
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_running(self) -> bool:
        return self.state in TIP_OPEN

    def days_left(self, today: dt.date) -> int:
        """Days until the limit ends; below zero when it has passed."""
        return (self.due_on - today).days


@pghistory.track()
class TipAct(models.Model):
    """An act in the life of a tip: assigned, extended, suspended, decided. ``due_on`` is the limit it led to."""

    tip = models.ForeignKey(Tip, models.CASCADE, related_name="acts", verbose_name=_("tip"))
    deed = models.CharField(_("what"), max_length=10, choices=TipDeed.choices)
    step = models.CharField(
        _("extension"), max_length=20, choices=DeadlineStep.choices, blank=True, default=""
    )
    decided_on = models.DateField(_("date"))
    document_number = models.CharField(_("decision, number"), max_length=60, blank=True, default="")
    note = models.CharField(_("note"), max_length=500, blank=True, default="")
    due_on = models.DateField(_("due"), null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("act on a tip")
        verbose_name_plural = _("acts on tips")
        ordering = ["decided_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["tip", "step"], condition=Q(deed="extend"), name="incidents_extension_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.tip} {self.deed}"
