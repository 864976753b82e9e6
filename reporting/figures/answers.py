"""Answers: what is known of indicators in areas and periods, put together from records and from what units said."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from accounts.together import Statement, read_together
from reporting.figures.amounts import Spoken, Sums, amounts
from reporting.figures.asked import Asked, Cell, Whose, agencies_of, part_of, stock_measures
from reporting.figures.grounds import Ground, MapBasis, grounds_of
from reporting.figures.known import Known, Sent, known_first, known_of
from reporting.figures.ratio import percent, share, span_of
from reporting.figures.reports import missing_in
from reporting.figures.words import Hearing, Said, Unit, Word, hear
from reporting.models import Indicator
from territory.figure import Cell as FigureCell
from territory.figure import Figure, Status, Total
from territory.figure.value import SMALLEST_STEP, WIDE
from territory.models import Area
from territory.period import Period

_NOTHING: frozenset[str] = frozenset()
_NOTHING_SENT = Sent()
_NOTHING_SAID = Said()
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
) -> dict[str, Answer]:
    """Answer for each indicator, by code, in an area and period. A handful of queries, however many are asked.

    ``part`` asks for one part of a breakdown ("women"); ``agency`` for the records and submissions of one agency, or
    of all agencies of a kind.
    """
    found = answer_many(indicators, areas=[area], periods=[period], parts=[part], agency=agency, basis=basis)
    return {place.indicator: each for place, each in found.items()}


def answer_many(
    indicators: Sequence[Indicator],
    *,
    areas: Sequence[Area],
    periods: Sequence[Period],
    parts: Sequence[str] = ("",),
    agency: Whose = None,
    basis: MapBasis = MapBasis.THEN,
) -> dict[Place, Answer]:
    """Answer for every indicator in every area, period and part, in the order asked.

    At most six queries, however many are asked; two where the indicators need no others, on the map of the time. On
    today's map (``basis``) an area answers for all that became part of it. Raises nothing for an area that did not
    exist in a period: its answer is then missing.
    """
    grounds = {ground.area.pk: ground for ground in grounds_of(areas, basis)}
    question = Question(indicators, areas, periods, parts)
    if not question.is_one:
        return {}
    asking = Asking([question], grounds=grounds, agencies=agencies_of(agency))
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


class Asking:
    """Several questions, each as ``answer_many`` asks one, that take no more queries than one of them.

    ``grounds`` are those of all their areas, by the area's key, ``agencies`` the keys of those whose part is asked for;
    ``catalogue``: all indicators of all times, where somebody read them already. The rows of ``statement``, which may
    be read together with other lists, give the answers.
    """

    def __init__(
        self,
        questions: Sequence[Question],
        *,
        grounds: Mapping[int, Ground],
        agencies: Sequence[int] | None = None,
        catalogue: Iterable[Indicator] | None = None,
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

    @property
    def statement(self) -> Statement:
        """What must be known before anything is added up."""
        return known_first(self.asked, self.agencies)

    def answered(self, rows: Iterable[Any]) -> Answered:
        """The answers, by the rows of the statement. One query for what the records add up to; a second at times."""
        return Answered(self, known_of(self.asked, rows))


class Answered:
    """The answers to several questions, each put together when it is first looked at."""

    def __init__(self, asking: Asking, known: Known) -> None:
        self._questions, self.asked, self.sides = asking.questions, asking.asked, asking.sides
        self.words, self.sent = known.words, known.sent
        spoken = _spoken(self.asked, self.words)
        self.amounts = amounts(self.asked, known, spoken=spoken, agencies=asking.agencies)
        self._found: list[dict[Place, Answer]] = [{} for _ in self._questions]

    def all(self, question: int) -> dict[Place, Answer]:
        """Every answer to one of the questions, in the order asked."""
        return {
            place: self.answer(indicator, Cell(question, area, period), place.part)
            for place, indicator, area, period in self._questions[question].places
        }

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

    def _made(
        self, indicator: Indicator, cell: Cell, part: str, shown: FigureCell, source: str, **known: Any
    ) -> Answer:
        """The answer that shows this, with what is the same for every indicator of the cell."""
        ground, period = self._place(cell)
        left_out = self.amounts.left_out.get(cell)
        return Answer(
            indicator,
            ground.area,
            period,
            shown,
            source,
            part=part,
            from_facts=cell in self.amounts.from_facts,
            left_out=_left_out(indicator, left_out) if left_out else _NOTHING,
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
        heard, undecided = self._heard(indicator, cell, part)
        total, records = self._recorded(indicator, cell, part, heard.units)
        reports = self.sent.get(cell) or _NOTHING_SENT
        coverage = reports.coverage
        if heard.units or not total.parts:
            recorded, count = self._recorded(indicator, cell, part)
        else:
            recorded, count = total, records
        known: dict[str, Any] = {"hearings": tuple(heard.hearings)}
        if recorded.parts:
            known |= {"recorded": recorded.figure(), "recorded_count": count}
        if total.parts:
            figure = (total + heard.total).figure() if heard.hearings else total.figure()
            return self._made(
                *(indicator, cell, part, FigureCell(Status.REPORTED, figure, coverage)),
                source="records" if heard.total.is_zero else "both",
                records=records + (0 if heard.total.is_zero else heard.figures),
                also_reported=undecided if undecided != figure else None,
                **known,
            )
        # A nil report says that nothing happened to people; it does not say that no work was done.
        is_about_people = indicator.about == Indicator.About.PEOPLE
        has_nil = reports.nils > 0 and is_about_people
        if indicator.rule.get("reported") and coverage is not None:
            nil_days = reports.nil_days if is_about_people else set()
            days = heard.days | nil_days
            period = self._place(cell)[1]
            known["missing_periods"] = missing_in(period, days, is_last=indicator.is_last_value)
        shown, records = FigureCell(Status.MISSING, None, coverage), 0
        if heard.total.parts and not (heard.total.is_zero and has_nil):
            shown = FigureCell(Status.REPORTED, heard.total.figure(), coverage)
            records = heard.figures
        elif has_nil:
            shown, records = FigureCell(Status.CONFIRMED_NIL, _NIL, coverage), reports.nils
        elif coverage is not None and not reports.is_due and coverage.reported == 0:
            shown = FigureCell(Status.NOT_DUE, None, coverage)
        source = "submissions" if shown.figure is not None else ""
        return self._made(indicator, cell, part, shown, source, records=records, **known)

    def _heard(self, indicator: Indicator, cell: Cell, part: str) -> tuple[Said, Figure | None]:
        """What counts of the units' words, and what the sum would be where all were believed that nobody judged."""
        words = self.words.get((cell, indicator.code, part))
        if words is None:
            return _NOTHING_SAID, None
        recorded = self._units_with_records(indicator, cell, part)
        heard = hear(words, recorded.__contains__)
        if not heard.is_undecided:
            return heard, None
        believed = hear([replace(word, stands=True) for word in words], recorded.__contains__)
        rest, _ = self._recorded(indicator, cell, part, believed.units)
        return heard, (rest + believed.total).figure()

    def _units_with_records(self, indicator: Indicator, cell: Cell, part: str) -> set[Unit]:
        rule, wanted = indicator.rule, part_of(indicator, part)
        if "stock" not in rule:
            return self.amounts.flows_in(cell).units(rule.get("sum", ()), wanted)
        stocks = self.amounts.stocks_in(cell)
        bases = [rule["base"]] if "base" in rule else []
        return stocks.units(rule["stock"]["in"], wanted) | stocks.units(bases, part)

    def _recorded(
        self, indicator: Indicator, cell: Cell, part: str, without: Collection[Unit] = ()
    ) -> tuple[Total, int]:
        """What the records make of an indicator, without those of some units, and how many there are."""
        rule = indicator.rule
        wanted = part_of(indicator, part)
        if "stock" not in rule:
            total, records = self.amounts.flows_in(cell).of(rule.get("sum", ()), wanted, without)
            return _in_units(total, rule.get("per", 1)), records
        stocks: Sums = self.amounts.stocks_in(cell)
        into, records_in = stocks.of(rule["stock"]["in"], wanted, without)
        out, records_out = stocks.of(rule["stock"]["out"], wanted, without)
        if into.parts:
            return Total.of(Figure.exact(into.low - out.low)), records_in - records_out
        # Nobody of this part came in: none where somebody could have, unknown where nobody could.
        bases = [rule["base"]] if "base" in rule else []
        base, base_records = stocks.of(bases, part, without)
        return (Total.of(Figure.exact(0)), base_records) if base.parts else (Total.empty(), 0)


def _left_out(indicator: Indicator, by_measure: Mapping[str, set[str]]) -> frozenset[str]:
    """The records of an indicator's measures that belong to no part of the period."""
    return _NOTHING.union(*(by_measure.get(name, ()) for name in indicator.rule.get("sum", ())))


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


def _in_units(total: Total, per: int) -> Total:
    """A total of records in the units of the indicator, to three decimal places."""
    if per == 1 or not total.parts:
        return total

    def scaled(value: Decimal) -> Decimal:
        return (value / per).quantize(SMALLEST_STEP, rounding=ROUND_HALF_UP, context=WIDE)

    return replace(total, low=scaled(total.low), high=scaled(total.high), nominal=scaled(total.nominal))
