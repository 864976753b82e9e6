"""What lists can be narrowed down by. The page, the export and later the API share it."""

from collections.abc import Iterable
from functools import cache
from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.choices import CallableChoiceIterator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.together import read_together
from programs.models import Activity, ActivityKind
from programs.selectors.activity import (
    FilterAgencies,
    agencies_of_activities,
    areas_read,
    asked_of_agencies,
    by_rarity,
)
from programs.selectors.area import asked_within, by_level, grouped_choices
from territory.choosing import LongSelect
from territory.collation import fold
from territory.days import DayField
from territory.models import Agency, Area
from territory.selectors import held_within
from territory.text import TextField, typed_key

LONGEST_SEARCH = 200
ANY = _("All")
UNKNOWN = {"invalid_choice": _("“%(value)s” is not one of those you may choose. Choose one from the list.")}


def _named(agencies: Iterable[Agency]) -> list[tuple[str, str]]:
    return [(str(agency.pk), agency.name) for agency in agencies]


def _by_key(areas: Iterable[Area]) -> dict[str, Area]:
    return {str(area.pk): area for area in by_level(areas)}


class SearchFilter(django_filters.CharFilter):
    """The box in which words are searched, with or without diacritics."""

    field_class = TextField

    def __init__(self) -> None:
        super().__init__(
            label=_("Search"),
            method="search",
            max_length=LONGEST_SEARCH,
            widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
            error_messages={"max_length": _("Search for at most %(limit_value)d characters.")},
        )


class DayFilter(django_filters.Filter):
    """A day typed as people here type it."""

    field_class = DayField


class PeriodForm(forms.Form):
    """Filters of which two say from when to when."""

    first_day: ClassVar[str]
    last_day: ClassVar[str]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        first, last = given.get(self.first_day), given.get(self.last_day)
        if first and last and last < first:
            self.add_error(
                self.last_day, ValidationError(_("The second date lies before the first."), "in_order")
            )
        return given


class ListFilter(django_filters.FilterSet):
    """Filters over rows the reader may see. A filter that cannot be read shows nothing and says why."""

    def search(self, queryset: Any, name: str, words: str) -> Any:
        """Rows that hold every word, with or without diacritics."""
        found = Q()
        for word in fold(words).split():
            found &= Q(search_text__contains=word)
        return queryset.filter(found)

    @cached_property
    def found(self) -> Any:
        """The rows that fit; none while a filter cannot be read."""
        return self.qs if self.is_usable else self.queryset.none()

    @property
    def is_usable(self) -> bool:
        return bool(self.form.is_valid())

    @property
    def in_use(self) -> list[tuple[str, str]]:
        """The filters that narrow the list: what they are called and what was chosen."""
        shown = []
        for name, field in self.form.fields.items():
            value = self.form.cleaned_data.get(name) if self.is_usable else None
            if value in (None, ""):
                continue
            shown.append((str(field.label), self._chosen_label(name, field)))
        return shown

    def _chosen_label(self, name: str, field: Any) -> str:
        typed = str(self.form.data.get(name, ""))
        choices: list[Any] = []
        for value, label in getattr(field, "choices", []):
            choices.extend(label if isinstance(label, list | tuple) else [(value, label)])
        return next((str(label) for value, label in choices if str(value) == typed), typed.strip())


class _EndedForm(PeriodForm):
    first_day, last_day = "ended_from", "ended_to"


class ActivityFilter(ListFilter):
    """Filters over activities the reader may see."""

    q = SearchFilter()
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=ActivityKind.choices, empty_label=ANY, error_messages=UNKNOWN
    )
    agency = django_filters.ChoiceFilter(
        label=_("Agency"), empty_label=ANY, error_messages=UNKNOWN, widget=LongSelect
    )
    takes_part = django_filters.ChoiceFilter(
        label=_("Agency takes part"),
        method="taking_part",
        empty_label=ANY,
        error_messages=UNKNOWN,
        widget=LongSelect,
    )
    area = django_filters.ChoiceFilter(
        label=_("Area"), method="within", empty_label=ANY, error_messages=UNKNOWN, widget=LongSelect
    )
    ended_from = DayFilter(label=_("Ended from"), field_name="ended_on", lookup_expr="gte")
    ended_to = DayFilter(label=_("Ended until"), field_name="ended_on", lookup_expr="lte")
    is_integrated = django_filters.TypedChoiceFilter(
        label=_("Integrated"),
        choices=[("", ANY), ("yes", _("integrated into another programme")), ("no", _("on its own"))],
        coerce={"yes": True, "no": False}.get,
        error_messages=UNKNOWN,
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=Activity.State.choices, empty_label=ANY, error_messages=UNKNOWN
    )

    class Meta:
        model = Activity
        fields: list[str] = []
        form = _EndedForm

    def __init__(self, data: Any, *, reader: User) -> None:
        super().__init__(data, queryset=Activity.objects.visible_to(reader))
        self.reader = reader
        # Read where they are shown or chosen from; what only filters by days needs neither.
        offers: dict[str, Any] = {
            "agency": lambda: _named(self._agencies.filing),
            "takes_part": lambda: _named(self._agencies.taking_part),
            "area": lambda: grouped_choices(self._areas.values(), today=timezone.localdate()),
        }
        for name, offered in offers.items():
            self.filters[name].extra["choices"] = CallableChoiceIterator(cache(offered))

    @property
    def keys_found(self) -> Any:
        """The keys of the rows found for the words searched for, in no order."""
        words = fold(self.form.cleaned_data["q"]).split()
        found = by_rarity(self.queryset, self.found, words)
        first, *rest = (rows.order_by().values_list("pk", flat=True) for rows in found)
        return first.union(*rest, all=True) if rest else first

    def read_offers(self) -> None:
        """Read all that may be chosen from, with one query: for a page that shows it."""
        agencies, areas = read_together(asked_of_agencies(self.reader), asked_within(areas_read(self.reader)))
        self._agencies = agencies_of_activities(self.reader, agencies)
        self._areas = _by_key(areas)

    @cached_property
    def _agencies(self) -> FilterAgencies:
        return agencies_of_activities(self.reader, asked_of_agencies(self.reader))

    @cached_property
    def _areas(self) -> dict[str, Area]:
        """The areas that may be chosen; where nobody shows them, only the one that was chosen."""
        chosen = typed_key(str(self.data.get("area") or ""))
        if chosen is None:
            return {}
        return _by_key(asked_within(areas_read(self.reader)).filter(pk=chosen))

    def within(self, queryset: Any, name: str, chosen: str) -> Any:
        """Activities of the area, and those of a larger one that took place in it too."""
        return queryset.filter(self._counts_in(chosen) | Q(pk__in=self._placed_in(chosen)))

    def taking_part(self, queryset: Any, name: str, chosen: str) -> Any:
        """Activities the agency filed or was a partner of."""
        partners = Activity.partner_agencies.through.objects.filter(agency=int(chosen))
        return queryset.filter(Q(agency=chosen) | Q(pk__in=partners.values("activity")))

    @property
    def counted(self) -> Q | None:
        """Which of the rows found count in the area that was chosen; None where none was."""
        chosen = self.form.cleaned_data.get("area") if self.is_usable else None
        return self._counts_in(chosen) if chosen else None

    def _counts_in(self, chosen: str) -> Q:
        return held_within(self._areas[chosen])

    def _placed_in(self, chosen: str) -> Any:
        # A subquery that stands alone is hashed once; one that looks at each row would be run for each.
        places = Activity.places.through.objects.filter(area__path__startswith=self._areas[chosen].path)
        return places.values("activity")
