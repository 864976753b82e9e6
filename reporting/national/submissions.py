"""What every unit owes for each half-year and what it said: a fifth late, one in twenty silent, three in ten nil.

Figures are what the unit's own records say, asked of the view that defines them, so reports and records agree; where
the records say nothing, a unit confirms nil or says zero.
"""

import datetime as dt
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone

from accounts.models import Role
from reporting.models import (
    FormFiler,
    FormKind,
    Indicator,
    Obligation,
    ReportedFigure,
    Section,
    SectionNarrative,
    Submission,
    SubmissionState,
    SubmissionVersion,
)
from reporting.national.copying import Table
from reporting.national.units import Nation, Unit
from reporting.services.submissions.versions import content_with, sha256_of
from territory.figure import Figure
from territory.period import CutOff, Period, due_date, parse_period

if TYPE_CHECKING:
    from reporting.national.filling import Plan

_FORM = FormKind.SIX_MONTH.value
_DAYS_TO_REPORT = 5
_LATE, _SILENT, _NIL = 0.2, 0.05, 0.3

#: The indicators a unit answers, by code and part; parts of victims only where there were any.
_ASKED = (
    *("cases_detected", "suspects_detected", "tips_received", "cases_prosecuted", "cases_concluded"),
    *("cases_indicted", "cases_tried", "defendants_tried", "victims_received"),
)
_PARTS = ("sex:female", "sex:male")
_STANDING = "provincial_police"

#: How far the newest period has come.
_UNFINISHED = (SubmissionState.ACCEPTED, SubmissionState.SUBMITTED, SubmissionState.DRAFT)
_AT_A_TIME = 2_000

_SUMS = """
    SELECT m.{unit}, p.code, m.measure, m.part, sum(m.low), count(DISTINCT m.record)
    FROM reporting_measure m
    JOIN unnest(%s::text[], %s::date[], %s::date[]) AS p (code, starts, ends) ON m.day BETWEEN p.starts AND p.ends
    WHERE m.source <> 'activity' AND m.measure = ANY (%s) AND m.part = ANY (%s)
    GROUP BY 1, 2, 3, 4
"""

#: Of an agency or a province, in a period, a measure and part: the sum and the number of records.
_Sums = Mapping[tuple[int, str, str, str], tuple[int, int]]


@dataclass(frozen=True)
class _Owed:
    """One obligation and the figures that its records give, by code and part."""

    id: int
    unit: Unit
    period: Period
    told: Mapping[tuple[str, str], tuple[int, int]]

    @property
    def due_on(self) -> dt.date:
        return due_date(self.period, _DAYS_TO_REPORT)


@dataclass(frozen=True)
class _Said:
    """A submission with its figures and texts, none of them stored yet."""

    submission: Submission
    figures: list[ReportedFigure]
    texts: list[SectionNarrative]


def write_submissions(nation: Nation, plan: "Plan") -> list[Table]:
    """Write obligations, submissions, figures, texts and versions. Returns the tables."""
    return _Writer(nation, plan).write()


class _Writer:
    def __init__(self, nation: Nation, plan: "Plan") -> None:
        self.nation = nation
        self.dice = random.Random(f"{plan.seed} submissions")  # noqa: S311 - nothing secret is thrown
        self.periods = [
            period
            for year in range(plan.first_day.year, plan.last_day.year + 1)
            for period in (parse_period(f"{year}-H1"), parse_period(f"{year}-H2"))
            if plan.first_day <= period.start + dt.timedelta(days=1) and period.end <= plan.last_day
        ]
        indicators = Indicator.objects.valid_on(plan.last_day).filter(code__in=_ASKED)
        self.indicators: dict[str, Indicator] = {indicator.code: indicator for indicator in indicators}
        self.obligations = Table(
            Obligation,
            *("id", "form_id", "agency_id", "area_id", "period_code", "period_start", "period_end"),
            *("period_rule", "due_on", "is_demo"),
        )
        self.submissions = Table(
            Submission,
            *("id", "obligation_id", "state", "is_nil", "nil_confirmed_by_id", "nil_confirmed_at"),
            *("opened_by_id", "first_submitted_at", "submitted_by_id", "submitted_at", "accepted_by_id"),
            *("accepted_at", "sent"),
        )
        self.figures = Table(
            ReportedFigure,
            *("id", "submission_id", "indicator_id", "part", "low", "high", "source", "from_records"),
        )
        self.texts = Table(SectionNarrative, "id", "submission_id", "section", "order", "text")
        self.versions = Table(
            SubmissionVersion,
            "id",
            "submission_id",
            "number",
            "content",
            "sha256",
            "submitted_by_id",
            "submitted_at",
        )

    def write(self) -> list[Table]:
        owed = self._owed()
        self.obligations.copy(
            (
                *(each.id, _FORM, each.unit.id, each.unit.place.id, each.period.code, each.period.start),
                *(each.period.end, CutOff.ND09.value, each.due_on, True),
            )
            for each in owed
        )
        silent_of = [each for each in owed if not any(total for total, _ in each.told.values())]
        self.nil_chance = min(1.0, _NIL * len(owed) / max(1, len(silent_of)))
        answered = iter([each for each in owed if self.dice.random() >= _SILENT])
        while block := list(islice(answered, _AT_A_TIME)):
            self._write([self._answer(each) for each in block])
        return [self.obligations, self.submissions, self.figures, self.texts, self.versions]

    def _owed(self) -> list[_Owed]:
        by_agency, by_province = self._sums("agency_id"), self._sums("province_id")
        filers = set(FormFiler.objects.filter(form__code=_FORM).values_list("agency_kind__code", flat=True))
        owing = [
            (unit, period)
            for period in self.periods
            for unit in self.nation.units
            if unit.kind in filers and unit.held_on(period.end)
        ]
        found = []
        for number, (unit, period) in enumerate(owing, start=1):
            is_standing = unit.kind == _STANDING
            key, sums = (unit.place.id, by_province) if is_standing else (unit.id, by_agency)
            found.append(_Owed(number, unit, period, dict(self._told(key, period, sums))))
        return found

    def _sums(self, unit: str) -> _Sums:
        measures = [measure for each in self.indicators.values() for measure in each.rule.get("sum", ())]
        with connection.cursor() as cursor:
            cursor.execute(
                _SUMS.format(unit=unit),
                [
                    [period.code for period in self.periods],
                    [period.start for period in self.periods],
                    [period.end for period in self.periods],
                    measures,
                    ["", *_PARTS],
                ],
            )
            return {tuple(row[:4]): (int(row[4]), row[5]) for row in cursor.fetchall()}

    def _told(
        self, key: int, period: Period, sums: _Sums
    ) -> Iterator[tuple[tuple[str, str], tuple[int, int]]]:
        for code, indicator in self.indicators.items():
            for part in ("", *_PARTS) if code == "victims_received" else ("",):
                found = [
                    sums.get((key, period.code, measure, part), (0, 0))
                    for measure in indicator.rule.get("sum", ())
                ]
                yield (code, part), (sum(total for total, _ in found), sum(rows for _, rows in found))

    def _answer(self, owed: _Owed) -> _Said:
        """What is said to an obligation; the submission has its number."""
        dice = self.dice
        has_people = any(total for total, _ in owed.told.values())
        is_nil = not has_people and dice.random() < self.nil_chance
        is_newest = owed.period == self.periods[-1]
        state = dice.choice(_UNFINISHED) if is_newest else SubmissionState.ACCEPTED
        is_late = dice.random() < _LATE
        days = 1 + int(dice.random() * 20) if is_late else -int(dice.random() * 5)
        officer = self.nation.person(owed.unit, Role.FILING_OFFICER)
        is_sent, is_accepted = state != SubmissionState.DRAFT, state == SubmissionState.ACCEPTED
        sent_at = _at(owed.due_on + dt.timedelta(days=days))
        made = Submission(
            pk=owed.id,
            obligation=Obligation(pk=owed.id, form_id=_FORM, period_code=owed.period.code),
            state=state,
            is_nil=is_nil,
            nil_confirmed_by_id=officer if is_nil else None,
            nil_confirmed_at=sent_at if is_nil else None,
            opened_by_id=officer,
            first_submitted_at=sent_at if is_sent else None,
            submitted_by_id=officer if is_sent else None,
            submitted_at=sent_at if is_sent else None,
            accepted_by_id=self.nation.person(owed.unit, Role.COORDINATOR) if is_accepted else None,
            accepted_at=sent_at + dt.timedelta(days=2) if is_accepted else None,
            sent=int(is_sent),
        )
        figures = [] if is_nil else list(self._figures(made, owed))
        return _Said(made, figures, [] if is_nil else _texts(made))

    def _figures(self, submission: Submission, owed: _Owed) -> Iterator[ReportedFigure]:
        sources = ReportedFigure.Source
        for (code, part), (total, records) in owed.told.items():
            if part and not total:
                continue
            figure = Figure.exact(total)
            yield ReportedFigure(
                submission=submission,
                indicator=self.indicators[code],
                part=part,
                source=sources.RECORDS if records else sources.REPORTED,
                from_records={**figure.as_json(), "count": records} if records else None,
                **ReportedFigure.columns(figure),
            )

    def _write(self, said: list[_Said]) -> None:
        self.submissions.copy(
            (
                *(each.pk, each.obligation_id, str(each.state), each.is_nil, each.nil_confirmed_by_id),
                *(each.nil_confirmed_at, each.opened_by_id, each.first_submitted_at, each.submitted_by_id),
                *(each.submitted_at, each.accepted_by_id, each.accepted_at, each.sent),
            )
            for each in (one.submission for one in said)
        )
        self.figures.copy(
            (
                *(number, row.submission_id, row.indicator_id, row.part, row.low, row.high),
                *(str(row.source), row.from_records),
            )
            for number, row in enumerate((row for one in said for row in one.figures), self.figures.rows + 1)
        )
        self.texts.copy(
            (number, text.submission_id, str(text.section), text.order, text.text)
            for number, text in enumerate((text for one in said for text in one.texts), self.texts.rows + 1)
        )
        self.versions.copy(self._version(one) for one in said if one.submission.sent)

    @staticmethod
    def _version(said: _Said) -> tuple[Any, ...]:
        sent = said.submission
        content = content_with(sent, figures=said.figures, texts=said.texts)
        return sent.pk, sent.pk, 1, content, sha256_of(content), sent.submitted_by_id, sent.submitted_at


def _texts(submission: Submission) -> list[SectionNarrative]:
    """What the form does not do without."""
    told = {
        Section.SITUATION: "Tình hình ổn định, số liệu tổng hợp để đo tốc độ.",
        Section.DIRECTION: "Đã triển khai kế hoạch của tỉnh tại địa bàn.",
    }
    return [
        SectionNarrative(submission=submission, section=section, order=order, text=text)
        for order, (section, text) in enumerate(told.items(), start=1)
    ]


def _at(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(9, 0)))
