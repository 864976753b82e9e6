"""Looks at figures that people keep, and what they ask a unit about them."""

from typing import Any, ClassVar
from urllib.parse import urlencode

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.scoping import Person, ScopedQuerySet, scope_of
from territory.models import Agency, Area


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: User) -> "SavedViewQuerySet":
        """The person's own, and what others share with an agency that the person belongs to."""
        agencies = {grant.membership.agency_id for grant in scope_of(user).grants}
        return self.filter(Q(user=user) | Q(shared_with__in=agencies))


class SavedView(models.Model):
    """A look at figures that a person keeps under a name, and may share with the own agency.

    ``parameters`` are the parts of its address on its page; a dashboard without a period shows the latest one.
    Whoever opens it sees what the own rights show. ``is_mailed`` sends a dashboard to the person once a week.
    """

    class Page(models.TextChoices):
        """The page of a look; each goes by the name of its address."""

        DASHBOARD = "dashboard", _("Dashboard")
        EXPLORE = "explore", _("Explore figures")

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_views", verbose_name=_("person"))
    page = models.CharField(_("page"), max_length=10, choices=Page.choices, default=Page.DASHBOARD)
    name = models.CharField(_("name"), max_length=120)
    parameters: Any = models.JSONField(default=dict)
    shared_with = models.ForeignKey(
        Agency, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("shared with")
    )
    is_mailed = models.BooleanField(_("sent by e-mail every week"), default=False)
    mailed_on = models.DateField(_("sent last"), null=True, editable=False)

    objects: ClassVar[Any] = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "page", "name"], name="reporting_view_once_a_page"),
            models.UniqueConstraint(
                fields=["user"], condition=Q(is_mailed=True), name="reporting_one_mailed_view"
            ),
            models.CheckConstraint(
                condition=Q(is_mailed=False) | Q(page="dashboard"),
                name="reporting_mailed_view_is_a_dashboard",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """Where the look is, for whoever may see it."""
        return f"{reverse(self.page)}?{urlencode(self.parameters)}"


class QuestionQuerySet(ScopedQuerySet["Question"]):
    def visible_to(self, user: Person) -> "QuestionQuerySet":
        """What own units are asked; every question of the area for who asks there."""
        condition = scope_of(user).rows(own="question.answer", every="question.ask")
        found: QuestionQuerySet = self._scoped(self.filter(condition))
        return found


@pghistory.track()
class Question(models.Model):
    """What somebody who steers or coordinates an area asks one of its units, with the day an answer is due.

    ``parameters`` lead back to the look at the dashboard that it is about.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("question", "open")
        ANSWERED = "answered", pgettext_lazy("question", "answered")
        WITHDRAWN = "withdrawn", pgettext_lazy("question", "withdrawn")

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("asked"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    parameters: Any = models.JSONField(default=dict)
    text = models.CharField(_("question"), max_length=1000)
    due_on = models.DateField(_("answer due"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked on"), auto_now_add=True)
    answer = models.CharField(_("answer"), max_length=4000, blank=True, default="")
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered on"), null=True)
    submission_key = models.UUIDField(unique=True, editable=False)

    objects: ClassVar[Any] = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("to a unit", "question")
        verbose_name_plural = pgettext_lazy("to a unit", "questions")
        ordering = ["-id"]
        indexes = [models.Index(fields=["agency", "state"], name="question_agency_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="answered", answered_by__isnull=False, answered_at__isnull=False)
                & ~Q(answer="")
                | ~Q(state="answered") & Q(answer="", answered_by=None, answered_at=None),
                name="reporting_question_answered_by_a_person",
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def address(self) -> str:
        """The look at the dashboard that it is about."""
        return f"{reverse('dashboard')}?{urlencode(self.parameters)}"
