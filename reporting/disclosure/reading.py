"""Figures as a reader may see them: true inside the reader's scope, by the rule outside of it.

Every page, file and endpoint that shows figures of areas beyond a reader's scope asks here, so they cannot differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from accounts.scoping import Person, scope_of
from reporting.disclosure.tables import may_be_released, protected_codes
from reporting.figures import Answer, MapBasis, Place, agencies_of, answer_many
from reporting.figures.asked import Cell as AskedCell
from reporting.figures.grounds import grounds_of
from reporting.figures.known import sent
from reporting.figures.tallies import Sent
from reporting.models import Indicator, ReleasedFigure, StatisticsRelease
from territory.figure import Cell, Coverage, Figure, Status
from territory.models import Agency, Area
from territory.period import Period

#: Who sees all of an area: who coordinates or steers it, and its standing agency, which drafts its reports.
SEES_ALL = ("document.read_all", "report.read")


@dataclass(frozen=True)
class Shown:
    """An answer as a reader sees it.

    ``is_outside``: the area lies outside the reader's scope. ``is_protected``: the rule was applied, so the figure is
    rounded, or withheld (``Status.SUPPRESSED``, which is neither zero nor missing).
    """

    answer: Answer
    is_outside: bool
    is_protected: bool

    @property
    def figure(self) -> Figure | None:
        return self.answer.figure

    @property
    def status(self) -> Status:
        return self.answer.status

    @property
    def expected(self) -> int | None:
        """How many units owed a report; None where nobody did."""
        return self.answer.cell.coverage.expected if self.answer.cell.coverage else None

    @property
    def reported(self) -> int | None:
        return self.answer.cell.coverage.reported if self.answer.cell.coverage else None

    @property
    def nil(self) -> int | None:
        """How many units confirmed nil: told inside the scope only, since it says which figures are zero."""
        if self.is_outside or self.answer.cell.coverage is None:
            return None
        return self.answer.cell.coverage.nil


def sees_all_of(reader: Any, area: Area) -> bool:
    """Whether the figures of an area lie within what the reader answers for.

    ``reader`` is a person, or a consumer of the API, whose key may be for an area (``key_area``).
    """
    key_area: Area | None = getattr(reader, "key_area", None)
    if key_area is not None:
        return key_area.contains(area)
    return isinstance(reader, User) and any(scope_of(reader).may_in(verb, area) for verb in SEES_ALL)


def shown_to(
    reader: Person,
    indicators: Sequence[Indicator],
    *,
    areas: Sequence[Area],
    periods: Sequence[Period],
    parts: Sequence[str] = ("",),
    agency: Agency | None = None,
    basis: MapBasis = MapBasis.THEN,
) -> dict[Place, Shown]:
    """What ``answer_many`` answers, as the reader may see it, in the order asked.

    Outside the reader's scope figures about people and cases come from the current release alone, which tells no
    single agency's; figures about work done are exact. Five queries beyond those of ``answer_many`` at most.
    """
    inside = [area for area in areas if sees_all_of(reader, area)]
    held = {area.pk for area in inside}
    outside = [area for area in areas if area.pk not in held]
    found = {
        place: Shown(answer, is_outside=False, is_protected=False)
        for place, answer in answer_many(
            indicators,
            areas=inside,
            periods=periods,
            parts=parts,
            agency=agency,
            basis=basis,
            remembers=True,
        ).items()
    }
    if outside:
        protected = protected_codes(indicators)
        free = [each for each in indicators if each.code not in protected]
        answers = answer_many(
            free, areas=outside, periods=periods, parts=parts, agency=agency, basis=basis, remembers=True
        )
        found |= {
            place: Shown(_without_trace(answer), is_outside=True, is_protected=False)
            for place, answer in answers.items()
        }
        kept = [each for each in indicators if each.code in protected]
        found |= _released(kept, outside, periods, parts, agency, basis)
    return {
        place: found[place]
        for place in (
            Place(indicator.code, area.pk, period, part)
            for indicator in indicators
            for area in areas
            for period in periods
            for part in parts
        )
    }


def _without_trace(answer: Answer) -> Answer:
    """The answer without what it is made of: a figure, its status and how many units reported."""
    return Answer(
        answer.indicator,
        answer.area,
        answer.period,
        answer.cell,
        part=answer.part,
        missing_periods=answer.missing_periods,
        is_estimated=answer.is_estimated,
    )


def current_release() -> StatisticsRelease | None:
    """The release that counts now. One query."""
    found: StatisticsRelease | None = StatisticsRelease.objects.order_by("-quarter").first()
    return found


def _released(
    indicators: Sequence[Indicator],
    areas: Sequence[Area],
    periods: Sequence[Period],
    parts: Sequence[str],
    agency: Agency | None,
    basis: MapBasis,
) -> dict[Place, Shown]:
    """The figures of the current release; whatever it does not hold is withheld. Three queries."""
    if not indicators:
        return {}
    known: dict[tuple[str, int, str, str], ReleasedFigure] = {}
    listed = [period for period in periods if may_be_released(period)]
    if basis is MapBasis.THEN and agency is None and listed:
        rows = ReleasedFigure.objects.filter(
            release=StatisticsRelease.objects.order_by("-quarter").values("pk")[:1],
            area__in=areas,
            period_code__in=[period.code for period in listed],
            indicator__in=[each.code for each in indicators],
            part="",
        )
        known = {(row.indicator, row.area_id, row.period_code, row.part): row for row in rows}
    coverages = sent(grounds_of(areas, basis), periods, agencies_of(agency))
    found = {}
    for indicator in indicators:
        for a, area in enumerate(areas):
            for p, period in enumerate(periods):
                coverage = coverages.get(AskedCell(0, a, p), Sent()).coverage
                for part in parts:
                    key = (indicator.code, area.pk, period.code, part)
                    row = known.get(key) if may_be_released(period) else None
                    cell = _cell(row, coverage)
                    answer = Answer(indicator, area, period, cell, part=part)
                    found[Place(indicator.code, area.pk, period, part)] = Shown(answer, True, True)
    return found


def _cell(row: ReleasedFigure | None, coverage: Coverage | None) -> Cell:
    if row is None:
        return Cell(Status.SUPPRESSED, None, coverage)
    figure = Figure.from_json(row.figure) if row.figure else None
    return Cell(Status(row.status), figure, coverage)
