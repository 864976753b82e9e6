"""Units against periods: who reported what, over the years, at a glance."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.utils.functional import cached_property

from accounts.models import User
from reporting.models import Form, Obligation
from reporting.obligations import Standing, forms_of, visible_obligations
from reporting.templatetags.humane import period_name

#: Rows a page, and how many periods are shown.
UNITS_A_PAGE = 40
PERIODS = 12

Span = tuple[str, dt.date, dt.date]


@dataclass(frozen=True)
class HeatPeriod:
    """A column."""

    code: str
    span: tuple[dt.date, dt.date]

    @property
    def name(self) -> str:
        return period_name(self.code)


@dataclass(frozen=True)
class HeatCell:
    """One unit in one period; no ``pk`` where it owed nothing."""

    period: HeatPeriod
    pk: int | None = None
    standing: Standing | None = None


@dataclass(frozen=True)
class HeatRow:
    """A unit: an agency in an area. ``place`` is empty where the agency's name tells it."""

    name: str
    place: str
    cells: list[HeatCell]


class HeatMap:
    """Units and periods of one form as far as the reader may see them. The number of queries does not grow."""

    def __init__(self, *, reader: User, form: str = "", area_path: str = "", page: str = "1") -> None:
        self.reader = reader
        self._asked_form = form
        self._area_path = area_path
        self._asked_page = page

    @cached_property
    def forms(self) -> list[Form]:
        """The forms to choose from."""
        return forms_of(self.reader)

    @cached_property
    def form(self) -> Form | None:
        """The one chosen, else the six-month report, else the first."""
        by_code = {form.code: form for form in self.forms}
        return by_code.get(self._asked_form) or by_code.get("six_month") or next(iter(self.forms), None)

    def _owed(self) -> Any:
        owed = Obligation.objects.visible_to(self.reader).filter(
            form__code=self.form.code if self.form else ""
        )
        return owed.filter(area__path__startswith=self._area_path) if self._area_path else owed

    @cached_property
    def periods(self) -> list[HeatPeriod]:
        """The latest periods, the earliest of them first."""
        rows = self._owed().order_by("-period_end", "-period_start", "period_code")
        spans = rows.values_list("period_code", "period_start", "period_end").distinct()[:PERIODS]
        return [HeatPeriod(code, (start, end)) for code, start, end in reversed(list(spans))]

    @cached_property
    def page(self) -> Page[Any]:
        """The units, the larger areas first, then by name."""
        columns = ("agency", "area", "agency__name", "agency__sort_key")
        rows = self._owed().filter(self._in_periods()).order_by()
        places = ("area__name", "area__short_name", "area__sort_key", "area__path")
        units = sorted(
            rows.values(*columns, *places).distinct(),
            key=lambda unit: (
                unit["area__path"].count("/"),
                unit["area__sort_key"],
                unit["agency__sort_key"],
                unit["agency"],
            ),
        )
        return Paginator(units, UNITS_A_PAGE).get_page(self._asked_page)

    def _in_periods(self) -> Q:
        condition = Q(pk__in=[])
        for period in self.periods:
            condition |= Q(period_start=period.span[0], period_end=period.span[1])
        return condition

    @cached_property
    def rows(self) -> list[HeatRow]:
        units = list(self.page)
        found: dict[tuple[int, int, Any], Any] = {}
        if units:
            shown = visible_obligations(self.reader).filter(
                self._in_periods(),
                form__code=self.form.code if self.form else "",
                agency__in={unit["agency"] for unit in units},
                area__in={unit["area"] for unit in units},
            )
            for owed in shown:
                found[owed.agency_id, owed.area_id, (owed.period_start, owed.period_end)] = owed
        return [self._row(unit, found) for unit in units]

    def _row(self, unit: dict[str, Any], found: dict[tuple[int, int, Any], Any]) -> HeatRow:
        cells = []
        for period in self.periods:
            owed = found.get((unit["agency"], unit["area"], period.span))
            cells.append(HeatCell(period, owed.pk, Standing.of(owed)) if owed else HeatCell(period))
        name, place = unit["agency__name"], unit["area__name"]
        return HeatRow(name, "" if unit["area__short_name"] in name else place, cells)
