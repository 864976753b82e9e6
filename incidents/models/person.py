"""Persons in a case. Nobody is named here: a label tells them apart, identities are kept elsewhere."""

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.scoping import Person, ScopedQuerySet, scope_of
from incidents.models.case import Case, CaseOffence, Stage
from incidents.models.lists import Country
from territory.models import Agency, Area


class Standing(models.TextChoices):
    SUSPECT = "suspect", _("suspect")
    ACCUSED = "accused", _("accused")
    DEFENDANT = "defendant", _("defendant")


class Sex(models.TextChoices):
    FEMALE = "female", _("female")
    MALE = "male", _("male")
    OTHER = "other", _("other")


class AgeBand(models.TextChoices):
    """Age at the time of the act, where no year of birth is known."""

    UNDER_16 = "under_16", _("under 16")
    FROM_16 = "16_17", _("16 to 17")
    FROM_18 = "18_29", _("18 to 29")
    FROM_30 = "30_44", _("30 to 44")
    FROM_45 = "45_59", _("45 to 59")
    FROM_60 = "60_up", _("60 and older")


class Occupation(models.TextChoices):
    NONE = "none", _("no stable work")
    FARMER = "farmer", _("farmer")
    WORKER = "worker", _("worker")
    TRADER = "trader", _("trader or in services")
    OFFICIAL = "official", _("public official")
    STUDENT = "student", _("pupil or student")
    BROKER = "broker", _("labour or marriage broker")
    OTHER = "other", _("other")


class GroupRole(models.TextChoices):
    LEADER = "leader", _("leader")
    RECRUITER = "recruiter", _("recruiter")
    TRANSPORTER = "transporter", _("transporter")
    HARBOURER = "harbourer", _("harbourer")
    BROKER = "broker", _("broker")
    EXPLOITER = "exploiter", _("exploiter")
    HELPER = "helper", _("helper")


class GroupQuerySet(ScopedQuerySet["Group"]):
    def visible_to(self, user: Person) -> "GroupQuerySet":
        """Groups that own agencies keep, for the roles that read cases."""
        found: GroupQuerySet = self._scoped(self.filter(scope_of(user).rows(own="case.read")))
        return found


@pghistory.track()
class Group(models.Model):
    """A group or ring under a code without meaning. Its members are persons in cases, of one or of several."""

    code = models.CharField(_("code"), max_length=30, unique=True, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="groups", verbose_name=_("agency"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="groups", verbose_name=_("area"))
    is_demo = models.BooleanField(default=False, editable=False)

    objects: ClassVar[Any] = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.code


@pghistory.track()
class PersonInCase(models.Model):
    """One person in one case, under a label without meaning such as “Đ1”."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="persons", verbose_name=_("case"))
    label = models.CharField(_("label"), max_length=10)
    sex = models.CharField(_("sex"), max_length=6, choices=Sex.choices, blank=True, default="")
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    age_band = models.CharField(_("age"), max_length=10, choices=AgeBand.choices, blank=True, default="")
    is_ethnic_minority = models.BooleanField(_("ethnic minority"), null=True, blank=True)
    occupation = models.CharField(
        _("occupation"), max_length=10, choices=Occupation.choices, blank=True, default=""
    )
    nationality = models.CharField(
        _("nationality"), max_length=2, choices=Country.choices, blank=True, default=""
    )
    group = models.ForeignKey(
        Group, models.PROTECT, null=True, blank=True, related_name="members", verbose_name=_("group")
    )
    group_role = models.CharField(
        _("role in the group"), max_length=12, choices=GroupRole.choices, blank=True, default=""
    )

    class Meta:
        verbose_name = _("person in a case")
        verbose_name_plural = _("persons in cases")
        constraints = [
            models.UniqueConstraint(fields=["case", "label"], name="incidents_person_label_once"),
            models.CheckConstraint(
                condition=Q(birth_year__isnull=True) | Q(birth_year__gte=1900, birth_year__lte=2100),
                name="incidents_person_birth_year",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.label}"


@pghistory.track()
class PersonStanding(models.Model):
    """The standing a person has in a case from a day on, until the next one."""

    person = models.ForeignKey(
        PersonInCase, models.CASCADE, related_name="standings", verbose_name=_("person")
    )
    standing = models.CharField(_("standing"), max_length=10, choices=Standing.choices)
    since = models.DateField(_("since"))
    document_number = models.CharField(_("decision, number"), max_length=60, blank=True, default="")

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        ordering = ["since", "id"]
        constraints = [models.UniqueConstraint(fields=["person", "standing"], name="incidents_standing_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_standing_display()}"


#: Sentences that last a number of months.
TIMED = ("imprisonment", "probation", "non_custodial")


@pghistory.track()
class Verdict(models.Model):
    """What a court decided about one person at one trial. Terms are in months; life has none.

    The articles on trafficking know no death penalty, so there is none here.
    """

    class Sentence(models.TextChoices):
        IMPRISONMENT = "imprisonment", _("imprisonment")
        LIFE = "life", _("life imprisonment")
        PROBATION = "probation", _("suspended sentence")
        NON_CUSTODIAL = "non_custodial", _("non-custodial reform")
        EXEMPTED = "exempted", _("exempted from punishment")
        ACQUITTED = "acquitted", _("acquitted")

    person = models.ForeignKey(
        PersonInCase, models.CASCADE, related_name="verdicts", verbose_name=_("person")
    )
    stage = models.ForeignKey(Stage, models.CASCADE, related_name="verdicts", verbose_name=_("trial"))
    offence = models.ForeignKey(
        CaseOffence, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("article")
    )
    sentence = models.CharField(_("sentence"), max_length=15, choices=Sentence.choices)
    months = models.PositiveSmallIntegerField(_("months"), null=True, blank=True)
    probation_months = models.PositiveSmallIntegerField(_("probation, months"), null=True, blank=True)

    class Meta:
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        ordering = ["stage__reached_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "stage"], name="incidents_verdict_once"),
            models.CheckConstraint(
                condition=Q(sentence__in=TIMED, months__isnull=False)
                | (~Q(sentence__in=TIMED) & Q(months__isnull=True)),
                name="incidents_verdict_months",
                violation_error_message=_("Give the months of this sentence, and of no other."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.sentence}"


class WantedQuerySet(ScopedQuerySet["WantedPerson"]):
    def visible_to(self, user: Person) -> "WantedQuerySet":
        """Wanted persons in the cases the reader may see."""
        cases = Case.objects.visible_to(user).order_by().values("pk")
        found: WantedQuerySet = self._scoped(self.filter(person__case__in=cases))
        return found


@pghistory.track()
class WantedPerson(models.Model):
    """A person in a case who is wanted since a day, until arrest or until the warrant is withdrawn."""

    class Level(models.TextChoices):
        ORDINARY = "ordinary", _("ordinary")
        DANGEROUS = "dangerous", _("dangerous")
        SPECIAL = "special", _("especially dangerous")
        INTERNATIONAL = "international", _("wanted internationally")

    class End(models.TextChoices):
        ARRESTED = "arrested", _("arrested")
        SURRENDERED = "surrendered", _("gave oneself up")
        WITHDRAWN = "withdrawn", _("warrant withdrawn")
        DIED = "died", _("died")

    code = models.CharField(_("code"), max_length=30, unique=True, editable=False)
    person = models.ForeignKey(PersonInCase, models.CASCADE, related_name="wanted", verbose_name=_("person"))
    level = models.CharField(_("level"), max_length=15, choices=Level.choices)
    since = models.DateField(_("wanted since"))
    document_number = models.CharField(_("warrant, number"), max_length=60)
    until = models.DateField(_("until"), null=True, blank=True)
    ended_by = models.CharField(_("ended by"), max_length=12, choices=End.choices, blank=True, default="")

    objects: ClassVar[Any] = WantedQuerySet.as_manager()

    class Meta:
        verbose_name = _("wanted person")
        verbose_name_plural = _("wanted persons")
        ordering = ["until", "-since", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(until__isnull=True), name="incidents_wanted_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True, ended_by="") | (Q(until__gte=F("since")) & ~Q(ended_by="")),
                name="incidents_wanted_end_has_a_cause",
            ),
        ]

    def __str__(self) -> str:
        return self.code
