"""What the units of the invented province owed for each half-year and year, and what they said: in time, late, nil."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import User
from reporting.demo.synthetic.figures import dice, figures_of, said_by_records, said_by_unit
from reporting.demo.synthetic.units import ANNUALS, HALVES, INVENTED, Unit, is_annual, province
from reporting.models import (
    FormKind,
    Indicator,
    Obligation,
    ReportedFigure,
    Section,
    SectionNarrative,
    Submission,
    SubmissionReturn,
    SubmissionState,
    SubmissionVersion,
)
from reporting.services.submissions.versions import content_with, version_of
from territory.figure import Figure
from territory.period import Period, due_date

_LOADS = "loads demonstration data"
_LAST = (HALVES[-1], ANNUALS[-1])

#: The indicators a unit answers, zero included, unless it confirms that there was nothing.
ASKED = (
    "cases_detected",
    "suspects_detected",
    "tips_received",
    "tips_classified",
    "tips_resolved",
    "cases_prosecuted",
    "cases_concluded",
    "cases_indicted",
    "cases_tried",
    "defendants_tried",
    "victims_received",
)
_PARTS = ("victims_received/women", "victims_received/children")

#: Chances in the order thrown; the rest comes in time.
_MISSING, _EXCUSED, _LATE, _TWICE = 0.05, 0.04, 0.16, 0.1

#: How far the last period has come, by the place of the unit. Elsewhere everything that was said is accepted.
_UNFINISHED = {
    2: SubmissionState.RETURNED,
    4: SubmissionState.DRAFT,
    6: SubmissionState.SUBMITTED,
    8: SubmissionState.SUBMITTED,
}


@dataclass(frozen=True)
class _Fate:
    """What became of one obligation."""

    state: SubmissionState | None
    is_excused: bool = False
    days_late: int = 0
    is_sent_twice: bool = False


def load_submissions(units: list[Unit], *, coordinator: User) -> None:
    """Make the obligations that are not there yet, with what was said to each."""
    owed = _new_obligations(units, coordinator)
    by_code = {unit.code: (place, unit) for place, unit in enumerate(units)}
    fates = {
        obligation.pk: _fate_of(*by_code[obligation.agency.code], obligation.period) for obligation in owed
    }
    answered = [obligation for obligation in owed if fates[obligation.pk].state is not None]
    _Writer(units, coordinator, fates, answered).write()


def _new_obligations(units: list[Unit], coordinator: User) -> list[Obligation]:
    stored = Obligation.objects.unscoped(_LOADS).filter(area__path__startswith=province().path)
    known: set[tuple[str, str, str]] = {
        (form, code, period)
        for form, code, period in stored.values_list("form__code", "agency__code", "period_code")
    }
    rows = []
    for place, unit in enumerate(units):
        for period in (*HALVES, *ANNUALS):
            form = FormKind.ANNUAL if is_annual(period) else FormKind.SIX_MONTH
            if (form.value, unit.code, period.code) in known:
                continue
            is_excused = _fate_of(place, unit, period).is_excused
            rows.append(
                Obligation(
                    form_id=form.value,
                    agency=unit.agency,
                    area=unit.area,
                    period_code=period.code,
                    period_start=period.start,
                    period_end=period.end,
                    period_rule=period.rule.value,
                    due_on=due_date(period, 5),
                    opened_by=coordinator,
                    excused_at=_at(due_date(period, 5), -3) if is_excused else None,
                    excused_by=coordinator if is_excused else None,
                    excuse_reason=f"Đơn vị sáp nhập, bàn giao hồ sơ. {INVENTED}" if is_excused else "",
                    is_demo=True,
                )
            )
    made = Obligation.objects.bulk_create(rows)
    for row in made:  # the clock of the database says today
        row.opened_at = _at(row.period_end, -30)
    stored.bulk_update(made, ["opened_at"])
    return made


def _fate_of(place: int, unit: Unit, period: Period) -> _Fate:
    thrown = dice("fate", unit.code, period.code)
    chance, is_sent_twice = thrown.random(), thrown.random() < _TWICE
    state = SubmissionState.ACCEPTED
    if period in _LAST and place in _UNFINISHED:
        state = _UNFINISHED[place]
    elif unit.is_standing:
        return _Fate(state, is_sent_twice=is_sent_twice)
    elif chance < _MISSING:
        return _Fate(None)
    elif chance < _MISSING + _EXCUSED:
        return _Fate(None, is_excused=True)
    is_late = chance < _MISSING + _EXCUSED + _LATE
    return _Fate(state, days_late=thrown.randint(1, 21) if is_late else 0, is_sent_twice=is_sent_twice)


def _at(day: dt.date, after: int, hour: int = 9) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=after), dt.time(hour, 0)))


class _Writer:
    """Writes the submissions to some obligations with few statements."""

    def __init__(
        self, units: list[Unit], coordinator: User, fates: dict[int, _Fate], answered: list[Obligation]
    ) -> None:
        self.units = {unit.code: unit for unit in units}
        self.coordinator = coordinator
        self.fates = fates
        self.answered = answered
        self.indicators: dict[str, Indicator] = {
            indicator.code: indicator
            for indicator in Indicator.objects.valid_on(HALVES[-1].end).filter(code__in=ASKED)
        }

    def write(self) -> None:
        figures = {obligation.pk: self._figures(obligation) for obligation in self.answered}
        submissions = Submission.objects.bulk_create(
            self._submission(obligation, is_nil=not figures[obligation.pk]) for obligation in self.answered
        )
        for submission in submissions:  # the clock of the database says today
            submission.opened_at = _at(submission.obligation.period_end, -10)
        Submission.objects.bulk_update(submissions, ["opened_at"])
        rows = [row for each in submissions for row in self._figure_rows(each, figures[each.obligation_id])]
        ReportedFigure.objects.bulk_create(rows)
        texts = [row for each in submissions if not each.is_nil for row in self._texts(each, figures)]
        SectionNarrative.objects.bulk_create(texts)
        self._versions(submissions, rows, texts)
        SubmissionReturn.objects.bulk_create(self._returns(submissions))

    def _figures(self, obligation: Obligation) -> Counter[str]:
        unit = self.units[obligation.agency.code]
        if not unit.is_standing:
            return figures_of(unit, obligation.period)
        # The standing agency reports for all: what every unit's records say, and what units said themselves.
        said = {o.agency.code for o in self.answered if o.period_code == obligation.period_code}
        total: Counter[str] = Counter()
        for code, each in self.units.items():
            total += said_by_records(each, obligation.period)
            if code in said:
                total += said_by_unit(each, obligation.period)
        return total

    def _submission(self, obligation: Obligation, *, is_nil: bool) -> Submission:
        unit, fate = self.units[obligation.agency.code], self.fates[obligation.pk]
        by, state = unit.head or unit.officer, fate.state
        assert state is not None
        thrown = dice("sent", unit.code, obligation.period_code)
        first = _at(obligation.due_on, fate.days_late or -thrown.randrange(5), thrown.randrange(8, 17))
        last = first + dt.timedelta(days=4) if fate.is_sent_twice else first
        is_sent = state is not SubmissionState.DRAFT
        was_returned = fate.is_sent_twice or state is SubmissionState.RETURNED
        is_accepted = state is SubmissionState.ACCEPTED
        return Submission(
            obligation=obligation,
            state=state,
            is_nil=is_nil,
            nil_confirmed_by=by if is_nil else None,
            nil_confirmed_at=first - dt.timedelta(minutes=10) if is_nil else None,
            opened_by=unit.officer,
            first_submitted_at=first if is_sent else None,
            submitted_by=by if is_sent else None,
            submitted_at=last if is_sent else None,
            returned_by=self.coordinator if is_sent and was_returned else None,
            returned_at=first + dt.timedelta(days=2) if is_sent and was_returned else None,
            accepted_by=self.coordinator if is_accepted else None,
            accepted_at=last + dt.timedelta(days=3) if is_accepted else None,
            sent=(2 if fate.is_sent_twice else 1) if is_sent else 0,
        )

    def _figure_rows(self, submission: Submission, figures: Counter[str]) -> Iterable[ReportedFigure]:
        if submission.is_nil:
            return
        unit = self.units[submission.obligation.agency.code]
        from_records = said_by_records(unit, submission.obligation.period)
        for key in (*ASKED, *_PARTS):
            code, _, part = key.partition("/")
            is_counted = not unit.is_standing and not part and from_records[code] == figures[code] > 0
            sources = ReportedFigure.Source
            yield ReportedFigure(
                submission=submission,
                indicator=self.indicators[code],
                part=part,
                source=sources.RECORDS if is_counted else sources.REPORTED,
                **ReportedFigure.columns(Figure.exact(figures[key])),
            )

    @staticmethod
    def _texts(submission: Submission, figures: dict[int, Counter[str]]) -> Iterable[SectionNarrative]:
        told = figures[submission.obligation_id]
        said = {
            Section.SITUATION: f"Trong kỳ phát hiện {told['cases_detected']:02d} vụ,"
            f" {told['suspects_detected']:02d} đối tượng.",
            Section.VICTIMS: f"Tiếp nhận, hỗ trợ {told['victims_received']:02d} nạn nhân.",
        }
        for order, (section, text) in enumerate(said.items(), start=1):
            yield SectionNarrative(
                submission=submission, section=section, order=order, text=f"{text} {INVENTED}"
            )

    def _versions(
        self, submissions: list[Submission], rows: list[ReportedFigure], texts: list[SectionNarrative]
    ) -> None:
        figures: dict[int, list[ReportedFigure]] = {}
        for row in rows:
            figures.setdefault(row.submission_id, []).append(row)
        said: dict[int, list[SectionNarrative]] = {}
        for text in texts:
            said.setdefault(text.submission_id, []).append(text)
        SubmissionVersion.objects.bulk_create(
            version_of(
                each,
                number,
                content_with(each, figures=figures.get(each.pk, []), texts=said.get(each.pk, [])),
                each.submitted_by,
            )
            for each in submissions
            for number in range(1, each.sent + 1)
        )

    def _returns(self, submissions: list[Submission]) -> Iterable[SubmissionReturn]:
        for submission in submissions:
            if submission.returned_at is not None:
                yield SubmissionReturn(
                    submission=submission,
                    number=1,
                    section=Section.VICTIMS,
                    reason=f"Đề nghị rà soát số nạn nhân là trẻ em. {INVENTED}",
                    by=self.coordinator,
                )
