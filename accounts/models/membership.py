"""Memberships: a role, in an agency, for an area, from a day to a day."""

import datetime as dt
from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User
from territory.models import Agency, AgencyDuty, Area, Duty
from territory.validity import Validity, ValidQuerySet


class Role(models.TextChoices):
    FILING_OFFICER = "filing_officer", _("Filing officer")
    HEAD_OF_UNIT = "head_of_unit", _("Head of unit")
    CASE_WORKER = "case_worker", _("Case worker")
    INVESTIGATOR = "investigator", _("Investigator")
    COORDINATOR = "coordinator", _("Coordinator")
    STEERING_MEMBER = "steering_member", _("Steering committee member")
    ADMINISTRATOR = "administrator", _("Administrator")


class MembershipQuerySet(ValidQuerySet["Membership"]):
    def current(self) -> "MembershipQuerySet":
        """Memberships that hold today, with what a scope needs."""
        standing = AgencyDuty.objects.filter(agency=OuterRef("agency"), duty=Duty.STANDING)
        held: MembershipQuerySet = self.valid_on(dt.date.today()).annotate(  # type: ignore[no-redef]
            of_standing_agency=Exists(standing)
        )
        return held.select_related("agency", "agency__kind", "area")


@pghistory.track()
class Membership(Validity):
    """What a person may do: ``role`` for records of ``agency`` that lie within ``area``.

    A coordinator's, a steering member's and an administrator's role reaches every agency in the area.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("person"))
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="memberships", verbose_name=_("agency"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    area = models.ForeignKey(Area, models.PROTECT, related_name="memberships", verbose_name=_("area"))

    objects: ClassVar[Any] = MembershipQuerySet.as_manager()

    class Meta(Validity.Meta):
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        indexes = [models.Index(fields=["user", "valid_from"], name="membership_user")]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.agency} · {self.area}"

    @cached_property
    def of_standing_agency(self) -> bool:
        """Whether the agency is or was the standing one; ``current()`` reads it along."""
        return self.agency.duties.filter(duty=Duty.STANDING).exists()


@pghistory.track()
class RoleRequest(Validity):
    """A role that one administrator asked for and another agrees to, or not. Agreed, it has a membership."""

    class State(models.TextChoices):
        ASKED = "asked", _("waits for agreement")
        AGREED = "agreed", _("agreed")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    user = models.ForeignKey(User, models.CASCADE, related_name="role_requests", verbose_name=_("person"))
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    reason = models.CharField(_("reason"), max_length=500)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"), auto_now_add=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    membership = models.OneToOneField(Membership, models.PROTECT, null=True, related_name="request")

    objects: ClassVar[Any] = models.Manager()

    class Meta(Validity.Meta):
        verbose_name = _("request for a role")
        verbose_name_plural = _("requests for roles")
        ordering = ["-id"]
        constraints = [
            *Validity.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(state="agreed") | ~Q(decided_by=F("asked_by")),
                name="accounts_role_by_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(user=F("asked_by")) & (Q(decided_by=None) | ~Q(user=F("decided_by"))),
                name="accounts_role_not_by_oneself",
            ),
        ]
        indexes = [
            models.Index(fields=["area"], condition=Q(state="asked"), name="role_request_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.agency} · {self.area}"
