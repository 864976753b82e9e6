"""Reading what a submission says, and judging it by the rules of validation."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import QuerySet

from accounts.together import Kept, read_together
from programs.models import STATEMENTS
from reporting.models import (
    FindingExplanation,
    ReportedFigure,
    SectionNarrative,
    Submission,
    SubmissionFile,
    ValidationRule,
)
from reporting.services.submissions.asked import asked_by, sections_of
from reporting.services.submissions.nil import name_of
from reporting.services.validation import Finding, Sheet, check
from reporting.submission_rights import sent_for
from territory.figure import Figure


@dataclass(frozen=True)
class Said:
    """What a submission says: figures by "code" or "code/part", texts, words about findings, files, and statements
    by kind as (key, text); and what judges it.

    ``before`` are the figures of the same period of the year before, ``rules`` the active ones. ``statements`` is
    None where they were not asked for: a version holds them, and nothing else.
    """

    figures: dict[str, ReportedFigure]
    before: dict[str, Figure]
    narratives: list[SectionNarrative]
    explanations: list[FindingExplanation]
    files: list[SubmissionFile]
    rules: list[ValidationRule]
    statements: dict[str, list[tuple[int, str]]] | None = None

    @property
    def texts(self) -> dict[str, str]:
        return {each.section: each.text for each in self.narratives}


def said_in(submission: Submission, *, with_statements: bool = False) -> Said:
    """What a submission says now. One query."""
    of, before = submission.obligation, submission.obligation.period.same_period_last_year()
    unit = of.agency_id, of.area_id
    figures, earlier, narratives, explanations, files, rules, *statements = read_together(
        figures_in(submission.pk),
        _figures_sent_for(of.form_id, *unit, before.start, before.end),
        texts_in(submission.pk),
        explanations_in(submission.pk),
        _files_in(submission.pk),
        _active_rules(),
        *(each(*unit, of.period_start, of.period_end) for each in _stated_by_kind if with_statements),
    )
    told_before = {key: row.figure for key, row in by_key(earlier).items()}
    by_kind = dict(zip(STATEMENTS, statements, strict=True)) if with_statements else None
    return Said(by_key(figures), told_before, narratives, explanations, files, rules, by_kind)


def _stated(model: Any, agency: int, area: int, start: dt.date, end: dt.date) -> Any:
    rows = model.objects.unscoped("a version holds all that the unit states")
    found = rows.filter(agency=agency, area=area, period_start=start, period_end=end)
    return found.values_list("pk", "text")


def figures_of(submission: Submission | None) -> dict[str, ReportedFigure]:
    """The rows of figures by "code" or "code/part". One query."""
    if submission is None:
        return {}
    return by_key(figure_rows().filter(submission=submission).order_by("indicator__order", "part"))


def figure_rows() -> "QuerySet[ReportedFigure]":
    """Figures with what names them and who decided, and not all else that is known of indicators and people."""
    own = [field.name for field in ReportedFigure._meta.concrete_fields]
    return ReportedFigure.objects.select_related("indicator", "decided_by").only(
        *own, "indicator__code", "decided_by__full_name"
    )


#: What reads the figures, texts, words about findings and files of a submission, by its key.
figures_in = Kept(
    lambda submission: figure_rows().filter(submission=submission).order_by("indicator__order", "part")
)
texts_in = Kept(lambda submission: SectionNarrative.objects.filter(submission=submission))
explanations_in = Kept(
    lambda submission: FindingExplanation.objects.filter(submission=submission).order_by("rule", "subject")
)
_files_in = Kept(lambda submission: SubmissionFile.objects.filter(submission=submission))
_figures_sent_for = Kept(
    lambda *of: (
        figure_rows()
        .filter(submission__in=sent_for(*of).order_by("pk").values("pk")[:1])
        .order_by("indicator__order", "part")
    )
)
_active_rules = Kept(lambda: ValidationRule.objects.filter(is_active=True))
_stated_by_kind = [Kept(partial(_stated, model)) for model in STATEMENTS.values()]


def by_key(rows: Iterable[ReportedFigure]) -> dict[str, ReportedFigure]:
    return {key_of(row): row for row in rows}


def key_of(row: ReportedFigure) -> str:
    """The name of a figure in forms, findings and workbooks: "code" or "code/part"."""
    return f"{row.indicator.code}/{row.part}" if row.part else row.indicator.code


def findings_of(submission: Submission, said: Said) -> list[Finding]:
    """What the active rules find in what a submission says, with the unit's explanations."""
    obligation = submission.obligation
    asked = asked_by(obligation.form, obligation)
    sections = sections_of(obligation.form, asked)
    names = {each.code: name_of(each.indicator) for each in asked}
    names |= {f"{each.code}/{part}": str(name) for each in asked for part, name in each.parts.items()}
    sheet = Sheet(
        figures={key: row.figure for key, row in said.figures.items()},
        before=said.before,
        texts=said.texts,
        names=names,
        sections={each.section: each.title for each in sections},
        needed=frozenset(each.section for each in sections if each.needs_text),
        is_nil=submission.is_nil,
    )
    explained = {(each.rule, each.subject): each.text for each in said.explanations}
    return check(said.rules, sheet, explained)
