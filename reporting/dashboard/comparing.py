"""Areas, agencies or periods side by side: the same indicators in two to six columns, each held against the first."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from reporting.charts import Category, Chart
from reporting.dashboard.answers import KEY
from reporting.dashboard.asked import Asked, agency_of, area_of, asked_of, period_of
from reporting.dashboard.block import Block, Entry, drawn
from reporting.dashboard.wording import change_in_words, changed, name_of, unit_of
from reporting.figure_links import explore_url
from reporting.figures import Answer, Place, answer_many
from reporting.models import Indicator, Section
from reporting.templatetags.humane import period_name
from territory.figure import Direction
from territory.models import Agency, Area
from territory.period import Period

#: Columns beside each other: what a screen and a page of paper hold.
MOST = 6
BY = ("periods", "areas", "agencies")


@dataclass(frozen=True)
class Column:
    """One side of a comparison."""

    name: str
    area: Area
    period: Period
    agency: Agency | None


@dataclass(frozen=True)
class Row:
    """One indicator over the columns; ``changes`` says how each differs from the first."""

    name: str
    unit: str
    cells: list[tuple[Entry, Entry]]
    columns: list[str]

    @property
    def told(self) -> list[tuple[str, Entry, Entry]]:
        """The cells, each after the name of its column, for screens where a row is a list."""
        return [(name, *cell) for name, cell in zip(self.columns, self.cells, strict=True)]


class Comparison:
    """What an address of the comparison asks for, and what is found.

    Raises Http404 for what is not and for what the reader may not know, PermissionDenied for a role without figures.
    """

    def __init__(self, given: QueryDict, reader: User) -> None:
        self.by = given.get("by") or BY[0]
        self.section = given.get("section", "")
        if self.by not in BY or (self.section and self.section not in Section.values):
            raise Http404
        self.asked: Asked = asked_of({name: given.get(name, "") for name in given}, reader)
        self._given = given

    def _chosen(self, name: str) -> list[str]:
        codes = list(dict.fromkeys(code for code in self._given.getlist(name) if code))
        if len(codes) > MOST:
            raise Http404
        return codes

    @cached_property
    def columns(self) -> list[Column]:
        """The sides that were chosen; of periods at least this one and the same of the year before."""
        asked = self.asked
        if self.by == "areas":
            areas = [area_of(asked, code) for code in self._chosen("areas")] or asked.area_choices[:MOST]
            return [Column(area.name, area, asked.period, asked.agency) for area in areas]
        if self.by == "agencies":
            agencies = [agency_of(asked, code) for code in self._chosen("agencies")] or asked.agency_choices[
                :4
            ]
            return [Column(agency.name, asked.area, asked.period, agency) for agency in agencies]
        periods = [period_of(asked, code) for code in self._chosen("periods")]
        periods = periods or [asked.period, asked.before]
        return [Column(period_name(each.code), asked.area, each, asked.agency) for each in periods]

    @cached_property
    def indicators(self) -> list[Indicator]:
        """Those of the section asked for, else the key figures."""
        known = self.asked.indicators
        if self.section:
            return [row for row in known.values() if row.section == self.section]
        return [known[code] for code in KEY if code in known]

    @cached_property
    def rows(self) -> list[Row]:
        return [self._row(each) for each in self.indicators] if self.columns else []

    def _row(self, indicator: Indicator) -> Row:
        found = [self._answers[at][indicator.code] for at in range(len(self.columns))]
        return Row(
            name_of(indicator),
            unit_of(indicator),
            [
                (self._entry(indicator, column, each), self._difference(indicator, found[0], each, at))
                for at, (column, each) in enumerate(zip(self.columns, found, strict=True))
            ],
            [column.name for column in self.columns],
        )

    def _entry(self, indicator: Indicator, column: Column, found: Answer) -> Entry:
        url = self.asked.figure_url(
            indicator.code,
            area=column.area,
            period=column.period,
            agency=column.agency.code if column.agency else "",
        )
        return Entry.of(found, url)

    @staticmethod
    def _difference(indicator: Indicator, first: Answer, found: Answer, at: int) -> Entry:
        change = changed(found, first)
        if at == 0 or change.direction is Direction.NOT_COMPARABLE:
            return Entry("")
        shape = {Direction.UP: "up", Direction.DOWN: "down"}.get(change.direction, "")
        return Entry(change_in_words(change, unit_of(indicator)), shape=shape)

    @cached_property
    def _answers(self) -> list[dict[str, Answer]]:
        """By the place of the column and the code of the indicator. As few statements as the columns allow: one
        question for areas or periods, one for each agency."""
        if self.by == "agencies":
            return [self._asked_for([column])[0] for column in self.columns]
        return self._asked_for(self.columns)

    def _asked_for(self, columns: Sequence[Column]) -> list[dict[str, Answer]]:
        areas = list({column.area.pk: column.area for column in columns}.values())
        periods = list(dict.fromkeys(column.period for column in columns))
        found = answer_many(
            self.indicators,
            areas=areas,
            periods=periods,
            agency=columns[0].agency or self.asked.kind,
            basis=self.asked.basis,
            remembers=True,
        )
        return [
            {each.code: found[Place(each.code, column.area.pk, column.period)] for each in self.indicators}
            for column in columns
        ]

    @cached_property
    def chart(self) -> Chart | None:
        """The indicator of map and ranking over the columns."""
        known = self.asked.indicators.get(self.asked.measure)
        if known is None or known not in self.indicators:
            return None
        told = [self._answers[at][known.code] for at in range(len(self.columns))]
        categories = [Category(column.name) for column in self.columns]
        return drawn(
            self.asked, "bars", name_of(known), unit_of(known), categories, [("", told)], period=self.subject
        )

    @property
    def explore(self) -> str:
        """The same indicators, areas and periods as a free table; of agencies there is none."""
        if self.by == "agencies" or self.asked.is_own or not self.columns:
            return ""
        return explore_url(
            [each.code for each in self.indicators],
            areas=dict.fromkeys(column.area.code for column in self.columns),
            periods=dict.fromkeys(column.period for column in self.columns),
            basis=self.asked.basis,
            columns={"periods": "period", "areas": "area"}[self.by],
            chart="none",
        )

    @property
    def block(self) -> Block:
        """The columns as a table, for files: each with the difference from the first beside it."""
        first, *others = self.columns
        columns = [_("Indicator"), _("Unit"), first.name]
        for column in others:
            columns += [column.name, _("%(column)s: change") % {"column": column.name}]
        rows = [
            [
                Entry(row.name),
                Entry(row.unit),
                row.cells[0][0],
                *(each for cell in row.cells[1:] for each in cell),
            ]
            for row in self.rows
        ]
        return Block("compare", _("Side by side"), columns, rows, self.chart, is_table=True)

    def address(self, page: str = "compare") -> str:
        """The address of the same comparison on a page beside it."""
        given = {**self.asked.parameters, "by": self.by, "section": self.section}
        chosen = [(self.by, code) for code in self._chosen(self.by)]
        return f"{reverse(page)}?{urlencode([*((k, v) for k, v in given.items() if v), *chosen])}"

    @property
    def subject(self) -> str:
        """What all columns share, in words."""
        if self.by == "periods":
            return self.asked.area.name
        return period_name(self.asked.period.code)

    @property
    def choices(self) -> list[tuple[str, str]]:
        names = {"periods": _("periods"), "areas": _("areas"), "agencies": _("agencies")}
        return [(by, names[by]) for by in BY if by != "agencies" or self.asked.agency_choices]

    @property
    def sections(self) -> list[tuple[str, Any]]:
        return [("", _("Key figures")), *Section.choices]

    @property
    def chosen(self) -> dict[str, set[str]]:
        """The codes of the columns, for the form."""
        return {
            "periods": {column.period.code for column in self.columns},
            "areas": {column.area.code for column in self.columns},
            "agencies": {column.agency.code for column in self.columns if column.agency},
        }
