"""What tallies are kept of: a sheet of indicators and parts, filled in for a ground and a period."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Hashable, Sequence
from functools import cached_property
from typing import Any

from reporting.figures.asked import Asked, Cell
from reporting.figures.counting import Counted, Counting
from reporting.figures.grounds import Ground, itself
from reporting.figures.tallies import (
    NOTHING,
    Tally,
    Told,
    tally_as_json,
    tally_of_json,
    told_as_json,
    told_of_json,
)
from reporting.models import Indicator

#: To be raised when the same records and words are to be tallied in another way: nothing kept before is read then.
_WAY_OF_TALLYING = 1


class Sheet:
    """Indicators and parts, each tallied. Two are the same sheet when they tally alike, whatever else they say."""

    def __init__(self, indicators: Sequence[Indicator], parts: Sequence[str]) -> None:
        lines: dict[Hashable, Indicator] = {}
        for each in indicators:
            lines.setdefault((each.code, repr(each.rule), each.over_periods), each)
        self.indicators = list(lines.values())
        self.parts = list(dict.fromkeys(parts))
        numbers = {key: number for number, key in enumerate(lines)}
        self._lines = {
            _key(each): numbers[each.code, repr(each.rule), each.over_periods] for each in indicators
        }
        self._columns = {part: number for number, part in enumerate(self.parts)}

    @cached_property
    def asked(self) -> dict[str, Any]:
        """All that tells how the sheet is filled in, as JSON."""
        lines = [[each.code, each.rule, each.over_periods] for each in self.indicators]
        return {"way": _WAY_OF_TALLYING, "indicators": lines, "parts": self.parts}

    @cached_property
    def name(self) -> str:
        return hashlib.sha256(json.dumps(self.asked, sort_keys=True).encode()).hexdigest()

    @staticmethod
    def of(asked: dict[str, Any]) -> Sheet | None:
        """The sheet that was asked for; None if it was tallied in another way."""
        if asked["way"] != _WAY_OF_TALLYING:
            return None
        lines = [
            Indicator(code=code, rule=rule, over_periods=over) for code, rule, over in asked["indicators"]
        ]
        return Sheet(lines, asked["parts"])

    def place(self, indicator: Indicator, part: str) -> tuple[int, int]:
        """The line and the column of an indicator and a part."""
        return self._lines[_key(indicator)], self._columns[part]

    def counted(self, counting: Counting, cell: Cell) -> Filled:
        """The sheet filled in by what was counted."""
        told, measures = counting.told(cell), {name for each in self.indicators for name in _flows(each)}
        left_out = {name: records for name, records in told.left_out.items() if name in measures}
        rows = [[counting.tally(each, cell, part)[0] for part in self.parts] for each in self.indicators]
        return Filled(self, Told(told.sent, told.own_sum, left_out, told.from_facts), rows)


class Filling(ABC):
    """A sheet filled in for a ground and a period, in one way or another."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    @property
    @abstractmethod
    def told(self) -> Told:
        """What is the same for all indicators."""

    @abstractmethod
    def at(self, line: int, column: int) -> Tally:
        """The tally of an indicator and a part, by where they stand on the sheet."""

    def tally(self, indicator: Indicator, part: str) -> Tally:
        return self.at(*self.sheet.place(indicator, part))


class Filled(Filling):
    """A sheet filled in by what was counted."""

    def __init__(self, sheet: Sheet, told: Told, rows: list[list[Tally]]) -> None:
        super().__init__(sheet)
        self._told, self._rows = told, rows

    @property
    def told(self) -> Told:
        return self._told

    def at(self, line: int, column: int) -> Tally:
        return self._rows[line][column]

    def as_json(self) -> list[Any]:
        rows = [_shortened([tally_as_json(each) for each in row]) for row in self._rows]
        return [told_as_json(self._told), _shortened(rows)]


class Kept(Filling):
    """A sheet that was filled in and kept; of it only that is read which somebody looks at."""

    def __init__(self, sheet: Sheet, written: Sequence[Any]) -> None:
        super().__init__(sheet)
        self._written = written

    @property
    def told(self) -> Told:
        return told_of_json(self._written[0])

    def at(self, line: int, column: int) -> Tally:
        rows = self._written[1]
        if line >= len(rows) or column >= len(rows[line]) or not rows[line][column]:
            return NOTHING
        return tally_of_json(rows[line][column])


class Waiting(Filling):
    """A sheet that is not kept, because marks wait: counted where somebody looks at it."""

    def __init__(self, sheet: Sheet, counting: Counting, cell: Cell) -> None:
        super().__init__(sheet)
        self._counting, self._cell = counting, cell

    @property
    def told(self) -> Told:
        return self._counting.told(self._cell)

    def at(self, line: int, column: int) -> Tally:
        return self._counting.tally(self.sheet.indicators[line], self._cell, self.sheet.parts[column])[0]


class Sheets:
    """The sheets of all cells of some questions: what answers are put together from."""

    def __init__(self, by_cell: dict[Cell, Filling]) -> None:
        self._by_cell = by_cell

    def told(self, cell: Cell) -> Told:
        return self._by_cell[cell].told

    def tally(self, indicator: Indicator, cell: Cell, part: str) -> Counted:
        return self._by_cell[cell].tally(indicator, part), ()


def ground_key(ground: Ground) -> str:
    """What tells the areas a ground is made of; empty for an area that is its own ground."""
    if ground.members == (itself(ground.area),):
        return ""
    told = sorted((member.area, member.is_whole) for member in ground.members)
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def sheet_of(asked: Asked) -> Sheet:
    return Sheet(asked.indicators, list(asked.parts))


def _key(indicator: Indicator) -> Hashable:
    """What tells an indicator from others of a question; one that is not in the catalogue sums measures for another."""
    return indicator.pk or (indicator.code, repr(indicator.rule))


def _flows(indicator: Indicator) -> Sequence[str]:
    measures: Sequence[str] = indicator.rule.get("sum", ())
    return measures


def _shortened(rows: list[Any]) -> list[Any]:
    """Without what is empty at the end."""
    while rows and not rows[-1]:
        rows.pop()
    return rows
