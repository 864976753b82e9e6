"""What happened and is to be told outside: written in the transaction in which it happened."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from territory.models import Agency, Area


class Happening(models.TextChoices):
    """What programs outside are told of."""

    SUBMITTED = "submission.submitted", _("a report was submitted")
    ACCEPTED = "submission.accepted", _("a report was accepted")
    ISSUED = "report.issued", _("a report of an area was issued")
    OVERDUE = "task.overdue", _("a task is overdue")


class OutboxEvent(models.Model):
    """One thing that happened. A row that stands was committed with its cause, and is told sooner or later.

    ``name`` keeps the same thing from being told twice ("submission:12:sent:1"). Whose it is decides who is told:
    the agency, where it has one, and the area. ``data`` is what is told: codes and numbers, no personal data.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("what"), max_length=30, choices=Happening.choices)
    name = models.CharField(max_length=80, unique=True)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+", verbose_name=_("agency"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    data: Any = models.JSONField(default=dict)
    at = models.DateTimeField(_("when"), auto_now_add=True)
    spread_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("event to be told")
        verbose_name_plural = _("events to be told")
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["at"], condition=Q(spread_at=None), name="outbox_not_spread"),
            models.Index(fields=["at"], name="outbox_at"),
        ]

    def __str__(self) -> str:
        return self.name
