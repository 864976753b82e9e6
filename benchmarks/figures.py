"""What is measured of figures: statistics, the dashboard's data and page, a free table, a consolidation."""

import json
import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

from accounts.models import Role
from benchmarks.paths import PERIODS, Path, World, _rows
from benchmarks.portal import Answer
from reporting.dashboard.answers import REACH
from reporting.models import Indicator
from territory.models import Area, Level
from territory.period import parse_period

#: Indicators of the statistics and of the free table.
INDICATORS = 10


def _linked(answer: Answer) -> Any:
    """The numbers of a page that lead to what they are made of, by indicator, area and period; zeros left out."""
    found = set()
    for address, text in re.findall(r'href="/figures/([^"]+)">([^<]+)</a>', answer.text):
        asked = parse_qs(urlsplit(unescape(address)).query)
        number = re.search(r"[0-9][0-9.,]*", text)  # "over 1,430" sums what is known for certain
        counted = int(re.sub(r"[.,]", "", number[0])) if number else 0
        if counted and not {"part", "agency"} & set(asked):
            found.add((*(asked[name][0] for name in ("indicator", "area", "period")), counted))
    return found


def _summed(answer: Answer) -> Any:
    return {(code, place, name, low) for code, place, name, low in _rows(answer) if low}


def _told(answer: Answer) -> Any:
    return {
        (each["indicator"], each["area"]["code"], each["period"], int(each["value"]))
        for each in json.loads(answer.body)["data"]
        if each["value"]
    }


def _data(answer: Answer) -> Any:
    return {tuple(each) for each in json.loads(answer.body)["figures"] if each[-1]}


def _counted(answer: Answer) -> Any:
    """How many units owe, reported, and of these confirmed nil, as a consolidation says it."""
    told = re.search(r"<p><strong>([^<]+)</strong>", answer.text)
    return sorted(int(number) for number in re.findall(r"[0-9]+", told[1])) if told else None


class Figures(World):
    """The figures of the province for who coordinates it, and those of the nation."""

    def paths(self) -> list[Path]:
        return [*super().paths(), *self._statistics(), *self._dashboards(), *self._consolidations()]

    def _sums(self, codes: tuple[str, ...] = ()) -> list[tuple[str, str]]:
        """The indicators that are one measure of activities, so that one statement sums them, each with it."""
        rules = Indicator.objects.valid_on(parse_period(PERIODS[-1]).end).order_by("order", "code")
        return [
            (each.code, each.rule["sum"][0])
            for each in rules
            if list(each.rule) == ["sum"] and len(each.rule["sum"]) == 1 and each.over_periods == "sum"
            if each.rule["sum"][0].startswith("activity.") and (not codes or each.code in codes)
        ]

    def _asked(self, sums: list[tuple[str, str]]) -> dict[str, Any]:
        periods = [parse_period(code) for code in PERIODS]
        return {
            "indicators": [code for code, _ in sums],
            "measures": [measure for _, measure in sums],
            "names": list(PERIODS),
            "firsts": [period.start for period in periods],
            "lasts": [period.end for period in periods],
        }

    def _statistics(self) -> list[Path]:
        reader = self.browser(Role.COORDINATOR)
        sums = self._sums()[:INDICATORS]
        assert len(sums) == INDICATORS
        asked: dict[str, Any] = {
            "indicator": ",".join(code for code, _ in sums),
            "area": "62",
            "level": "district",
            "period": ",".join(PERIODS),
        }
        floor = self._floor("statistics", **self._asked(sums))
        return [
            Path(
                "statistics API, 10 indicators x districts x 2 periods",
                self._get(reader, "/api/v1/statistics/", **asked),
                floor,
                _told,
                _summed,
                goal=2.0,
                most=5,
            ),
            Path(
                "explore, 10 indicators x districts x 2 periods",
                self._get(reader, "/explore/", **asked),
                floor,
                _linked,
                _summed,
                times=5,
            ),
        ]

    def _dashboards(self) -> list[Path]:
        reader, of_nation = self.browser(Role.COORDINATOR), self.browser(Role.COORDINATOR, "VN")
        nation = Area.objects.get(level=Level.NATION)
        sums = self._sums(REACH)
        codes = {code for code, _ in sums}
        asked = {"period": PERIODS[-1]}
        floors = {
            area.code: self._floor("dashboard", **{**self._asked(sums), "province": area.pk})
            for area in (self.province, nation)
        }

        def shown(answer: Answer) -> Any:
            return {each for each in _linked(answer) if each[0] in codes and each[1] in floors}

        def data(answer: Answer) -> Any:
            return {each for each in _data(answer) if each[0] in codes and each[2] in PERIODS}

        def page_of(code: str) -> Any:
            return lambda answer: {each for each in shown(answer) if each[1] == code and each[2] in PERIODS}

        address, given = "/measured/dashboard/", {"area": "62", **asked}
        return [
            Path(
                "dashboard data of a province",
                self._get(reader, address, **given),
                *(floors["62"], data, _summed),
                goal=1.0,
                most=5,
            ),
            Path(
                "dashboard page of a province",
                self._get(reader, "/dashboard/", **given),
                *(floors["62"], page_of("62"), _summed),
                goal=12.0,
                most=8,
                times=5,
            ),
            Path(
                "dashboard data of the nation",
                self._get(of_nation, address, **asked),
                *(floors["VN"], data, _summed),
                times=1,
                warm_up=1,
            ),
            Path(
                "dashboard page of the nation",
                self._get(of_nation, "/dashboard/", **asked),
                *(floors["VN"], page_of("VN"), _summed),
                times=1,
                warm_up=1,
            ),
        ]

    def _consolidations(self) -> list[Path]:
        period = PERIODS[-1]
        asked = {"form": "six_month", "period": period, "area": self.province.pk}
        return [
            Path(
                "consolidation of a province",
                self._get(self.browser(Role.COORDINATOR), "/consolidation/", **asked),
                self._floor("owed", period=period),
                _counted,
                lambda answer: sorted(_rows(answer)[0]),
                times=3,
                warm_up=1,
            )
        ]
