"""What the address of a dashboard asks for: area, period, map, agency or kind of agency, programme and indicator."""

import datetime as dt
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import User
from accounts.scoping import scope_of
from accounts.together import Kept, KeptFor, Shared, read_together
from programs.models import Programme
from reporting.figure_links import explore_url, figure_url
from reporting.figures import Ground, MapBasis, Whose, agencies_of, grounds_of
from reporting.models import FormKind, Indicator, Obligation
from territory.models import Agency, AgencyKind, Area, Level
from territory.period import CutOff, Period, PeriodError, PeriodKind, parse_period

#: Who sees all of an area: who coordinates or steers it, and its standing agency, which drafts its reports.
WIDE = ("document.read_all", "report.read")
#: Who sees what the own agency did there.
OWN = "document.read"

#: The indicator that map and ranking begin with.
FIRST_MEASURE = "victims_received"
#: Agencies a filter offers at most; of larger areas only those of the area itself are offered.
MOST_AGENCIES = 150

#: Areas that stand beside each other at most: the largest province has 168 communes today.
MOST_AREAS = 200
_BELOW = {
    Level.NATION: [Level.PROVINCE],
    Level.PROVINCE: [Level.DISTRICT, Level.COMMUNE],
    Level.DISTRICT: [Level.COMMUNE],
}

#: Statements of as many looks are kept.
_PARTS, _OFFERED = KeptFor(most=500), KeptFor(most=500)
_PROGRAMMES = Kept(lambda: Programme.objects.order_by("-starts_on"))
_CATALOGUE = Shared(lambda: Indicator.objects.order_by("order", "code", "valid_from"))

_REASON = "the dashboard tells which units reported, not what"


@dataclass(frozen=True)
class View:
    """An area the reader may see, and the agency whose part they see of it; None for all of it."""

    area: Area
    agency: Agency | None


def views_of(reader: User) -> list[View]:
    """What the reader may look at, the widest first. Raises PermissionDenied where there is nothing."""
    scope = scope_of(reader)
    wide = {grant.area.pk: View(grant.area, None) for verb in WIDE for grant in scope.having(verb)}
    own = [View(grant.area, grant.membership.agency) for grant in scope.having(OWN)]
    found = sorted(wide.values(), key=lambda view: view.area.path.count("/"))
    found += [view for view in own if not any(other.area.contains(view.area) for other in wide.values())]
    if not found:
        raise PermissionDenied
    return found


@dataclass(frozen=True)
class Lists:
    """What is read for every look, in one statement: all programmes, all indicators of all times, and the parts of the
    area."""

    programmes: list[Programme]
    catalogue: list[Indicator]
    parts: list[Area]


@dataclass(frozen=True)
class Offered:
    """What the filters of a page offer; read where they are shown."""

    areas: list[Area]
    kinds: list[AgencyKind]
    agencies: list[Agency]


@dataclass(frozen=True)
class Asked:
    """One look at the figures: of everybody, of one agency, or of every agency of a kind.

    ``is_own`` where the reader sees only the own agency's part.
    """

    reader: User
    area: Area
    period: Period
    basis: MapBasis
    agency: Agency | None
    kind: AgencyKind | None
    is_own: bool
    programme_code: str
    measure: str

    @property
    def whose(self) -> Whose:
        return self.agency or self.kind

    @property
    def whose_name(self) -> str:
        """Whose part is shown; empty for everybody's."""
        if self.agency is not None:
            return self.agency.name
        return kind_name(self.kind) if self.kind is not None else ""

    @property
    def day(self) -> dt.date:
        """The day whose map is drawn."""
        return timezone.localdate() if self.basis is MapBasis.NOW else self.period.end

    @cached_property
    def before(self) -> Period:
        return self.period.same_period_last_year()

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """The indicators of the period's end, by code."""
        return {row.code: row for row in self.lists.catalogue if row.held_on(self.period.end)}

    @cached_property
    def programme(self) -> Programme | None:
        """The programme asked for, else the one that ran when the period ended. Raises Http404 for an unknown one."""
        code, end = self.programme_code, self.period.end
        if not code:
            ran = (each for each in self.lists.programmes if each.starts_on <= end <= each.ends_on)
            return next(ran, None)
        found = next((each for each in self.lists.programmes if each.code == code), None)
        if found is None:
            raise Http404
        return found

    @cached_property
    def lists(self) -> Lists:
        return Lists(
            *read_together(
                *(_PROGRAMMES(), _CATALOGUE),
                *_PARTS((_place(self.area), self.is_own, self.day), lambda: [self._parts]),
            )
        )

    @cached_property
    def offered(self) -> Offered:
        return Offered(*read_together(*_OFFERED((self.rights, self.day), self._offered)))

    def _offered(self) -> list[QuerySet[Any]]:
        reach = Q(pk=self.area.pk)
        for view in views_of(self.reader):
            reach |= Q(pk=view.area.pk) | Q(parent=view.area.pk)
        areas = Area.objects.valid_on(self.day).filter(reach).defer("search_text")
        agencies = Agency.objects.valid_on(self.day).only("code", "name", "area")
        below = Area.objects.filter(Q(pk=self.area.pk) | Q(parent=self.area.pk)).values("pk")
        agencies = agencies.filter(area__in=below).order_by("kind__order", "sort_key")
        agencies = agencies.none() if self.is_own else agencies[: MOST_AGENCIES + 1]
        return [
            areas.order_by("sort_key", "code"),
            AgencyKind.objects.order_by("order", "code"),
            agencies,
        ]

    @property
    def _parts(self) -> QuerySet[Area]:
        """The parts of the area on its map, of the next level there is; none for who sees only the own agency's."""
        within = Area.objects.within(self.area, itself=False).valid_on(self.day).defer("search_text")
        held = Q(pk__in=[])
        levels = _BELOW.get(Level(self.area.level), []) if not self.is_own else []
        for place, level in enumerate(levels):
            held |= Q(Q(level=level), ~Exists(within.filter(level__in=levels[:place])))
        return within.filter(held)[:MOST_AREAS]

    @property
    def parts(self) -> list[Area]:
        return self.lists.parts

    @cached_property
    def grounds(self) -> dict[int, Ground]:
        """The grounds of the area and its parts, by key. Two queries on today's map, none on that of the time."""
        return {ground.area.pk: ground for ground in grounds_of([self.area, *self.parts], self.basis)}

    @property
    def ground(self) -> Ground:
        return self.grounds[self.area.pk]

    @cached_property
    def agencies(self) -> list[int] | None:
        """The keys of the agencies whose part is shown; None for all."""
        return agencies_of(self.whose)

    @cached_property
    def parameters(self) -> dict[str, str]:
        """The parts of the address, those that are as without them left out."""
        given = {
            "area": self.area.code,
            "period": self.period.code,
            "rule": self.period.rule.value if self.period.rule is CutOff.CALENDAR else "",
            "map": self.basis.value if self.basis is MapBasis.NOW else "",
            "agency": self.agency.code if self.agency and not self.is_own else "",
            "kind": self.kind.code if self.kind and not self.agency else "",
            "programme": self.programme.code if self.programme else "",
            "measure": self.measure if self.measure != FIRST_MEASURE else "",
        }
        return {name: value for name, value in given.items() if value}

    def address(self, page: str = "dashboard", **changed: str) -> str:
        """The address of the same look, or of one beside it."""
        kept = {**self.parameters, **changed}
        return f"{reverse(page)}?{urlencode({name: value for name, value in kept.items() if value})}"

    def figure_url(
        self,
        code: str,
        *,
        area: Area | None = None,
        period: Period | None = None,
        part: str = "",
        agency: str = "",
    ) -> str:
        """Where a figure of this look is told in full; ``agency`` is the code of another one."""
        agency = agency or (self.agency.code if self.agency else "")
        return figure_url(
            code,
            area=area or self.area,
            period=period or self.period,
            part=part,
            basis=self.basis,
            agency=agency if not self.is_own else "",
            kind=self.kind.code if self.kind and not agency else "",
        )

    def explore_url(self, code: str) -> str:
        """Where an indicator is laid out over time; nothing for who sees only the own agency's part."""
        if self.is_own:
            return ""
        periods = self.periods_over_time
        return explore_url([code], areas=[self.area.code], periods=periods, basis=self.basis, chart="trend")

    @cached_property
    def rights(self) -> Hashable:
        """All of the reader's rights, and of the area, that decides about what a look may list; as they are now."""
        held = frozenset(
            (each.membership.agency_id, *_place(each.area), each.verbs)
            for each in scope_of(self.reader).grants
        )
        return self.reader.pk, held, _place(self.area), self.is_own

    # --- what can be chosen instead

    @cached_property
    def area_choices(self) -> list[Area]:
        """The reader's areas and their parts, as they are on the day of the map."""
        return sorted(self.offered.areas, key=lambda area: area.path.count("/"))

    @cached_property
    def agency_choices(self) -> list[Agency]:
        """The agencies of the area and of its parts; of many, those of the area itself."""
        found = self.offered.agencies
        if len(found) > MOST_AGENCIES:
            found = [agency for agency in found if agency.area_id == self.area.pk]
        if self.agency and not self.is_own and self.agency not in found:
            found = [*found, self.agency]
        return found

    @property
    def kind_choices(self) -> list[tuple[str, str]]:
        """The kinds of agency there are on the day of the map."""
        if self.is_own:
            return []
        shown = (each for each in self.offered.kinds if each.held_on(self.day) or each == self.kind)
        return [(each.code, kind_name(each)) for each in shown]

    @cached_property
    def period_choices(self) -> list[str]:
        """Half-years and years since the first programme began, the latest first, and the phases."""
        last = max(timezone.localdate().year, self.period.end.year)
        first = min([last - 5, *(each.starts_on.year for each in self.lists.programmes)])
        codes = [
            code for year in range(last, first - 1, -1) for code in (f"{year}-H2", f"{year}-H1", str(year))
        ]
        codes += [f"{each.starts_on.year}..{each.ends_on.year}" for each in self.lists.programmes]
        return codes if self.period.code in codes else [self.period.code, *codes]

    @cached_property
    def periods_over_time(self) -> list[Period]:
        """The years of a phase; else the same period in each year of the programme up to this one."""
        if self.period.kind is PeriodKind.PHASE:
            return list(self.period.years())
        since = self.programme.starts_on.year if self.programme else self.period.end.year - 4
        since = max(min(since, self.period.end.year - 2), self.period.end.year - 9)
        found = [self.period]
        while found[0].end.year > since:
            found.insert(0, found[0].same_period_last_year())
        return found


def _place(area: Area) -> tuple[Any, ...]:
    return area.pk, area.path, area.level


def asked_of(given: Mapping[str, str], reader: User) -> Asked:
    """What an address asks for, with what the reader looks at first where it says nothing.

    Raises PermissionDenied for a role that sees no figures, Http404 for what is not and for what the reader may not
    know.
    """
    views = views_of(reader)
    first = views[0]
    period = _period(given, first.area)
    basis = _basis(given, first.area, period)
    day = timezone.localdate() if basis is MapBasis.NOW else period.end
    view = _view(given.get("area", ""), views, day)
    agency = view.agency or agency_asked(given.get("agency", ""), view.area, day)
    kind = None if view.agency or agency else kind_asked(given.get("kind", ""))
    measure = given.get("measure", "")[:60]
    asked = Asked(
        reader,
        view.area,
        period,
        basis,
        agency,
        kind,
        view.agency is not None,
        given.get("programme", ""),
        measure.replace("\0", "") or FIRST_MEASURE,
    )
    if asked.programme_code:
        _ = asked.programme  # not found where it is unknown
    return asked


def _period(given: Mapping[str, str], area: Area) -> Period:
    code = given.get("period", "")
    if not code:
        return last_period(area)
    try:
        rule = CutOff(given.get("rule") or CutOff.ND09.value)
        return parse_period(code, CutOff.ND09 if rule is CutOff.EXPLICIT else rule)
    except (PeriodError, ValueError) as unknown:
        raise Http404 from unknown


def last_period(area: Area) -> Period:
    """The latest half-year that has ended and that units of the area owe a report of; else the last that ended.

    Of an area that is no more, its own last one.
    """
    over = timezone.localdate() - dt.timedelta(days=1)
    last = min(over, area.valid_to) if area.valid_to else over
    owed = Obligation.objects.unscoped(_REASON).filter(
        form__kind=FormKind.SIX_MONTH, area__path__startswith=area.path, period_end__lte=last
    )
    spans = owed.only("period_code", "period_rule", "period_start", "period_end")
    latest = spans.order_by("-period_end").first()
    if latest is not None:
        return latest.period
    ended = [parse_period(f"{last.year - back}-H{half}") for back in (0, 1) for half in (2, 1)]
    return next(period for period in ended if period.end <= last)


def _basis(given: Mapping[str, str], area: Area, period: Period) -> MapBasis:
    """The map asked for; else that of the period, or today's where the area is of today only."""
    try:
        if given.get("map"):
            return MapBasis(given["map"])
    except ValueError as unknown:
        raise Http404 from unknown
    is_of_today = area.held_on(timezone.localdate()) and not area.held_on(period.end)
    return MapBasis.NOW if is_of_today and not given.get("area") else MapBasis.THEN


def _view(code: str, views: list[View], day: dt.date) -> View:
    """The area asked for, as the reader may see it. Without one, the first that there was on the day."""
    if not code:
        return next((view for view in views if view.area.held_on(day)), views[0])
    if not code.isalnum():
        raise Http404
    for view in views:
        if view.area.code == code and view.area.held_on(day):
            return view
    area = Area.objects.valid_on(day).filter(code=code[:10]).first()
    for view in views:
        if area is not None and view.area.contains(area):
            return View(area, view.agency)
    raise Http404


def agency_asked(code: str, area: Area, day: dt.date) -> Agency | None:
    """The agency of the area whose part is asked for; None where none is. Raises Http404 for an unknown one."""
    if not code:
        return None
    agency: Agency | None = (
        Agency.objects.valid_on(day)
        .filter(code=code[:60].replace("\0", ""), area__path__startswith=area.path)
        .first()
    )
    if agency is None:
        raise Http404
    return agency


def kind_asked(code: str) -> AgencyKind | None:
    """The kind of agency whose part is asked for; None where none is. Raises Http404 for an unknown one."""
    if not code:
        return None
    found: AgencyKind | None = AgencyKind.objects.filter(code=code[:40].replace("\0", "")).first()
    if found is None:
        raise Http404
    return found


def kind_name(kind: AgencyKind) -> str:
    """The name of a kind of agency in the reader's language."""
    return kind.name_en if (get_language() or "vi").startswith("en") else kind.name


def area_of(asked: Asked, code: str) -> Area:
    """Another area of the reader's on the same map. Raises Http404."""
    view = _view(code, views_of(asked.reader), asked.day)
    if view.agency != asked.agency and asked.is_own:
        raise Http404
    return view.area


def agency_of(asked: Asked, code: str) -> Agency:
    """An agency within the area. Raises Http404, also for who sees only the own agency's part."""
    agency = None if asked.is_own else agency_asked(code, asked.area, asked.day)
    if agency is None:
        raise Http404
    return agency


def period_of(asked: Asked, code: str) -> Period:
    """Another period under the same rule. Raises Http404."""
    rule = asked.period.rule
    return _period({"period": code, "rule": rule.value}, asked.area)
