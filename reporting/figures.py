"""The one place that answers: how much, where, when. Pages, reports, exports and the API ask here.

An answer comes from the facts where they are kept (a district, a province, the nation; whole half-months; no
marks waiting), otherwise from the records themselves, so a reader always sees own writes. What only units can
say comes from their submissions. Nothing is ever shown as zero that nobody reported or confirmed.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.postgres.aggregates import BitOr
from django.db.models import Count, Exists, F, Max, OuterRef, Q, Sum

from reporting.models import (
    Fact,
    FactMark,
    Indicator,
    MeasureRow,
    Obligation,
    ReportedFigure,
    SubmissionState,
)
from territory.figure import Cell, Coverage, Figure, Status, Total
from territory.models import Agency, AgencyDuty, Area, Duty, Level
from territory.period import Period

#: A submission counts once the unit has sent it; a returned one is being mended and does not.
SAID = (SubmissionState.SUBMITTED, SubmissionState.ACCEPTED)


@dataclass(frozen=True)
class Answer:
    """What is known of one indicator in one area and period.

    ``source`` says where the figure is from ("records" or "submissions"), ``records`` how many stand behind it.
    ``also_reported`` is set where the units' own figure differs from the records': a person decides then.
    ``left_out`` names the records gathered over a longer time that reach into the period: they belong to no part
    of it.
    """

    indicator: Indicator
    area: Area
    period: Period
    cell: Cell
    source: str = ""
    records: int = 0
    also_reported: Figure | None = None
    from_facts: bool = False
    left_out: frozenset[str] = frozenset()

    @property
    def figure(self) -> Figure | None:
        return self.cell.figure

    @property
    def status(self) -> Status:
        return self.cell.status


@dataclass
class _Sums:
    """Totals by measure and part, and the number of records behind each."""

    totals: dict[tuple[str, str], Total] = field(default_factory=dict)
    records: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, row: dict[str, Any]) -> None:
        key = (row["measure"], row["part"])
        total = Total.from_columns(
            **{name: row[name] for name in ("low", "high", "nominal", "flags", "words", "parts")}
        )
        self.totals[key] = self.totals.get(key, Total.empty()) + total
        self.records[key] = self.records.get(key, 0) + row["records"]

    def of(self, measures: Iterable[str], part: str) -> tuple[Total, int]:
        keys = [(measure, part) for measure in measures]
        total = sum((self.totals[key] for key in keys if key in self.totals), Total.empty())
        return total, sum(self.records.get(key, 0) for key in keys)


def answer(
    indicators: Sequence[Indicator],
    *,
    area: Area,
    period: Period,
    part: str = "",
    agency: Agency | None = None,
) -> dict[str, Answer]:
    """Answer for each indicator, by code, in an area and period. A handful of queries, however many are asked.

    ``part`` asks for one part of a breakdown ("women"); ``agency`` for one agency's records and submissions.
    """
    flows = {measure for indicator in indicators for measure in indicator.rule.get("sum", ())}
    stocks = {
        measure
        for indicator in indicators
        for way in ("in", "out")
        for measure in indicator.rule.get("stock", {}).get(way, ())
    } | {indicator.rule["base"] for indicator in indicators if "base" in indicator.rule}
    marked = _has_marks(area, period)
    flow_sums, from_facts = _sums(flows, area, period.start, period.end, agency, marked=marked)
    stock_sums, _ = _sums(stocks, area, None, period.end, agency, marked=marked)
    reported = _reported(indicators, area, period, part, agency)
    coverage, is_due = coverage_of(area, period, agency)
    left_out = _left_out(flows, area, period, agency) if flows else {}
    answers = {}
    for indicator in indicators:
        found = _one(indicator, area, period, part, flow_sums, stock_sums, reported, coverage, is_due)
        not_in_it = frozenset().union(
            *(left_out.get(measure, ()) for measure in indicator.rule.get("sum", ()))
        )
        answers[indicator.code] = replace(found, from_facts=from_facts, left_out=not_in_it)
    return answers


def _one(
    indicator: Indicator,
    area: Area,
    period: Period,
    part: str,
    flows: _Sums,
    stocks: _Sums,
    reported: dict[int, tuple[Total, int]],
    coverage: Coverage | None,
    is_due: bool,
) -> Answer:
    """Put together what the records and the units say about one indicator."""
    rule = indicator.rule
    total, records = flows.of(rule.get("sum", ()), _part_of(indicator, part))
    if "stock" in rule:
        into, records_in = stocks.of(rule["stock"]["in"], part)
        out, records_out = stocks.of(rule["stock"]["out"], part)
        total, records = Total.empty(), records_in - records_out
        if into.parts:
            total = Total.of(Figure.exact(into.low - out.low))
        base, base_records = stocks.of([rule["base"]] if "base" in rule else (), part)
        if not into.parts and base.parts:
            total, records = Total.of(Figure.exact(0)), base_records
    said, units = reported.get(indicator.pk, (Total.empty(), 0))
    if total.parts:
        figure = total.figure()
        disagrees = said.parts and said.figure() != figure
        return Answer(
            indicator,
            area,
            period,
            Cell(Status.REPORTED, figure, coverage),
            "records",
            records,
            also_reported=said.figure() if disagrees else None,
        )
    # A nil report says that nothing happened to people; it does not say that no work was done.
    has_nil = coverage is not None and coverage.nil > 0 and indicator.about == Indicator.About.PEOPLE
    if said.parts and not (said.is_zero and has_nil):
        return Answer(
            indicator, area, period, Cell(Status.REPORTED, said.figure(), coverage), "submissions", units
        )
    if has_nil:
        cell = Cell(Status.CONFIRMED_NIL, Figure.exact(0), coverage)
        return Answer(indicator, area, period, cell, "submissions", coverage.nil if coverage else 0)
    if coverage is not None and not is_due and coverage.reported == 0:
        return Answer(indicator, area, period, Cell(Status.NOT_DUE, None, coverage))
    return Answer(indicator, area, period, Cell(Status.MISSING, None, coverage))


def _part_of(indicator: Indicator, part: str) -> str:
    """The part of the measures an indicator is made of: the one asked for, or the one its rule names.

    Of an indicator that is a part itself, no other part is known.
    """
    named: str = indicator.rule.get("part", "")
    return f"{named}/{part}" if named and part else named or part


def coverage_of(area: Area, period: Period, agency: Agency | None = None) -> tuple[Coverage | None, bool]:
    """How many units owed this period within the area, how many said something, how many of them confirmed nil.

    The second value tells whether the report of any unit is due. Without obligations there is no coverage.
    """
    owed = _owed(area, period, agency).aggregate(
        expected=Count("pk"),
        reported=Count("pk", filter=Q(submission__state__in=SAID)),
        nil=Count("pk", filter=Q(submission__state__in=SAID, submission__is_nil=True)),
        due=Count("pk", filter=Q(due_on__lte=dt.date.today())),
    )
    if not owed["expected"]:
        return None, True
    return Coverage(owed["expected"], owed["reported"], owed["nil"]), owed["due"] > 0


def silent_units(area: Area, period: Period) -> list[Obligation]:
    """The obligations of the period within the area that nobody has answered, in alphabetical order."""
    silent = _owed(area, period, None).exclude(submission__state__in=SAID)
    return list(silent.select_related("agency", "area").order_by("area__sort_key", "agency__sort_key"))


def records_of(
    indicator: Indicator, *, area: Area, period: Period, part: str = "", agency: Agency | None = None
) -> list[str]:
    """The records behind an indicator's figure, as "app.model:id", in order."""
    rule = indicator.rule
    if "stock" in rule:
        since, into, out = None, rule["stock"]["in"], rule["stock"]["out"]
    else:
        since, into, out = period.start, rule.get("sum", ()), ()
    wanted = _part_of(indicator, part)

    def records(measures: Iterable[str]) -> set[str]:
        rows = _rows(measures, area, since, period.end, agency).filter(part=wanted)
        return set(rows.values_list("record", flat=True))

    return sorted(records(into) - (records(out) if out else set()))


def _owed(area: Area, period: Period, agency: Agency | None) -> Any:
    """The obligations of the period within the area, save its standing agency's, which puts the others together."""
    owed = _all_owed(area, period).exclude(area=area, agency__duties__duty=Duty.STANDING)
    return owed.filter(agency=agency) if agency else owed


def _all_owed(area: Area, period: Period) -> Any:
    every = Obligation.objects.unscoped("coverage tells how many units reported, not what").owed()
    return every.filter(area__path__startswith=area.path, period_start=period.start, period_end=period.end)


def _within(area: Area) -> Q:
    """The rows of the view that lie in an area, by the column that is indexed for its level."""
    if area.level == Level.NATION:
        return Q()
    if area.level == Level.PROVINCE:
        return Q(province=area)
    if area.level == Level.DISTRICT:
        return Q(district=area)
    return Q(area__path__startswith=area.path)


def _rows(
    measures: Iterable[str], area: Area, start: dt.date | None, end: dt.date, agency: Agency | None
) -> Any:
    rows = MeasureRow.objects.filter(_within(area), measure__in=list(measures), day__lte=end)
    if start is not None:
        rows = rows.filter(day__gte=start, from_day__gte=start)
    return rows.filter(agency=agency) if agency else rows


def _has_marks(area: Area, period: Period) -> bool:
    """Whether facts that the answer would be made of are waiting to be summed again."""
    marks = FactMark.objects.filter(bucket__lte=period.end)
    if area.province_id:
        marks = marks.filter(province_id=area.province_id)
    return marks.exists()


def _sums(
    measures: set[str],
    area: Area,
    start: dt.date | None,
    end: dt.date,
    agency: Agency | None,
    *,
    marked: bool,
) -> tuple[_Sums, bool]:
    """Totals by measure and part from the facts when these can answer, else from the records."""
    sums = _Sums()
    if not measures:
        return sums, False
    use_facts = not marked and area.level != Level.COMMUNE and _is_aligned(start, end)
    if use_facts:
        facts = Fact.objects.filter(area=area, measure__in=measures, bucket__lte=end)
        if start is not None:
            facts = facts.filter(bucket__gte=start, from_bucket__gte=start)
        if agency is not None:
            if area.level == Level.NATION:
                return _sums(measures, area, start, end, agency, marked=True)
            facts = facts.filter(agency=agency)
        columns = ("measure", "part", "low", "high", "nominal", "flags", "words", "parts", "records")
        found: Iterable[dict[str, Any]] = facts.values(*columns)
    else:
        found = _record_sums(measures, area, start, end, agency)
    for row in found:
        sums.add(row)
    return sums, use_facts


def _record_sums(
    measures: set[str], area: Area, start: dt.date | None, end: dt.date, agency: Agency | None
) -> Iterator[dict[str, Any]]:
    rows = _rows(measures, area, start, end, agency).values("measure", "part").order_by()
    sums = rows.annotate(
        sum_low=Sum("low"),
        sum_high=Sum("high"),
        sum_nominal=Sum("nominal"),
        any_flags=BitOr("flags"),
        one_words=Max("words"),
        mattering=Count("pk", filter=~Q(flags=0) | ~Q(high=0)),
        all_parts=Count("pk"),
        all_records=Count("pk", distinct=True),
    )
    for row in sums:
        yield {
            "measure": row["measure"],
            "part": row["part"],
            "low": row["sum_low"],
            "high": row["sum_high"],
            "nominal": row["sum_nominal"],
            "flags": row["any_flags"],
            "words": row["one_words"] if row["mattering"] == 1 else None,
            "parts": row["all_parts"],
            "records": row["all_records"],
        }


def _reported(
    indicators: Sequence[Indicator], area: Area, period: Period, part: str, agency: Agency | None
) -> dict[int, tuple[Total, int]]:
    """What units reported for each indicator (by key), and how many of them did.

    Where an area's own standing agency gives a figure, it is the total and already holds the other units' there.
    """
    wanted = [indicator.pk for indicator in indicators if indicator.rule.get("reported")]
    if not wanted:
        return {}
    owed = _all_owed(area, period)
    figures = ReportedFigure.objects.filter(
        indicator__in=wanted,
        part=part,
        submission__state__in=SAID,
        submission__obligation__in=owed.filter(agency=agency) if agency else owed,
    ).annotate(
        path=F("submission__obligation__area__path"),
        is_total=Exists(
            AgencyDuty.objects.filter(agency=OuterRef("submission__obligation__agency"), duty=Duty.STANDING)
        ),
    )
    rows = list(figures)
    totals = {(row.indicator_id, row.path) for row in rows if row.is_total}
    found: dict[int, tuple[Total, int]] = {}
    for row in rows:
        around = _areas_around(row.path)[:-1] if row.is_total else _areas_around(row.path)
        if any((row.indicator_id, path) in totals for path in around):
            continue
        total, count = found.get(row.indicator_id, (Total.empty(), 0))
        found[row.indicator_id] = (total + Total.of(row.figure), count + 1)
    return found


def _areas_around(path: str) -> list[str]:
    """The paths of an area and of all it lies in, the widest first."""
    ends = [place for place, character in enumerate(path, start=1) if character == "/"]
    return [path[:end] for end in ends]


def _left_out(measures: set[str], area: Area, period: Period, agency: Agency | None) -> dict[str, set[str]]:
    """The records gathered over a longer time that reach into the period without lying in it, by measure."""
    rows = MeasureRow.objects.filter(_within(area), measure__in=measures, from_day__lt=period.start)
    rows = rows.filter(day__gte=period.start).exclude(from_day=F("day"))
    if agency is not None:
        rows = rows.filter(agency=agency)
    found: dict[str, set[str]] = {}
    for measure, record in rows.values_list("measure", "record"):
        found.setdefault(measure, set()).add(record)
    return found


def _is_aligned(start: dt.date | None, end: dt.date) -> bool:
    """Whether whole half-months make up the days, so that facts can answer."""
    ends = end.day == 14 or (end + dt.timedelta(days=1)).day == 1
    return ends and (start is None or start.day in (1, 15))
