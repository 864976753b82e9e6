"""Who a victim is: apart from the file, sealed column by column, opened with a reason for a quarter of an hour.

Nothing here is tracked by history tables; of a change only its fact is kept.
"""

import datetime as dt
import uuid
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.field_keys import IndexKind, blind_index
from accounts.models import User
from accounts.models.sealed import SealedRow
from victims.models.victim import Victim
from victims.value_lists import PaperKind

#: How long an identity stays open to who opened it.
OPEN_FOR = dt.timedelta(minutes=15)


class VictimIdentity(SealedRow):
    """Name, birth date, address, contacts. Each column is ciphertext; the indexes are blind."""

    sealed = ("full_name", "birth_date", "address", "phone", "contacts")

    victim = models.OneToOneField(
        Victim, models.CASCADE, primary_key=True, related_name="identity", verbose_name=_("victim")
    )
    full_name = models.TextField(_("full name"), blank=True)
    birth_date = models.TextField(_("born"), blank=True)
    address = models.TextField(_("address"), blank=True)
    phone = models.TextField(_("phone"), blank=True)
    contacts = models.TextField(_("people to contact"), blank=True)
    phone_index = models.CharField(max_length=90, blank=True, db_index=True, editable=False)
    name_index = models.CharField(max_length=90, blank=True, db_index=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")

    def __str__(self) -> str:
        return str(_("identity"))

    def indexes_of(self, texts: dict[str, str]) -> dict[str, Any]:
        return {
            "phone_index": blind_index(IndexKind.PHONE, texts["phone"]),
            "name_index": blind_index(
                IndexKind.NAME_AND_YEAR, name_and_year(texts["full_name"], texts["birth_date"])
            ),
        }


class IdentityPaper(SealedRow):
    """One paper of a person. Its kind is told, its number is sealed."""

    sealed = ("number",)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    victim = models.ForeignKey(Victim, models.CASCADE, related_name="papers", verbose_name=_("victim"))
    kind = models.CharField(_("kind of paper"), max_length=17, choices=PaperKind.choices)
    number = models.TextField(_("number"))
    number_index = models.CharField(max_length=90, db_index=True, editable=False)

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        ordering = ["kind", "number_index"]

    def __str__(self) -> str:
        return self.get_kind_display()

    def indexes_of(self, texts: dict[str, str]) -> dict[str, Any]:
        return {"number_index": blind_index(IndexKind.PAPER, texts["number"])}


def name_and_year(full_name: str, birth_date: str) -> str:
    """What a name is matched by: with the year of birth, since a name alone is many people's."""
    year = birth_date[:4]
    return f"{full_name} {year}" if full_name.strip() and year else ""


class IdentityOpening(models.Model):
    """Somebody opened an identity, why, and until when it stays open to them. Never changed."""

    person = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("who"))
    victim = models.ForeignKey(Victim, models.CASCADE, related_name="openings", verbose_name=_("victim"))
    reason = models.CharField(_("reason"), max_length=300)
    at = models.DateTimeField(_("when"), default=timezone.now)
    expires_at = models.DateTimeField(_("open until"))

    class Meta:
        verbose_name = _("opening of an identity")
        verbose_name_plural = _("openings of identities")
        ordering = ["-id"]
        indexes = [models.Index(fields=["victim", "person", "expires_at"], name="opening_victim_person")]
        triggers: ClassVar[list[Any]] = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.victim} {self.at:%Y-%m-%d %H:%M}"


class IdentityChange(models.Model):
    """That an identity was recorded, changed or destroyed, and by whom; never what it held."""

    class What(models.TextChoices):
        RECORDED = "recorded", _("recorded")
        CHANGED = "changed", _("changed")
        DESTROYED = "destroyed", _("destroyed")

    victim = models.ForeignKey(
        Victim, models.CASCADE, related_name="identity_changes", verbose_name=_("victim")
    )
    person = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("who"))
    what = models.CharField(_("what"), max_length=9, choices=What.choices)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("change of an identity")
        verbose_name_plural = _("changes of identities")
        ordering = ["-id"]
        triggers: ClassVar[list[Any]] = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.victim} {self.what}"
