"""What units said: who owes, who of them said anything, and which of the years and halves no figure speaks for."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL

from reporting.figures.asked import Cell, Whose, agencies_of
from reporting.figures.grounds import Ground, MapBasis, grounds_of
from reporting.figures.known import SAID, owed_of, sent
from reporting.figures.tallies import Sent
from reporting.figures.words import Days
from reporting.models import Obligation, Submission
from territory.figure import Coverage
from territory.models import AgencyDuty, Area, Duty
from territory.period import Period


def missing_in(period: Period, days: Iterable[Days], *, is_last: bool) -> tuple[Period, ...]:
    """The years of a phase, or halves of a year, that no figure speaks for; of a last value, only the last of them."""
    known = set(days)
    if (period.start, period.end) in known:
        return ()
    found: list[Period] = []
    for year in period.years() or (period,):
        halves = [half for half in year.half_years() if (half.start, half.end) not in known]
        if (year.start, year.end) in known or not halves:
            continue
        found += [year] if len(halves) == 2 and year != period else halves
    if is_last:
        found = [step for step in found if step.end == period.end]
    return tuple(found)


def coverage_of(
    area: Area, period: Period, agency: Whose = None, basis: MapBasis = MapBasis.THEN
) -> tuple[Coverage | None, bool]:
    """How many units owed this period within the area, how many said something, how many of them confirmed nil.

    A unit that owes only the years or halves of the period has said all of it when it sent every one of them. The
    second value tells whether the report of any unit is due. Without obligations there is no coverage.
    """
    found = sent(grounds_of([area], basis), [period], agencies_of(agency)).get(Cell(0, 0, 0), Sent())
    return found.coverage, found.is_due


def is_silent(ground: Ground, period: Period) -> Q:
    """The condition for obligations on the ground that nobody has answered: of the period itself, or of its years and
    halves where nobody owes the period as such. What the standing agency owes for the whole area is its own sum."""
    standing = AgencyDuty.objects.filter(duty=Duty.STANDING).values("agency")
    return (
        _counts(ground, period)
        & ~Q(submission__isnull=False, submission__state__in=SAID)
        & ~Q(area=ground.area, agency__in=standing)
    )


def silent_units(area: Area, period: Period, basis: MapBasis = MapBasis.THEN) -> list[Obligation]:
    """The obligations on the ground that nobody has answered (`is_silent`), in alphabetical order."""
    unsaid = _every().filter(is_silent(grounds_of([area], basis)[0], period))
    return list(
        unsaid.select_related("agency", "area").order_by("area__sort_key", "agency__sort_key", "due_on")
    )


def submissions_of(area: Area, period: Period, basis: MapBasis = MapBasis.THEN) -> QuerySet[Submission]:
    """What was sent for the period, or for its years and halves, by units on the ground."""
    owed = _every().filter(_counts(grounds_of([area], basis)[0], period))
    return (
        Submission.objects.filter(obligation__in=owed.values("pk"), state__in=SAID)
        .select_related("obligation__agency", "obligation__area")
        .order_by("obligation__period_start", F("obligation__area__sort_key"), "obligation__agency__sort_key")
    )


def _counts(ground: Ground, period: Period) -> Q:
    counting, values = owed_of([ground], period)
    return Q(pk__in=RawSQL(counting, values))  # noqa: S611 - a constant statement, its values apart


def _every() -> Any:
    return Obligation.objects.unscoped("coverage tells how many units reported, not what")
