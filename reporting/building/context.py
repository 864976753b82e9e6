"""What a report under construction knows: its area and period, the answers, the figures already cited."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from programs.models import Document, Pilot
from reporting.building.answers import Answers, is_silent
from reporting.building.wording import Wording
from reporting.figures import Answer, MapBasis, records_counted
from reporting.models import Indicator
from territory.figure import Status, print_figure_vi, print_status_vi
from territory.models import Area
from territory.period import Period

#: How many records a figure of the snapshot names; beyond that only their number is kept.
RECORDS_NAMED = 500

#: Printed for a figure that no unit was asked to report and no record tells.
NOBODY_ASKED = "chưa có số liệu"


@dataclass
class Building:
    """One report under construction. ``pilot`` and ``document`` say what it is about where it is about one."""

    area: Area
    period: Period
    basis: MapBasis = MapBasis.THEN
    pilot: Pilot | None = None
    document: Document | None = None
    figures: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: How many tables, charts and annexes there are so far, by the word they are numbered with.
    numbered: dict[str, int] = field(default_factory=dict)

    @cached_property
    def indicators(self) -> list[Indicator]:
        """The indicators valid at the end of the period, in their order."""
        return list(Indicator.objects.valid_on(self.period.end))

    @cached_property
    def by_code(self) -> dict[str, Indicator]:
        return {indicator.code: indicator for indicator in self.indicators}

    @cached_property
    def known(self) -> Answers:
        return Answers(self.indicators, self.area, self.period, self.basis)

    @property
    def answers(self) -> dict[str, Answer]:
        return self.known.now

    @property
    def before(self) -> dict[str, Answer]:
        """The answers for the same period of the year before."""
        return self.known.before

    @cached_property
    def wording(self) -> Wording:
        return Wording(self)

    def fill(self, text: str) -> str:
        """Put what is known of the report (its period, days, area ...) into a text of the layout."""
        return str(self.wording.sentence(text)["text"])

    def sentence(self, text: str) -> dict[str, Any]:
        """A paragraph with every ``{place}`` printed, and the figures it rests on."""
        return self.wording.sentence(text)

    def next_number(self, word: str) -> int:
        """The next number of a table ("Bảng"), chart or annex. What is left out takes none."""
        self.numbered[word] = self.numbered.get(word, 0) + 1
        return self.numbered[word]

    def chosen(self, block: dict[str, Any]) -> list[Indicator]:
        """The indicators a block names by their codes, or all of its sections."""
        if block.get("codes"):
            return [self.by_code[code] for code in block["codes"] if code in self.by_code]
        sections = block.get("sections", ())
        return [indicator for indicator in self.indicators if indicator.section in sections]

    def cite(self, found: Answer, *, with_records: bool = True) -> str:
        """Keep a figure in the snapshot with its provenance, and return its id. The same figure is kept once."""
        key = f"{found.indicator.code}.{found.period.code}"
        if found.area.pk != self.area.pk:
            key += f".{found.area.code}"
        if key not in self.figures:
            self.figures[key] = self._figure(found, with_records)
        return key

    def cite_all(self, answers: Sequence[Answer]) -> None:
        """Keep the figures of a table by unit or year that say something, without naming their records."""
        for found in answers:
            if not is_silent(found):
                self.cite(found, with_records=False)

    @staticmethod
    def printed(found: Answer, *, with_unit: bool = True) -> str:
        """An answer as a report writes it: the figure, or why there is none."""
        indicator = found.indicator
        if found.status is Status.REPORTED and found.figure is not None:
            return print_figure_vi(found.figure, unit=indicator.unit if with_unit else None)
        if found.status is Status.MISSING and found.cell.coverage is None:
            return NOBODY_ASKED
        return print_status_vi(found.status, indicator.nil_text or "chưa phát hiện")

    def _figure(self, found: Answer, with_records: bool) -> dict[str, Any]:
        figure, coverage = found.figure, found.cell.coverage
        records: list[str] = []
        if with_records and found.source in ("records", "both") and found.records:
            records = records_counted(found, basis=self.basis)[:RECORDS_NAMED]
        return {
            "indicator": found.indicator.code,
            "name": found.indicator.name,
            "unit": found.indicator.unit,
            "area": found.area.code,
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
