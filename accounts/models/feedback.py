"""What people say about the portal, and what the administrator answers."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User
from territory.models import Area


class Feedback(models.Model):
    """A remark about a page. ``route`` is the pattern of its address, never what stood in its place.

    ``author`` is kept only where the person wants an answer; ``area`` is the province the person works in. Only the
    day is kept, so that nothing leads from a remark to a line of another log.
    """

    class Kind(models.TextChoices):
        WRONG_FIGURE = "wrong_figure", _("a figure is wrong")
        BROKEN = "broken", _("something does not work")
        IDEA = "idea", _("an idea")
        WORDS = "words", _("a word or a translation")

    class State(models.TextChoices):
        NEW = "new", _("new")
        ANSWERED = "answered", _("answered")
        DONE = "done", _("done")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    text = models.CharField(_("text"), max_length=2000)
    route = models.CharField(_("page"), max_length=200, blank=True, default="")
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+", verbose_name=_("area"))
    author = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("may be contacted")
    )
    given_on = models.DateField(_("given on"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.NEW)
    answer = models.CharField(_("answer"), max_length=2000, blank=True, default="")
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered on"), null=True)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "-id"], name="feedback_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_by__isnull=False, answered_at__isnull=False) | Q(state="new"),
                name="accounts_feedback_answered_by_a_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.given_on:%d/%m/%Y}"
