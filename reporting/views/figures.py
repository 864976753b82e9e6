"""Where a number comes from: its records as far as the reader may see them, its submissions, the areas below."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.row_scope import protected_rows
from accounts.scoping import Scope, scope_of
from incidents.models import Case, Tip
from programs.models import Activity, Document, PreventionModel
from programs.selectors.quantity import print_figure
from reporting.breakdowns import parts_of
from reporting.dashboard.asked import agency_asked, kind_asked, kind_name
from reporting.dashboard.wording import printed_cell
from reporting.figure_links import explore_url, figure_url
from reporting.figure_picker import Picker
from reporting.figures import (
    Answer,
    MapBasis,
    Place,
    Way,
    Whose,
    answer_many,
    areas_below,
    records_counted,
    records_of,
    silent_units,
    submissions_of,
    units_replaced,
)
from reporting.models import Indicator, ReportedFigure, Submission
from territory.models import Agency, AgencyKind, Area, Level
from territory.period import CutOff, Period, PeriodError, parse_period
from territory.selectors import AreaUnknown, area_on
from victims.models import Victim

#: How many records a page names; of the rest it tells how many there are.
RECORDS_SHOWN = 100

#: Who sees all of an area: who coordinates or steers it, and its standing agency, which drafts its reports.
WIDE = ("document.read_all", "report.read")
#: Who sees what the own agency did there.
OWN = ("document.read",)

_BELOW = {
    Level.NATION: [Level.PROVINCE],
    Level.PROVINCE: [Level.DISTRICT, Level.COMMUNE],
    Level.DISTRICT: [Level.COMMUNE],
}

_KINDS: dict[str, tuple[Any, str, str]] = {
    "programs.activity": (Activity, "activity_detail", "pk"),
    "programs.document": (Document, "document_detail", "pk"),
    "programs.preventionmodel": (PreventionModel, "model_detail", "pk"),
    "incidents.case": (Case, "case_detail", "pk"),
    "incidents.tip": (Tip, "tip_detail", "pk"),
    "victims.victim": (Victim, "victim_detail", "code"),
}


@dataclass(frozen=True)
class Asked:
    """What an address asks for. ``agency`` is set where only one's part is asked for, or seen by the reader, or the
    part of all agencies of a kind."""

    indicator: Indicator
    area: Area
    period: Period
    part: str
    basis: MapBasis
    agency: Whose

    def counts(self, agency: Agency) -> bool:
        """Whether the agency's part is asked for."""
        if isinstance(self.agency, AgencyKind):
            return agency.kind_id == self.agency.pk
        return self.agency is None or agency == self.agency

    @property
    def whose_name(self) -> str:
        """Whose part is asked for; empty for everybody's."""
        if isinstance(self.agency, AgencyKind):
            return kind_name(self.agency)
        return self.agency.name if self.agency else ""


@protected_rows
@require_safe
def figure_detail(request: HttpRequest) -> HttpResponse:
    """One figure, and all that it is made of. Every number in the portal leads here.

    Without a question in the address, and where what was picked is not there, the page lets pick.
    """
    assert isinstance(request.user, User)
    is_picking = not request.GET or "pick" in request.GET
    try:
        asked = _asked(request)
    except Http404:
        picker = Picker(request.user, request.GET)
        if not is_picking or not picker.areas:
            raise
        is_wrong = bool(request.GET)
        context = {"picker": picker, "is_wrong": is_wrong, "crumbs": _crumbs(_("Figures"))}
        return render(request, "reporting/figure_pick.html", context, status=404 if is_wrong else 200)
    below = _below(asked)
    answers = answer_many(
        [asked.indicator],
        areas=[asked.area, *below],
        periods=[asked.period, asked.period.same_period_last_year()],
        parts=[asked.part],
        agency=asked.agency,
        basis=asked.basis,
    )
    found, before = (
        answers[Place(asked.indicator.code, asked.area.pk, period, asked.part)]
        for period in (asked.period, asked.period.same_period_last_year())
    )
    parts = parts_of(asked.indicator.breakdowns)
    records = records_of(
        asked.indicator,
        area=asked.area,
        period=asked.period,
        part=asked.part,
        agency=asked.agency,
        basis=asked.basis,
    )
    replaced = units_replaced(found)
    counted = records_counted(found, agency=asked.agency, basis=asked.basis) if replaced else records
    shown = list(_visible(counted, request.user))
    context = {
        "picker": Picker(request.user, request.GET, asked.period),
        "asked": asked,
        "found": found,
        "value": value_of(found),
        "also_reported": _printed(found, found.also_reported) if found.also_reported else "",
        "before": value_of(before),
        "before_period": before.period,
        "sides": [
            {
                "name": side.indicator.name,
                "value": value_of(side),
                "address": _address(asked, indicator=side.indicator),
            }
            for side in found.made_of
        ],
        "part_name": parts.get(asked.part, ""),
        "parts": [{"name": name, "address": _address(asked, part=part)} for part, name in parts.items()],
        "whole": _address(asked, part=""),
        "records": shown[:RECORDS_SHOWN],
        "hidden": len(counted) - len(shown),
        "beyond": max(0, len(shown) - RECORDS_SHOWN),
        "replaced": len(records) - len(counted),
        "recorded": _printed(found, found.recorded) if replaced and found.recorded else "",
        "reports_counted": sum(each.way in (Way.ADDED, Way.INSTEAD) for each in found.hearings),
        "submissions": _submissions(asked, found),
        "silent": silent_units(asked.area, asked.period, asked.basis) if asked.agency is None else [],
        "children": [
            {"area": area, "value": value_of(child), "address": _address(asked, area=area), "answer": child}
            for area in below
            if (child := answers[Place(asked.indicator.code, area.pk, asked.period, asked.part)])
        ],
        "other_map": _address(asked, basis=MapBasis.NOW if asked.basis is MapBasis.THEN else MapBasis.THEN)
        if asked.area.held_on(asked.period.end) and asked.area.held_on(timezone.localdate())
        else "",
        "explore": explore_url(
            [asked.indicator.code],
            areas=[asked.area.code],
            periods=[before.period, found.period],
            basis=asked.basis,
        )
        if asked.agency is None
        else "",
        "crumbs": _crumbs(asked.indicator.name),
    }
    return render(request, "reporting/figure_detail.html", context)


def _crumbs(name: str) -> list[dict[str, str]]:
    return [{"label": _("My work"), "url": reverse("home")}, {"label": name}]


def value_of(found: Answer) -> str:
    """An answer as a page writes it: the figure with its unit, or why there is none."""
    return printed_cell(found.cell, found.indicator.unit)


def _printed(found: Answer, figure: Any) -> str:
    return print_figure(figure, found.indicator.unit)


def _asked(request: HttpRequest) -> Asked:
    """What the address asks for. Raises Http404 for what is not, and for what the reader may not know."""
    given = request.GET
    try:
        period = parse_period(given.get("period", ""), _rule(given.get("rule", "")))
        basis = MapBasis(given.get("map") or MapBasis.THEN)
        day = timezone.localdate() if basis is MapBasis.NOW else period.end
        area = area_on(given.get("area", ""), day)
    except (PeriodError, AreaUnknown, ValueError) as unknown:
        raise Http404 from unknown
    code = given.get("indicator", "")
    rows = Indicator.objects.filter(code=code[:60].replace("\0", "")).order_by("valid_from")
    known = list(rows)
    begun = [row for row in known if row.valid_from <= period.end]
    part = given.get("part", "")[:40]
    if not known or (part and part not in parts_of((begun or known)[-1].breakdowns)):
        raise Http404
    agency: Whose = _agency_of_reader(scope_of(request.user), area)
    agency = agency or agency_asked(given.get("agency", ""), area, day) or kind_asked(given.get("kind", ""))
    return Asked((begun or known)[-1], area, period, part, basis, agency)


def _rule(given: str) -> CutOff:
    """The rule that cuts the period; the decree's where none is named. Raises ValueError for no rule of a name."""
    rule = CutOff(given or CutOff.ND09)
    return CutOff.ND09 if rule is CutOff.EXPLICIT else rule


def _agency_of_reader(scope: Scope, area: Area) -> Agency | None:
    """None for who sees all of the area, else the agency whose part they see. Raises Http404 for everybody else."""
    if any(scope.may_in(verb, area) for verb in WIDE):
        return None
    for verb in OWN:
        for grant in scope.having(verb):
            if grant.area.contains(area):
                return grant.membership.agency
    raise Http404


def _below(asked: Asked) -> list[Area]:
    """The areas of the next level down that there were then, or are today."""
    for level in _BELOW.get(Level(asked.area.level), []):
        found = list(areas_below(asked.area, level, asked.period, asked.basis))
        if found:
            return found
    return []


def _visible(records: Iterable[str], reader: User) -> Iterable[dict[str, str]]:
    """The records the reader may open, with their addresses. One query a kind."""
    keys: dict[str, list[str]] = {}
    for record in records:
        kind, _sep, key = record.partition(":")
        keys.setdefault(kind, []).append(key)
    for kind, (model, name, column) in _KINDS.items():
        if kind not in keys:
            continue
        rows = model.objects.visible_to(reader).filter(pk__in=keys[kind]).order_by("pk")
        for row in rows:
            address = reverse(name, args=[getattr(row, column)])
            yield {"kind": str(model._meta.verbose_name), "name": str(row), "address": address}


def _submissions(asked: Asked, found: Answer) -> list[dict[str, Any]]:
    """What units sent that speaks of the figure: their number and how it counts, or that they confirmed nil."""
    codes = [side for side in asked.indicator.rule.get("ratio", {}).values() if isinstance(side, str)]
    sent = list(submissions_of(asked.area, asked.period, asked.basis))
    sent = [each for each in sent if asked.counts(each.obligation.agency)]
    ways = {
        (hearing.word.submission, each.indicator.code): hearing.way
        for each in (found, *found.made_of)
        for hearing in each.hearings
    }
    figures: dict[int, list[ReportedFigure]] = {}
    rows = ReportedFigure.objects.filter(
        submission__in=sent, indicator__code__in=[asked.indicator.code, *codes], part=asked.part
    )
    for row in rows.select_related("indicator"):
        figures.setdefault(row.submission_id, []).append(row)
    return [
        {
            "submission": each,
            "values": [
                {"printed": _said(row), "how": _how(row, ways.get((each.pk, row.indicator.code)))}
                for row in figures.get(each.pk, [])
            ],
        }
        for each in sent
        if each.pk in figures or _is_nil_for(each, asked.indicator)
    ]


def _how(row: ReportedFigure, way: Way | None) -> str:
    """How a reported figure counts, in words."""
    if row.source == ReportedFigure.Source.RECORDS:
        return _("taken from the records, which count")
    if way is None:
        return _("does not count: the records stand")
    return {
        Way.ADDED: _("counts: no record of the unit tells of it"),
        Way.INSTEAD: _("counts in the place of the unit's records"),
        Way.UNDECIDED: _("does not count until somebody decides: the records say something"),
        Way.WITHIN: _("counts as part of another report"),
    }[way]


def _said(row: ReportedFigure) -> str:
    return print_figure(row.figure, row.indicator.unit)


def _is_nil_for(submission: Submission, indicator: Indicator) -> bool:
    return submission.is_nil and indicator.about == Indicator.About.PEOPLE


def _address(asked: Asked, **changed: Any) -> str:
    """The address of a figure beside this one."""
    of_kind = isinstance(asked.agency, AgencyKind)
    code = asked.agency.code if asked.agency else ""
    return figure_url(
        changed.get("indicator", asked.indicator).code,
        area=changed.get("area", asked.area),
        period=asked.period,
        part=changed.get("part", asked.part),
        basis=changed.get("basis", asked.basis),
        agency="" if of_kind else code,
        kind=code if of_kind else "",
    )
