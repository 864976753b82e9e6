"""What the list of pilots can be narrowed down by, and the list made of it."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Count, F, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from programs.filters import ANY, UNKNOWN, ListFilter, SearchFilter
from programs.models import Pilot
from programs.selectors.area import grouped_choices
from programs.selectors.pilot import PilotTotals, areas_of_pilots, leads_of_pilots, pilot_totals
from programs.tables import Columns, Listing
from territory.choosing import LongSelect
from territory.collation import FoldedColumns, ViSortKey, fold


class PilotFilter(ListFilter):
    """Filters over pilots the reader may see."""

    q = SearchFilter()
    area = django_filters.ChoiceFilter(
        label=_("Pilot area"), method="within", empty_label=ANY, error_messages=UNKNOWN, widget=LongSelect
    )
    lead = django_filters.ChoiceFilter(
        label=_("Lead agency"), empty_label=ANY, error_messages=UNKNOWN, widget=LongSelect
    )
    decision = django_filters.ChoiceFilter(
        label=_("Decision"), choices=Pilot.Decision.choices, empty_label=ANY, error_messages=UNKNOWN
    )

    class Meta:
        model = Pilot
        fields: list[str] = []
        form = forms.Form

    def __init__(self, data: Any, *, reader: User) -> None:
        super().__init__(data, queryset=Pilot.objects.visible_to(reader))
        self.filters["lead"].extra["choices"] = [
            (str(agency.pk), agency.name) for agency in leads_of_pilots(reader)
        ]
        areas = areas_of_pilots(reader)
        self._paths = {str(area.pk): area.path for area in areas}
        self.filters["area"].extra["choices"] = grouped_choices(areas, today=timezone.localdate())

    def search(self, queryset: Any, name: str, words: str) -> Any:
        """Pilots whose name or plan holds every word, with or without diacritics."""
        found = queryset.alias(folded=FoldedColumns(F("name"), F("document__number"), F("document__subject")))
        for word in fold(words).split():
            found = found.filter(folded__contains=word)
        return found

    def within(self, queryset: Any, name: str, chosen: str) -> Any:
        tried_there = Pilot.areas.through.objects.filter(area__path__startswith=self._paths[chosen])
        return queryset.filter(pk__in=tried_there.values("pilot"))


COLUMNS: Columns = {
    "name": (_("Pilot"), [ViSortKey(F("name")), "id"]),
    "date": (_("Window"), ["starts_on", "id"]),
    "lead": (_("Lead agency"), ["lead__sort_key", "id"]),
}


class PilotListing(Listing):
    """The list of pilots."""

    columns = COLUMNS

    def __init__(self, parameters: QueryDict, *, reader: User) -> None:
        super().__init__(parameters)
        self.filter = PilotFilter(parameters, reader=reader)

    @cached_property
    def totals(self) -> PilotTotals:
        return pilot_totals(self.filter.found) if self.filter.is_usable else PilotTotals()

    @property
    def found(self) -> "QuerySet[Pilot]":
        found: QuerySet[Pilot] = (
            self.filter.found.select_related("area", "lead", "document__issuer")
            .prefetch_related("areas")
            .annotate(task_count=Count("document__tasks", distinct=True))
        )
        return found
