"""The way from tip to verdict: how many, and how many days from step to step; and what a period began with."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Aggregate, Avg, Count, DurationField, F, Min, Q, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from incidents.models import ENDS_INVESTIGATION, TIP_OPEN, Case, StageKind, Tip, TipState


class Median(Aggregate):
    """The middle value; between the two middle ones of an even number."""

    template = "percentile_cont(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class Step:
    """One step of the way: how many took it within the time asked for, and how long it took them, in days."""

    label: str | Promise
    count: int
    mean_days: float | None
    median_days: float | None
    waiting: int | None = None


#: From which stage to which; the days between are counted.
_STEPS: list[tuple[Any, StageKind, StageKind]] = [
    (_("Found → prosecuted"), StageKind.DETECTED, StageKind.PROSECUTED),
    (_("Prosecuted → investigation concluded"), StageKind.PROSECUTED, StageKind.INVESTIGATION_CONCLUDED),
    (_("Investigation concluded → indicted"), StageKind.INVESTIGATION_CONCLUDED, StageKind.INDICTED),
    (_("Indicted → tried"), StageKind.INDICTED, StageKind.TRIED),
    (_("Tried → tried on appeal"), StageKind.TRIED, StageKind.APPEAL),
]
_ENDED = (StageKind.SUSPENDED, StageKind.DROPPED)


def _days(value: Any) -> float | None:
    return None if value is None else round(value.total_seconds() / 86_400, 1)


def reached(*kinds: StageKind) -> Min:
    """The first day on which a case reached one of the stages."""
    return Min("stages__reached_on", filter=Q(stages__kind__in=kinds))


def pipeline(user: User, first: dt.date, last: dt.date) -> Iterator[Step]:
    """The steps that were taken from one day to another, in the tips and cases the person may see. Six queries.

    ``waiting``: how many stand before the step on the last day.
    """
    yield _from_tip_to_case(user, first, last)
    for label, before, after in _STEPS:
        yield _between_stages(user, label, before, after, first, last)


def _from_tip_to_case(user: User, first: dt.date, last: dt.date) -> Step:
    took = Q(state=TipState.CASE_OPENED, decided_on__range=(first, last))
    days = F("decided_on") - F("received_on")
    told = (
        Tip.objects.visible_to(user)
        .order_by()
        .aggregate(
            count=Count("pk", filter=took),
            mean=Avg(days, filter=took, output_field=DurationField()),
            median=Median(days, filter=took),
            waiting=Count("pk", filter=Q(state__in=TIP_OPEN, received_on__lte=last)),
        )
    )
    return Step(_("Tip → case"), told["count"], _days(told["mean"]), _days(told["median"]), told["waiting"])


def _between_stages(
    user: User, label: Any, before: StageKind, after: StageKind, first: dt.date, last: dt.date
) -> Step:
    took = Q(done__range=(first, last))
    days = F("done") - F("begun")
    waiting = Q(begun__lte=last) & (Q(done=None) | Q(done__gt=last)) & (Q(ended=None) | Q(ended__gt=last))
    told = (
        Case.objects.visible_to(user)
        .order_by()
        .annotate(begun=reached(before), done=reached(after), ended=reached(*_ENDED))
        .aggregate(
            count=Count("pk", filter=took),
            mean=Avg(days, filter=took, output_field=DurationField()),
            median=Median(days, filter=took),
            waiting=Count("pk", filter=waiting),
        )
    )
    # Nobody waits for an appeal: it is asked for or not.
    left = None if after == StageKind.APPEAL else told["waiting"]
    return Step(label, told["count"], _days(told["mean"]), _days(told["median"]), left)


def tip_counts(user: User, first: dt.date, last: dt.date) -> dict[str, int]:
    """Tips received from one day to another, and how those decided in that time ended. One query."""
    decided = Q(decided_on__range=(first, last))
    return (
        Tip.objects.visible_to(user)
        .order_by()
        .aggregate(
            received=Count("pk", filter=Q(received_on__range=(first, last))),
            case_opened=Count("pk", filter=decided & Q(state=TipState.CASE_OPENED)),
            not_prosecuted=Count("pk", filter=decided & Q(state=TipState.NOT_PROSECUTED)),
            forwarded=Count("pk", filter=decided & Q(state=TipState.FORWARDED)),
            suspended=Count("pk", filter=decided & Q(state=TipState.SUSPENDED)),
        )
    )


def carried_over(cases: Any, day: dt.date) -> Any:
    """Those of the cases that a period beginning on ``day`` took over: prosecuted before it, and not yet concluded,
    suspended or dropped. Derived from the stages, never typed."""
    spans = cases.annotate(
        opened=reached(StageKind.PROSECUTED),
        closed=reached(*[StageKind(kind) for kind in ENDS_INVESTIGATION]),
    )
    return spans.filter(opened__lt=day).filter(Q(closed=None) | Q(closed__gte=day))


def campaign_results(user: User, campaign: Any) -> dict[str, int]:
    """What a campaign found, out of the cases that name it: cases, persons, victims at detection. Three queries."""
    cases = Case.objects.visible_to(user).filter(campaign=campaign).order_by()
    found = cases.aggregate(cases=Count("pk"))
    persons = cases.aggregate(persons=Count("persons"))
    victims = cases.filter(stages__kind=StageKind.DETECTED).aggregate(victims=Sum("stages__victims"))
    return {**found, **persons, "victims": victims["victims"] or 0}
