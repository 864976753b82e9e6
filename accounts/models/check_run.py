"""What the nightly look at the whole portal found."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class CheckRun(models.Model):
    """One run of all checks of `sanity_check`. Without ``finished_at`` it was broken off, or is still going on.

    ``findings`` holds the errors and warnings, at most so many as a page can show; the counts are of all.
    """

    begun_at = models.DateTimeField(_("begun"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    errors = models.PositiveIntegerField(_("errors"), default=0)
    warnings = models.PositiveIntegerField(_("warnings"), default=0)
    findings: Any = models.JSONField(default=list)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("run of the checks")
        verbose_name_plural = _("runs of the checks")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.begun_at:%Y-%m-%d %H:%M} {self.errors}/{self.warnings}"
