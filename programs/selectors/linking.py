"""Which tasks an activity can serve, and which activities serve a task."""

from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.scoping import scope_of
from programs.models import Activity, Assignment

#: Tasks offered in the form of an activity, and activities shown with a task.
MOST_TASKS = 40
MOST_ACTIVITIES = 50


def tasks_to_link(user: User, activity: Activity | None) -> list[Any]:
    """The open tasks of the person's units, the most urgent first, after those the activity serves already.

    Each tells ``is_linked``.
    """
    open_states = (Assignment.State.NOT_STARTED, Assignment.State.IN_PROGRESS)
    own = scope_of(user).rows(own="task.write") & Q(state__in=open_states)
    found = Assignment.objects.unscoped(
        "own open tasks, and those linked to an activity the person may change"
    )
    found = found.select_related("task__document", "agency").order_by("due_on", "task__order", "pk")
    if activity is None:
        return list(found.filter(own)[:MOST_TASKS])
    linked = Q(pk__in=Assignment.activities.through.objects.filter(activity=activity.pk).values("assignment"))
    tasks: list[Any] = list(
        found.filter(own | linked).annotate(is_linked=linked).order_by("-is_linked", "due_on", "pk")
    )
    return [task for number, task in enumerate(tasks) if number < MOST_TASKS or task.is_linked]


def tasks_served(activity: Activity, reader: User) -> "QuerySet[Assignment]":
    """The tasks the activity serves, as far as the reader may see them."""
    found: QuerySet[Assignment] = (
        Assignment.objects.visible_to(reader)
        .filter(activities=activity.pk)
        .select_related("task__document", "agency")
    )
    return found


def activities_serving(assignment: Assignment, reader: User) -> "QuerySet[Activity]":
    """The activities that serve a unit's task, the latest first, as far as the reader may see them."""
    found: QuerySet[Activity] = Activity.objects.visible_to(reader).filter(assignments=assignment.pk)
    return found.only("title", "state", "started_on", "ended_on").order_by("-ended_on", "-pk")[
        :MOST_ACTIVITIES
    ]
