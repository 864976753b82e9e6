"""The register of a training class or seminar: who came from which agency, and what the tests showed."""

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from programs.models.activity import Activity, ActivityKind
from territory.models import Agency

#: Kinds of activities that have a register.
REGISTER_KINDS = frozenset({ActivityKind.TRAINING, ActivityKind.SEMINAR})

#: The best mark of a test.
BEST_MARK = 10
_LONGEST_DAYS = 366


def _at_most(part: str, whole: str, name: str) -> models.CheckConstraint:
    """Where both are told, ``part`` does not exceed ``whole``."""
    return models.CheckConstraint(condition=Q(**{f"{part}__lte": F(whole)}), name=name)


def _test_rules(when: str) -> list[models.CheckConstraint]:
    """The rules of the test before or after: nobody passes what nobody took, and marks go from 0 to 10."""
    taken, passed, average = f"taken_{when}", f"passed_{when}", f"average_{when}"
    return [
        models.CheckConstraint(
            condition=Q(**{f"{passed}__isnull": True})
            | (Q(**{f"{taken}__isnull": False}) & Q(**{f"{passed}__lte": F(taken)})),
            name=f"programs_register_passed_{when}",
        ),
        models.CheckConstraint(
            condition=Q(**{f"{average}__isnull": True})
            | Q(**{f"{average}__gte": 0, f"{average}__lte": BEST_MARK}),
            name=f"programs_register_average_{when}",
        ),
    ]


@pghistory.track()
class TrainingRegister(models.Model):
    """What a training class or seminar taught, by whom, and how those who came did before and after.

    Takers and passers are people; an average is a mark from 0 to 10. Empty means that it was not told.
    """

    activity = models.OneToOneField(
        Activity, models.CASCADE, related_name="training_register", verbose_name=_("activity")
    )
    topic = models.CharField(_("topic"), max_length=300, blank=True, default="")
    trainers = models.CharField(_("trainers"), max_length=1000, blank=True, default="")
    materials = models.CharField(_("materials"), max_length=1000, blank=True, default="")
    days = models.PositiveSmallIntegerField(_("days"), null=True)
    taken_before = models.PositiveIntegerField(_("took the test before"), null=True)
    passed_before = models.PositiveIntegerField(_("passed before"), null=True)
    average_before: Any = models.DecimalField(
        _("average mark before"), max_digits=3, decimal_places=1, null=True
    )
    taken_after = models.PositiveIntegerField(_("took the test after"), null=True)
    passed_after = models.PositiveIntegerField(_("passed after"), null=True)
    average_after: Any = models.DecimalField(
        _("average mark after"), max_digits=3, decimal_places=1, null=True
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("training register")
        verbose_name_plural = _("training registers")
        constraints: ClassVar[list[Any]] = [
            *_test_rules("before"),
            *_test_rules("after"),
            models.CheckConstraint(
                condition=Q(days__isnull=True) | Q(days__gte=1, days__lte=_LONGEST_DAYS),
                name="programs_register_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name}: {self.topic}"


@pghistory.track()
class TrainingPlaces(models.Model):
    """The places of one agency in a training: offered, taken up, and certificates. All are people.

    The agency is one of the portal, or a name where the portal does not know it.
    """

    register = models.ForeignKey(
        TrainingRegister, models.CASCADE, related_name="places", verbose_name=_("training register")
    )
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+", verbose_name=_("agency"))
    other = models.CharField(_("other unit"), max_length=200, blank=True, default="")
    offered = models.PositiveIntegerField(_("places offered"), null=True)
    attended = models.PositiveIntegerField(_("attended"))
    attended_women = models.PositiveIntegerField(_("of them women"), null=True)
    certificates = models.PositiveIntegerField(_("certificates"), null=True)
    certificates_women = models.PositiveIntegerField(_("certificates to women"), null=True)

    class Meta:
        verbose_name = _("places of an agency")
        verbose_name_plural = _("places of agencies")
        ordering = ["id"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(agency__isnull=False, other="") | (Q(agency__isnull=True) & ~Q(other="")),
                name="programs_places_agency_or_name",
            ),
            models.UniqueConstraint(
                fields=["register", "agency"],
                condition=Q(agency__isnull=False),
                name="programs_places_once_an_agency",
            ),
            models.UniqueConstraint(
                F("register"), Lower("other"), condition=~Q(other=""), name="programs_places_once_a_name"
            ),
            _at_most("attended_women", "attended", "programs_places_women"),
            _at_most("certificates", "attended", "programs_places_certificates"),
            _at_most("certificates_women", "certificates", "programs_places_women_of_them"),
            _at_most("certificates_women", "attended_women", "programs_places_women_attended"),
        ]

    def __str__(self) -> str:
        return self.unit

    @property
    def unit(self) -> str:
        """Whose places they are."""
        return self.agency.name if self.agency is not None else self.other
