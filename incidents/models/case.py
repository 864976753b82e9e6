"""A case, its offences, and the dated stages of the justice chain."""

import datetime as dt
from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.scoping import Person, ScopedQuerySet, scope_of
from incidents.models.campaign import Campaign
from incidents.models.lists import Country
from territory.models import Agency, Area

#: Trigger body: the province and district of a record follow from its area.
SET_ANCESTORS = """
                    SELECT province_id, district_id INTO NEW.province_id, NEW.district_id
                    FROM territory_area WHERE id = NEW.area_id;
                    RETURN NEW;
                """


class StageKind(models.TextChoices):
    DETECTED = "detected", _("detected")
    PROSECUTED = "prosecuted", _("prosecuted")
    INVESTIGATION_CONCLUDED = "investigation_concluded", _("investigation concluded")
    INDICTED = "indicted", _("indicted")
    TRIED = "tried", _("tried")
    APPEAL = "appeal", _("tried on appeal")
    SUSPENDED = "suspended", _("suspended")
    DROPPED = "dropped", _("dropped")


#: Stages after which a case is no longer under investigation.
ENDS_INVESTIGATION = (StageKind.INVESTIGATION_CONCLUDED, StageKind.SUSPENDED, StageKind.DROPPED)
#: Stages a case can reach more than once: after a resumption, a retrial, a second appeal.
REPEATABLE = (StageKind.SUSPENDED, StageKind.TRIED, StageKind.APPEAL)


class Force(models.TextChoices):
    """Who found a case."""

    POLICE = "police", _("police")
    BORDER_GUARD = "border_guard", _("border guard")
    COAST_GUARD = "coast_guard", _("coast guard")
    CUSTOMS = "customs", _("customs")
    OTHER = "other", _("other")


class Discovery(models.TextChoices):
    """How a case was found."""

    TIP = "tip", _("from a tip")
    PATROL = "patrol", _("on patrol or at a checkpoint")
    PROFESSIONAL = "professional", _("by professional work")
    RESCUE = "rescue", _("by a rescue")
    VICTIM = "victim", _("told by a victim")
    OTHER_CASE = "other_case", _("in the course of another case")
    ABROAD = "abroad", _("told from abroad")
    OTHER = "other", _("otherwise")


class CaseQuerySet(ScopedQuerySet["Case"]):
    def visible_to(self, user: Person) -> "CaseQuerySet":
        """Cases of own agency in own area, for the roles that read cases. Sealed ones for their readers only."""
        found: CaseQuerySet = self._scoped(
            self.filter(scope_of(user).rows(own="case.read"), unsealed_for(user))
        )
        return found


def unsealed_for(user: Person, case: str = "") -> Q:
    """The condition that a case is not sealed, or that the person is one of its readers.

    ``case`` is the name of the column that leads to the case, with "__" at its end.
    """
    named = CaseReader.objects.filter(user=user.pk).values("case")
    return Q(**{f"{case}is_sealed": False}) | Q(**{f"{case}pk__in": named})


@pghistory.track()
class Case(models.Model):
    """A case of trafficking or a related offence. “01 vụ - 0 bị can” is a normal state: nobody accused yet."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="cases", verbose_name=_("agency"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="cases", verbose_name=_("area"))
    province = models.ForeignKey(Area, models.PROTECT, null=True, editable=False, related_name="+")
    district = models.ForeignKey(Area, models.PROTECT, null=True, editable=False, related_name="+")
    summary = models.TextField(_("summary"), blank=True, default="")
    force = models.CharField(_("found by"), max_length=15, choices=Force.choices, blank=True, default="")
    discovery = models.CharField(
        _("how it was found"), max_length=15, choices=Discovery.choices, blank=True, default=""
    )
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("campaign")
    )
    acts_since = models.DateField(_("first day of the acts"), null=True, blank=True)
    investigator = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("investigator")
    )
    due_on = models.DateField(_("investigation due"), null=True, blank=True)
    is_sealed = models.BooleanField(_("sealed"), default=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    submission_key = models.UUIDField(unique=True, null=True, editable=False)
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["province", "agency"], name="case_province_agency"),
            models.Index(fields=["agency", "due_on"], name="case_agency_due"),
        ]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Trigger(
                name="set_ancestors",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("area_id"),  # type: ignore[no-untyped-call]
                func=SET_ANCESTORS,
            )
        ]

    def __str__(self) -> str:
        return self.code

    def days_left(self, today: dt.date) -> int | None:
        """Days until the limit of the investigation ends; below zero when it has passed; None without one."""
        return (self.due_on - today).days if self.due_on else None


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
    persons = models.PositiveIntegerField(_("persons"), null=True, blank=True)
    victims = models.PositiveIntegerField(_("victims"), null=True, blank=True)

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["reached_on", "id"]
        indexes = [models.Index(fields=["kind", "reached_on"], name="stage_kind_reached")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=~Q(kind__in=REPEATABLE),
                name="incidents_stage_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.reached_on:%Y-%m-%d}"


@pghistory.track()
class CaseExtension(models.Model):
    """A decision that gives an investigation more time, until ``due_on``."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="extensions", verbose_name=_("case"))
    decided_on = models.DateField(_("date"))
    document_number = models.CharField(_("decision, number"), max_length=60)
    due_on = models.DateField(_("new limit"))

    class Meta:
        verbose_name = _("extension of an investigation")
        verbose_name_plural = _("extensions of investigations")
        ordering = ["decided_on", "id"]

    def __str__(self) -> str:
        return f"{self.case} {self.due_on:%Y-%m-%d}"


@pghistory.track()
class CaseReader(models.Model):
    """A person who may read a sealed case."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="readers", verbose_name=_("case"))
    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("person"))
    granted_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("reader of a sealed case")
        verbose_name_plural = _("readers of sealed cases")
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="incidents_reader_once")]

    def __str__(self) -> str:
        return f"{self.case} {self.user_id}"


@pghistory.track()
class CasePlace(models.Model):
    """Where people of a case were taken from, through, or to. ``area`` is known in Viet Nam only."""

    class Kind(models.TextChoices):
        ORIGIN = "origin", _("origin")
        TRANSIT = "transit", _("transit")
        DESTINATION = "destination", _("destination")

    case = models.ForeignKey(Case, models.CASCADE, related_name="places", verbose_name=_("case"))
    kind = models.CharField(_("part of the route"), max_length=12, choices=Kind.choices)
    country = models.CharField(_("country"), max_length=2, choices=Country.choices, default=Country.VN)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area")
    )

    class Meta:
        verbose_name = _("place of a case")
        verbose_name_plural = _("places of cases")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "country", "area"], nulls_distinct=False, name="incidents_place_once"
            ),
            models.CheckConstraint(
                condition=Q(area__isnull=True) | Q(country="VN"), name="incidents_area_lies_at_home"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.kind} {self.country}"


@pghistory.track()
class SeizedItem(models.Model):
    """Something seized or kept as evidence: money, vehicles, papers. ``worth`` is in đồng."""

    class Kind(models.TextChoices):
        MONEY = "money", _("money")
        VEHICLE = "vehicle", _("vehicle")
        PHONE = "phone", _("phone or computer")
        DOCUMENT = "document", _("papers")
        PROPERTY = "property", _("other property")
        OTHER = "other", _("other")

    case = models.ForeignKey(Case, models.CASCADE, related_name="items", verbose_name=_("case"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    description = models.CharField(_("description"), max_length=200, blank=True, default="")
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=2, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True, default="")
    worth = models.BigIntegerField(_("worth, đồng"), null=True, blank=True)
    seized_on = models.DateField(_("seized on"), null=True, blank=True)
    document_number = models.CharField(_("record, number"), max_length=60, blank=True, default="")

    class Meta:
        verbose_name = _("seized item")
        verbose_name_plural = _("seized items")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__isnull=True) | Q(quantity__gte=0),
                name="incidents_item_quantity_positive",
            ),
            models.CheckConstraint(
                condition=Q(worth__isnull=True) | Q(worth__gte=0), name="incidents_item_worth_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.kind}"
