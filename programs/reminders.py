"""Reminders of tasks: before the due date to the unit, after it to the unit and to who coordinates the area."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.urls import reverse

from accounts.models import Happening, Membership, Notice, Role, User
from accounts.notices import notify
from accounts.outbox import note_event
from programs.models import Assignment
from territory.models import paths_above

#: Days before the due date on which a unit is reminded, and days after it on which everybody is.
BEFORE = (14, 7, 3, 0)
AFTER = (1, 7, 14, 30)

_OPEN = (Assignment.State.NOT_STARTED, Assignment.State.IN_PROGRESS)


def remind_of_tasks(today: dt.date) -> int:
    """Give the reminders of a day. Once a day is enough; a second time gives nobody a second notice.

    A day that was missed, because the portal was down, is made up for by the next one's reminders.
    """
    given = 0
    days = [today + dt.timedelta(days=ahead) for ahead in BEFORE]
    days += [today - dt.timedelta(days=late) for late in AFTER]
    due = (
        Assignment.objects.unscoped("reminders go to every unit")
        .filter(state__in=_OPEN, due_on__in=days)
        .select_related("task__document", "agency", "area")
    )
    for assignment in due:
        assert assignment.due_on is not None
        left = (assignment.due_on - today).days
        people = people_of_unit(assignment, today)
        if left < 0:
            people |= coordinators_of(assignment, today)
            _tell_programs(assignment)
        given += notify(
            people=people,
            kind=Notice.TASK_LATE if left < 0 else Notice.TASK_DUE,
            key=f"task:{assignment.pk}:{assignment.due_on:%Y%m%d}:{left}",
            url=reverse("assignment_detail", args=[assignment.pk]),
            about=_about(assignment),
        )
    return given


def _tell_programs(assignment: Assignment) -> None:
    """Once for each due date, whichever reminder comes first."""
    with transaction.atomic():
        note_event(
            kind=Happening.OVERDUE,
            name=f"{Happening.OVERDUE.value}:{assignment.pk}:{assignment.due_on:%Y%m%d}",
            agency=assignment.agency,
            area=assignment.area,
            data={
                "id": assignment.pk,
                "code": assignment.task.number,
                "agency": assignment.agency_id,
                "due_on": f"{assignment.due_on:%Y-%m-%d}",
                "path": reverse("api-assignment-detail", args=[assignment.pk]),
            },
        )


def people_of_unit(assignment: Assignment, today: dt.date) -> set[User]:
    """The filing officers and heads of the unit that has the task."""
    held = _holding(assignment, today).filter(
        agency=assignment.agency_id, role__in=[Role.FILING_OFFICER, Role.HEAD_OF_UNIT]
    )
    return {membership.user for membership in held}


def coordinators_of(assignment: Assignment, today: dt.date) -> set[User]:
    return {membership.user for membership in _holding(assignment, today).filter(role=Role.COORDINATOR)}


def _holding(assignment: Assignment, today: dt.date) -> Any:
    """Memberships of active people whose area holds the assignment's, on the day."""
    return (
        Membership.objects.valid_on(today)
        .filter(user__is_active=True, area__path__in=paths_above(assignment.area.path))
        .select_related("user")
    )


def _about(assignment: Assignment) -> dict[str, str]:
    return {
        "number": assignment.task.number,
        "document": str(assignment.task.document),
        "unit": assignment.agency.name,
        "day": f"{assignment.due_on:%d/%m/%Y}",
    }
