"""Activities: communication, training, media, patrols, meetings and all else that was done."""

import uuid
from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.scoping import Person, ScopedQuerySet, scope_of
from territory.collation import FoldedColumns, ViParts, ViSortKey, ViWords
from territory.figure import Qualifier
from territory.figure_columns import FigureColumns
from territory.models import Agency, Area


class ActivityKind(models.TextChoices):
    COMMUNICATION = "communication", _("Direct communication")
    TRAINING = "training", _("Training class")
    SEMINAR = "seminar", _("Seminar")
    INTEGRATED_LESSON = "integrated_lesson", _("Lessons with the topic integrated")
    EXTRACURRICULAR = "extracurricular", _("Extracurricular sessions")
    MEDIA = "media", _("Mass media")
    MASS_MOVEMENT = "mass_movement", _("Mass movement")
    PATROL = "patrol", _("Patrol and border control")
    INSPECTION = "inspection", _("Inspection")
    MEETING = "meeting", _("Meeting")
    COOPERATION = "cooperation", _("International cooperation")
    ASSESSMENT = "assessment", _("Assessment or review")
    HOTLINE = "hotline", _("Hotline and counselling")
    OTHER = "other", _("Other work")


class Measure(models.TextChoices):
    """What a quantity counts. Attendances are not people: the two are never added."""

    SESSIONS = "sessions", _("sessions")
    CLASSES = "classes", _("classes")
    LESSONS = "lessons", _("lessons")
    ATTENDANCES = "attendances", _("attendances")
    PEOPLE = "people", _("people")
    NEWS_ITEMS = "news_items", _("news items and articles")
    LEAFLETS = "leaflets", _("leaflets")
    PANELS = "panels", _("panels and banners")
    BROADCASTS = "broadcasts", _("broadcasts")
    MINUTES = "minutes", _("minutes of broadcast")
    VILLAGES = "villages", _("villages and street blocks")
    PERSONS_STOPPED = "persons_stopped", _("persons stopped (times)")
    PATROLS = "patrols", _("patrols")
    PREMISES = "premises", _("premises inspected")
    CALLS = "calls", _("calls")


#: Measures that count human beings or their attendances, and so may be told apart by women, children, minority.
MEASURES_OF_PERSONS = frozenset({Measure.ATTENDANCES, Measure.PEOPLE, Measure.PERSONS_STOPPED, Measure.CALLS})


class Audience(models.TextChoices):
    PUBLIC = "public", _("General public")
    WOMEN = "women", _("Women and girls")
    CHILDREN = "children", _("Children")
    PUPILS = "pupils", _("Pupils and students")
    ETHNIC_MINORITY = "ethnic_minority", _("Ethnic minority people")
    BORDER = "border", _("People of the border area")
    WORKERS = "workers", _("Workers and migrants")
    OFFICERS = "officers", _("Officers and officials")
    COMMUNICATORS = "communicators", _("Reporters, collaborators, communicators")


class Funding(models.TextChoices):
    CENTRAL = "central", _("Central budget")
    LOCAL = "local", _("Local budget")
    INTERNATIONAL = "international", _("International funds")
    SOCIAL = "social", _("Social contributions")


class ActivityQuerySet(ScopedQuerySet["Activity"]):
    def visible_to(self, user: Person) -> "ActivityQuerySet":
        """Own agency's activities in own area; a coordinator also sees what was approved by others there."""
        scope = scope_of(user)
        own = scope.rows(own="activity.read", is_located=True)
        approved = scope.rows(every="activity.read_all", is_located=True) & Q(state=Activity.State.APPROVED)
        found: ActivityQuerySet = self._scoped(self.filter(own | approved))
        return found

    def waiting_for(self, user: Person) -> "ActivityQuerySet":
        """What was submitted to the person as head of the unit: own agency's in own area."""
        condition = scope_of(user).rows(own="activity.approve", is_located=True)
        found: ActivityQuerySet = self._scoped(self.filter(condition, state=Activity.State.SUBMITTED))
        return found

    def returned_to(self, user: Person) -> "ActivityQuerySet":
        """What the person had submitted and got back, as far as they still file for that unit."""
        condition = scope_of(user).rows(own="activity.write", is_located=True)
        returned = self.filter(condition, submitted_by=user.pk, state=Activity.State.RETURNED)
        found: ActivityQuerySet = self._scoped(returned)
        return found


@pghistory.track(exclude=["search_text", "sort_key"])
class Activity(models.Model):
    """Something an agency did in an area on some days.

    Its figures count in the period in which it ended. Figures gathered over many years (``is_cumulative``)
    count only where a period holds the whole range, so that a total since 2013 is not taken for one half-year's.
    They count in ``area``, the unit that holds all of it; ``places`` only names where within it.

    Only an approved activity counts. ``submitted_by`` is who vouched for it last; ``decided_by`` the head who
    approved or returned it, empty where the unit had none and it was approved at once. What was filed before
    there were approvals is approved and has no ``decided_at``.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        RETURNED = "returned", _("returned")
        APPROVED = "approved", _("approved")

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    kind = models.CharField(_("kind"), max_length=20, choices=ActivityKind.choices)
    title = models.CharField(_("title"), max_length=300)
    # No index of their own: those with the day begin with them.
    agency = models.ForeignKey(
        Agency, models.PROTECT, db_index=False, related_name="activities", verbose_name=_("agency")
    )
    area = models.ForeignKey(
        Area, models.PROTECT, db_index=False, related_name="activities", verbose_name=_("area")
    )
    province = models.ForeignKey(
        Area, models.PROTECT, null=True, editable=False, db_index=False, related_name="+"
    )
    district = models.ForeignKey(
        Area, models.PROTECT, null=True, editable=False, db_index=False, related_name="+"
    )
    places = models.ManyToManyField(Area, related_name="+", blank=True, verbose_name=_("places"))
    started_on = models.DateField(_("first day"))
    ended_on = models.DateField(_("last day"))
    is_cumulative = models.BooleanField(_("figures gathered over the whole range"), default=False)
    is_integrated = models.BooleanField(_("integrated into another programme"), default=False)
    integrated_with = models.CharField(_("integrated with"), max_length=200, blank=True, default="")
    audience: Any = ArrayField(
        models.CharField(max_length=20, choices=Audience.choices),
        verbose_name=_("audience"),
        default=list,
        blank=True,
    )
    partner_agencies = models.ManyToManyField(
        Agency, related_name="partnered_activities", blank=True, verbose_name=_("partner agencies")
    )
    other_partners = models.CharField(_("other partners"), max_length=300, blank=True, default="")
    narrative = models.TextField(_("narrative"), blank=True, default="")
    is_demo = models.BooleanField(default=False, editable=False)
    submission_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    filed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("filed by"))
    submitted_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        editable=False,
        db_index=False,
        related_name="+",
        verbose_name=_("submitted by"),
    )
    submitted_at = models.DateTimeField(_("submitted"), null=True, editable=False)
    decided_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        editable=False,
        db_index=False,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    return_reason = models.TextField(_("why it was returned"), blank=True, default="", editable=False)
    copied_from = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        editable=False,
        db_index=False,
        related_name="copies",
        verbose_name=_("copied from"),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    search_text = models.GeneratedField(
        expression=FoldedColumns(F("title"), F("integrated_with"), F("other_partners")),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )
    sort_key = models.GeneratedField(
        expression=ViSortKey(F("title")), output_field=models.TextField(db_collation="C"), db_persist=True
    )

    objects: ClassVar[Any] = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["-ended_on", "-id"]
        indexes = [
            # With all that a list is counted by, so that counting reads no rows.
            models.Index(
                fields=["province", "-ended_on", "-id"],
                include=["district", "state", "is_cumulative"],
                name="activity_province_counted",
            ),
            models.Index(fields=["province", "sort_key", "id"], name="activity_province_title"),
            models.Index(fields=["agency", "-ended_on", "-id"], name="activity_agency_ended"),
            # What was touched last, and since a person was here before.
            models.Index(fields=["province", "-updated_at"], name="activity_province_touched"),
            models.Index(fields=["agency", "-updated_at"], name="activity_agency_touched"),
            models.Index(fields=["district", "ended_on"], name="activity_district_ended"),
            models.Index(fields=["area", "ended_on"], name="activity_area_ended"),
            models.Index(
                fields=["agency", "submitted_at"], condition=Q(state="submitted"), name="activity_waiting"
            ),
            models.Index(fields=["submitted_by"], condition=Q(state="returned"), name="activity_returned"),
            models.Index(fields=["-ended_on", "-id"], name="activity_newest"),
            GinIndex(ViWords("search_text"), name="activity_words"),
            GinIndex(ViParts("search_text"), name="activity_parts"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__gte=F("started_on")),
                name="programs_activity_dates_in_order",
                violation_error_message=_("The last day lies before the first day."),
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(return_reason=""),
                name="programs_returned_activity_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="submitted") | Q(submitted_by__isnull=False, submitted_at__isnull=False),
                name="programs_submitted_activity_says_by_whom",
            ),
        ]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Trigger(
                name="set_ancestors",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("area_id"),  # type: ignore[no-untyped-call]
                func="""
                    SELECT province_id, district_id INTO NEW.province_id, NEW.district_id
                    FROM territory_area WHERE id = NEW.area_id;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class ActivityQuantity(FigureColumns):
    """One figure of an activity, as it was reported: exact, qualified, a range, or in words.

    Of persons and attendances, some may be told apart; none of these parts exceeds the total.
    """

    # No index of its own: that of the constraint begins with it.
    activity = models.ForeignKey(
        Activity, models.CASCADE, db_index=False, related_name="quantities", verbose_name=_("activity")
    )
    measure = models.CharField(_("measure"), max_length=20, choices=Measure.choices)
    women = models.PositiveIntegerField(_("of them women"), null=True, blank=True)
    children = models.PositiveIntegerField(_("of them children"), null=True, blank=True)
    ethnic_minority = models.PositiveIntegerField(_("of them ethnic minority"), null=True, blank=True)

    class Meta(FigureColumns.Meta):
        abstract = False
        verbose_name = _("quantity")
        verbose_name_plural = _("quantities")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "measure"], name="programs_quantity_once_a_measure"),
            models.CheckConstraint(
                condition=~Q(qualifier=Qualifier.EXACT.value)
                | Q(low__isnull=True)
                | (
                    (Q(women__isnull=True) | Q(women__lte=F("low")))
                    & (Q(children__isnull=True) | Q(children__lte=F("low")))
                    & (Q(ethnic_minority__isnull=True) | Q(ethnic_minority__lte=F("low")))
                ),
                name="programs_quantity_parts_within_whole",
            ),
            *FigureColumns.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.get_measure_display()}: {self.low}"


@pghistory.track()
class ActivityCost(models.Model):
    """Money spent on an activity from one source, in đồng."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="costs", verbose_name=_("activity"))
    source = models.CharField(_("source"), max_length=15, choices=Funding.choices)
    amount = models.DecimalField(
        _("amount (đồng)"), max_digits=15, decimal_places=0, validators=[MinValueValidator(0)]
    )

    class Meta:
        verbose_name = _("cost")
        verbose_name_plural = _("costs")
        constraints = [
            models.UniqueConstraint(fields=["activity", "source"], name="programs_cost_once_a_source"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="programs_cost_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()}: {self.amount}"


@pghistory.track()
class ActivityOccurrence(models.Model):
    """One of the times an activity took place: a lesson in twenty schools is one activity of twenty occurrences.

    ``attendances`` are attendances, not people. What is not known is empty, which is not zero.
    """

    activity = models.ForeignKey(
        Activity, models.CASCADE, related_name="occurrences", verbose_name=_("activity")
    )
    order = models.PositiveSmallIntegerField(_("order"))
    venue = models.CharField(_("venue"), max_length=200)
    held_on = models.DateField(_("date"), null=True, blank=True)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area")
    )
    sessions = models.PositiveIntegerField(_("sessions"), null=True, blank=True)
    attendances = models.PositiveIntegerField(_("attendances"), null=True, blank=True)
    women = models.PositiveIntegerField(_("of them women"), null=True, blank=True)

    class Meta:
        verbose_name = _("occurrence")
        verbose_name_plural = _("occurrences")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "order"], name="programs_occurrence_order_once"),
            models.CheckConstraint(
                condition=Q(women__isnull=True)
                | Q(attendances__isnull=True)
                | Q(women__lte=F("attendances")),
                name="programs_occurrence_women_within_attendances",
            ),
        ]

    def __str__(self) -> str:
        return self.venue
