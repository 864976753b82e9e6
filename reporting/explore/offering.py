"""What the form of a free table offers, and the tables an empty page begins with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from reporting.breakdowns import CHOICES
from reporting.explore.look import CHARTS, Dimension
from reporting.figure_links import explore_url
from reporting.figure_picker import YEARS_BACK, Choice, Picker
from reporting.figures import MapBasis
from reporting.templatetags.humane import period_name
from territory.models import Area, Level
from territory.period import Period, PeriodKind, propose

_LARGE = (Level.NATION, Level.PROVINCE)
_BELOW = {Level.NATION: Level.PROVINCE, Level.PROVINCE: Level.DISTRICT, Level.DISTRICT: Level.COMMUNE}


@dataclass(frozen=True)
class Example:
    """A table to begin with."""

    title: str
    text: str
    url: str


class Offer(Picker):
    """The choices of the form, with what the address names chosen."""

    def __init__(self, reader: User, typed: Mapping[str, str]) -> None:
        super().__init__(reader, {name: set(value.split(",")) for name, value in typed.items()})
        self.typed = typed

    @cached_property
    def indicators(self) -> list[tuple[str, list[Choice]]]:
        """Those of the picker, the chosen ones first, so that they are seen in a long list."""
        known = super().indicators
        chosen = [each for _section, group in known for each in group if each.is_chosen]
        rest = [(section, [each for each in group if not each.is_chosen]) for section, group in known]
        return [(head, group) for head, group in [(_("Chosen"), chosen), *rest] if group]

    @cached_property
    def periods(self) -> list[Choice]:
        """Those of the picker, and what the address names besides."""
        known = super().periods
        return [*self._unlisted("period", [each.value for each in known]), *known]

    @cached_property
    def areas(self) -> list[tuple[str, list[Choice]]]:
        """The reader's own in groups, then the nation and the other provinces; figures of all may be asked for."""
        is_of_nation = any(area.level == Level.NATION for area in self.wholes())
        own = [] if is_of_nation else super().areas
        listed = {each.value for _head, group in own for each in group}
        beyond: dict[str, Choice] = {}
        for area in Area.objects.filter(level__in=_LARGE).order_by("level", "sort_key", "-valid_from"):
            if area.code not in listed:
                beyond.setdefault(area.code, self._area(area))
        named = self._unlisted("area", [*listed, *beyond])
        groups = [
            (_("Named in the address"), named),
            *own,
            (_("The country and its provinces"), [*beyond.values()]),
        ]
        return [(head, group) for head, group in groups if group]

    def _unlisted(self, name: str, listed: list[str]) -> list[Choice]:
        asked = self.typed.get(name, "").split(",")
        return [Choice(each, period_name(each), True) for each in asked if each and each not in listed]

    @cached_property
    def breakdowns(self) -> list[Choice]:
        return sorted(self._choices("by", CHOICES), key=lambda each: not each.is_chosen)

    @cached_property
    def levels(self) -> list[Choice]:
        named = [
            ("", _("these areas themselves")),
            (Level.PROVINCE.value, _("all provinces in them")),
            (Level.DISTRICT.value, _("all districts in them")),
            (Level.COMMUNE.value, _("all communes in them")),
        ]
        return self._choices("level", named)

    @cached_property
    def maps(self) -> list[Choice]:
        named = [(MapBasis.THEN.value, _("of the period's end")), (MapBasis.NOW.value, _("of today"))]
        return self._choices("map", named)

    @cached_property
    def cut_offs(self) -> list[Choice]:
        return self._choices("rule", [("nd09", _("by Decree 09/2019")), ("calendar", _("by the calendar"))])

    @cached_property
    def comparisons(self) -> list[Choice]:
        return self._choices("compare", [("", _("no comparison")), ("previous", _("same period"))])

    @cached_property
    def charts(self) -> list[Choice]:
        names = {"bars": _("bars"), "trend": _("lines"), "none": _("no chart")}
        return self._choices("chart", [(each, names[each]) for each in CHARTS])

    @cached_property
    def totals(self) -> list[Choice]:
        return self._choices("totals", [("", _("where figures may be added")), ("none", _("no sums"))])

    @cached_property
    def years(self) -> list[str]:
        """The years of a run, the latest first."""
        this = timezone.localdate().year
        return [str(year) for year in range(this, this - YEARS_BACK, -1)]

    @cached_property
    def places(self) -> list[tuple[str, str, str, list[Choice]]]:
        """The fields that lay out the table, each with its id: what is outer and inner in rows and in columns."""
        found = []
        labels = {
            "rows": (_("Rows"), _("Rows, within these")),
            "columns": (_("Columns"), _("Columns, within these")),
        }
        for name, names in labels.items():
            asked = [*filter(None, self.typed.get(name, "").split(",")), "", ""]
            for at, label in enumerate(names):
                choices = [Choice("", pgettext("rows or columns", "as fits"), not asked[at])]
                choices += [Choice(each.value, each.label, each.value == asked[at]) for each in Dimension]
                found.append((name, f"{name}-{at + 1}" if at else name, label, choices))
        return found

    def _choices(self, name: str, named: list[tuple[str, Any]]) -> list[Choice]:
        asked = self.typed.get(name, "").split(",")
        return [Choice(value, str(label), value in asked) for value, label in named]

    # --- an empty page

    @cached_property
    def examples(self) -> list[Example]:
        """Tables about the reader's own area, in years that have ended, of indicators that are in the catalogue."""
        own = self.wholes()
        today = timezone.localdate()
        area = min(own, key=lambda each: each.path.count("/")) if own else None
        last = today.year - 1
        if area is not None and area.valid_to is not None and area.valid_to.year <= last:
            last = area.valid_to.year - 1
        years = [propose(PeriodKind.YEAR, year) for year in range(last - 4, last + 1)]
        codes = [area.code] if area else []
        below = _BELOW.get(Level(area.level), "") if area else Level.PROVINCE
        is_of_two_levels = below == Level.DISTRICT and area is not None and area.valid_to is None
        if is_of_two_levels:
            below = Level.COMMUNE
        known = {each.value for _head, group in self.indicators for each in group}
        of_victims = ("victims_received", "victims_confirmed")
        of_cases = ("cases_detected", "cases_prosecuted", "cases_tried")
        by_area = {"level": str(below), "rows": "area", "columns": "indicator"}
        found: list[tuple[tuple[str, ...], str, str, list[Period], dict[str, Any]]] = [
            (  # the communes of a province are too many for more than one column
                of_victims[:1],
                _("Victims received, commune by commune"),
                _("Communes in rows, with their sum."),
                years[-1:],
                by_area,
            )
            if is_of_two_levels
            else (
                of_victims,
                _("Victims received and confirmed, area by area"),
                _("Areas in rows, indicators in columns, each beside the same period, with sums."),
                years[-1:],
                {"compare": "previous", **by_area},
            ),
            (
                of_cases,
                _("Cases from detection to trial over five years"),
                _("Indicators in rows, years in columns, and a line for each indicator."),
                years,
                {"chart": "trend"},
            ),
            (
                of_victims[:1],
                _("Victims received by sex and age"),
                _("The whole beside its parts: sums are never made of parts, since they may overlap."),
                years[-2:],
                {"by": "sex,age_group", "rows": "part", "columns": "period"},
            ),
        ]
        return [
            Example(title, text, explore_url(indicators, areas=codes, periods=periods, **laid_out))
            for indicators, title, text, periods, laid_out in found
            if known.issuperset(indicators)
        ]
