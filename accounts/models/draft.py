"""Half-filled forms, kept by the server as they were typed."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User


class FormDraft(models.Model):
    """The raw fields of a form a person has not yet submitted, valid or not.

    ``form`` names the form and the record ("activity:new", "activity:12"). One draft a person and form.
    Removed when the form is submitted.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="form_drafts", verbose_name=_("person"))
    form = models.CharField(_("form"), max_length=60)
    fields: Any = models.JSONField(_("fields"), default=dict)
    saved_at = models.DateTimeField(_("saved"), auto_now=True)

    class Meta:
        verbose_name = _("draft of a form")
        verbose_name_plural = _("drafts of forms")
        constraints = [models.UniqueConstraint(fields=["user", "form"], name="accounts_one_draft_a_form")]

    def __str__(self) -> str:
        return self.form
