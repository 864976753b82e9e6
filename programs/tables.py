"""Lists: filtered, ordered, summed and cut into pages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.scoping import Grant, scope_of
from programs.filters import ActivityFilter
from programs.models import Activity, ActivityKind
from programs.selectors.activity import KIND_RANK, ActivityTotals, activity_counts, with_sums
from programs.selectors.quantity import QUANTITY_ROWS, Quantity

#: The heads of columns by which a list can be sorted, and the order each gives.
Columns = Mapping[str, tuple[Any, list[Any]]]
#: How many figures a row of the list shows; the rest are told by their number.
SHOWN_QUANTITIES = 3

_COLUMNS: Columns = {
    "date": (_("Date"), ["ended_on", "id"]),
    "title": (_("Title"), ["sort_key", "id"]),
    "kind": (_("Kind"), [KIND_RANK, "id"]),
    "agency": (_("Agency"), ["agency__sort_key", "id"]),
    "area": (_("Area"), ["area__sort_key", "id"]),
}


@dataclass(frozen=True)
class Header:
    """The head of a column by which the list can be sorted."""

    name: str
    label: Any
    query: str
    aria_sort: str


@dataclass(frozen=True)
class ActivityRow:
    """One activity with its figures as the list shows them."""

    activity: Activity
    quantities: list[Quantity]
    may_copy: bool = False

    @classmethod
    def of(cls, activity: Any, grants: Sequence[Grant] = ()) -> "ActivityRow":
        may_copy = any(grant.reaches(activity.agency_id, activity.area) for grant in grants)
        return cls(activity, [Quantity.from_columns(row) for row in activity.quantity_rows], may_copy)

    @property
    def kind(self) -> str:
        return str(ActivityKind(self.activity.kind).label)

    @property
    def shown(self) -> list[Quantity]:
        return self.quantities[:SHOWN_QUANTITIES]

    @property
    def hidden_count(self) -> int:
        return len(self.quantities) - len(self.shown)


class CountedPaginator(Paginator):  # type: ignore[type-arg]
    """A paginator that is told how many rows there are, because the totals have counted them already."""

    def __init__(self, rows: Any, per_page: int, count: int) -> None:
        super().__init__(rows, per_page)
        self.count = count


class Listing:
    """What a reader sees for the parameters of an address; the page and the export are made from it.

    A list says its ``columns``, makes its ``filter`` (with ``found``, ``is_usable`` and ``in_use``), counts its
    ``totals`` and says what a row needs in ``found``.
    """

    columns: ClassVar[Columns]
    default_sort: ClassVar[str] = "-date"
    filter: Any
    totals: Any

    def __init__(self, parameters: QueryDict) -> None:
        self.parameters = parameters
        sort = parameters.get("sort", self.default_sort)
        self.sort = sort if sort.removeprefix("-") in self.columns else self.default_sort

    @property
    def found(self) -> "QuerySet[Any]":
        """All rows, unordered, with what a row shows."""
        raise NotImplementedError

    @property
    def rows(self) -> "QuerySet[Any]":
        """All rows in order, with what a row shows."""
        order = [
            F(expression).asc() if isinstance(expression, str) else expression.asc()
            for expression in self.columns[self.sort.removeprefix("-")][1]
        ]
        in_order = self.found.order_by(*order)
        return in_order.reverse() if self.sort.startswith("-") else in_order

    @cached_property
    def page(self) -> Page[Any]:
        paginator = CountedPaginator(self.rows, self.per_page, self.totals.count)
        return paginator.get_page(self.parameters.get("page", 1))

    @property
    def per_page(self) -> int:
        """Rows a page: one of those offered, the nearest one to what the address says."""
        try:
            asked = min(int(self.parameters.get("per_page", settings.PAGE_SIZE)), 10**6)
        except ValueError:
            asked = settings.PAGE_SIZE
        return min(settings.PAGE_SIZE_CHOICES, key=lambda size: abs(size - asked))

    @property
    def headers(self) -> list[Header]:
        current, is_descending = self.sort.removeprefix("-"), self.sort.startswith("-")
        headers = []
        for name, (label, _order) in self.columns.items():
            is_current = name == current
            # Dates start with the newest, all else with the first letter; a second press turns it round.
            first = {"date": "-date"}.get(name, name)
            turned = (name if is_descending else f"-{name}") if is_current else first
            aria = ("descending" if is_descending else "ascending") if is_current else "none"
            headers.append(Header(name, label, self.query(sort=turned), aria))
        return headers

    def query(self, **changed: str) -> str:
        """The parameters of this list with some changed, and from the first page."""
        parameters = self.parameters.copy()
        parameters.pop("page", None)
        for name, value in changed.items():
            parameters[name] = value
        for name in [name for name, values in parameters.lists() if not any(values)]:
            del parameters[name]
        return parameters.urlencode()


class ActivityListing(Listing):
    """The list of activities."""

    columns = _COLUMNS

    def __init__(self, parameters: QueryDict, *, reader: User) -> None:
        super().__init__(parameters)
        self.filter = ActivityFilter(parameters, reader=reader)

    @cached_property
    def _searched(self) -> list[int] | None:
        """The keys of the rows that hold the words; None where no words are searched, or too many rows hold them."""
        if not self.filter.is_usable or not self.filter.form.cleaned_data.get("q"):
            return None
        keys = list(self.filter.keys_found[: settings.LIST_MAX_ROWS + 1])
        return keys if len(keys) <= settings.LIST_MAX_ROWS else None

    @property
    def matched(self) -> Any:
        """The rows that fit. Words are searched once: of a list that is not long, its keys stand for the search."""
        if self._searched is None:
            return self.filter.found
        return Activity.objects.unscoped("keys from the reader's own rows").filter(pk__in=self._searched)

    @cached_property
    def count(self) -> int:
        """How many rows there are; one more than the longest list for every longer one."""
        return len(self._searched) if self._searched is not None else self._counts.count

    @cached_property
    def _counts(self) -> ActivityTotals:
        """The totals of a list that is not long, without its sums."""
        if not self.filter.is_usable:
            return ActivityTotals()
        return activity_counts(self.matched, self.filter.counted, up_to=settings.LIST_MAX_ROWS)

    @property
    def is_long(self) -> bool:
        """Whether the list is cut."""
        return self.count > settings.LIST_MAX_ROWS

    @property
    def has_totals_apart(self) -> bool:
        """Whether adding up would take longer than showing the page, so that totals are asked for apart."""
        return self.count > settings.TOTALS_MAX_ROWS

    @cached_property
    def _counts_of_all(self) -> ActivityTotals:
        return activity_counts(self.matched, self.filter.counted) if self.is_long else self._counts

    @property
    def count_of_all(self) -> int:
        """How many rows there are, also of those a long list leaves out. Nothing is added up for it."""
        return self._counts_of_all.count

    @cached_property
    def totals(self) -> ActivityTotals:
        """The totals of all rows, also of those a long list leaves out."""
        return with_sums(self._counts_of_all, self.matched, self.filter.counted)

    @cached_property
    def page(self) -> Page[Any]:
        shown = min(self.count, settings.LIST_MAX_ROWS)
        return CountedPaginator(self.rows, self.per_page, shown).get_page(self.parameters.get("page", 1))

    @property
    def found(self) -> "QuerySet[Activity]":
        found: QuerySet[Activity] = (
            self.matched.select_related("agency", "area__district")
            .annotate(quantity_rows=QUANTITY_ROWS)
            .defer(
                *("narrative", "return_reason", "search_text", "sort_key"),
                *("area__search_text", "agency__search_text"),
            )
        )
        return found

    def activity_rows(self) -> Iterator[ActivityRow]:
        """The rows of the page."""
        grants = list(scope_of(self.filter.reader).having("activity.write"))
        for activity in self.page if self.count else ():
            yield ActivityRow.of(activity, grants)
