"""Webhooks: addresses of programs that are told what happened, and each message to them."""

import datetime as dt
import uuid
from typing import Any, ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.api_key import ApiKey
from accounts.models.outbox import Happening, OutboxEvent
from accounts.models.sealed import SealedRow
from accounts.models.user import User

LONGEST_ADDRESS = 300


@pghistory.track(exclude=["key_id", "secret", "secret_before"])
class Webhook(SealedRow):
    """An address of the consumer of a key, told of what the key may know.

    Messages are signed with ``secret``; after it was renewed, until ``before_until``, with ``secret_before`` as well.
    Nothing is sent before the secret was taken, nor while the webhook is paused.
    """

    sealed: ClassVar[tuple[str, ...]] = ("secret", "secret_before")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    api_key = models.ForeignKey(ApiKey, models.PROTECT, related_name="webhooks", verbose_name=_("API key"))
    url = models.CharField(_("address"), max_length=LONGEST_ADDRESS)
    told_of = ArrayField(
        models.CharField(max_length=30, choices=Happening.choices), verbose_name=_("told of")
    )
    secret = models.TextField(blank=True, default="", editable=False)
    secret_before = models.TextField(blank=True, default="", editable=False)
    before_until = models.DateTimeField(null=True, editable=False)
    paused_at = models.DateTimeField(_("paused"), null=True, editable=False)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made"), auto_now_add=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["made_at", "id"]

    def __str__(self) -> str:
        return self.url

    @property
    def has_secret(self) -> bool:
        return bool(self.secret)

    @property
    def event_names(self) -> list[str]:
        """What it is told of, in words."""
        return [str(Happening(value).label) for value in self.told_of]

    def state_on(self, today: dt.date) -> str:
        """ "ended" with its key, "unused" without a secret, "paused", or "current"."""
        if self.api_key.state_on(today) in ("revoked", "expired"):
            return "ended"
        if not self.has_secret:
            return "unused"
        return "paused" if self.paused_at else "current"

    def secrets_now(self) -> list[str]:
        """The secrets to sign with, the current one first."""
        opened = self.opened()
        is_overlapping = self.before_until is not None and self.before_until > timezone.now()
        before = [opened["secret_before"]] if is_overlapping and opened["secret_before"] else []
        return [opened["secret"], *before]


class Delivery(models.Model):
    """One message to one webhook: how often it was tried, and what came of it.

    ``leased_until`` says that a worker has it; ``trouble`` is why the last try failed, in a word.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("failed")

    class Trouble(models.TextChoices):
        ANSWER = "answer", _("another status than 2xx was answered")
        REDIRECT = "redirect", _("the address points to another one, which is not followed")
        ADDRESS = "address", _("the address may not be sent to")
        NO_ANSWER = "no_answer", _("there was no answer in time")
        ENDED = "ended", _("the key has ended, or may no longer know of it")

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries", verbose_name=_("webhook"))
    event = models.ForeignKey(OutboxEvent, models.CASCADE, related_name="deliveries", verbose_name=_("event"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_at = models.DateTimeField(_("next try"), default=timezone.now)
    leased_until = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(_("last try"), null=True)
    status = models.PositiveSmallIntegerField(_("answer"), null=True)
    trouble = models.CharField(_("trouble"), max_length=10, choices=Trouble.choices, blank=True, default="")

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("message to a webhook")
        verbose_name_plural = _("messages to webhooks")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="waiting"), name="delivery_waiting"),
        ]
        constraints = [models.UniqueConstraint(fields=["webhook", "event"], name="accounts_delivery_once")]

    def __str__(self) -> str:
        return f"{self.event_id} {self.state}"

    @property
    def shape(self) -> str:
        """The badge of its state."""
        return {"waiting": "running", "delivered": "done", "failed": "late"}[self.state]
