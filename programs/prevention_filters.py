"""What the list of prevention models can be narrowed down by, and the list made of it."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from programs.filters import ANY, UNKNOWN, DayFilter, ListFilter, PeriodForm, SearchFilter
from programs.models import ModelKind, PreventionModel
from programs.selectors.area import grouped_choices
from programs.selectors.prevention import (
    MODEL_KIND_RANK,
    ModelTotals,
    agencies_of_models,
    areas_of_models,
    model_totals,
)
from programs.tables import Columns, Listing
from territory.choosing import LongSelect


class _SinceForm(PeriodForm):
    first_day, last_day = "since_from", "since_to"


class ModelFilter(ListFilter):
    """Filters over prevention models the reader may see."""

    q = SearchFilter()
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=ModelKind.choices, empty_label=ANY, error_messages=UNKNOWN
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=PreventionModel.State.choices, empty_label=ANY, error_messages=UNKNOWN
    )
    agency = django_filters.ChoiceFilter(
        label=_("Agency"), empty_label=ANY, error_messages=UNKNOWN, widget=LongSelect
    )
    area = django_filters.ChoiceFilter(
        label=_("Area"), method="within", empty_label=ANY, error_messages=UNKNOWN, widget=LongSelect
    )
    since_from = DayFilter(label=_("Begun from"), field_name="since", lookup_expr="gte")
    since_to = DayFilter(label=_("Begun until"), field_name="since", lookup_expr="lte")

    class Meta:
        model = PreventionModel
        fields: list[str] = []
        form = _SinceForm

    def __init__(self, data: Any, *, reader: User) -> None:
        super().__init__(data, queryset=PreventionModel.objects.visible_to(reader))
        self.filters["agency"].extra["choices"] = [
            (str(agency.pk), agency.name) for agency in agencies_of_models(reader)
        ]
        areas = areas_of_models(reader)
        self._paths = {str(area.pk): area.path for area in areas}
        self.filters["area"].extra["choices"] = grouped_choices(areas, today=timezone.localdate())

    def within(self, queryset: Any, name: str, chosen: str) -> Any:
        return queryset.filter(area__path__startswith=self._paths[chosen])


COLUMNS: Columns = {
    "name": (_("Name"), ["sort_key", "id"]),
    "kind": (_("Kind"), [MODEL_KIND_RANK, "id"]),
    "agency": (_("Agency"), ["agency__sort_key", "id"]),
    "area": (_("Area"), ["area__sort_key", "id"]),
    "date": (_("Since"), ["since", "id"]),
}


class ModelListing(Listing):
    """The list of prevention models."""

    columns = COLUMNS

    def __init__(self, parameters: QueryDict, *, reader: User) -> None:
        super().__init__(parameters)
        self.filter = ModelFilter(parameters, reader=reader)

    @cached_property
    def totals(self) -> ModelTotals:
        return model_totals(self.filter.found) if self.filter.is_usable else ModelTotals()

    @property
    def found(self) -> "QuerySet[PreventionModel]":
        found: QuerySet[PreventionModel] = self.filter.found.select_related("agency", "area__district").defer(
            "search_text", "sort_key", "area__search_text", "agency__search_text"
        )
        return found
