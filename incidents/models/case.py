"""A case, its offences, and the dated stages of the justice chain."""

from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.scoping import Person, ScopedQuerySet, scope_of
from territory.models import Agency, Area


class StageKind(models.TextChoices):
    DETECTED = "detected", _("detected")
    PROSECUTED = "prosecuted", _("prosecuted")
    INVESTIGATION_CONCLUDED = "investigation_concluded", _("investigation concluded")
    INDICTED = "indicted", _("indicted")
    TRIED = "tried", _("tried")
    SUSPENDED = "suspended", _("suspended")
    DROPPED = "dropped", _("dropped")


#: Stages after which a case is no longer under investigation.
ENDS_INVESTIGATION = (StageKind.INVESTIGATION_CONCLUDED, StageKind.SUSPENDED, StageKind.DROPPED)


class CaseQuerySet(ScopedQuerySet["Case"]):
    def visible_to(self, user: Person) -> "CaseQuerySet":
        """Cases of own agency in own area, for the roles that investigate."""
        found: CaseQuerySet = self._scoped(self.filter(scope_of(user).rows(own="case.read")))
        return found


@pghistory.track()
class Case(models.Model):
    """A case of trafficking or a related offence. “01 vụ - 0 bị can” is a normal state: nobody accused yet."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="cases", verbose_name=_("agency"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="cases", verbose_name=_("area"))
    province = models.ForeignKey(Area, models.PROTECT, null=True, editable=False, related_name="+")
    district = models.ForeignKey(Area, models.PROTECT, null=True, editable=False, related_name="+")
    summary = models.TextField(_("summary"), blank=True, default="")
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-id"]
        indexes = [models.Index(fields=["province", "agency"], name="case_province_agency")]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Trigger(
                name="set_ancestors",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("area_id"),  # type: ignore[no-untyped-call]
                func="""
                    SELECT province_id, district_id INTO NEW.province_id, NEW.district_id
                    FROM territory_area WHERE id = NEW.area_id;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.code


@pghistory.track()
class CaseOffence(models.Model):
    """An article of the criminal code a case is prosecuted under: 150-154 of 2015, or 119, 120 of 1999."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="offences", verbose_name=_("case"))
    article = models.CharField(_("article"), max_length=10)
    criminal_code = models.PositiveSmallIntegerField(_("criminal code of"), default=2015)
    name = models.CharField(_("offence"), max_length=160)

    class Meta:
        verbose_name = _("offence")
        verbose_name_plural = _("offences")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "criminal_code", "article"], name="incidents_offence_once"
            )
        ]

    def __str__(self) -> str:
        return f"Điều {self.article}: {self.name}"


@pghistory.track()
class Stage(models.Model):
    """A stage a case reached on a day, by decision of an agency, with the counts of that stage.

    Counts of different stages are never added: one person moves through the standings.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="stages", verbose_name=_("case"))
    kind = models.CharField(_("stage"), max_length=25, choices=StageKind.choices)
    reached_on = models.DateField(_("date"))
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("deciding agency"))
    document_number = models.CharField(_("document"), max_length=60, blank=True, default="")
    victims = models.PositiveIntegerField(_("victims"), null=True, blank=True)

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["reached_on", "id"]
        indexes = [models.Index(fields=["kind", "reached_on"], name="stage_kind_reached")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=~Q(kind__in=[StageKind.SUSPENDED, StageKind.TRIED]),
                name="incidents_stage_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.reached_on:%Y-%m-%d}"
