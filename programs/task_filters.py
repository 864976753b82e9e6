"""The list of units' tasks: what it can be narrowed down by, how it is ordered and counted."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import django_filters
from django.db.models import F
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.scoping import scope_of
from programs.filters import ANY, UNKNOWN, DayFilter, ListFilter, PeriodForm, SearchFilter
from programs.models import Assignment
from programs.selectors.area import areas_within, grouped_choices
from programs.selectors.task import (
    LATE,
    READING_VERBS,
    URGENCY,
    AssignmentRow,
    Standing,
    agencies_of_tasks,
    counts_by_state,
    documents_of_tasks,
    is_late_on,
)
from programs.tables import Listing
from territory.choosing import LongSelect
from territory.collation import FoldedColumns, fold
from territory.models import Area

_SUBJECT_SHOWN = 60


class _DueForm(PeriodForm):
    first_day, last_day = "due_from", "due_to"


class AssignmentFilter(ListFilter):
    """Filters over the units' tasks the reader may see.

    The state is judged by the listing, which counts the other states beside it.
    """

    q = SearchFilter()
    state = django_filters.ChoiceFilter(
        label=_("State"),
        method="keep_every_state",
        choices=[(LATE, _("late")), *Assignment.State.choices],
        empty_label=ANY,
        error_messages=UNKNOWN,
    )
    document = django_filters.ChoiceFilter(
        label=_("Document"),
        field_name="task__document",
        empty_label=ANY,
        error_messages=UNKNOWN,
        widget=LongSelect,
    )
    agency = django_filters.ChoiceFilter(
        label=_("Unit"), empty_label=ANY, error_messages=UNKNOWN, widget=LongSelect
    )
    area = django_filters.ChoiceFilter(
        label=_("Area"), method="within", empty_label=ANY, error_messages=UNKNOWN, widget=LongSelect
    )
    due_from = DayFilter(label=_("Due from"), field_name="due_on", lookup_expr="gte")
    due_to = DayFilter(label=_("Due until"), field_name="due_on", lookup_expr="lte")

    class Meta:
        model = Assignment
        fields: list[str] = []
        form = _DueForm

    def __init__(self, data: Any, *, reader: User) -> None:
        super().__init__(data, queryset=Assignment.objects.visible_to(reader))
        scope = scope_of(reader)
        grants = {grant.area.pk: grant.area for verb in READING_VERBS for grant in scope.having(verb)}
        self._areas: dict[str, Area] = {str(area.pk): area for area in areas_within(grants.values())}
        self.filters["area"].extra["choices"] = grouped_choices(
            self._areas.values(), today=timezone.localdate()
        )
        self.filters["agency"].extra["choices"] = [
            (str(agency.pk), agency.name) for agency in agencies_of_tasks(reader)
        ]
        self.filters["document"].extra["choices"] = [
            (str(document.pk), f"{document}: {document.subject[:_SUBJECT_SHOWN]}")
            for document in documents_of_tasks(reader)
        ]

    def search(self, queryset: Any, name: str, words: str) -> Any:
        """Tasks whose text, or whose document's number or subject, holds every word, diacritics or not."""
        found = queryset.annotate(
            folded=FoldedColumns(F("task__text"), F("task__document__number"), F("task__document__subject"))
        )
        for word in fold(words).split():
            found = found.filter(folded__contains=word)
        return found

    def within(self, queryset: Any, name: str, chosen: str) -> Any:
        return queryset.filter(area__path__startswith=self._areas[chosen].path)

    def keep_every_state(self, queryset: Any, name: str, chosen: str) -> Any:
        return queryset


@dataclass(frozen=True)
class StateCount:
    """How many of the tasks are in a state, and the address of the list of these."""

    standing: Standing
    count: int
    query: str
    is_current: bool


@dataclass(frozen=True)
class AssignmentTotals:
    """How many rows the list has, and how many each state has under the other filters ("all", "late", …)."""

    count: int
    by_state: dict[str, int]


class AssignmentListing(Listing):
    """The list of units' tasks, what is late first."""

    columns = {"due": (_("Due"), list(URGENCY))}
    default_sort = "due"

    def __init__(self, parameters: QueryDict, *, reader: User) -> None:
        super().__init__(parameters)
        self.sort = self.default_sort
        self.today = timezone.localdate()
        self.filter = AssignmentFilter(parameters, reader=reader)

    @cached_property
    def state(self) -> str:
        return self.filter.form.cleaned_data.get("state") or "" if self.filter.is_usable else ""

    @cached_property
    def totals(self) -> AssignmentTotals:
        if not self.filter.is_usable:
            return AssignmentTotals(0, {})
        counts = counts_by_state(self.filter.found, self.today)
        return AssignmentTotals(counts[self.state or "all"], counts)

    @property
    def state_counts(self) -> list[StateCount]:
        """The states with their numbers, each a way to the list of that state."""
        shown = {"": Standing("", _now("All")), LATE: Standing("late", _now("Late"))}
        shown |= {state: Standing.of(state, is_late=False) for state in Assignment.State.values}
        counts = self.totals.by_state
        return [
            StateCount(standing, counts.get(state or "all", 0), self.query(state=state), state == self.state)
            for state, standing in shown.items()
        ]

    @property
    def found(self) -> Any:
        found = self.filter.found
        if self.state == LATE:
            found = found.filter(is_late_on(self.today))
        elif self.state:
            found = found.filter(state=self.state)
        return found.select_related("task__document", "task__lead", "agency", "area").defer(
            "task__document__search_text", "task__document__note", "agency__search_text", "area__search_text"
        )

    @property
    def rows(self) -> Any:
        return self.found.order_by(*URGENCY)

    def assignment_rows(self) -> Iterator[AssignmentRow]:
        """The rows of the page."""
        return (AssignmentRow.of(row, self.today) for row in (self.page if self.totals.count else ()))
