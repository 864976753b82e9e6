"""What people ask about their own data, and how long data is kept."""

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.scoping import Person, ScopedQuerySet, scope_of
from territory.models import Agency, Area
from victims.models.victim import Victim


class DataRequestQuerySet(ScopedQuerySet["DataRequest"]):
    def visible_to(self, user: Person) -> "DataRequestQuerySet":
        found: DataRequestQuerySet = self._scoped(self.filter(scope_of(user).rows(own="victim.read")))
        return found


@pghistory.track()
class DataRequest(models.Model):
    """What a person asks about their own data. Who asks is told by the victim's code or not at all.

    The first answer is due in two working days (Law 91/2025, Decree 356/2025).
    """

    class Kind(models.TextChoices):
        ACCESS = "access", _("see the data")
        CORRECT = "correct", _("correct the data")
        DELETE = "delete", _("delete the data")
        RESTRICT = "restrict", _("restrict the use")
        OBJECT = "object", _("object to the use")
        WITHDRAW = "withdraw", _("take a consent back")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DONE = "done", _("answered")
        REFUSED = "refused", _("refused")

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    victim = models.ForeignKey(
        Victim, models.SET_NULL, null=True, blank=True, related_name="data_requests", verbose_name=_("victim")
    )
    kind = models.CharField(_("request"), max_length=8, choices=Kind.choices)
    received_on = models.DateField(_("received on"))
    due_on = models.DateField(_("answer due on"), editable=False)
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.OPEN)
    answer = models.CharField(_("answer"), max_length=600, blank=True, default="")
    answered_on = models.DateField(_("answered on"), null=True)
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("answered by")
    )

    objects: ClassVar[Any] = DataRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request about own data")
        verbose_name_plural = _("requests about own data")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open") | Q(answered_on__isnull=False),
                name="victims_request_answered_on_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.received_on:%Y-%m-%d}"


@pghistory.track()
class RetentionRule(models.Model):
    """How many months after its end a kind of data is destroyed. Rows that statistics count stay.

    The end is that of the support for what concerns a victim, of the tip for what was told in it, and the trial or
    the decision to drop it for a case.
    """

    class Kind(models.TextChoices):
        IDENTITY = "identity", _("identity")
        NARRATIVE = "narrative", _("narratives")
        WORDS = "words", _("goals, reasons and other short texts")
        TIP_TEXT = "tip_text", _("what was told in tips")
        CASE_TEXT = "case_text", _("summaries of cases and descriptions of what was seized")

    kind = models.CharField(_("kind of data"), max_length=9, choices=Kind.choices, unique=True)
    months = models.PositiveSmallIntegerField(_("months after the end"))
    basis = models.CharField(_("legal basis"), max_length=200, blank=True, default="")
    is_active = models.BooleanField(_("in force"), default=False)

    class Meta:
        verbose_name = _("rule of retention")
        verbose_name_plural = _("rules of retention")
        ordering = ["kind"]

    def __str__(self) -> str:
        return f"{self.kind}: {self.months}"
