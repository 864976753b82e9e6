"""Whether a target of a programme is met: what was reported, held against what was aimed at.

A target is only judged where what is known decides it. Otherwise it is not measurable, and the judgement says why.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from programs.models import Comparison, Target
from programs.selectors.quantity import print_figure
from reporting.figures import Answer, Span, answer, percent, share, span_of
from reporting.models import Indicator
from territory.figure import Figure, Status
from territory.models import Agency, Area
from territory.period import Period, parse_period


class Verdict(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    NOT_MEASURABLE = "not_measurable"


@dataclass(frozen=True)
class Judgement:
    """What is found of a target: ``actual`` is what was reached, as far as it is known, ``why`` a plain sentence."""

    verdict: Verdict
    actual: Figure | None
    why: str


class _NotMeasurableError(Exception):
    """Says in the reader's language why a target cannot be judged, with what is known nevertheless."""

    def __init__(self, why: str, actual: Figure | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.actual = actual


def judge(
    target: Target, area: Area, year: int, *, agency: Agency | None = None, today: dt.date | None = None
) -> Judgement:
    """Whether a target is met in an area and year (15 December to 14 December, Decree 09/2019).

    ``agency`` asks for one agency's figures only.
    """
    return judge_all([target], area, year, agency=agency, today=today)[0]


def judge_all(
    targets: Sequence[Target],
    area: Area,
    year: int,
    *,
    agency: Agency | None = None,
    today: dt.date | None = None,
) -> list[Judgement]:
    """Judge several targets at once, in order: as few queries as for one."""
    period = parse_period(str(year))
    today = today or timezone.localdate()
    codes = {code for target in targets for code in (target.indicator, target.out_of) if code}
    indicators = list(Indicator.objects.valid_on(period.end).filter(code__in=codes)) if codes else []
    answers: dict[str, Answer] = {}
    if indicators and area.held_on(period.end):
        answers = answer(indicators, area=area, period=period, agency=agency)
    judgements = []
    for target in targets:
        try:
            _refuse_unfit(target, area, period, today)
            judgements.append(_judge(target, answers))
        except _NotMeasurableError as reason:
            judgements.append(Judgement(Verdict.NOT_MEASURABLE, reason.actual, reason.why))
    return judgements


def _refuse_unfit(target: Target, area: Area, period: Period, today: dt.date) -> None:
    """Raise where target, area and year do not go together, whatever was reported."""
    year = int(period.code)
    if not target.indicator:
        raise _NotMeasurableError(_("No indicator of the portal counts this yet."))
    if target.value is None:
        raise _NotMeasurableError(_("The target names no number to be held against."))
    programme = target.programme
    if not programme.starts_on.year <= year <= programme.ends_on.year:
        raise _NotMeasurableError(_("The programme does not run in %(year)s.") % {"year": year})
    if target.year is not None and target.year != year:
        raise _NotMeasurableError(_("The target is set for the year %(year)s.") % {"year": target.year})
    if not area.held_on(period.end):
        raise _NotMeasurableError(
            _("%(area)s was not a unit on %(day)s, the last day of the reporting year.")
            % {"area": area.name, "day": _day(period.end)}
        )
    if period.end >= today:
        raise _NotMeasurableError(
            _("The reporting year is not over: it ends on %(day)s.") % {"day": _day(period.end)}
        )


def _judge(target: Target, answers: dict[str, Answer]) -> Judgement:
    reached = _known(target.indicator, answers)
    if not target.out_of:
        return _judge_amount(target, reached)
    whole = _known(target.out_of, answers)
    part_figure, whole_figure = _figure(reached), _figure(whole)
    part_span, whole_span = span_of(part_figure), span_of(whole_figure)
    told = {
        "part": print_figure(part_figure, _unit(reached.indicator)),
        "whole": print_figure(whole_figure, _unit(whole.indicator)),
        "part_name": _name(reached.indicator),
        "whole_name": _name(whole.indicator),
    }
    if whole_span.most == 0:
        raise _NotMeasurableError(_("Nothing to take a share of: %(whole_name)s: %(whole)s.") % told)
    reached_share = share(part_span, whole_span)
    if reached_share.least > 100:
        raise _NotMeasurableError(
            _(
                "The part is larger than the whole (%(part_name)s: %(part)s; %(whole_name)s: %(whole)s):"
                " it holds what was begun in earlier years."
            )
            % told
        )
    stated = _("%(part_name)s: %(part)s; %(whole_name)s: %(whole)s.") % told
    return _decide(target, reached_share, percent(reached_share), stated)


def _judge_amount(target: Target, reached: Answer) -> Judgement:
    unit = target.unit.strip()
    if unit and unit not in (reached.indicator.unit, reached.indicator.unit_en):
        raise _NotMeasurableError(
            _("The target is given in %(unit)s, but the indicator counts %(other)s.")
            % {"unit": unit, "other": _unit(reached.indicator)}
        )
    figure = _figure(reached)
    stated = _("%(name)s: %(figure)s.") % {
        "name": _name(reached.indicator),
        "figure": print_figure(figure, _unit(reached.indicator)),
    }
    return _decide(target, span_of(figure), figure, stated)


def _known(code: str, answers: dict[str, Answer]) -> Answer:
    """The answer for an indicator when it can be relied on. Raises _NotMeasurableError otherwise."""
    found = answers.get(code)
    if found is None:
        raise _NotMeasurableError(
            _("The indicator “%(code)s” is not in the catalogue for this year.") % {"code": code}
        )
    name = _name(found.indicator)
    if found.status == Status.NOT_DUE:
        raise _NotMeasurableError(_("The reports on “%(name)s” are not due yet.") % {"name": name})
    if found.figure is None:
        raise _NotMeasurableError(_("No figure was reported for “%(name)s”.") % {"name": name})
    coverage = found.cell.coverage
    if found.indicator.rule.get("reported") and coverage is not None and not coverage.is_complete:
        raise _NotMeasurableError(
            _("“%(name)s”: %(silent)d of %(expected)d units have not reported.")
            % {"name": name, "silent": coverage.silent, "expected": coverage.expected}
        )
    if found.also_reported is not None:
        raise _NotMeasurableError(
            _(
                "“%(name)s”: the records say %(records)s, the units reported %(reported)s. Somebody has to decide."
            )
            % {
                "name": name,
                "records": print_figure(found.figure),
                "reported": print_figure(found.also_reported),
            }
        )
    return found


def _decide(target: Target, span: Span, actual: Figure | None, stated: str) -> Judgement:
    assert target.value is not None
    is_met = _compare(span, Comparison(target.comparison), Fraction(target.value))
    if is_met is None:
        raise _NotMeasurableError(
            _("%(stated)s That is not exact enough to be held against the target.") % {"stated": stated},
            actual,
        )
    return Judgement(Verdict.MET if is_met else Verdict.NOT_MET, actual, stated)


def _compare(span: Span, comparison: Comparison, value: Fraction) -> bool | None:
    """Whether every value of the span passes, or none does; None where some do."""
    least, most = span.least, span.most
    if comparison is Comparison.AT_LEAST:
        passes, fails = least >= value, most is not None and most < value
    elif comparison is Comparison.MORE_THAN:
        passes, fails = least > value, most is not None and most <= value
    elif comparison is Comparison.AT_MOST:
        passes, fails = most is not None and most <= value, least > value
    else:
        passes, fails = least == most == value, least > value or (most is not None and most < value)
    return passes if passes or fails else None


def _figure(known: Answer) -> Figure:
    assert known.figure is not None
    return known.figure


def _reads_english() -> bool:
    return (get_language() or "vi").startswith("en")


def _name(indicator: Indicator) -> str:
    return indicator.name_en if _reads_english() else indicator.name


def _unit(indicator: Indicator) -> str:
    return indicator.unit_en if _reads_english() else indicator.unit


def _day(day: dt.date) -> str:
    return f"{day:%d/%m/%Y}"
