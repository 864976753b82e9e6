"""Models (mô hình) of prevention and support: clubs, self-managed groups, places of reception, hotlines."""

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.scoping import Person, ScopedQuerySet, scope_of
from territory.collation import FoldedColumns, ViSortKey
from territory.figure_columns import FigureColumns
from territory.models import Agency, Area


class ModelKind(models.TextChoices):
    CLUB = "club", _("Communication club")
    GROUP = "group", _("Self-managed group")
    RECEPTION = "reception", _("Reception and support of victims")
    HOTLINE = "hotline", pgettext_lazy("model", "Hotline")
    OTHER = "other", pgettext_lazy("model", "Other model")


class PreventionModelQuerySet(ScopedQuerySet["PreventionModel"]):
    def visible_to(self, user: Person) -> "PreventionModelQuerySet":
        """Own agency's models in own area; every agency's there for who coordinates or steers it."""
        condition = scope_of(user).rows(own="model.read", every="model.read_all")
        found: PreventionModelQuerySet = self._scoped(self.filter(condition))
        return found


@pghistory.track(exclude=["search_text", "sort_key"])
class PreventionModel(FigureColumns):
    """A standing way of preventing or helping that an agency keeps up in an area.

    The columns of a figure tell how many members it has, as reported; without both bounds and words it is not known.
    ``copied_from`` is the model it was made from when that one was replicated.
    """

    class State(models.TextChoices):
        RUNNING = "running", pgettext_lazy("model", "running")
        PAUSED = "paused", pgettext_lazy("model", "paused")
        STOPPED = "stopped", pgettext_lazy("model", "stopped")
        REPLICATED = "replicated", pgettext_lazy("model", "running and replicated")

    kind = models.CharField(_("kind"), max_length=10, choices=ModelKind.choices)
    name = models.CharField(_("name"), max_length=300)
    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="prevention_models", verbose_name=_("agency")
    )
    area = models.ForeignKey(Area, models.PROTECT, related_name="prevention_models", verbose_name=_("area"))
    since = models.DateField(_("since"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    end_reason = models.TextField(_("why it was stopped"), blank=True, default="")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.RUNNING)
    description = models.TextField(_("description"), blank=True, default="")
    copied_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="copies",
        verbose_name=_("replicated from"),
    )
    filed_by = models.ForeignKey(
        User, models.PROTECT, editable=False, related_name="+", verbose_name=_("filed by")
    )
    created_at = models.DateTimeField(_("filed"), auto_now_add=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    submission_key = models.UUIDField(unique=True, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)
    search_text = models.GeneratedField(
        expression=FoldedColumns(F("name"), F("description")),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )
    sort_key = models.GeneratedField(
        expression=ViSortKey(F("name")), output_field=models.TextField(db_collation="C"), db_persist=True
    )

    objects: ClassVar[Any] = PreventionModelQuerySet.as_manager()

    class Meta(FigureColumns.Meta):
        abstract = False
        verbose_name = _("prevention model")
        verbose_name_plural = _("prevention models")
        ordering = ["sort_key", "id"]
        indexes = [
            models.Index(fields=["area", "-since"], name="prevention_area_since"),
            models.Index(fields=["agency", "-since"], name="prevention_agency_since"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("since")),
                name="programs_model_days_in_order",
                violation_error_message=_("The model ended before it began."),
            ),
            models.CheckConstraint(
                condition=(Q(state="stopped") & Q(ended_on__isnull=False) & ~Q(end_reason=""))
                | (~Q(state="stopped") & Q(ended_on__isnull=True)),
                name="programs_stopped_model_says_why",
                violation_error_message=_("A stopped model has a day and a reason."),
            ),
            *FigureColumns.Meta.constraints,
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_members(self) -> bool:
        """Whether it is known how many members it has."""
        return self.low is not None or self.high is not None or bool(self.words)


@pghistory.track()
class ModelAssessment(models.Model):
    """What a model was found to be worth on a day, and what should become of it."""

    class Verdict(models.TextChoices):
        KEEP = "keep", pgettext_lazy("model", "keep")
        REPLICATE = "replicate", pgettext_lazy("model", "replicate")
        STOP = "stop", pgettext_lazy("model", "stop")

    model = models.ForeignKey(
        PreventionModel, models.CASCADE, related_name="assessments", verbose_name=_("model")
    )
    assessed_on = models.DateField(_("date"))
    text = models.TextField(_("assessment"))
    verdict = models.CharField(pgettext_lazy("model", "verdict"), max_length=10, choices=Verdict.choices)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("when"), auto_now_add=True)
    submission_key = models.UUIDField(unique=True, editable=False)

    class Meta:
        verbose_name = _("assessment of a model")
        verbose_name_plural = _("assessments of models")
        ordering = ["-assessed_on", "-id"]

    def __str__(self) -> str:
        return f"{self.model}: {self.get_verdict_display()}"
