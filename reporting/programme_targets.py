"""Whose figures a reader may hold against the targets of a programme, and what is found of each target."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.scoping import Scope
from programs.models import Programme, Target
from programs.selectors.quantity import print_figure, print_number
from reporting.targets import Judgement, Verdict, judge_all
from territory.models import Agency, Area, Level
from territory.period import parse_period

READING_VERBS = ("document.read", "document.read_all")


@dataclass(frozen=True)
class Viewpoint:
    """Whose figures are held against the targets: all of an area, or one agency's there."""

    area: Area
    agency: Agency | None = None

    @property
    def key(self) -> str:
        return f"{self.area.pk}-{self.agency.pk}" if self.agency else str(self.area.pk)

    def __str__(self) -> str:
        name = f"{self.area.name} · {self.agency.name}" if self.agency else self.area.name
        ended = self.area.valid_to
        if ended is not None and ended < timezone.localdate():
            return _("%(name)s (until %(day)s)") % {"name": name, "day": f"{ended:%d/%m/%Y}"}
        return name


@dataclass(frozen=True)
class JudgedTarget:
    """A target as the page shows it."""

    target: Target
    judgement: Judgement

    @property
    def aimed_at(self) -> str:
        value = self.target.value
        if value is None:
            return ""
        unit = self.target.unit
        number = f"{print_number(value)}%" if unit == "%" else f"{print_number(value)} {unit}".strip()
        return f"{self.target.get_comparison_display()} {number}"

    @property
    def actual(self) -> str:
        figure = self.judgement.actual
        return print_figure(figure, self.target.unit) if figure is not None else ""

    @property
    def verdict(self) -> str:
        """Met, not met or not measurable, in the reader's language."""
        words = {
            Verdict.MET: _("Met"),
            Verdict.NOT_MET: _("Not met"),
            Verdict.NOT_MEASURABLE: _("Not measurable"),
        }
        return words[self.judgement.verdict]


def may_read_programmes(scope: Scope) -> bool:
    return any(scope.may(verb) for verb in READING_VERBS)


def judged_targets(programme: Programme, viewpoint: Viewpoint, year: int) -> list[JudgedTarget]:
    """The targets of a programme in their order, each held against the figures of a viewpoint and year."""
    targets = list(
        Target.objects.filter(programme=programme).select_related("programme", "project").order_by("order")
    )
    judgements = judge_all(targets, viewpoint.area, year, agency=viewpoint.agency)
    return [JudgedTarget(target, found) for target, found in zip(targets, judgements, strict=True)]


def years_of(programme: Programme) -> range:
    """The years in which a programme runs."""
    return range(programme.starts_on.year, programme.ends_on.year + 1)


def viewpoints_of(scope: Scope, programme: Programme) -> list[Viewpoint]:
    """Whose figures a person may hold against the targets, the widest first.

    Who steers or coordinates an area sees all of it and of what it consists of; others their own agency's.
    Areas that did not exist during the programme are left out.
    """
    days = Q(valid_from__lte=programme.ends_on)
    days &= Q(valid_to__isnull=True) | Q(valid_to__gte=programme.starts_on)
    reach = Q(pk__in=[])
    for grant in scope.having("document.read_all"):
        levels = [Level.NATION, Level.PROVINCE]
        if grant.area.level != Level.NATION:
            levels.append(Level.DISTRICT)
        reach |= Q(path__startswith=grant.area.path) & (Q(level__in=levels) | Q(pk=grant.area.pk))
    areas: Iterable[Area] = Area.objects.filter(reach & days).order_by("sort_key", "valid_from")
    ranks = {Level.NATION: 0, Level.PROVINCE: 1, Level.DISTRICT: 2, Level.COMMUNE: 3}
    found = [Viewpoint(area) for area in sorted(areas, key=lambda area: ranks[Level(area.level)])]
    for grant in scope.having("document.read"):
        during = grant.area.valid_from <= programme.ends_on
        during &= grant.area.valid_to is None or grant.area.valid_to >= programme.starts_on
        own = Viewpoint(grant.area, grant.membership.agency)
        if during and own not in found:
            found.append(own)
    return found


def year_to_start_with(years: range, viewpoint: Viewpoint | None) -> int:
    """The last year that is over and in which the area existed; else the last that has begun."""
    today = timezone.localdate()

    def is_judged(year: int) -> bool:
        end: dt.date = parse_period(str(year)).end
        return end < today and (viewpoint is None or viewpoint.area.held_on(end))

    over = [year for year in years if is_judged(year)]
    return over[-1] if over else max(years[0], min(years[-1], today.year))
