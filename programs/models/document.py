"""Documents: plans, directives, decisions, official letters and what else steers the programme."""

import re
from typing import Any, ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.scoping import Person, ScopedQuerySet, scope_of
from territory.collation import FoldedColumns, ViWords
from territory.models import Agency, Area, paths_above

#: "2978/BQP-BĐBP", "13-KL/TW", "53/2024/QH15": figures, then the symbol of kind and issuer.
NUMBER_FORM = re.compile(r"^\d{1,6}[A-Za-z]?([/-][0-9A-ZĐÂĂÊÔƠƯa-zđ.]+)+$")


class DocumentKind(models.TextChoices):
    PLAN = "plan", _("Plan")
    OFFICIAL_LETTER = "official_letter", _("Official letter")
    DIRECTIVE = "directive", _("Directive")
    DECISION = "decision", _("Decision")
    CONCLUSION = "conclusion", _("Conclusion")
    COORDINATION_RULES = "coordination_rules", _("Coordination rules")
    REPORT = "report", _("Report")


class Urgency(models.TextChoices):
    ORDINARY = "ordinary", _("ordinary")
    URGENT = "urgent", _("urgent (khẩn)")
    VERY_URGENT = "very_urgent", _("very urgent (thượng khẩn)")
    EXPRESS = "express", _("express (hỏa tốc)")


class DocumentQuerySet(ScopedQuerySet["Document"]):
    def visible_to(self, user: Person) -> "DocumentQuerySet":
        """Documents of the areas above and of own agency; of every agency in the area for who coordinates it."""
        scope = scope_of(user)
        condition = scope.rows(own="document.read", every="document.read_all", agency="issuer")
        above = {
            path
            for verb in ("document.read", "document.read_all")
            for grant in scope.having(verb)
            for path in paths_above(grant.area.path)
        }
        found: DocumentQuerySet = self._scoped(self.filter(condition | Q(area__path__in=above)))
        return found


@pghistory.track(exclude=["search_text"])
class Document(models.Model):
    """An issued document. Number and date may be unknown for old ones."""

    kind = models.CharField(_("kind"), max_length=20, choices=DocumentKind.choices)
    number = models.CharField(
        _("number and symbol"),
        max_length=60,
        blank=True,
        default="",
        validators=[
            RegexValidator(
                NUMBER_FORM, _("Type number and symbol as printed, such as 2978/BQP-BĐBP or 13-KL/TW.")
            )
        ],
    )
    issued_on = models.DateField(_("date"), null=True, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    issuer = models.ForeignKey(Agency, models.PROTECT, related_name="documents", verbose_name=_("issuer"))
    co_issuers = models.ManyToManyField(
        Agency, related_name="co_issued_documents", blank=True, verbose_name=_("issued together with")
    )
    area = models.ForeignKey(Area, models.PROTECT, related_name="documents", verbose_name=_("area"))
    subject = models.CharField(_("subject"), max_length=500)
    signer = models.CharField(_("signer"), max_length=120, blank=True, default="")
    signer_position = models.CharField(_("position of the signer"), max_length=120, blank=True, default="")
    urgency = models.CharField(_("urgency"), max_length=12, choices=Urgency.choices, default=Urgency.ORDINARY)
    recipients: Any = ArrayField(
        models.CharField(max_length=200), verbose_name=_("recipients"), default=list, blank=True
    )
    note = models.TextField(_("note"), blank=True, default="")
    valid_from = models.DateField(_("in force from"), null=True, blank=True)
    valid_to = models.DateField(_("in force to"), null=True, blank=True)
    entered_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("entered by"), editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)
    search_text = models.GeneratedField(
        expression=FoldedColumns(F("number"), F("subject")),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )

    objects: ClassVar[Any] = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = [F("issued_on").desc(nulls_last=True), "-id"]
        indexes = [
            models.Index(fields=["area", "-issued_on"], name="document_area_issued"),
            GinIndex(ViWords("search_text"), name="document_words"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "year", "number"],
                condition=~Q(number="") & Q(year__isnull=False),
                name="programs_document_number_once_a_year",
                violation_error_message=_("This issuer already has a document of this number in this year."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".strip()


class Relation(models.TextChoices):
    """How one document stands to another; read as "this one ... that one"."""

    IMPLEMENTS = "implements", _("implements")
    BASED_ON = "based_on", _("is based on")
    REPLACES = "replaces", _("replaces")
    AMENDS = "amends", _("amends")
    ANSWERS = "answers", _("answers")
    ANNEX_OF = "annex_of", _("is an annex of")


@pghistory.track()
class DocumentRelation(models.Model):
    """``document`` rests on ``rests_on``: up the chain to a Politburo conclusion, down to a commune's plan."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="upward", verbose_name=_("document"))
    rests_on = models.ForeignKey(
        Document, models.PROTECT, related_name="downward", verbose_name=_("other document")
    )
    kind = models.CharField(_("relation"), max_length=12, choices=Relation.choices)

    class Meta:
        verbose_name = _("relation of documents")
        verbose_name_plural = _("relations of documents")
        constraints = [
            models.UniqueConstraint(fields=["document", "rests_on", "kind"], name="programs_relation_once"),
            models.CheckConstraint(
                condition=~Q(document=F("rests_on")), name="programs_relation_not_to_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.get_kind_display()} {self.rests_on}"
