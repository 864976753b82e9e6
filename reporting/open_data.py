"""What is published for everybody: the figures of the current release, by indicator, year and province."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from reporting.models import Indicator, ReleasedFigure, StatisticsRelease
from reporting.statistics.answering import number
from territory.figure import Figure, Status
from territory.models import Area, Level
from territory.period import parse_period

COLUMNS = (
    *(
        "release",
        "indicator",
        "indicator_name",
        "unit",
        "area",
        "area_level",
        "area_name",
        "year",
        "first_day",
    ),
    *("last_day", "value", "low", "high", "qualifier", "status", "by_disclosure_rule", "licence"),
)
#: Years side by side on the page.
YEARS_SHOWN = 5
_PIECE = 1_000


@dataclass(frozen=True)
class Published:
    """One published figure: what is shown of it, or why nothing is."""

    figure: Figure | None
    status: Status
    is_by_rule: bool

    @classmethod
    def of(cls, row: ReleasedFigure) -> "Published":
        figure = Figure.from_json(row.figure) if row.figure else None
        return cls(figure, Status(row.status), row.is_protected)


@dataclass(frozen=True)
class OpenTable:
    """One indicator by area and year. The nation comes first, then its provinces in alphabetical order."""

    indicator: Indicator
    years: list[str]
    rows: list[tuple[Area, list[Published | None]]]


def released_indicators(release: StatisticsRelease) -> list[Indicator]:
    """The indicators of a release as they are worded last, in the order of reports. Two queries."""
    codes = set(ReleasedFigure.objects.filter(release=release).values_list("indicator", flat=True).distinct())
    rows = Indicator.objects.filter(code__in=codes).order_by("section", "order", "code", "valid_from")
    return list({row.code: row for row in rows}.values())


def open_table(release: StatisticsRelease, indicator: Indicator) -> OpenTable:
    """The latest years of one indicator. One query."""
    found = ReleasedFigure.objects.filter(release=release, indicator=indicator.code).select_related("area")
    figures = list(found.order_by("area__sort_key", "area_id"))
    years = sorted({row.period_code for row in figures}, reverse=True)[:YEARS_SHOWN]
    by_area: dict[int, tuple[Area, dict[str, Published]]] = {}
    for row in figures:
        by_area.setdefault(row.area_id, (row.area, {}))[1][row.period_code] = Published.of(row)
    areas = sorted(by_area.values(), key=lambda each: each[0].level != Level.NATION)
    rows = [
        (area, [told.get(year) for year in years])
        for area, told in areas
        if any(year in told for year in years)
    ]
    return OpenTable(indicator, years, rows)


def released_rows(release: StatisticsRelease) -> Iterator[dict[str, Any]]:
    """Every figure of a release, one after another. Two queries, read as they are sent."""
    names = {each.code: each for each in released_indicators(release)}
    is_english = get_language() == "en"
    found = ReleasedFigure.objects.filter(release=release).select_related("area")
    for row in found.order_by("indicator", "period_code", "area_id").iterator(chunk_size=_PIECE):
        told_by, figure = names[row.indicator], Figure.from_json(row.figure) if row.figure else None
        year = parse_period(row.period_code)
        yield {
            "release": release.quarter,
            "indicator": row.indicator,
            "indicator_name": told_by.name_en if is_english else told_by.name,
            "unit": told_by.unit_en if is_english else told_by.unit,
            "area": row.area.code,
            "area_level": row.area.level,
            "area_name": row.area.name,
            "year": row.period_code,
            "first_day": year.start.isoformat(),
            "last_day": year.end.isoformat(),
            "value": number(figure.nominal) if figure else None,
            "low": number(figure.low) if figure else None,
            "high": number(figure.high) if figure else None,
            "qualifier": figure.qualifier.value if figure else None,
            "status": row.status,
            "by_disclosure_rule": row.is_protected,
        }


def as_csv(release: StatisticsRelease) -> Iterator[str]:
    """The release as CSV, with a mark of order so that Excel reads the letters; in pieces."""
    yield "\ufeff"
    buffer = StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for at, row in enumerate(released_rows(release)):
        writer.writerow({**row, "licence": settings.OPEN_DATA_LICENCE})
        if at % _PIECE == _PIECE - 1:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()
