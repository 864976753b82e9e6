"""Releasing statistics: once a quarter the fixed list of tables is made, by the rule, and frozen."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.row_scope import system_scope
from reporting.disclosure.rule import BASE, K, published, published_percent, published_total
from reporting.disclosure.tables import OPEN_INDICATORS, OPEN_SHARES, closed_years, protected_codes
from reporting.figures import Answer, Place, answer_many
from reporting.models import Indicator, ReleasedFigure, StatisticsRelease
from territory.figure import Figure, Status
from territory.models import Area, Level
from territory.period import Period


def quarter_of(day: dt.date) -> str:
    return f"{day.year}-Q{(day.month - 1) // 3 + 1}"


def release_statistics(*, today: dt.date | None = None) -> StatisticsRelease:
    """The release of the quarter, made now if there is none yet: closed years, the nation and its provinces."""
    day = today or timezone.localdate()
    with transaction.atomic(), system_scope("sums by the rule answer to no single person"):
        made: StatisticsRelease | None = StatisticsRelease.objects.filter(quarter=quarter_of(day)).first()
        if made is not None:
            return made
        rows = [row for year in closed_years(day) for row in _figures_of(year)]
        made, is_new = StatisticsRelease.objects.get_or_create(
            quarter=quarter_of(day), defaults={"k": K, "base": BASE, "sha256": _digest(rows)}
        )
        if is_new:
            for row in rows:
                row.release = made
            ReleasedFigure.objects.bulk_create(rows, batch_size=2000)
        return made


def _digest(rows: Sequence[ReleasedFigure]) -> str:
    told = [[row.indicator, row.area_id, row.period_code, row.part, row.figure, row.status] for row in rows]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _figures_of(year: Period) -> list[ReleasedFigure]:
    """The figures of one year: those about work as they are, those about people and cases by the rule."""
    indicators = list(Indicator.objects.valid_on(year.end))
    protected = protected_codes(indicators)
    listed = [each for each in indicators if each.code not in protected or each.code in OPEN_INDICATORS]
    nation = Area.objects.valid_on(year.end).level(Level.NATION).first()
    provinces = list(Area.objects.valid_on(year.end).level(Level.PROVINCE).order_by("code"))
    areas = [*([nation] if nation else []), *provinces]
    answers = answer_many(listed, areas=areas, periods=[year])
    rows: list[ReleasedFigure] = []
    by_rule: dict[tuple[str, int], int | None] = {}
    for indicator in listed:
        of = {area.pk: answers[Place(indicator.code, area.pk, year)] for area in areas}
        if indicator.code not in protected:
            rows += [_as_it_is(indicator, area, year, of[area.pk]) for area in areas]
            continue
        counts = {area.pk: published(count_of(of[area.pk])) for area in provinces}
        if nation is not None:
            spoken = [counts[area.pk] for area in provinces if _stands(of[area.pk], counts[area.pk])]
            counts[nation.pk] = published_total(count_of(of[nation.pk]), spoken)
        by_rule |= {(indicator.code, pk): count for pk, count in counts.items()}
        rows += [_by_rule(indicator.code, area, year, of[area.pk], counts[area.pk]) for area in areas]
    for code, (part, whole) in OPEN_SHARES.items():
        rows += [_share(code, area, year, by_rule, part, whole) for area in areas]
    return rows


def count_of(answer: Answer) -> Any:
    """The count of an answer, for the rule: the number named, zero for a confirmed nil, None where nothing is known."""
    return answer.figure.nominal if answer.figure is not None else None


def _stands(answer: Answer, count: int | None) -> bool:
    """Whether a province counts among the parts of the nation: all but those of which everybody knows nothing."""
    return count is not None or withheld_status(answer) is Status.SUPPRESSED


def withheld_status(answer: Answer) -> Status:
    """What is told of a figure that is withheld.

    It follows from how many units reported, never from the figure: else "missing" would say that there was none.
    """
    coverage = answer.cell.coverage
    return Status.MISSING if coverage is not None and coverage.reported == 0 else Status.SUPPRESSED


def _row(indicator: str, area: Area, year: Period, figure: Figure | None, status: Status) -> ReleasedFigure:
    stored = figure.as_json() if figure is not None else None
    return ReleasedFigure(
        indicator=indicator, area=area, period_code=year.code, figure=stored, status=status.value
    )


def _as_it_is(indicator: Indicator, area: Area, year: Period, answer: Answer) -> ReleasedFigure:
    row = _row(indicator.code, area, year, answer.figure, answer.status)
    row.is_protected = False
    return row


def _by_rule(code: str, area: Area, year: Period, answer: Answer, count: int | None) -> ReleasedFigure:
    if count is None:
        return _row(code, area, year, None, withheld_status(answer))
    return _row(code, area, year, Figure.about(count), Status.REPORTED)


def _share(
    code: str,
    area: Area,
    year: Period,
    counts: Mapping[tuple[str, int], int | None],
    part: str,
    whole: str,
) -> ReleasedFigure:
    percent = published_percent(counts.get((part, area.pk)), counts.get((whole, area.pk)))
    if percent is None:
        return _row(code, area, year, None, Status.SUPPRESSED)
    return _row(code, area, year, Figure.about(percent), Status.REPORTED)
