"""From the texts of one row to a figure of a unit for a past period, each fault beside its cell."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from programs.forms.fields import FigureField
from programs.services.refusals import TransitionNotAllowed
from programs.workbook.choices import yes_or_no
from programs.workbook.reading import told_problem
from reporting.forms import PERIOD_ERRORS
from reporting.models import Form, Indicator, Obligation, ReportedFigure, Submission
from reporting.past_workbook.layout import NIL
from reporting.past_workbook.units import Units
from reporting.services.submissions.asked import Asked, asked_by
from reporting.services.submissions.checking import figures_of
from reporting.services.submissions.locking import NilContradicted, refuse_locked
from reporting.services.submissions.nil import refuse_nil_for, refuse_with_nil
from reporting.services.submissions.past import refuse_unfinished, units_of_past
from reporting.services.submissions.writing import LONGEST_NOTE, LONGEST_TAKEN_FROM
from reporting.submission_rights import may_write, submission_of
from territory.collation import fold
from territory.figure import Figure, print_figure_vi
from territory.models import Agency
from territory.period import Period, PeriodError, stored_period
from territory.text import TextField

WHY = "the unit is one whose past the actor enters"
#: What says in the row of the whole period that there was nothing, besides a yes.
_NIL_WORDS = frozenset({"nil", "khong phat sinh"})


@dataclass(frozen=True)
class Target:
    """Which report a row belongs to."""

    form: Form
    agency: Agency
    period: Period


@dataclass
class Judged:
    """A row as it was understood, or with everything that is wrong with it, by key of the column."""

    target: Target | None = None
    key: str = ""
    figure: Figure | None = None
    note: str = ""
    taken_from: str = ""
    is_nil: bool = False
    errors: dict[str, list[str]] = field(default_factory=dict)
    warnings: dict[str, list[str]] = field(default_factory=dict)

    def refuse(self, key: str, message: str) -> None:
        self.errors.setdefault(key, []).append(message)


class _Report:
    """What is known of the report of a target: asked once, however many rows belong to it."""

    def __init__(self, target: Target, actor: User, asked: Mapping[str, Indicator]) -> None:
        self.asked = asked
        self.rows: dict[str, int] = {}
        self.nil_row = 0
        self.people_row = 0
        period, agency = target.period, target.agency
        stored = Obligation.objects.unscoped(WHY).filter(
            form=target.form,
            agency=agency,
            area=agency.area,
            period_start=period.start,
            period_end=period.end,
        )
        found: Obligation | None = stored.select_related("form", "agency", "area", "submission").first()
        self.obligation = found or Obligation(
            form=target.form,
            agency=agency,
            area=agency.area,
            period_code=period.code,
            period_start=period.start,
            period_end=period.end,
            period_rule=period.rule.value,
            is_historical=True,
        )
        self.submission: Submission | None = submission_of(found) if found else None
        self.refusal = self._refusal(actor)
        self.held: dict[str, ReportedFigure] = figures_of(self.submission)

    def _refusal(self, actor: User) -> str:
        """Why nothing can be stored for it; nothing where it can."""
        if self.obligation.excused_at is not None:
            return _("The unit is excused from this report.")
        if not may_write(actor, self.obligation):
            return _("The unit enters this report itself.")
        if self.submission is not None:
            try:
                refuse_locked(self.submission)
            except TransitionNotAllowed as refused:
                return str(refused.message)
        return ""

    @cached_property
    def nil_refusal(self) -> str:
        """Why nil cannot be confirmed for it; nothing where it can."""
        if not self.obligation.form.may_be_nil:
            return _("This form asks for figures: nil cannot be confirmed.")
        try:
            refuse_nil_for(self.obligation, self.submission)
        except NilContradicted as refused:
            return str(refused.message)
        return ""


class Judge:
    """Reads the rows of one workbook in order: what stands in an earlier row is known."""

    def __init__(self, actor: User) -> None:
        self.actor = actor
        self.units = Units(units_of_past(actor))
        self.forms: dict[str, Form] = {
            form.code: form for form in Form.objects.prefetch_related("indicators")
        }
        self._asked: dict[tuple[str, dt.date], dict[str, Indicator]] = {}
        self._reports: dict[Target, _Report] = {}

    def read(
        self, number: int, values: Mapping[str, str], problems: Mapping[str, str] | None = None
    ) -> Judged:
        """The row of that number, with everything that is wrong with it."""
        row = Judged()
        for key, problem in (problems or {}).items():
            row.refuse(key, told_problem(problem, values.get(key, "")))
        self._read_target(row, values)
        row.key = values.get("key", "").strip()
        if not row.key:
            row.refuse("key", _("Say which figure it is: its code stands in the template."))
        row.note = self._text(row, "note", values, LONGEST_NOTE)
        row.taken_from = self._text(row, "taken_from", values, LONGEST_TAKEN_FROM)
        if row.key == NIL:
            self._read_nil(row, values)
        else:
            self._read_figure(row, values)
        if row.target is not None and not row.errors:
            self._judge(row, number, self._report(row.target))
        return row

    def _read_target(self, row: Judged, values: Mapping[str, str]) -> None:
        code, unit = values.get("form", "").strip(), values.get("unit", "").strip()
        form = self.forms.get(code)
        if form is None:
            row.refuse("form", _("There is no form of this code."))
            return
        try:
            period = stored_period(values.get("period", "").strip(), form.cut_off)
            refuse_unfinished(period)
        except PeriodError as error:
            row.refuse("period", str(PERIOD_ERRORS[error.reason]))
            return
        except ValidationError as error:
            row.refuse("period", " ".join(error.messages))
            return
        agency = self.units.find(unit, period.end)
        if agency is None:
            row.refuse("unit", _("This is not the code of a unit whose past you enter."))
            return
        row.target = Target(form, agency, period)

    def _read_nil(self, row: Judged, values: Mapping[str, str]) -> None:
        typed = values.get("figure", "")
        row.is_nil = yes_or_no(typed) is True or fold(typed) in _NIL_WORDS
        if not row.is_nil:
            row.refuse("figure", _("Type x where there was nothing in the whole period, or leave it empty."))
        elif row.note or row.taken_from:
            row.refuse("note", _("A nil has no note. Put it beside a figure."))

    def _read_figure(self, row: Judged, values: Mapping[str, str]) -> None:
        if "figure" in row.errors:
            return
        try:
            row.figure = FigureField(required=False).clean(values.get("figure", ""))
        except ValidationError as error:
            row.refuse("figure", " ".join(error.messages))
            return
        if row.figure is None:
            row.refuse("figure", _("Type the figure that the note is about, or remove the note."))

    @staticmethod
    def _text(row: Judged, key: str, values: Mapping[str, str], most: int) -> str:
        try:
            text: str = TextField(required=False, max_length=most).clean(values.get(key, ""))
        except ValidationError as error:
            row.refuse(key, " ".join(error.messages))
            return ""
        return text

    def _judge(self, row: Judged, number: int, report: _Report) -> None:
        """What is wrong with a row that can be read, because of its report or of another row."""
        if report.refusal:
            row.refuse("period", report.refusal)
            return
        if not row.is_nil and row.key not in report.asked:
            row.refuse("key", _("The form does not ask for this figure in this period."))
            return
        before = report.rows.setdefault(row.key, number)
        if before != number:
            row.refuse("key", _("Row %(row)d holds this figure already.") % {"row": before})
            return
        if row.is_nil:
            self._judge_nil(row, number, report)
        else:
            self._judge_figure(row, number, report)

    @staticmethod
    def _judge_nil(row: Judged, number: int, report: _Report) -> None:
        report.nil_row = number
        if report.people_row:
            row.refuse(
                "figure",
                _("Nil cannot stand beside the figure about people in row %(row)d.")
                % {"row": report.people_row},
            )
        elif report.nil_refusal:
            row.refuse("figure", report.nil_refusal)

    @staticmethod
    def _judge_figure(row: Judged, number: int, report: _Report) -> None:
        assert row.figure is not None
        indicator = report.asked[row.key]
        is_people = indicator.about == Indicator.About.PEOPLE and not row.figure.is_zero
        if is_people and report.nil_row:
            row.refuse(
                "figure",
                _("Row %(row)d says that there was nothing in this period.") % {"row": report.nil_row},
            )
            return
        if is_people:
            report.people_row = report.people_row or number
        if report.submission is not None:
            try:
                refuse_with_nil(report.submission, [(indicator, row.figure)])
            except NilContradicted as refused:
                row.refuse("figure", str(refused.message))
                return
        held = report.held.get(row.key)
        if held is not None and held.figure != row.figure:
            message = _("The draft in the portal says %(figure)s; it will be replaced.")
            row.warnings["figure"] = [message % {"figure": print_figure_vi(held.figure, pad=False)}]

    def _report(self, target: Target) -> _Report:
        if target not in self._reports:
            self._reports[target] = _Report(target, self.actor, self.asked(target.form, target.period))
        return self._reports[target]

    def asked(self, form: Form, period: Period) -> dict[str, Indicator]:
        """What a form asks for in a period: the indicator by "code" or "code/part"."""
        known = (form.code, period.end)
        if known not in self._asked:
            found: list[Asked] = asked_by(form, Obligation(form=form, period_end=period.end))
            self._asked[known] = {key: each.indicator for each in found for key in each.keys}
        return self._asked[known]
