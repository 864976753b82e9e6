"""A victim under a code without meaning: what is told in words of lists, never who it is."""

import uuid
from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case as Choose
from django.db.models import Q, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.sealed import SealedRow
from accounts.scoping import Person, ScopedQuerySet, scope_of
from incidents.models import Case, PersonInCase
from territory.models import Agency, Area
from victims.value_lists import (
    Act,
    AgeBand,
    Answer,
    Arrival,
    Channel,
    Circle,
    Control,
    Country,
    Education,
    Means,
    Occupation,
    Purpose,
    RecruiterRelation,
    RouteKind,
    Sex,
    Status,
)

#: Letters and digits that are not taken for one another when read aloud or off a poor copy.
CODE_LETTERS = "234679ACDEFGHJKMNPQRTUVWXY"
CODE_PATTERN = rf"NN-[{CODE_LETTERS}]{{6}}"

_SET_ANCESTORS = """
    SELECT province_id, district_id INTO NEW.province_id, NEW.district_id
    FROM territory_area WHERE id = NEW.area_id;
    RETURN NEW;
"""


def _words(choices: type[models.TextChoices], label: Any) -> Any:
    return ArrayField(
        models.CharField(max_length=24, choices=choices.choices),
        verbose_name=label,
        default=list,
        blank=True,
        size=20,
    )


class VictimQuerySet(ScopedQuerySet["Victim"]):
    def visible_to(self, user: Person) -> "VictimQuerySet":
        """Victims in the care of own agency, in own area."""
        found: VictimQuerySet = self._scoped(self.filter(scope_of(user).rows(own="victim.read")))
        return found

    def writable_by(self, user: Person) -> "VictimQuerySet":
        """Those of them whose file the person keeps."""
        found: VictimQuerySet = self._scoped(self.filter(scope_of(user).rows(own="victim.write")))
        return found

    def for_statistics(self) -> "VictimQuerySet":
        """What may go into statistics beyond the counts that the law asks of the state: see docs/victims.md."""
        from victims.models.consent import Consent

        withdrawn = Consent.objects.latest_withdrawn(Consent.Purpose.STATISTICS)
        return self.filter(circle=Circle.VICTIM).exclude(pk__in=withdrawn)

    def for_research(self) -> "VictimQuerySet":
        """What may leave for research: only with a consent that stands."""
        from victims.models.consent import Consent

        given = Consent.objects.standing(Consent.Purpose.RESEARCH).values("victim_id")
        return self.filter(circle=Circle.VICTIM, pk__in=given)


@pghistory.track(exclude=["age_band"])
class Victim(models.Model):
    """A person of the protected circle in the care of an agency.

    ``status`` is that of the latest decision. ``area`` is where the agency cares for the person, not their home.
    """

    code = models.CharField(_("code"), max_length=9, unique=True, editable=False, db_collation="C")
    circle = models.CharField(_("protected as"), max_length=10, choices=Circle.choices, default=Circle.VICTIM)
    related_to = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="circle_around",
        verbose_name=_("belongs to"),
    )
    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="victims", verbose_name=_("agency in care")
    )
    area = models.ForeignKey(Area, models.PROTECT, related_name="victims", verbose_name=_("area of care"))
    province = models.ForeignKey(Area, models.PROTECT, null=True, editable=False, related_name="+")
    district = models.ForeignKey(Area, models.PROTECT, null=True, editable=False, related_name="+")
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.SUSPECTED)
    arrival = models.CharField(_("arrival"), max_length=14, choices=Arrival.choices)
    arrived_on = models.DateField(_("arrived on"))
    sex = models.CharField(_("sex"), max_length=8, choices=Sex.choices, default=Sex.UNKNOWN)
    age = models.PositiveSmallIntegerField(_("age on arrival"), null=True, blank=True)
    age_band = models.GeneratedField(
        expression=Choose(
            When(age__lt=10, then=Value("under_10")),
            When(age__lt=16, then=Value("under_16")),
            When(age__lt=18, then=Value("under_18")),
            When(age__gte=18, then=Value("adult")),
            default=Value("unknown"),
        ),
        output_field=models.CharField(_("age group"), max_length=8, choices=AgeBand.choices),
        db_persist=True,
    )
    minority = models.CharField(
        _("ethnic minority"), max_length=7, choices=Answer.choices, default=Answer.UNKNOWN
    )
    nationality = models.CharField(
        _("nationality"), max_length=2, choices=Country.choices, default=Country.VN
    )
    education = models.CharField(
        _("schooling"), max_length=16, choices=Education.choices, default=Education.UNKNOWN
    )
    occupation = models.CharField(
        _("occupation"), max_length=12, choices=Occupation.choices, default=Occupation.UNKNOWN
    )
    acts = _words(Act, _("acts"))
    means = _words(Means, _("means"))
    purposes = _words(Purpose, _("purposes"))
    recruiter_relation = models.CharField(
        _("relation to the recruiter"),
        max_length=12,
        choices=RecruiterRelation.choices,
        default=RecruiterRelation.UNKNOWN,
    )
    channel = models.CharField(
        _("way of recruitment"), max_length=16, choices=Channel.choices, default=Channel.UNKNOWN
    )
    controls = _words(Control, _("ways of control"))
    children_with_them = models.PositiveSmallIntegerField(_("persons under 18 with them"), default=0)
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="victims", verbose_name=_("case")
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    submission_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    registered_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("registered by"), editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(_("identity destroyed"), null=True, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    objects: ClassVar[Any] = VictimQuerySet.as_manager()

    class Meta:
        verbose_name = _("victim")
        verbose_name_plural = _("victims")
        ordering = ["-arrived_on", "-id"]
        indexes = [
            models.Index(fields=["agency", "-arrived_on"], name="victim_agency_arrived"),
            models.Index(fields=["province", "arrived_on"], name="victim_province_arrived"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(circle=Circle.VICTIM, related_to__isnull=True)
                | Q(circle__in=[Circle.CHILD, Circle.RELATIVE], related_to__isnull=False),
                name="victims_circle_around_a_victim",
            ),
            models.CheckConstraint(
                condition=Q(age__isnull=True) | Q(age__lte=120), name="victims_age_of_a_person"
            ),
        ]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Trigger(
                name="set_ancestors",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("area_id"),  # type: ignore[no-untyped-call]
                func=_SET_ANCESTORS,
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_under_18(self) -> bool:
        return self.age is not None and self.age < 18

    @property
    def age_group(self) -> str:
        """The age group in words."""
        return str(AgeBand(self.age_band).label)

    def said(self, name: str) -> str:
        """The words of a column that holds several, for a page."""
        listed: dict[str, type[models.TextChoices]] = {
            "acts": Act,
            "means": Means,
            "purposes": Purpose,
            "controls": Control,
        }
        return ", ".join(str(listed[name](value).label) for value in getattr(self, name))


@pghistory.track()
class VictimStatus(models.Model):
    """A decision about whether a person is a victim. The latest by date holds."""

    victim = models.ForeignKey(Victim, models.CASCADE, related_name="statuses", verbose_name=_("victim"))
    status = models.CharField(_("status"), max_length=16, choices=Status.choices)
    decided_on = models.DateField(_("decided on"))
    number = models.CharField(_("decision"), max_length=60, blank=True, default="")
    body = models.CharField(_("deciding body"), max_length=160, blank=True, default="")

    class Meta:
        verbose_name = _("status of a victim")
        verbose_name_plural = _("statuses of victims")
        ordering = ["decided_on", "id"]

    def __str__(self) -> str:
        return f"{self.victim} {self.status}"


@pghistory.track()
class VictimRoute(models.Model):
    """A place the person was brought from, through or to."""

    victim = models.ForeignKey(Victim, models.CASCADE, related_name="route", verbose_name=_("victim"))
    order = models.PositiveSmallIntegerField(_("order"))
    kind = models.CharField(_("kind"), max_length=12, choices=RouteKind.choices)
    country = models.CharField(_("country"), max_length=2, choices=Country.choices)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area")
    )
    reached_on = models.DateField(_("date"), null=True, blank=True)

    class Meta:
        verbose_name = _("place of a route")
        verbose_name_plural = _("places of routes")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["victim", "order"], name="victims_route_order_once"),
            models.CheckConstraint(
                condition=Q(area__isnull=True) | Q(country=Country.VN), name="victims_route_area_in_country"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.victim} {self.order}"


@pghistory.track()
class VictimPerson(models.Model):
    """A person in the victim's case, and the part they had in what was done to the victim.

    Who may not see the case is shown neither the person nor that there is one.
    """

    class Part(models.TextChoices):
        """The roles of a perpetrator in HTCDS 2.0."""

        RECRUITER = "recruiter", _("recruiter")
        TRANSPORTER = "transporter", _("transporter")
        HARBOURER = "harbourer", _("harbourer")
        BROKER = "broker", _("broker")
        EXPLOITER = "exploiter", _("exploiter")
        OTHER = "other", _("other")

    victim = models.ForeignKey(Victim, models.CASCADE, related_name="persons", verbose_name=_("victim"))
    person = models.ForeignKey(PersonInCase, models.CASCADE, related_name="harmed", verbose_name=_("person"))
    part = models.CharField(_("part in it"), max_length=12, choices=Part.choices)

    class Meta:
        verbose_name = _("person linked to a victim")
        verbose_name_plural = _("persons linked to victims")
        ordering = ["person", "id"]
        constraints = [
            models.UniqueConstraint(fields=["victim", "person", "part"], name="victims_person_part_once")
        ]

    def __str__(self) -> str:
        return f"{self.victim} {self.part}"


class VictimNarrative(SealedRow):
    """What happened to the person, or what they need, in free words: sealed, for case workers alone."""

    class Kind(models.TextChoices):
        ACCOUNT = "account", _("what happened")
        ASSESSMENT = "assessment", _("assessment of needs")

    sealed = ("text",)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    victim = models.ForeignKey(Victim, models.CASCADE, related_name="narratives", verbose_name=_("victim"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    text = models.TextField(_("text"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("narrative")
        verbose_name_plural = _("narratives")
        constraints = [
            models.UniqueConstraint(fields=["victim", "kind"], name="victims_narrative_once_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.victim} {self.kind}"
