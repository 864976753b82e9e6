"""Requests that made something, with what was answered: sent again within a day, they make nothing twice."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User


class SentRequest(models.Model):
    """One request under the key its sender gave it. ``request`` is the digest of method, address and body."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("who"))
    key = models.UUIDField(_("key"))
    request = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    answer: Any = models.JSONField(null=True)
    etag = models.CharField(max_length=80, blank=True, default="")
    sent_at = models.DateTimeField(_("sent"), auto_now_add=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("sent request")
        verbose_name_plural = _("sent requests")
        indexes = [models.Index(fields=["sent_at"], name="sent_request_at")]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="accounts_sent_request_once")]

    def __str__(self) -> str:
        return str(self.key)
