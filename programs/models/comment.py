"""Comments on documents, tasks, activities and pilots, and whom they mention."""

import datetime as dt
import uuid
from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.scoping import Person, ScopedQuerySet, scope_of
from programs.models.activity import Activity
from programs.models.document import Document
from programs.models.pilot import Pilot
from programs.models.task import Assignment, Task

#: The columns that say what a comment is about; exactly one is set.
COMMENTED = ("document", "task", "assignment", "activity", "pilot")
#: For so long an author may change a comment.
CHANGEABLE_FOR = dt.timedelta(minutes=15)
#: Longest comment, in characters.
COMMENT_LIMIT = 4_000


def _one_of(columns: tuple[str, ...]) -> Q:
    condition = Q()
    for chosen in columns:
        condition |= Q(**{f"{column}__isnull": column != chosen for column in columns})
    return condition


class CommentQuerySet(ScopedQuerySet["Comment"]):
    def visible_to(self, user: Person) -> "CommentQuerySet":
        """Comments on what the person may see; those written within a unit only for that unit."""
        documents = Document.objects.visible_to(user).order_by().values("pk")
        condition = Q(document__in=documents)
        condition |= Q(assignment__in=Assignment.objects.visible_to(user).order_by().values("pk"))
        condition |= Q(activity__in=Activity.objects.visible_to(user).order_by().values("pk"))
        condition |= Q(pilot__in=Pilot.objects.visible_to(user).order_by().values("pk"))
        scope = scope_of(user)
        if scope.may("task.read") or scope.may("task.read_all"):
            condition |= Q(task__document__in=documents)
        found: CommentQuerySet = self._scoped(self.filter(condition)).within_reach(user)
        return found

    def within_reach(self, user: Person) -> "CommentQuerySet":
        """Without what other units said among themselves about their activities."""
        own = Activity.objects.unscoped("narrowed to own units here").filter(
            scope_of(user).rows(own="activity.read")
        )
        return self.filter(Q(is_internal=False) | Q(activity__in=own.order_by().values("pk")))


@pghistory.track()
class Comment(models.Model):
    """What somebody said about a record. A removed one keeps its place and loses its text.

    ``is_internal``: written while the activity was still its unit's own affair; it stays among the unit.
    """

    document = models.ForeignKey(
        Document, models.CASCADE, null=True, related_name="comments", verbose_name=_("document")
    )
    task = models.ForeignKey(Task, models.CASCADE, null=True, related_name="comments", verbose_name=_("task"))
    assignment = models.ForeignKey(
        Assignment, models.CASCADE, null=True, related_name="comments", verbose_name=_("assigned task")
    )
    activity = models.ForeignKey(
        Activity, models.CASCADE, null=True, related_name="comments", verbose_name=_("activity")
    )
    pilot = models.ForeignKey(
        Pilot, models.CASCADE, null=True, related_name="comments", verbose_name=_("pilot")
    )
    text = models.TextField(_("comment"), blank=True, max_length=COMMENT_LIMIT)
    mentions = models.ManyToManyField(
        User, related_name="mentioned_in", blank=True, verbose_name=_("people told")
    )
    is_internal = models.BooleanField(_("within the unit"), default=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="comments", verbose_name=_("by"))
    at = models.DateTimeField(_("when"), auto_now_add=True)
    edited_at = models.DateTimeField(_("changed"), null=True, blank=True)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)
    submission_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    objects: ClassVar[Any] = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["-id"]
        indexes = [models.Index(fields=["by", "-at"], name="comment_by_at")]
        constraints = [
            models.CheckConstraint(condition=_one_of(COMMENTED), name="programs_comment_about_one_record"),
            models.CheckConstraint(
                condition=~Q(text="") | Q(removed_at__isnull=False), name="programs_comment_says_something"
            ),
            models.CheckConstraint(
                condition=Q(is_internal=False) | Q(activity__isnull=False),
                name="programs_internal_comment_about_an_activity",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def record(self) -> models.Model:
        """What the comment is about."""
        kind = next(column for column in COMMENTED if getattr(self, f"{column}_id") is not None)
        found: models.Model = getattr(self, kind)
        return found

    def is_changeable_by(self, user: User, now: dt.datetime) -> bool:
        """Whether the person may still change the text: the author, for a quarter of an hour."""
        return self.is_removable_by(user) and now - self.at < CHANGEABLE_FOR

    def is_removable_by(self, user: User) -> bool:
        return self.by_id == user.pk and self.removed_at is None
