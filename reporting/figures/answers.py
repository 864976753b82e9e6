"""Answers: what is known of indicators in areas and periods, put together from records and from what units said."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from accounts.together import Statement, read_together
from reporting.figures.asked import Asked, Cell, Whose, agencies_of
from reporting.figures.counting import Counted, Counting
from reporting.figures.grounds import Ground, MapBasis, grounds_of
from reporting.figures.keeping import Keeping
from reporting.figures.known import known_first, known_of
from reporting.figures.looking import Look, Looking, told_apart
from reporting.figures.ratio import percent, share, span_of
from reporting.figures.remembering import Memory, all_of
from reporting.figures.reports import missing_in
from reporting.figures.tallies import Tally, Told
from reporting.figures.words import Hearing
from reporting.models import Indicator
from territory.figure import Cell as FigureCell
from territory.figure import Figure, Status
from territory.models import Area
from territory.period import Period

_NOTHING: frozenset[str] = frozenset()
_NIL = Figure.exact(0)


@dataclass(frozen=True)
class Answer:
    """What is known of one indicator in one area and period.

    ``source`` says where the figure is from ("records", "submissions" or "both"), ``records`` how many stand behind
    it. ``recorded`` is what all records say, also those of units whose report stands in their place; ``hearings``
    are the units' own figures and how each counts. ``also_reported`` is what the sum would be if the units were
    believed where nobody decided yet between them and their records.
    ``left_out`` names the records gathered over a longer time that reach into the period: they belong to no part
    of it. ``missing_periods`` are the years of a phase, or halves of a year, that no unit's figure speaks for.
    ``is_estimated`` tells that a unit was divided and its figures were given to one of its successors as a whole.
    ``made_of`` are the two answers of a percentage.
    """

    indicator: Indicator
    area: Area
    period: Period
    cell: FigureCell
    source: str = ""
    records: int = 0
    recorded: Figure | None = None
    recorded_count: int = 0
    hearings: tuple[Hearing, ...] = ()
    also_reported: Figure | None = None
    from_facts: bool = False
    left_out: frozenset[str] = frozenset()
    part: str = ""
    missing_periods: tuple[Period, ...] = ()
    is_estimated: bool = False
    made_of: tuple[Answer, ...] = ()

    @property
    def figure(self) -> Figure | None:
        return self.cell.figure

    @property
    def status(self) -> Status:
        return self.cell.status

    @property
    def of_records(self) -> Answer | None:
        """What the records alone say; None where they say nothing."""
        if self.source == "records":
            return self
        if self.recorded is None:
            return None
        cell = FigureCell(Status.REPORTED, self.recorded, self.cell.coverage)
        return replace(self, cell=cell, source="records", records=self.recorded_count, hearings=())


class Place(NamedTuple):
    """Where an answer stands among many: code of the indicator, key of the area, period, part."""

    indicator: str
    area: int
    period: Period
    part: str = ""


@dataclass(frozen=True)
class Question:
    """Indicators in areas, periods and parts: every combination is asked for."""

    indicators: Sequence[Indicator]
    areas: Sequence[Area]
    periods: Sequence[Period]
    parts: Sequence[str] = ("",)

    @property
    def is_one(self) -> bool:
        return bool(self.indicators and self.areas and self.periods)

    @property
    def size(self) -> int:
        """How many figures are asked for."""
        return len(self.indicators) * len(self.areas) * len(self.periods) * len(self.parts)

    @property
    def places(self) -> Iterator[tuple[Place, Indicator, int, int]]:
        """Every combination, in the order asked, with its indicator and where area and period stand."""
        for indicator in self.indicators:
            for a, area in enumerate(self.areas):
                for p, period in enumerate(self.periods):
                    for part in self.parts:
                        yield Place(indicator.code, area.pk, period, part), indicator, a, p


def answer(
    indicators: Sequence[Indicator],
    *,
    area: Area,
    period: Period,
    part: str = "",
    agency: Whose = None,
    basis: MapBasis = MapBasis.THEN,
    keeps: bool = False,
    remembers: bool = False,
) -> dict[str, Answer]:
    """Answer for each indicator, by code, in an area and period. A handful of queries, however many are asked.

    ``part`` asks for one part of a breakdown ("women"); ``agency`` for the records and submissions of one agency, or
    of all agencies of a kind; ``keeps`` and ``remembers`` as `Asking` says.
    """
    found = answer_many(
        indicators,
        areas=[area],
        periods=[period],
        parts=[part],
        agency=agency,
        basis=basis,
        keeps=keeps,
        remembers=remembers,
    )
    return {place.indicator: each for place, each in found.items()}


def answer_many(
    indicators: Sequence[Indicator],
    *,
    areas: Sequence[Area],
    periods: Sequence[Period],
    parts: Sequence[str] = ("",),
    agency: Whose = None,
    basis: MapBasis = MapBasis.THEN,
    keeps: bool = False,
    remembers: bool = False,
) -> dict[Place, Answer]:
    """Answer for every indicator in every area, period and part, in the order asked.

    At most six queries, however many are asked; two where the indicators need no others, on the map of the time; one
    where the answers are kept or remembered (``keeps`` and ``remembers`` as `Asking` says). On today's map (``basis``)
    an area answers for all that became part of it. Raises nothing for an area that did not exist in a period: its
    answer is then missing.
    """
    grounds = {ground.area.pk: ground for ground in grounds_of(areas, basis)}
    question = Question(indicators, areas, periods, parts)
    if not question.is_one:
        return {}
    asking = Asking(
        [question], grounds=grounds, agencies=agencies_of(agency), keeps=keeps, remembers=remembers
    )
    (rows,) = read_together(asking.statement)
    return asking.answered(rows).all(0)


class _Sides:
    """The two sides of percentages: indicators of the catalogue, or sums of measures as if they were indicators."""

    def __init__(self, indicators: Iterable[Indicator], catalogue: Iterable[Indicator] | None) -> None:
        codes = _named_sides(indicators)
        if catalogue is None:
            catalogue = Indicator.objects.filter(code__in=codes) if codes else ()
        self._rows: dict[str, list[Indicator]] = {}
        for row in sorted(catalogue, key=lambda row: row.valid_from):
            if row.code in codes:
                self._rows.setdefault(row.code, []).append(row)

    def all(self, indicators: Iterable[Indicator]) -> list[Indicator]:
        """Every indicator that takes part, percentages aside."""
        plain = [indicator for indicator in indicators if not indicator.is_ratio]
        listed = [
            self._of_measures(indicator, name)
            for indicator in indicators
            for name, side in indicator.rule.get("ratio", {}).items()
            if not isinstance(side, str)
        ]
        named = [row for code in _named_sides(indicators) for row in self._rows.get(code, ())]
        return [*plain, *listed, *(row for row in named if not row.is_ratio)]

    def of(self, indicator: Indicator, name: str, period: Period) -> Indicator | None:
        """One side of a percentage as it was on the last day of the period, else as it is known first or last."""
        side = indicator.rule["ratio"][name]
        if not isinstance(side, str):
            return self._of_measures(indicator, name)
        rows = [row for row in self._rows.get(side, []) if not row.is_ratio]
        begun = [row for row in rows if row.valid_from <= period.end]
        return begun[-1] if begun else rows[0] if rows else None

    @staticmethod
    def _of_measures(indicator: Indicator, name: str) -> Indicator:
        return Indicator(
            code=f"{indicator.code}.{name}",
            name=indicator.name,
            name_en=indicator.name_en,
            section=indicator.section,
            about=indicator.about,
            rule={"sum": list(indicator.rule["ratio"][name])},
        )


def _named_sides(indicators: Iterable[Indicator]) -> list[str]:
    """The codes of the indicators that percentages are made of, each once."""
    sides = (side for each in indicators for side in each.rule.get("ratio", {}).values())
    return list(dict.fromkeys(side for side in sides if isinstance(side, str)))


#: Answers of all questions that a process remembers: some 1.5 kB each.
_MOST_REMEMBERED = 6_000


class Asking:
    """Several questions, each as ``answer_many`` asks one, that take no more queries than one of them.

    ``grounds`` are those of all their areas, by the area's key, ``agencies`` the keys of those whose part is asked for;
    ``catalogue``: all indicators of all times, where somebody read them already. The rows of ``statement``, which may
    be read together with other lists, give the answers. With ``keeps`` they are put together from what is kept, and
    what was not is kept from then on (`reporting.figures.keeping`); such answers name no unit's own figure. With
    ``remembers`` the process tells them again while nothing has changed (`reporting.figures.remembering`). Of single
    agencies nothing is kept or remembered.
    """

    def __init__(
        self,
        questions: Sequence[Question],
        *,
        grounds: Mapping[int, Ground],
        agencies: Sequence[int] | None = None,
        catalogue: Iterable[Indicator] | None = None,
        keeps: bool = False,
        remembers: bool = False,
    ) -> None:
        self.questions, self.agencies = questions, agencies
        every = [indicator for question in questions for indicator in question.indicators]
        self.sides = _Sides(every, catalogue)
        self.asked = [
            Asked(
                self.sides.all(question.indicators),
                [grounds[area.pk] for area in question.areas],
                question.periods,
                question.parts,
            )
            for question in questions
        ]
        self._keeping = Keeping(self.asked) if keeps and agencies is None else None
        self._remembers = remembers and agencies is None
        self._looking = Looking([ground for asked in self.asked for ground in asked.grounds])
        self._only_looks = self._is_remembered

    def again(self) -> Asking:
        """The same, to be asked once more."""
        asking = copy.copy(self)
        asking._only_looks = self._is_remembered
        return asking

    @property
    def _is_remembered(self) -> bool:
        return self._remembers and REMEMBERED.holds(self._key)

    @property
    def statement(self) -> Statement:
        """What must be known before anything is added up; or all that is kept; or whether anything has changed."""
        if self._only_looks:
            return self._looking.statement
        if self._keeping:
            return self._keeping.statement
        known = known_first(self.asked, self.agencies)
        return self._looking.beside(known) if self._remembers else known

    def answered(self, rows: Iterable[Any]) -> Answered:
        """The answers, by the rows of the statement. One query for what the records add up to; a second at times.

        Where remembered answers hold no longer, one more; where they do, none.
        """
        if self._only_looks:
            remembered = REMEMBERED.told(self._key, Look.of(rows).state)
            if remembered is not None:
                return remembered
            self._only_looks = False
            (rows,) = read_together(self.statement)
        if self._keeping:
            look = Look.of(rows)
            found = Answered(self, self._keeping.sheets(look))
        elif self._remembers:
            look, known = told_apart(rows)
            found = Answered(self, self._counted(known)).settled()
        else:
            return Answered(self, self._counted(rows))
        if self._remembers and look.is_before_counting and (state := look.state) is not None:
            REMEMBERED.keep(self._key, state, found, size=sum(each.size for each in self.questions))
        return found

    def _counted(self, rows: Iterable[Any]) -> Counting:
        return Counting(self.asked, known_of(self.asked, rows), self.agencies)

    @cached_property
    def _key(self) -> Hashable:
        """All that decides about the answers, save the figures themselves."""
        wanted = [
            (
                tuple(map(all_of, (*question.indicators, *asked.indicators))),
                tuple((all_of(each.area), each.members, each.estimated_until) for each in asked.grounds),
                *(len(question.indicators), tuple(question.periods), tuple(question.parts)),
            )
            for question, asked in zip(self.questions, self.asked, strict=True)
        ]
        return self._keeping is None, dt.date.today(), *wanted


class Tallies(Protocol):
    """What answers are put together from."""

    def told(self, cell: Cell) -> Told:
        """What is the same for all indicators of the cell."""

    def tally(self, indicator: Indicator, cell: Cell, part: str) -> Counted:
        """The sums of an indicator, and the units' own figures where these are known by name."""


class Answered:
    """The answers to several questions, each put together when it is first looked at."""

    def __init__(self, asking: Asking, tallies: Tallies) -> None:
        self._questions, self.asked, self.sides = asking.questions, asking.asked, asking.sides
        self._tallies: Tallies | None = tallies
        self._told: dict[Cell, Told] = {}
        self._found: list[dict[Place, Answer]] = [{} for _ in self._questions]

    def all(self, question: int) -> dict[Place, Answer]:
        """Every answer to one of the questions, in the order asked."""
        if self._tallies is None:
            return dict(self._found[question])
        return {
            place: self.answer(indicator, Cell(question, area, period), place.part)
            for place, indicator, area, period in self._questions[question].places
        }

    def settled(self) -> Answered:
        """The same with every answer put together, and without what they were made of."""
        self._found = [self.all(number) for number in range(len(self._questions))]
        self._tallies, self._told = None, {}
        return self

    def at(self, question: int, place: Place) -> Answer:
        """One answer to one of the questions."""
        found = self._found[question].get(place)
        if found is None:
            asked = self._questions[question]
            indicator = next(each for each in asked.indicators if each.code == place.indicator)
            area = next(number for number, each in enumerate(asked.areas) if each.pk == place.area)
            cell = Cell(question, area, asked.periods.index(place.period))
            found = self._found[question][place] = self.answer(indicator, cell, place.part)
        return found

    def answer(self, indicator: Indicator, cell: Cell, part: str) -> Answer:
        found = self._percentage(indicator, cell, part) if indicator.is_ratio else None
        return found or self._amount(indicator, cell, part)

    def _place(self, cell: Cell) -> tuple[Ground, Period]:
        asked = self.asked[cell.question]
        return asked.grounds[cell.ground], asked.periods[cell.period]

    def _told_of(self, cell: Cell) -> Told:
        told = self._told.get(cell)
        if told is None:
            assert self._tallies is not None
            told = self._told[cell] = self._tallies.told(cell)
        return told

    def _made(
        self, indicator: Indicator, cell: Cell, part: str, shown: FigureCell, source: str, **known: Any
    ) -> Answer:
        """The answer that shows this, with what is the same for every indicator of the cell."""
        ground, period = self._place(cell)
        told = self._told_of(cell)
        return Answer(
            indicator,
            ground.area,
            period,
            shown,
            source,
            part=part,
            from_facts=told.from_facts,
            left_out=_left_out(indicator, told.left_out) if told.left_out else _NOTHING,
            is_estimated=shown.figure is not None and ground.is_estimated_in(period),
            **known,
        )

    def _percentage(self, indicator: Indicator, cell: Cell, part: str) -> Answer | None:
        """A share made of its two sides. None where a side is not in the catalogue: it is only reported, if at all."""
        period = self._place(cell)[1]
        sides = [self.sides.of(indicator, name, period) for name in ("of", "over")]
        of, over = (self.answer(side, cell, part) if side else None for side in sides)
        if of is None or over is None:
            return None
        figure, status = None, Status.MISSING
        if of.figure is None or over.figure is None:
            unsaid = {each.status for each in (of, over) if each.figure is None}
            status = Status.NOT_DUE if unsaid == {Status.NOT_DUE} else Status.MISSING
        elif span_of(over.figure).most == 0:
            status = Status.NOT_COMPARABLE
        else:
            figure = percent(share(span_of(of.figure), span_of(over.figure)))
            status = Status.REPORTED if figure else Status.NOT_COMPARABLE
        return self._made(
            *(indicator, cell, part, FigureCell(status, figure, of.cell.coverage)),
            source=of.source if figure else "",
            records=of.records if figure else 0,
            missing_periods=of.missing_periods or over.missing_periods,
            made_of=(of, over),
        )

    def _amount(self, indicator: Indicator, cell: Cell, part: str) -> Answer:
        """Put together what the records and the units say about one indicator."""
        assert self._tallies is not None
        tally, hearings = self._tallies.tally(indicator, cell, part)
        reports, rule = self._told_of(cell).sent, indicator.rule
        coverage = reports.coverage
        total, records = tally.counted.made(rule)
        recorded, count = (total, records) if tally.counted is tally.recorded else tally.recorded.made(rule)
        known: dict[str, Any] = {"hearings": hearings}
        if recorded.parts:
            known |= {"recorded": recorded.figure(), "recorded_count": count}
        if total.parts:
            figure = (total + tally.heard).figure() if tally.heard.parts else total.figure()
            undecided = _if_believed(tally, rule)
            return self._made(
                *(indicator, cell, part, FigureCell(Status.REPORTED, figure, coverage)),
                source="records" if tally.heard.is_zero else "both",
                records=records + (0 if tally.heard.is_zero else tally.figures),
                also_reported=undecided if undecided != figure else None,
                **known,
            )
        # A nil report says that nothing happened to people; it does not say that no work was done.
        is_about_people = indicator.about == Indicator.About.PEOPLE
        has_nil = reports.nils > 0 and is_about_people
        if rule.get("reported") and coverage is not None:
            days = tally.days | reports.nil_days if is_about_people else tally.days
            period = self._place(cell)[1]
            known["missing_periods"] = missing_in(period, days, is_last=indicator.is_last_value)
        shown, records = FigureCell(Status.MISSING, None, coverage), 0
        if tally.heard.parts and not (tally.heard.is_zero and has_nil):
            shown = FigureCell(Status.REPORTED, tally.heard.figure(), coverage)
            records = tally.figures
        elif has_nil:
            shown, records = FigureCell(Status.CONFIRMED_NIL, _NIL, coverage), reports.nils
        elif coverage is not None and not reports.is_due and coverage.reported == 0:
            shown = FigureCell(Status.NOT_DUE, None, coverage)
        source = "submissions" if shown.figure is not None else ""
        return self._made(indicator, cell, part, shown, source, records=records, **known)


def _if_believed(tally: Tally, rule: Mapping[str, Any]) -> Figure | None:
    """What the sum would be if all units were believed that nobody judged; None where nothing is to be decided."""
    if tally.believed is None:
        return None
    rest, said = tally.believed
    return (rest.made(rule)[0] + said).figure()


def _left_out(indicator: Indicator, by_measure: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The records of an indicator's measures that belong to no part of the period."""
    return _NOTHING.union(*(by_measure.get(name, ()) for name in indicator.rule.get("sum", ())))


#: What the process remembers.
REMEMBERED: Memory[Answered] = Memory(_MOST_REMEMBERED)
