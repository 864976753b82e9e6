"""Documents: plans, directives, decisions, official letters and what else steers the programme."""

import pghistory
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from territory.collation import FoldedColumns
from territory.models import Agency, Area


class DocumentKind(models.TextChoices):
    PLAN = "plan", _("Plan")
    OFFICIAL_LETTER = "official_letter", _("Official letter")
    DIRECTIVE = "directive", _("Directive")
    DECISION = "decision", _("Decision")
    CONCLUSION = "conclusion", _("Conclusion")
    COORDINATION_RULES = "coordination_rules", _("Coordination rules")
    REPORT = "report", _("Report")


@pghistory.track(exclude=["search_text"])
class Document(models.Model):
    """An issued document. Number and date may be unknown for old ones."""

    kind = models.CharField(_("kind"), max_length=20, choices=DocumentKind.choices)
    number = models.CharField(_("number and symbol"), max_length=60, blank=True, default="")
    issued_on = models.DateField(_("date"), null=True, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    issuer = models.ForeignKey(Agency, models.PROTECT, related_name="documents", verbose_name=_("issuer"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="documents", verbose_name=_("area"))
    subject = models.CharField(_("subject"), max_length=500)
    valid_from = models.DateField(_("in force from"), null=True, blank=True)
    valid_to = models.DateField(_("in force to"), null=True, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)
    search_text = models.GeneratedField(
        expression=FoldedColumns(F("number"), F("subject")),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-issued_on", "-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".strip()
