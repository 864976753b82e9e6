"""Working copies of report templates."""

import uuid
from typing import Any

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from reporting.models.report import ReportKind, ReportTemplate
from territory.models import Level


@pghistory.track(exclude=["layout"])
class TemplateDraft(models.Model):
    """The next version of a report template while people work on it; reports do not know it.

    ``layout`` may hold mistakes: what was typed is kept as it is, and judged when the draft is put to use. A place in
    a text that names nothing stands there as it was typed, in ⟦brackets⟧. There is one draft for each kind and level.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    code = models.CharField(_("kind"), max_length=12, choices=ReportKind.choices)
    level = models.CharField(_("level"), max_length=10, choices=Level.choices, blank=True, default="")
    name = models.CharField(_("name"), max_length=160)
    layout: Any = models.JSONField(_("layout"))
    based_on = models.ForeignKey(
        ReportTemplate, models.PROTECT, related_name="drafts", verbose_name=_("based on")
    )
    begun_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("begun by"))
    begun_at = models.DateTimeField(_("begun"), auto_now_add=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("draft of a report template")
        verbose_name_plural = _("drafts of report templates")
        constraints = [
            models.UniqueConstraint(fields=["code", "level"], name="reporting_template_draft_once")
        ]

    def __str__(self) -> str:
        return self.name
