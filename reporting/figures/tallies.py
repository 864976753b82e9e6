"""Tallies: what an answer is made of, before anything is rounded, judged or named.

A tally holds the sums of records and of units' figures for one indicator in one place, period and part. Tallies of
grounds that do not overlap add up, in any order and any grouping, so a nation's is the sum of its provinces'. They
name no unit and can be written down as JSON.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from reporting.figures.words import Days
from territory.figure import Coverage, Figure, Total
from territory.figure.value import SMALLEST_STEP, WIDE

_EMPTY = Total.empty()
_NIL = Total.of(Figure.exact(0))


@dataclass(frozen=True)
class Summed:
    """What records add up to: of a flow its one sum; of a stock what came in, went out, and who could have.

    Each sum is a total with the number of records behind it.
    """

    sums: tuple[tuple[Total, int], ...] = ()

    def __add__(self, other: Summed) -> Summed:
        if not (self.sums and other.sums):
            return self if self.sums else other
        return Summed(
            tuple(
                (one + another, count + more)
                for (one, count), (another, more) in zip(self.sums, other.sums, strict=True)
            )
        )

    def __bool__(self) -> bool:
        return any(total.parts for total, _ in self.sums)

    def made(self, rule: Mapping[str, Any]) -> tuple[Total, int]:
        """What the sums make of an indicator by its rule, and of how many records."""
        if not self.sums:
            return _EMPTY, 0
        if "stock" not in rule:
            total, records = self.sums[0]
            return _in_units(total, rule.get("per", 1)), records
        (into, came), (out, went), (base, could) = self.sums
        if into.parts:
            return Total.of(Figure.exact(into.low - out.low)), came - went
        # Nobody of this part came in: none where somebody could have, unknown where nobody could.
        return (_NIL, could) if base.parts else (_EMPTY, 0)


_NO_RECORDS = Summed()


@dataclass(frozen=True)
class Tally:
    """``recorded`` is what all records say, ``counted`` the same without those of units whose own figures count.

    ``heard`` is the total of the units' own figures that count, ``figures`` their number and ``days`` what they speak
    for. ``believed`` is there where somebody still has to decide: what would be counted and heard if every unit were
    believed.
    """

    recorded: Summed = _NO_RECORDS
    counted: Summed = _NO_RECORDS
    heard: Total = _EMPTY
    figures: int = 0
    days: frozenset[Days] = frozenset()
    believed: tuple[Summed, Total] | None = None

    def __add__(self, other: Tally) -> Tally:
        if other is NOTHING or self is NOTHING:
            return self if other is NOTHING else other
        believed = None
        if self.believed or other.believed:
            (one, heard), (another, more) = (
                each.believed or (each.counted, each.heard) for each in (self, other)
            )
            believed = one + another, heard + more
        is_as_recorded = self.counted is self.recorded and other.counted is other.recorded
        recorded = self.recorded + other.recorded
        return Tally(
            recorded,
            recorded if is_as_recorded else self.counted + other.counted,
            self.heard + other.heard if other.heard.parts else self.heard,
            self.figures + other.figures,
            self.days | other.days,
            believed,
        )


NOTHING = Tally()


@dataclass(frozen=True)
class Sent:
    """How far the reports of a ground came in for a period: coverage, the first day on which one is due, how many said
    nil, and the days confirmed as nil."""

    coverage: Coverage | None = None
    first_due: dt.date | None = None
    nils: int = 0
    nil_days: frozenset[Days] = frozenset()

    def __add__(self, other: Sent) -> Sent:
        if self.coverage is None or other.coverage is None:
            return other if self.coverage is None else self
        dues = [each.first_due for each in (self, other) if each.first_due is not None]
        return Sent(
            self.coverage + other.coverage,
            min(dues, default=None),
            self.nils + other.nils,
            self.nil_days | other.nil_days,
        )

    @property
    def is_due(self) -> bool:
        """Whether any of the reports is due. Where nobody owes one, nobody can wait for it either."""
        return self.first_due is None or self.first_due <= dt.date.today()


@dataclass(frozen=True)
class Told:
    """What is the same for all indicators of a ground in a period.

    ``own_sum`` is what the standing agency owes for the ground as a whole: it adds up what the units said, so it counts
    only in what the ground is part of. ``left_out`` are, by measure, the records that reach into the period without
    lying in it; ``from_facts`` tells that the facts alone answered.
    """

    sent: Sent = field(default_factory=Sent)
    own_sum: Sent = field(default_factory=Sent)
    left_out: Mapping[str, frozenset[str]] = field(default_factory=dict)
    from_facts: bool = True

    def within(self, other: Told) -> Told:
        """What a ground is told of that this lies in, beside what is known of its other parts."""
        left_out = dict(other.left_out)
        for measure, records in self.left_out.items():
            left_out[measure] = left_out.get(measure, frozenset()) | records
        return replace(
            other,
            sent=other.sent + self.sent + self.own_sum,
            left_out=left_out,
            from_facts=other.from_facts and self.from_facts,
        )


def _in_units(total: Total, per: int) -> Total:
    """A total of records in the units of the indicator, to three decimal places."""
    if per == 1 or not total.parts:
        return total

    def scaled(value: Decimal) -> Decimal:
        return (value / per).quantize(SMALLEST_STEP, rounding=ROUND_HALF_UP, context=WIDE)

    return replace(total, low=scaled(total.low), high=scaled(total.high), nominal=scaled(total.nominal))


# --- as JSON


def tally_as_json(tally: Tally) -> list[Any]:
    """A tally as a list, without what is as in most: the end of it is left off."""
    written = [
        _summed_as_json(tally.recorded),
        None if _is_alike(tally.counted, tally.recorded) else _summed_as_json(tally.counted),
        _total_as_json(tally.heard) if tally.heard.parts else None,
        tally.figures,
        _days_as_json(tally.days),
        [_summed_as_json(tally.believed[0]), _total_as_json(tally.believed[1])] if tally.believed else None,
    ]
    while written and not written[-1]:
        written.pop()
    return written


def tally_of_json(written: Sequence[Any]) -> Tally:
    whole: list[Any] = [*written, *[None] * (6 - len(written))]
    recorded, counted, heard, figures, days, believed = whole
    summed = _summed_of_json(recorded or ())
    return Tally(
        summed,
        summed if counted is None else _summed_of_json(counted),
        _total_of_json(heard) if heard else _EMPTY,
        figures or 0,
        _days_of_json(days or ()),
        (_summed_of_json(believed[0]), _total_of_json(believed[1])) if believed else None,
    )


def _is_alike(one: Summed, other: Summed) -> bool:
    return one is other or one == other or not (one or other)


def told_as_json(told: Told) -> list[Any]:
    left_out = {measure: sorted(records) for measure, records in sorted(told.left_out.items())}
    return [_sent_as_json(told.sent), _sent_as_json(told.own_sum), left_out, told.from_facts]


def told_of_json(written: Sequence[Any]) -> Told:
    sent, own_sum, left_out, from_facts = written
    records = {measure: frozenset(names) for measure, names in left_out.items()}
    return Told(_sent_of_json(sent), _sent_of_json(own_sum), records, from_facts)


def _sent_as_json(sent: Sent) -> list[Any] | None:
    if sent.coverage is None:
        return None
    known = sent.coverage
    due = sent.first_due.isoformat() if sent.first_due else None
    return [known.expected, known.reported, known.nil, due, sent.nils, _days_as_json(sent.nil_days)]


def _sent_of_json(written: Sequence[Any] | None) -> Sent:
    if written is None:
        return Sent()
    expected, reported, nil, due, nils, days = written
    first_due = dt.date.fromisoformat(due) if due else None
    return Sent(Coverage(expected, reported, nil), first_due, nils, _days_of_json(days))


def _summed_as_json(summed: Summed) -> list[Any]:
    if not summed:
        return []
    return [[*_total_as_json(total), records] if total.parts else [] for total, records in summed.sums]


def _summed_of_json(written: Sequence[Any]) -> Summed:
    if not written:
        return _NO_RECORDS
    return Summed(tuple((_total_of_json(each[:-1]), each[-1]) if each else (_EMPTY, 0) for each in written))


def _total_as_json(total: Total) -> list[Any]:
    """An exact total of whole numbers as its number and parts; else all of its columns, numbers as text."""
    if not total.flags and total.low == total.low.to_integral_value():
        return [int(total.low), total.parts]
    numbers = [str(total.low), str(total.high), str(total.nominal)]
    return [*numbers, int(total.flags), total.words, total.parts]


def _total_of_json(written: Sequence[Any]) -> Total:
    if len(written) == 2:
        return _exact(*written)
    low, high, nominal, flags, words, parts = written
    return Total.from_columns(
        low=Decimal(low), high=Decimal(high), nominal=Decimal(nominal), flags=flags, words=words, parts=parts
    )


@lru_cache(maxsize=8192)
def _exact(whole: int, parts: int) -> Total:
    number = Decimal(whole)
    return Total.from_columns(low=number, high=number, nominal=number, flags=0, words=None, parts=parts)


def _days_as_json(days: frozenset[Days]) -> list[list[str]]:
    return [[start.isoformat(), end.isoformat()] for start, end in sorted(days)]


def _days_of_json(written: Sequence[Any]) -> frozenset[Days]:
    return frozenset((dt.date.fromisoformat(start), dt.date.fromisoformat(end)) for start, end in written)
