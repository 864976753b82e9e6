"""What a report under construction knows: its area and period, the answers, the figures already cited."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from reporting.figures import Answer, answer, records_of
from reporting.models import Indicator
from territory.figure import Status, print_figure_vi, print_status_vi
from territory.models import Area
from territory.period import Period, print_date_vi, print_period_vi

#: How many records a figure of the snapshot names; beyond that only their number is kept.
RECORDS_NAMED = 500

#: Printed for a figure that no unit was asked to report and no record tells.
NOBODY_ASKED = "chưa có số liệu"

_PLACE = re.compile(r"\{(\w+)\}")


@dataclass
class Building:
    """One report under construction."""

    area: Area
    period: Period
    figures: dict[str, dict[str, Any]] = field(default_factory=dict)

    @cached_property
    def indicators(self) -> list[Indicator]:
        """The indicators valid at the end of the period, in their order."""
        return list(Indicator.objects.valid_on(self.period.end))

    @cached_property
    def answers(self) -> dict[str, Answer]:
        return answer(self.indicators, area=self.area, period=self.period)

    @cached_property
    def before(self) -> dict[str, Answer]:
        """The answers for the same period of the year before."""
        return answer(self.indicators, area=self.area, period=self.period.same_period_last_year())

    @property
    def area_printed(self) -> str:
        """The area's name inside a sentence: "tỉnh Kon Tum"."""
        return self.area.name[:1].lower() + self.area.name[1:]

    def fill(self, text: str) -> str:
        """Put the period, its days and the area into a text of the layout."""
        days = f"từ ngày {print_date_vi(self.period.start)} đến ngày {print_date_vi(self.period.end)}"
        return text.format(period=print_period_vi(self.period), area=self.area_printed, days=days)

    def cite(self, found: Answer) -> str:
        """Keep a figure in the snapshot with its provenance, and return its id. The same figure is kept once."""
        key = f"{found.indicator.code}.{found.period.code}"
        if key not in self.figures:
            self.figures[key] = self._figure(found)
        return key

    def sentence(self, text: str) -> dict[str, Any]:
        """A paragraph with every ``{code}`` printed, and the figures it rests on."""
        cited: list[str] = []

        def put(match: re.Match[str]) -> str:
            found = self.answers[match[1]]
            cited.append(self.cite(found))
            return self.printed(found)

        return {"text": _PLACE.sub(put, text), "figures": cited}

    @staticmethod
    def printed(found: Answer, *, with_unit: bool = True) -> str:
        """An answer as a report writes it: the figure, or why there is none."""
        indicator = found.indicator
        if found.status is Status.REPORTED and found.figure is not None:
            return print_figure_vi(found.figure, unit=indicator.unit if with_unit else None)
        if found.status is Status.MISSING and found.cell.coverage is None:
            return NOBODY_ASKED
        return print_status_vi(found.status, indicator.nil_text or "chưa phát hiện")

    def _figure(self, found: Answer) -> dict[str, Any]:
        figure, coverage = found.figure, found.cell.coverage
        records: list[str] = []
        if found.source == "records" and found.records:
            records = records_of(found.indicator, area=self.area, period=found.period)[:RECORDS_NAMED]
        return {
            "indicator": found.indicator.code,
            "name": found.indicator.name,
            "unit": found.indicator.unit,
            "area": self.area.code,
            "period": found.period.code,
            "by": {},
            "status": found.status.value,
            "qualifier": figure.qualifier.value if figure else None,
            "low": None if figure is None or figure.low is None else str(figure.low),
            "high": None if figure is None or figure.high is None else str(figure.high),
            "words": figure.words if figure else None,
            "printed": self.printed(found),
            "coverage": (
                {"expected": coverage.expected, "reported": coverage.reported, "nil": coverage.nil}
                if coverage
                else None
            ),
            "source": found.source or None,
            "records": records,
        }
