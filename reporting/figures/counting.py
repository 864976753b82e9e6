"""Counting: tallies made of what records add up to and of what units said, as both are now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from reporting.figures.amounts import Spoken, Sums, amounts
from reporting.figures.asked import Asked, Cell, part_of, stock_measures
from reporting.figures.known import Known
from reporting.figures.tallies import NOTHING, Sent, Summed, Tally, Told
from reporting.figures.words import Hearing, Unit, Word, hear
from reporting.models import Indicator

#: A tally, and the units' own figures with how each counts.
Counted = tuple[Tally, tuple[Hearing, ...]]

_NOTHING_SENT = Sent()


class Counting:
    """The tallies of several questions. One query for what the records add up to; a second at times."""

    def __init__(self, asked: Sequence[Asked], known: Known, agencies: Sequence[int] | None) -> None:
        self._known = known
        self._amounts = amounts(asked, known, spoken=_spoken(asked, known.words), agencies=agencies)

    def told(self, cell: Cell) -> Told:
        return Told(
            self._known.sent.get(cell, _NOTHING_SENT),
            self._known.own_sums.get(cell, _NOTHING_SENT),
            {name: frozenset(records) for name, records in self._amounts.left_out.get(cell, {}).items()},
            cell in self._amounts.from_facts,
        )

    def tally(self, indicator: Indicator, cell: Cell, part: str) -> Counted:
        every = self._recorded(indicator, cell, part)
        words = self._known.words.get((cell, indicator.code, part))
        if words is None:
            return (Tally(every, every) if every else NOTHING), ()
        recorded = self._units_with_records(indicator, cell, part)
        heard = hear(words, recorded.__contains__)
        believed = None
        if heard.is_undecided:
            said = hear([replace(word, stands=True) for word in words], recorded.__contains__)
            believed = self._recorded(indicator, cell, part, said.units), said.total
        counted = self._recorded(indicator, cell, part, heard.units) if heard.units else every
        tally = Tally(every, counted, heard.total, heard.figures, frozenset(heard.days), believed)
        return tally, tuple(heard.hearings)

    def _units_with_records(self, indicator: Indicator, cell: Cell, part: str) -> set[Unit]:
        rule, wanted = indicator.rule, part_of(indicator, part)
        if "stock" not in rule:
            return self._amounts.flows_in(cell).units(rule.get("sum", ()), wanted)
        stocks = self._amounts.stocks_in(cell)
        bases = [rule["base"]] if "base" in rule else []
        return stocks.units(rule["stock"]["in"], wanted) | stocks.units(bases, part)

    def _recorded(
        self, indicator: Indicator, cell: Cell, part: str, without: Collection[Unit] = ()
    ) -> Summed:
        """What the records of an indicator add up to, without those of some units."""
        rule = indicator.rule
        wanted = part_of(indicator, part)
        if "stock" not in rule:
            return Summed((self._amounts.flows_in(cell).of(rule.get("sum", ()), wanted, without),))
        stocks: Sums = self._amounts.stocks_in(cell)
        bases = [rule["base"]] if "base" in rule else []
        return Summed(
            (
                stocks.of(rule["stock"]["in"], wanted, without),
                stocks.of(rule["stock"]["out"], wanted, without),
                stocks.of(bases, part, without),
            )
        )


def _spoken(questions: Sequence[Asked], words: Mapping[tuple[Cell, str, str], Sequence[Word]]) -> Spoken:
    """The units that reported what records may tell as well, and the measures these records are counted by."""
    measures = [
        {each.code: {*each.rule.get("sum", ()), *stock_measures(each)} for each in asked.indicators}
        for asked in questions
    ]
    units: dict[Cell, dict[Unit, None]] = {}
    told: dict[Cell, set[str]] = {}
    for (cell, code, _part), said in words.items():
        counted = measures[cell.question][code]
        if counted:
            units.setdefault(cell, {}).update(dict.fromkeys(word.unit for word in said))
            told.setdefault(cell, set()).update(counted)
    return Spoken({cell: list(found) for cell, found in units.items()}, told)
