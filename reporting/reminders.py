"""Reminders of reports: before and after the due date to the unit, and of what is late to who coordinates the area."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse

from accounts.models import Membership, Notice, Role, User
from accounts.notices import notify
from reporting.models import Obligation, SubmissionState
from territory.models import paths_above
from territory.period import print_period_vi

#: Days before the due date on which a unit is reminded, and days after it.
BEFORE = (14, 7, 3, 0)
AFTER = (1, 3, 7, 14, 30)

_FILING = (Role.FILING_OFFICER, Role.HEAD_OF_UNIT)
#: No submission, or one the unit still has to send.
IS_UNSENT = Q(submission__isnull=True) | Q(
    submission__state__in=[SubmissionState.DRAFT, SubmissionState.RETURNED]
)


def remind_of_reports(today: dt.date) -> int:
    """Give the reminders of a day. Once a day is enough; a second time gives nobody a second notice.

    Nothing is said of what is excused, sent, historical, or of a period that has not begun. Returns how many notices
    were given.
    """
    days = {today + dt.timedelta(days=ahead): ahead for ahead in BEFORE}
    days |= {today - dt.timedelta(days=late): -late for late in AFTER}
    due = list(
        reminded(today)
        .filter(due_on__in=days)
        .select_related("form", "agency", "area")
        .order_by("due_on", "pk")
    )
    people = people_of_units(due, today)
    given = 0
    for obligation in due:
        left = days[obligation.due_on]
        given += notify(
            people=people[obligation.pk],
            kind=Notice.REPORT_LATE if left < 0 else Notice.REPORT_DUE,
            key=f"obligation:{obligation.pk}:{obligation.due_on:%Y%m%d}:{left}",
            url=reverse("obligation_detail", args=[obligation.pk]),
            about=_about(obligation),
        )
    if any(days[obligation.due_on] < 0 for obligation in due):
        given += _tell_coordinators(today)
    return given


def reminded(today: dt.date) -> Any:
    """The obligations of which a unit may be reminded on a day."""
    every = Obligation.objects.unscoped("reminders go to every unit")
    return every.owed().filter(IS_UNSENT, is_historical=False, period_start__lte=today)


def ask_for_report(obligation: Obligation, today: dt.date) -> int | None:
    """Ask the unit for its report because somebody wants it now; at most once a day.

    Returns how many people got the notice, none where the unit has nobody.
    """
    people = people_of_units([obligation], today)[obligation.pk]
    if not people:
        return None
    return notify(
        people=people,
        kind=Notice.REPORT_ASKED,
        key=f"obligation:{obligation.pk}:now:{today:%Y%m%d}",
        url=reverse("obligation_detail", args=[obligation.pk]),
        about=_about(obligation),
    )


def people_of_units(obligations: Iterable[Obligation], today: dt.date) -> dict[int, set[User]]:
    """The filing officers and heads of the unit, by the key of each obligation. One query."""
    obligations = list(obligations)
    held: dict[int, list[Membership]] = defaultdict(list)
    memberships = Membership.objects.valid_on(today).filter(
        user__is_active=True, agency__in={each.agency_id for each in obligations}, role__in=_FILING
    )
    for membership in memberships.select_related("user", "area"):
        held[membership.agency_id].append(membership)
    return {
        each.pk: {m.user for m in held[each.agency_id] if m.area.contains(each.area)} for each in obligations
    }


def _tell_coordinators(today: dt.date) -> int:
    """One notice a day to each coordinator: how many reports of the area are late."""
    counts: Counter[User] = Counter()
    paths = Counter(reminded(today).filter(due_on__lt=today).order_by().values_list("area__path", flat=True))
    above = {path: set(paths_above(path)) for path in paths}
    coordinators = Membership.objects.valid_on(today).filter(
        user__is_active=True, role=Role.COORDINATOR, area__path__in=set().union(*above.values())
    )
    areas: dict[User, set[str]] = defaultdict(set)
    for membership in coordinators.select_related("user", "area"):
        areas[membership.user].add(membership.area.path)
    for user, own in areas.items():
        counts[user] = sum(count for path, count in paths.items() if above[path] & own)
    return sum(
        notify(
            people=[user],
            kind=Notice.REPORTS_LATE,
            key=f"obligations-late:{today:%Y%m%d}",
            url=f"{reverse('obligation_list')}?late=yes",
            about={"number": str(count)},
        )
        for user, count in counts.items()
        if count
    )


def _about(obligation: Obligation) -> dict[str, str]:
    return {
        "document": obligation.form.name,
        "number": print_period_vi(obligation.period),
        "unit": obligation.agency.name,
        "day": f"{obligation.due_on:%d/%m/%Y}",
    }
