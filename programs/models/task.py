"""Tasks cut from a document, and how each receiving unit stands with them."""

import datetime as dt
from typing import Any, ClassVar

import pghistory
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.scoping import Person, ScopedQuerySet, scope_of
from programs.models.activity import Activity
from programs.models.document import Document
from territory.collation import ViFold, ViWords
from territory.models import Agency, Area


class Comparison(models.TextChoices):
    """How a value is held against what was aimed at."""

    AT_LEAST = "at_least", _("at least")
    MORE_THAN = "more_than", _("more than")
    AT_MOST = "at_most", _("at most")
    EXACTLY = "exactly", _("exactly")


@pghistory.track()
class Task(models.Model):
    """One numbered task of a document: what, by whom, until when, and what would show that it was done.

    ``number`` is kept as written ("1", "2a"). ``measure_indicator`` is the code of an indicator, or empty where the
    measure of success is told in words.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="tasks", verbose_name=_("document"))
    order = models.PositiveSmallIntegerField(_("order"))
    number = models.CharField(_("number"), max_length=10)
    text = models.TextField(_("task"))
    lead = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="led_tasks", verbose_name=_("lead agency")
    )
    partners = models.ManyToManyField(
        Agency, related_name="partnered_tasks", blank=True, verbose_name=_("cooperating agencies")
    )
    starts_on = models.DateField(_("from"), null=True, blank=True)
    due_on = models.DateField(_("due"), null=True, blank=True)
    measure_indicator = models.SlugField(
        _("measured by the indicator"), max_length=60, blank=True, default=""
    )
    measure_comparison = models.CharField(max_length=10, choices=Comparison.choices, blank=True, default="")
    measure_value = models.DecimalField(max_digits=16, decimal_places=3, null=True, blank=True)
    measure_words = models.CharField(_("measure of success in words"), max_length=300, blank=True, default="")
    copied_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="copies", editable=False
    )

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["document", "order"]
        indexes = [GinIndex(ViWords(ViFold("text")), name="task_words")]
        constraints = [
            models.UniqueConstraint(fields=["document", "order"], name="programs_task_order_once"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(due_on__isnull=True) | Q(due_on__gte=F("starts_on")),
                name="programs_task_days_in_order",
                violation_error_message=_("The task is due before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text[:80]}"


class AssignmentQuerySet(ScopedQuerySet["Assignment"]):
    def visible_to(self, user: Person) -> "AssignmentQuerySet":
        """Own unit's tasks; every unit's in the area for who coordinates or steers it."""
        condition = scope_of(user).rows(own="task.read", every="task.read_all")
        found: AssignmentQuerySet = self._scoped(self.filter(condition))
        return found

    def overdue(self, today: dt.date) -> "AssignmentQuerySet":
        """Not done, not excused, and past the due date."""
        open_states = [Assignment.State.NOT_STARTED, Assignment.State.IN_PROGRESS]
        return self.filter(state__in=open_states, due_on__lt=today)


@pghistory.track()
class Assignment(models.Model):
    """One task as one receiving unit has it. Whether it is late follows from the due date."""

    class State(models.TextChoices):
        NOT_STARTED = "not_started", _("not started")
        IN_PROGRESS = "in_progress", _("in progress")
        DONE = "done", _("done")
        NOT_APPLICABLE = "not_applicable", _("not applicable")

    task = models.ForeignKey(Task, models.CASCADE, related_name="assignments", verbose_name=_("task"))
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="assignments", verbose_name=_("unit"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="assignments", verbose_name=_("area"))
    state = models.CharField(_("state"), max_length=15, choices=State.choices, default=State.NOT_STARTED)
    reason = models.CharField(_("why it does not apply"), max_length=300, blank=True, default="")
    due_on = models.DateField(_("due"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    activities = models.ManyToManyField(
        Activity, related_name="assignments", blank=True, verbose_name=_("activities that serve it")
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assigned task")
        verbose_name_plural = _("assigned tasks")
        ordering = ["due_on", "task__order", "id"]
        indexes = [
            models.Index(fields=["agency", "due_on"], name="assignment_agency_due"),
            models.Index(fields=["area", "due_on"], name="assignment_area_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["task", "agency", "area"], name="programs_assignment_once"),
            models.CheckConstraint(
                condition=~Q(state="not_applicable") | ~Q(reason=""),
                name="programs_not_applicable_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_on__isnull=False), name="programs_done_has_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task} – {self.agency}"

    def is_late(self, today: dt.date) -> bool:
        """Whether the due date has passed without the task being done or excused."""
        is_open = self.state in (self.State.NOT_STARTED, self.State.IN_PROGRESS)
        return is_open and self.due_on is not None and self.due_on < today


@pghistory.track()
class ProgressNote(models.Model):
    """What a unit says about its task on a day, with what shows it: activities and documents."""

    assignment = models.ForeignKey(
        Assignment, models.CASCADE, related_name="notes", verbose_name=_("assigned task")
    )
    state = models.CharField(_("state"), max_length=15, choices=Assignment.State.choices)
    text = models.TextField(_("progress"))
    activities = models.ManyToManyField(
        Activity, related_name="shown_by", blank=True, verbose_name=_("activities that show it")
    )
    documents = models.ManyToManyField(
        Document, related_name="shown_by", blank=True, verbose_name=_("documents that show it")
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("when"), auto_now_add=True)
    submission_key = models.UUIDField(unique=True, editable=False)

    class Meta:
        verbose_name = _("progress note")
        verbose_name_plural = _("progress notes")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.text[:80]
