"""When a person was here last, so that home can say what changed since."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models.user import User


class Visit(models.Model):
    """The running visit of a person: ``seen_at`` its last page of home, ``before`` the end of the visit before it.

    ``steps_put_away_at``: when the person put the list of first steps away.
    """

    user = models.OneToOneField(
        User, models.CASCADE, primary_key=True, related_name="visit", verbose_name=_("person")
    )
    seen_at = models.DateTimeField(_("last seen"))
    before = models.DateTimeField(_("last visit"), null=True)
    steps_put_away_at = models.DateTimeField(_("first steps put away"), null=True)

    class Meta:
        verbose_name = pgettext_lazy("of the portal", "visit")
        verbose_name_plural = pgettext_lazy("of the portal", "visits")

    def __str__(self) -> str:
        return f"{self.user} {self.seen_at:%Y-%m-%d %H:%M}"
