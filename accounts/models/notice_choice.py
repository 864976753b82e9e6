"""What a person wants to hear of, how, and when."""

import datetime as dt

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.notification import Notice, Notification, Way
from accounts.models.user import User

#: Between these hours a digest goes out, the last included.
DIGEST_HOURS = (7, 20)


class Digest(models.TextChoices):
    DAILY = "daily", _("once a day")
    HOURLY = "hourly", _("every hour from 7 to 20")
    NEVER = "never", _("never")


class NoticeSettings(models.Model):
    """When a person gets e-mails. Without a row: a digest at 7, and no quiet hours.

    Hours are those of the portal's time zone. Quiet hours may reach over midnight; ``quiet_to`` is the first hour
    that is no longer quiet.
    """

    user = models.OneToOneField(
        User, models.CASCADE, primary_key=True, related_name="notice_settings", verbose_name=_("person")
    )
    digest = models.CharField(_("digest"), max_length=8, choices=Digest.choices, default=Digest.DAILY)
    digest_hour = models.PositiveSmallIntegerField(
        _("hour of the digest"),
        default=DIGEST_HOURS[0],
        validators=[MinValueValidator(DIGEST_HOURS[0]), MaxValueValidator(DIGEST_HOURS[1])],
    )
    quiet_from = models.PositiveSmallIntegerField(_("quiet from"), null=True, blank=True)
    quiet_to = models.PositiveSmallIntegerField(_("quiet until"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice settings")
        verbose_name_plural = _("notice settings")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quiet_from=None, quiet_to=None)
                | models.Q(quiet_from__range=(0, 23), quiet_to__range=(0, 23))
                & ~models.Q(quiet_from=models.F("quiet_to")),
                name="accounts_quiet_hours_are_two",
            ),
            models.CheckConstraint(
                condition=models.Q(digest_hour__range=DIGEST_HOURS), name="accounts_digest_in_the_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.digest}"

    def is_quiet_at(self, moment: dt.datetime) -> bool:
        """Whether this moment, in the portal's time zone, lies in the quiet hours."""
        return self.is_quiet_at_hour(moment.hour)

    def is_quiet_at_hour(self, hour: int) -> bool:
        if self.quiet_from is None or self.quiet_to is None:
            return False
        if self.quiet_from < self.quiet_to:
            return self.quiet_from <= hour < self.quiet_to
        return hour >= self.quiet_from or hour < self.quiet_to

    def last_digest_before(self, moment: dt.datetime) -> dt.datetime:
        """The last time at or before this moment at which a digest was to go out; what waited then is due."""
        first, last = DIGEST_HOURS if self.digest == Digest.HOURLY else (self.digest_hour, self.digest_hour)
        hour = moment.replace(minute=0, second=0, microsecond=0)
        if hour.hour < first:
            return hour.replace(hour=last) - dt.timedelta(days=1)
        return hour.replace(hour=min(hour.hour, last))


class NoticeChoice(models.Model):
    """How a person wants one kind of notice. Without a row: in the page and in the digest."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notice_choices", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=20, choices=Notice.choices)
    way = models.CharField(_("way"), max_length=8, choices=Way.choices)

    class Meta:
        verbose_name = _("choice of notices")
        verbose_name_plural = _("choices of notices")
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="accounts_choice_once_a_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.way}"


class MutedThing(models.Model):
    """A record of which a person wants to hear no more. ``thing`` is its address, ``notice`` what it was muted by.

    It goes with that notice: where a record's notices are taken away, no trace of it stays here.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="muted_things", verbose_name=_("person"))
    thing = models.CharField(_("record"), max_length=200)
    notice = models.ForeignKey(Notification, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("muted record")
        verbose_name_plural = _("muted records")
        constraints = [models.UniqueConstraint(fields=["user", "thing"], name="accounts_muted_once")]

    def __str__(self) -> str:
        return self.thing
