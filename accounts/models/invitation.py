"""Invitations on their way: asked for in the transaction that opens an account, gone when the e-mail went out."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User


class WaitingInvitation(models.Model):
    """The e-mail with the link to set a first password, as long as it was not sent."""

    user = models.OneToOneField(
        User, models.CASCADE, primary_key=True, related_name="waiting_invitation", verbose_name=_("person")
    )
    asked_at = models.DateTimeField(_("asked for"))

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("invitation that waits")
        verbose_name_plural = _("invitations that wait")

    def __str__(self) -> str:
        return f"{self.user_id} {self.asked_at:%Y-%m-%d %H:%M}"
