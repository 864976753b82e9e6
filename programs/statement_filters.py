"""What the list of statements can be narrowed down by, and the list made of it."""

from collections.abc import Iterator
from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.paginator import Page
from django.db.models import CharField, F, IntegerField, Value
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from programs.filters import ANY, UNKNOWN, ListFilter, SearchFilter
from programs.models import STATEMENTS, Difficulty, Recommendation
from programs.selectors.area import grouped_choices
from programs.selectors.statement import (
    KIND_RANKS,
    StatementRow,
    StatementTotals,
    agencies_of_statements,
    areas_of_statements,
    periods_of_statements,
    rows_in_order,
    statement_totals,
)
from programs.tables import Columns, CountedPaginator, Listing
from territory.choosing import LongSelect
from territory.period import parse_period

#: Rows read at a time while a file is written.
_CHUNK = 500


def _choices_of_kinds() -> list[tuple[str, Any]]:
    return [(kind, capfirst(model._meta.verbose_name_plural)) for kind, model in STATEMENTS.items()]


class StatementFilter(ListFilter):
    """Filters over statements of all kinds that the reader may see."""

    q = SearchFilter()
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=_choices_of_kinds, method="same", empty_label=ANY, error_messages=UNKNOWN
    )
    agency = django_filters.ChoiceFilter(
        label=_("Agency"), empty_label=ANY, error_messages=UNKNOWN, widget=LongSelect
    )
    area = django_filters.ChoiceFilter(
        label=_("Area"), method="within", empty_label=ANY, error_messages=UNKNOWN, widget=LongSelect
    )
    period = django_filters.ChoiceFilter(
        label=_("Period"), method="of_period", empty_label=ANY, error_messages=UNKNOWN
    )
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[
            (_("Difficulties"), Difficulty.State.choices),
            (_("Recommendations"), Recommendation.State.choices),
        ],
        method="same",
        empty_label=ANY,
        error_messages=UNKNOWN,
    )

    class Meta:
        model = Difficulty
        fields: list[str] = []
        form = forms.Form

    def __init__(self, data: Any, *, reader: User) -> None:
        super().__init__(data, queryset=Difficulty.objects.visible_to(reader))
        self.reader = reader
        self.filters["agency"].extra["choices"] = [
            (str(agency.pk), agency.name) for agency in agencies_of_statements(reader)
        ]
        areas = areas_of_statements(reader)
        self._paths = {str(area.pk): area.path for area in areas}
        self.filters["area"].extra["choices"] = grouped_choices(areas, today=timezone.localdate())
        self.filters["period"].extra["choices"] = periods_of_statements(reader)

    def same(self, queryset: Any, name: str, chosen: str) -> Any:
        """Kind and state choose among the kinds, before any rows are read: see ``by_kind``."""
        return queryset

    def within(self, queryset: Any, name: str, chosen: str) -> Any:
        return queryset.filter(area__path__startswith=self._paths[chosen])

    def of_period(self, queryset: Any, name: str, chosen: str) -> Any:
        period = parse_period(chosen)
        return queryset.filter(period_start=period.start, period_end=period.end)

    @cached_property
    def by_kind(self) -> dict[str, Any]:
        """The rows that fit, by kind; none while a filter cannot be read."""
        if not self.is_usable:
            return {}
        chosen, state = (self.form.cleaned_data.get(name) for name in ("kind", "state"))
        rows = {}
        for kind, model in STATEMENTS.items():
            if chosen not in (None, "", kind):
                continue
            found = self.filter_queryset(model.objects.visible_to(self.reader))
            if state:
                if state not in _states_of(kind):
                    continue
                found = found.filter(state=state)
            rows[kind] = found
        return rows


def _states_of(kind: str) -> list[str]:
    states: dict[str, list[str]] = {
        "difficulty": Difficulty.State.values,
        "recommendation": Recommendation.State.values,
    }
    return states.get(kind, [])


class _KindFilter(StatementFilter):
    """The same filters over statements of one kind."""

    kind_of_rows: ClassVar[str]

    @classmethod
    def get_filters(cls) -> Any:
        filters = super().get_filters()
        filters.pop("kind", None)
        return filters

    @cached_property
    def found(self) -> Any:
        """The rows that fit; none where the state belongs to another kind."""
        none = STATEMENTS[self.kind_of_rows].objects.visible_to(self.reader).none()
        return self.by_kind.get(self.kind_of_rows, none)


class DifficultyFilter(_KindFilter):
    kind_of_rows = "difficulty"


class RecommendationFilter(_KindFilter):
    kind_of_rows = "recommendation"


class DirectionFilter(_KindFilter):
    kind_of_rows = "direction"


#: By which columns of all kinds together the list is ordered.
COLUMNS: Columns = {
    "date": (_("Period"), ["period_end", "period_start"]),
    "kind": (_("Kind"), ["rank"]),
    "agency": (_("Agency"), ["agency_name"]),
    "area": (_("Area"), ["area_name"]),
}


class StatementListing(Listing):
    """Statements of all kinds in one list."""

    columns = COLUMNS

    def __init__(self, parameters: QueryDict, *, reader: User) -> None:
        super().__init__(parameters)
        self.reader = reader
        self.filter = StatementFilter(parameters, reader=reader)

    @cached_property
    def totals(self) -> StatementTotals:
        return statement_totals(self.filter.by_kind)

    @cached_property
    def _ordered(self) -> Any:
        of_kinds = [
            found.order_by()
            .annotate(
                word=Value(kind, output_field=CharField()),
                rank=Value(KIND_RANKS[kind], output_field=IntegerField()),
                agency_name=F("agency__sort_key"),
                area_name=F("area__sort_key"),
            )
            .values_list(
                *("word", "id", "rank", "period_start", "period_end", "agency_name", "area_name", "order")
            )
            for kind, found in self.filter.by_kind.items()
        ]
        sign = "-" if self.sort.startswith("-") else ""
        chosen = self.columns[self.sort.removeprefix("-")][1]
        rest = ("-period_end", "area_name", "agency_name", "rank", "order", "id")
        order = [f"{sign}{name}" for name in chosen]
        order += [name for name in rest if name.removeprefix("-") not in chosen]
        return of_kinds[0].union(*of_kinds[1:], all=True).order_by(*order)

    @cached_property
    def page(self) -> Page[Any]:
        rows: Any = self._ordered if self.filter.by_kind else []
        return CountedPaginator(rows, self.per_page, self.totals.count).get_page(
            self.parameters.get("page", 1)
        )

    def page_rows(self) -> list[StatementRow]:
        """The rows of the page."""
        if not self.totals.count:
            return []
        return rows_in_order(((row[0], row[1]) for row in self.page), self.reader)

    def all_rows(self) -> Iterator[StatementRow]:
        """The rows of all pages, read in parts."""
        if not self.totals.count:
            return
        for first in range(0, self.totals.count, _CHUNK):
            part = self._ordered[first : first + _CHUNK]
            yield from rows_in_order(((row[0], row[1]) for row in part), self.reader)
