"""Keys of the API: for a named consumer, for what it may do, until a day, and how much it is used."""

import datetime as dt
import uuid
from typing import Any, ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.membership import Membership
from accounts.models.user import User
from territory.models import Area

#: The longest that a key may be good for.
LONGEST_DAYS = 365


class KeyScope(models.TextChoices):
    """What a key opens."""

    STATISTICS = "statistics", _("statistics")
    REPORTS = "reports", _("issued reports")
    RECORDS_READ = "records_read", _("read records of a membership")
    RECORDS_WRITE = "records_write", _("write records of a membership")


#: Scopes that act as a person.
OF_MEMBERSHIP = frozenset({KeyScope.RECORDS_READ.value, KeyScope.RECORDS_WRITE.value})


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def usable(self, today: dt.date) -> "ApiKeyQuerySet":
        """Neither revoked nor run out, and with a secret."""
        return self.filter(revoked_at=None, expires_on__gte=today).exclude(digest="")


@pghistory.track(exclude=["digest", "last_used_at"])
class ApiKey(models.Model):
    """A key that an administrator gave to a consumer.

    The secret is shown once and kept as its digest: to the administrator, or, where the key acts by a ``membership``,
    to the person who holds that. ``area`` is the one whose figures the consumer reads as they are; without one the
    disclosure rule holds for all. ``networks`` limit where requests may come from; none means anywhere.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    consumer = models.CharField(_("consumer"), max_length=120)
    contact = models.CharField(_("contact"), max_length=160, blank=True, default="")
    prefix = models.CharField(_("begins with"), max_length=12, unique=True, db_collation="C")
    digest = models.CharField(max_length=64, blank=True, default="", editable=False)
    scopes = ArrayField(models.CharField(max_length=16, choices=KeyScope.choices), verbose_name=_("opens"))
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, related_name="+", verbose_name=_("true figures of")
    )
    membership = models.ForeignKey(
        Membership, models.PROTECT, null=True, related_name="api_keys", verbose_name=_("membership")
    )
    networks = ArrayField(models.CharField(max_length=43), verbose_name=_("networks"), default=list)
    per_minute = models.PositiveSmallIntegerField(_("requests a minute"), default=120)
    expires_on = models.DateField(_("good until"))
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    revoked_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("revoked by")
    )
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)

    objects: ClassVar[Any] = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(scopes__overlap=["records_read", "records_write"], membership__isnull=False)
                | (~Q(scopes__overlap=["records_read", "records_write"]) & Q(membership__isnull=True)),
                name="accounts_key_for_records_has_membership",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="accounts_key_revoked_by_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consumer} ({self.prefix}…)"

    @property
    def has_secret(self) -> bool:
        return bool(self.digest)

    @property
    def scope_names(self) -> list[str]:
        names = dict(KeyScope.choices)
        return [str(names[scope]) for scope in self.scopes if scope in names]

    def state_on(self, today: dt.date) -> str:
        """Where the key stands: "revoked", "expired", "unused" while nobody took the secret, or "current"."""
        if self.revoked_at is not None:
            return "revoked"
        if self.expires_on < today:
            return "expired"
        return "current" if self.has_secret else "unused"


class ApiUse(models.Model):
    """How often a key was used on a day for one endpoint ("tips", "statistics"), and how often it was refused."""

    key = models.ForeignKey(ApiKey, models.CASCADE, related_name="uses")
    day = models.DateField(_("day"))
    endpoint = models.CharField(_("endpoint"), max_length=40, default="")
    requests = models.PositiveIntegerField(_("requests"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)

    class Meta:
        verbose_name = _("use of a key")
        verbose_name_plural = _("uses of keys")
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(fields=["key", "day", "endpoint"], name="accounts_use_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.day:%Y-%m-%d}"
