"""A person who signs in by e-mail."""

import unicodedata
from typing import Any, ClassVar

import pghistory
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from territory.collation import ViFold, ViWords

#: Unread notices are counted up to this number.
MOST_UNREAD = 100


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a person. Without a password the person cannot sign in until one is set."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


@pghistory.track(exclude=["password", "last_login"])
class User(AbstractBaseUser):
    """A person. What a person may do comes from memberships alone; there is no superuser."""

    email = models.EmailField(_("e-mail"), unique=True)
    full_name = models.CharField(_("full name"), max_length=120)
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("An inactive person is signed out everywhere and cannot sign in."),
    )
    joined_at = models.DateTimeField(_("joined"), auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["full_name"]
        indexes = [GinIndex(ViWords(ViFold("full_name")), name="user_words")]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.lower()
        self.full_name = unicodedata.normalize("NFC", self.full_name)
        super().save(*args, **kwargs)

    @cached_property
    def unread_notices(self) -> int:
        """How many notices the person has not read, at most 100; a request reads it along with the person."""
        number: int = self.notifications.filter(read_at=None)[:MOST_UNREAD].count()
        return number

    def get_full_name(self) -> str:
        return self.full_name
