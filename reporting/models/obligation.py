"""What a unit owes for a period, and where it stands."""

import datetime as dt
from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.scoping import Person, ScopedQuerySet, scope_of
from reporting.models.form import CutOffRule, Form
from territory.models import Agency, Area
from territory.period import Period, stored_period


class ObligationState(models.TextChoices):
    """Where an obligation stands. It is not stored: it follows from the submission, the due date and the day."""

    NOT_DUE = "not_due", _("not due yet")
    MISSING = "missing", _("missing")
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", pgettext_lazy("submission", "submitted")
    RETURNED = "returned", _("returned")
    ACCEPTED = "accepted", _("accepted")
    EXCUSED = "excused", _("excused")


class ObligationQuerySet(ScopedQuerySet["Obligation"]):
    def visible_to(self, user: Person) -> "ObligationQuerySet":
        """What own units owe; for a coordinator, what every unit in the area owes."""
        condition = scope_of(user).rows(own="obligation.read", every="obligation.read_all")
        found: ObligationQuerySet = self._scoped(self.filter(condition))
        return found

    def owed(self) -> "ObligationQuerySet":
        """Without the excused ones."""
        return self.filter(excused_at=None)

    def with_state(self, today: dt.date | None = None) -> "ObligationQuerySet":
        """Each with ``stands`` (an ObligationState) and ``is_late``: sent, or still open, after the due date.

        A draft that is past its due date stands as a draft, and is late.
        """
        day = today or timezone.localdate()
        stands = Case(
            When(excused_at__isnull=False, then=Value(ObligationState.EXCUSED.value)),
            When(submission__isnull=False, then=F("submission__state")),
            When(due_on__lt=day, then=Value(ObligationState.MISSING.value)),
            default=Value(ObligationState.NOT_DUE.value),
            output_field=models.CharField(),
        )
        sent_late = Q(submission__first_submitted_at__date__gt=F("due_on"))
        late = Case(
            When(excused_at__isnull=False, then=Value(False)),
            When(submission__first_submitted_at__isnull=False, then=sent_late),
            default=Q(due_on__lt=day),
            output_field=models.BooleanField(),
        )
        return self.annotate(stands=stands, is_late=late)


@pghistory.track()
class Obligation(models.Model):
    """One unit (an agency in an area) owes one form for one period by a due date.

    ``due_on`` is the date that counts now; ``first_due_on`` the one before it was extended. An excused obligation
    is kept and counts in no coverage. ``is_historical`` marks past periods entered afterwards: nobody is reminded of
    them.
    """

    form = models.ForeignKey(
        Form,
        models.PROTECT,
        to_field="code",
        db_column="form",
        related_name="obligations",
        verbose_name=_("form"),
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="obligations", verbose_name=_("agency"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="obligations", verbose_name=_("area"))
    period_code = models.CharField(_("period"), max_length=24)
    period_start = models.DateField()
    period_end = models.DateField()
    period_rule = models.CharField(max_length=12, choices=CutOffRule.choices)
    due_on = models.DateField(_("due"))
    first_due_on = models.DateField(_("first due"), null=True, editable=False)
    extension_reason = models.CharField(_("reason of the extension"), max_length=500, blank=True, default="")
    excused_at = models.DateTimeField(_("excused"), null=True, editable=False)
    excused_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")
    excuse_reason = models.CharField(_("why excused"), max_length=500, blank=True, default="")
    opened_by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("opened by")
    )
    opened_at = models.DateTimeField(_("opened"), auto_now_add=True, null=True)
    is_historical = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    objects: ClassVar[Any] = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = _("obligation")
        verbose_name_plural = _("obligations")
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["area", "period_start", "period_end"], name="obligation_area_period"),
            models.Index(fields=["agency", "due_on"], name="obligation_agency_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["form", "agency", "area", "period_start", "period_end"],
                name="reporting_obligation_once",
            ),
            models.CheckConstraint(
                condition=Q(period_end__gte=F("period_start")), name="reporting_obligation_period_in_order"
            ),
            models.CheckConstraint(
                condition=Q(excused_at__isnull=True, excused_by__isnull=True)
                | (Q(excused_at__isnull=False, excused_by__isnull=False) & ~Q(excuse_reason="")),
                name="reporting_excused_by_a_person_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.period_code}: {self.agency}"

    @property
    def period(self) -> Period:
        """The period as it was proposed and stored."""
        return stored_period(self.period_code, self.period_rule)
