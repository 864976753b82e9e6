"""Half-filled forms, kept by the server as they were typed."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User

#: A draft is removed no sooner than so long after its person was told.
WARNED_AHEAD = dt.timedelta(days=14)


class FormDraft(models.Model):
    """The raw fields of a form a person has not yet submitted, valid or not.

    ``form`` names the form and the record ("activity:new", "activity:12"). One draft a person and form.
    Removed when the form is submitted, or when nobody has touched it for ``DRAFT_KEEP_DAYS``; ``warned_at`` is when
    its person was told of that.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="form_drafts", verbose_name=_("person"))
    form = models.CharField(_("form"), max_length=60)
    fields: Any = models.JSONField(_("fields"), default=dict)
    saved_at = models.DateTimeField(_("saved"), auto_now=True)
    warned_at = models.DateTimeField(_("warned of its end"), null=True, editable=False)

    class Meta:
        verbose_name = _("draft of a form")
        verbose_name_plural = _("drafts of forms")
        constraints = [models.UniqueConstraint(fields=["user", "form"], name="accounts_one_draft_a_form")]

    def __str__(self) -> str:
        return self.form

    @property
    def kept_until(self) -> dt.datetime:
        """When it is removed if nobody touches it."""
        over = self.saved_at + dt.timedelta(days=settings.DRAFT_KEEP_DAYS)
        return max(over, (self.warned_at or timezone.now()) + WARNED_AHEAD)
