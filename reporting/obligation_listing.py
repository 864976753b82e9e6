"""The list of obligations: what it can be narrowed down by, how it is ordered and counted."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import django_filters
from django.db.models import Count, F, Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from programs.filters import ANY, UNKNOWN, ListFilter, SearchFilter
from programs.selectors.area import areas_within, grouped_choices
from programs.tables import Listing
from reporting.models import Obligation, ObligationState
from reporting.obligations import OPEN_STATES, Standing, forms_of, read_areas, visible_obligations
from reporting.templatetags.humane import period_name
from territory.choosing import LongSelect
from territory.collation import FoldedColumns, fold
from territory.models import AgencyKind, Area

SAID = (ObligationState.SUBMITTED, ObligationState.ACCEPTED)


class ObligationFilter(ListFilter):
    """Filters over the obligations the reader may see."""

    q = SearchFilter()
    form_code = django_filters.ChoiceFilter(
        label=_("Form"), field_name="form", empty_label=ANY, error_messages=UNKNOWN
    )
    period = django_filters.ChoiceFilter(
        label=_("Period"), field_name="period_code", empty_label=ANY, error_messages=UNKNOWN
    )
    area = django_filters.ChoiceFilter(
        label=_("Area"), method="within", empty_label=ANY, error_messages=UNKNOWN, widget=LongSelect
    )
    agency_kind = django_filters.ChoiceFilter(
        label=_("Kind of agency"), field_name="agency__kind", empty_label=ANY, error_messages=UNKNOWN
    )
    state = django_filters.ChoiceFilter(
        label=_("State"),
        field_name="stands",
        choices=ObligationState.choices,
        empty_label=ANY,
        error_messages=UNKNOWN,
    )
    late = django_filters.TypedChoiceFilter(
        label=_("On time or late"),
        field_name="is_late",
        choices=[("", ANY), ("yes", _("late")), ("no", _("on time"))],
        coerce={"yes": True, "no": False}.get,
        error_messages=UNKNOWN,
    )

    class Meta:
        model = Obligation
        fields: list[str] = []

    def __init__(self, data: Any, *, reader: User) -> None:
        super().__init__(data, queryset=visible_obligations(reader))
        self._areas: dict[str, Area] = {str(area.pk): area for area in areas_within(read_areas(reader))}
        choices = {
            "area": grouped_choices(self._areas.values(), today=timezone.localdate()),
            "form_code": [(form.code, form.label) for form in forms_of(reader)],
            "period": [(code, period_name(code)) for code in periods_of(reader)],
            "agency_kind": [(str(kind.pk), kind.name) for kind in _kinds_of(reader)],
        }
        for name, offered in choices.items():
            self.filters[name].extra["choices"] = offered

    def search(self, queryset: Any, name: str, words: str) -> Any:
        """Obligations whose unit or area holds every word, diacritics or not."""
        found = queryset.annotate(folded=FoldedColumns(F("agency__name"), F("area__name")))
        for word in fold(words).split():
            found = found.filter(folded__contains=word)
        return found

    def within(self, queryset: Any, name: str, chosen: str) -> Any:
        return queryset.filter(area__path__startswith=self._areas[chosen].path)


def periods_of(reader: User, form: str = "") -> list[str]:
    """The codes of the periods for which something is owed, the latest first. One query."""
    owed = Obligation.objects.visible_to(reader)
    if form:
        owed = owed.filter(form__code=form)
    rows = owed.order_by("-period_end", "period_start", "period_code")
    return list(dict.fromkeys(rows.values_list("period_code", flat=True).distinct()))


def _kinds_of(reader: User) -> list[AgencyKind]:
    owed = Obligation.objects.visible_to(reader).order_by().values("agency__kind")
    return list(AgencyKind.objects.filter(pk__in=owed))


@dataclass(frozen=True)
class ObligationTotals:
    """How many units owe, reported, confirmed nil, are late; the excused ones are in none of these but ``count``."""

    count: int = 0
    owed: int = 0
    reported: int = 0
    nil: int = 0
    late: int = 0
    excused: int = 0


def totals_of(rows: Any) -> ObligationTotals:
    """One query over rows with their states."""
    is_owed = Q(excused_at=None)
    said = is_owed & Q(stands__in=SAID)
    counts = rows.order_by().aggregate(
        all=Count("pk"),
        owed=Count("pk", filter=is_owed),
        reported=Count("pk", filter=said),
        nil=Count("pk", filter=said & Q(submission__is_nil=True)),
        late=Count("pk", filter=is_owed & Q(is_late=True)),
    )
    count = counts.pop("all")
    return ObligationTotals(count, **counts, excused=count - counts["owed"])


@dataclass(frozen=True)
class ObligationRow:
    """An obligation as the list shows it; ``days`` until it is due, while something is to be sent."""

    obligation: Any
    standing: Standing
    days: int | None

    @classmethod
    def of(cls, obligation: Any, today: Any) -> "ObligationRow":
        standing = Standing.of(obligation)
        left = (obligation.due_on - today).days if standing.state in OPEN_STATES else None
        return cls(obligation, standing, left)

    @property
    def overdue(self) -> int:
        return -self.days if self.days is not None and self.days < 0 else 0


class ObligationListing(Listing):
    """The list of obligations, what is due last first."""

    columns = {
        "due": (_("Due"), ["due_on", "area__sort_key", "agency__sort_key", "id"]),
        "unit": (_("Unit"), ["agency__sort_key", "due_on", "id"]),
        "area": (_("Area"), ["area__sort_key", "agency__sort_key", "id"]),
    }
    default_sort = "-due"

    def __init__(self, parameters: QueryDict, *, reader: User) -> None:
        super().__init__(parameters)
        self.today = timezone.localdate()
        self.filter = ObligationFilter(parameters, reader=reader)

    @cached_property
    def totals(self) -> ObligationTotals:
        return totals_of(self.filter.found) if self.filter.is_usable else ObligationTotals()

    @property
    def found(self) -> Any:
        return self.filter.found

    def obligation_rows(self) -> Iterator[ObligationRow]:
        """The rows of the page."""
        return (ObligationRow.of(row, self.today) for row in (self.page if self.totals.count else ()))
