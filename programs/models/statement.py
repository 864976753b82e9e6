"""Difficulties, directions and recommendations that a unit states for a period."""

from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.scoping import Person, ScopedQuerySet, scope_of
from programs.models.document import Document
from programs.models.task import Task
from territory.collation import ViWords
from territory.models import Agency, Area


class StatementQuerySet(ScopedQuerySet[Any]):
    def visible_to(self, user: Person) -> "StatementQuerySet":
        """Own agency's statements in own area; every agency's there for who coordinates or steers it."""
        condition = scope_of(user).rows(own="statement.read", every="statement.read_all")
        found: StatementQuerySet = self._scoped(self.filter(condition))
        return found


class RecommendationQuerySet(StatementQuerySet):
    def visible_to(self, user: Person) -> "RecommendationQuerySet":
        """As other statements, and those that ask own agency for something, wherever they come from."""
        scope = scope_of(user)
        condition = scope.rows(own="statement.read", every="statement.read_all")
        asked = [grant.membership.agency_id for grant in scope.having("statement.answer")]
        found: RecommendationQuerySet = self._scoped(self.filter(condition | Q(addressed_to__in=asked)))
        return found


def keep_search_text(*columns: str) -> pgtrigger.Trigger:
    """The trigger that keeps ``search_text`` in line with these columns.

    A generated column would do the same, but adding one to a table that is in use writes all of it anew.
    """
    joined = " || ' ' || ".join(f"NEW.{column}" for column in columns)
    return pgtrigger.Trigger(
        name="keep_search_text",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf(*columns),  # type: ignore[no-untyped-call]
        func=f"NEW.search_text = vi_fold({joined}); RETURN NEW;",
    )


class PeriodStatement(models.Model):
    """A text of one agency about one area, for the days from ``period_start`` to ``period_end``.

    Who filed it and when is not known of those from before statements were filed in pages. ``carried_from`` is the
    statement of an earlier period that this one repeats; each is repeated once.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    period_start = models.DateField(_("period from"))
    period_end = models.DateField(_("period to"))
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    text = models.TextField(_("text"))
    carried_from = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="carried_to",
        verbose_name=_("carried over from"),
    )
    filed_by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("filed by")
    )
    created_at = models.DateTimeField(_("filed"), auto_now_add=True, null=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    submission_key = models.UUIDField(unique=True, null=True, editable=False)
    search_text = models.TextField(default="", editable=False, db_collation="C")
    is_demo = models.BooleanField(default=False, editable=False)

    objects: ClassVar[Any] = StatementQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["order", "id"]
        indexes = [
            models.Index(fields=["area", "period_end"]),
            models.Index(fields=["agency", "period_end"]),
            GinIndex(ViWords("search_text"), name="%(class)s_words"),
        ]
        triggers: ClassVar[list[Any]] = [keep_search_text("text")]

    def __str__(self) -> str:
        return self.text[:80]


@pghistory.track(exclude=["search_text"])
class Difficulty(PeriodStatement):
    """What stood in the way (khó khăn, vướng mắc), and what became of it."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("difficulty", "open")
        IN_HAND = "in_hand", _("being dealt with")
        OVERCOME = "overcome", _("overcome")

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    overcome_on = models.DateField(_("overcome on"), null=True, blank=True)
    note = models.TextField(_("what was done about it"), blank=True, default="")

    class Meta(PeriodStatement.Meta):
        abstract = False
        verbose_name = _("difficulty")
        verbose_name_plural = _("difficulties")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="overcome", overcome_on__isnull=False)
                | (~Q(state="overcome") & Q(overcome_on__isnull=True)),
                name="programs_overcome_has_a_day",
                violation_error_message=_("Only what is overcome has the day on which it was."),
            )
        ]


@pghistory.track(exclude=["search_text"])
class Direction(PeriodStatement):
    """What is to be done in the next period (phương hướng), and the task that made it concrete."""

    task = models.ForeignKey(
        Task, models.SET_NULL, null=True, blank=True, related_name="directions", verbose_name=_("task")
    )

    class Meta(PeriodStatement.Meta):
        abstract = False
        verbose_name = _("direction")
        verbose_name_plural = _("directions")


@pghistory.track(exclude=["search_text"])
class Recommendation(PeriodStatement):
    """What a higher body is asked to do (kiến nghị), and its answer.

    ``addressee`` is the body as written; ``addressed_to`` is the same body where it is an agency of the portal.
    """

    class State(models.TextChoices):
        SENT = "sent", pgettext_lazy("recommendation", "sent")
        RECEIVED = "received", pgettext_lazy("recommendation", "received")
        CONSIDERED = "considered", _("being considered")
        ACCEPTED = "accepted", pgettext_lazy("recommendation", "accepted")
        REFUSED = "refused", pgettext_lazy("recommendation", "refused")
        PARTLY = "partly", _("answered in part")
        WITHDRAWN = "withdrawn", pgettext_lazy("recommendation", "withdrawn")

    addressee = models.CharField(_("addressed to"), max_length=160)
    addressed_to = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="recommendations_received",
        verbose_name=_("agency of the portal"),
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.SENT)
    answer = models.TextField(_("answer"), blank=True, default="")
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answering_agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answering agency"),
    )
    answer_entered_by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("answer entered by")
    )
    answer_document = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="answered_recommendations",
        verbose_name=_("document of the answer"),
    )

    objects: ClassVar[Any] = RecommendationQuerySet.as_manager()

    class Meta(PeriodStatement.Meta):
        abstract = False
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "refused", "partly"])
                | (Q(answered_on__isnull=False) & ~Q(answer="")),
                name="programs_answered_has_an_answer",
                violation_error_message=_(
                    "An answered recommendation has the text and the day of its answer."
                ),
            )
        ]
        triggers: ClassVar[list[Any]] = [keep_search_text("text", "addressee")]


#: The kinds of statement by the word they have in addresses, in the order in which a report has them.
STATEMENTS: dict[str, type[PeriodStatement]] = {
    "difficulty": Difficulty,
    "recommendation": Recommendation,
    "direction": Direction,
}
