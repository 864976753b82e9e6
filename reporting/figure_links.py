"""Addresses of figures: where one is told in full, and where some are laid out as a free table."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.urls import reverse

from reporting.figures import MapBasis
from territory.models import Area
from territory.period import CutOff, Period


def figure_url(
    code: str,
    *,
    area: Area,
    period: Period,
    part: str = "",
    basis: MapBasis = MapBasis.THEN,
    agency: str = "",
    kind: str = "",
) -> str:
    """Where a figure of this indicator is told; what is as without it is left out of the address.

    ``agency`` and ``kind`` are codes: of one agency, or of a kind of agency, whose part is told.
    """
    query = {
        "indicator": code,
        **_told_at(area, period, part, basis),
        "agency": agency,
        "kind": kind,
    }
    return _address("figure_detail", query)


class FigureLinks:
    """The addresses of many figures on one map, as ``figure_url`` gives each: what they share is written once.

    ``agency`` is the code of the one whose part they tell.
    """

    def __init__(self, basis: MapBasis, *, agency: str = "") -> None:
        self._page, self._basis, self._agency = reverse("figure_detail"), basis, agency
        self._places: dict[tuple[int, str, CutOff, str], str] = {}

    def of(self, code: str, *, area: Area, period: Period, part: str = "") -> str:
        place = area.pk, period.code, period.rule, part
        found = self._places.get(place)
        if found is None:
            told = {**_told_at(area, period, part, self._basis), "agency": self._agency}
            found = self._places[place] = _query(told)
        return f"{self._page}?{_query({'indicator': code})}&{found}"


def _told_at(area: Area, period: Period, part: str, basis: MapBasis) -> dict[str, str]:
    return {
        "area": area.code,
        "period": period.code,
        "rule": CutOff.CALENDAR.value if period.rule is CutOff.CALENDAR else "",
        "part": part,
        "map": basis.value if basis is MapBasis.NOW else "",
    }


def explore_url(
    codes: Iterable[str],
    *,
    areas: Iterable[str],
    periods: Iterable[Period],
    basis: MapBasis = MapBasis.THEN,
    **laid_out: str,
) -> str:
    """Where these indicators are shown for areas, by their codes, and periods under one rule.

    ``laid_out`` are other parts of the address (``reporting.explore.look``).
    """
    asked = list(periods)
    is_calendar = any(each.rule is CutOff.CALENDAR for each in asked)
    query = {
        "indicator": ",".join(codes),
        "area": ",".join(areas),
        "period": ",".join(each.code for each in asked),
        "rule": CutOff.CALENDAR.value if is_calendar else "",
        "map": basis.value if basis is MapBasis.NOW else "",
        **laid_out,
    }
    return _address("explore", query)


def _address(page: str, query: dict[str, str]) -> str:
    return f"{reverse(page)}?{_query(query)}"


def _query(query: dict[str, str]) -> str:
    return urlencode({name: value for name, value in query.items() if value})
