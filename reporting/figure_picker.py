"""Picking a figure: the indicators, areas and periods a reader may ask for, as a form offers them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.scoping import scope_of
from programs.selectors.area import areas_within
from reporting.models import CutOffRule, Indicator, Section
from reporting.templatetags.humane import period_name
from territory.models import Area
from territory.period import CutOff, Period

#: Who may ask for a figure of an area: all of it, or what the own agency did there.
READING = ("document.read_all", "report.read", "document.read")

#: How many years back the form offers; older ones are reached by the links of reports.
YEARS_BACK = 12
#: The phases of the programme so far.
PHASES = ("2011..2015", "2016..2020", "2021..2025")


@dataclass(frozen=True)
class Choice:
    """One thing to choose."""

    value: str
    label: str
    is_chosen: bool


class Picker:
    """What a form that picks a figure offers to a reader, with what the address names chosen.

    ``given`` holds one value of a name, or a set of several.
    """

    def __init__(self, reader: User, given: Mapping[str, Any], period: Period | None = None) -> None:
        self.reader, self.given, self.period = reader, given, period

    @cached_property
    def indicators(self) -> list[tuple[str, list[Choice]]]:
        """The indicators of the catalogue by section, each code once."""
        rows = {row.code: row for row in Indicator.objects.order_by("valid_from")}
        is_english = (get_language() or "vi").startswith("en")
        groups: dict[str, list[Choice]] = {}
        for row in sorted(rows.values(), key=lambda row: (row.order, row.code)):
            name = row.name_en if is_english and row.name_en else row.name
            choice = Choice(row.code, name, self._is_chosen("indicator", row.code))
            groups.setdefault(row.section, []).append(choice)
        return [(str(section.label), groups[section]) for section in Section if section in groups]

    @cached_property
    def areas(self) -> list[tuple[str, list[Choice]]]:
        """The areas whose figures the reader may ask for, each code once, in groups by district.

        They are those of the end of the period; without one, those of any day.
        """
        newest: dict[tuple[str, str], Area] = {}
        for area in areas_within(self.wholes()):
            if self.period is None or area.held_on(self.period.end):
                newest.setdefault((area.level, area.code), area)
        found = list(newest.values())
        names = {area.pk: area.name for area in found}
        groups: dict[str, list[Choice]] = {}
        for area in found:
            head = names.get(area.district_id or area.province_id or 0, "")
            groups.setdefault(head, []).append(self._area(area))
        return list(groups.items())

    def wholes(self) -> list[Area]:
        """The areas that are offered with all that lies in them."""
        scope = scope_of(self.reader)
        return list({grant.area.pk: grant.area for verb in READING for grant in scope.having(verb)}.values())

    def _is_chosen(self, name: str, value: str) -> bool:
        asked = self.given.get(name) or ()
        return value == asked if isinstance(asked, str) else value in asked

    def _area(self, area: Area) -> Choice:
        name = area.name
        if area.valid_to is not None and area.valid_to < timezone.localdate():
            day = date_format(area.valid_to, "d/m/Y")
            name = _("%(area)s (until %(day)s)") % {"area": name, "day": day}
        return Choice(area.code, name, self._is_chosen("area", area.code))

    @cached_property
    def periods(self) -> list[Choice]:
        """Half-years and years, the latest first, and phases; the one asked for, whatever it is."""
        year = timezone.localdate().year
        codes = [
            f"{each}{half}" for each in range(year, year - YEARS_BACK, -1) for half in ("-H2", "-H1", "")
        ]
        codes += reversed(PHASES)
        if self.period and self.period.code not in codes:
            codes.insert(0, self.period.code)
        return [Choice(code, period_name(code), self._is_chosen("period", code)) for code in codes]

    @cached_property
    def rules(self) -> list[Choice]:
        asked = self.given.get("rule") or CutOff.ND09.value
        named = (CutOffRule.ND09, CutOffRule.CALENDAR)
        return [Choice(rule.value, str(rule.label), rule.value == asked) for rule in named]
