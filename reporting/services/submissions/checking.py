"""Reading what a submission says, and judging it by the rules of validation."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.together import read_together
from programs.models import STATEMENTS
from reporting.models import (
    FindingExplanation,
    Obligation,
    ReportedFigure,
    SectionNarrative,
    Submission,
    SubmissionFile,
    ValidationRule,
)
from reporting.services.submissions.asked import asked_by, sections_of
from reporting.services.submissions.nil import name_of
from reporting.services.validation import Finding, Sheet, check
from reporting.submission_rights import same_period_before
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
    every = figure_rows().order_by("indicator__order", "part")
    earlier = same_period_before(submission.obligation).order_by("pk").values("pk")[:1]
    figures, before, narratives, explanations, files, rules, *statements = read_together(
        every.filter(submission=submission.pk),
        every.filter(submission__in=earlier),
        SectionNarrative.objects.filter(submission=submission.pk),
        FindingExplanation.objects.filter(submission=submission.pk).order_by("rule", "subject"),
        SubmissionFile.objects.filter(submission=submission.pk),
        ValidationRule.objects.filter(is_active=True),
        *(_stated(model, submission.obligation) for model in STATEMENTS.values() if with_statements),
    )
    told_before = {key: row.figure for key, row in by_key(before).items()}
    by_kind = dict(zip(STATEMENTS, statements, strict=True)) if with_statements else None
    return Said(by_key(figures), told_before, narratives, explanations, files, rules, by_kind)


def _stated(model: Any, of: Obligation) -> Any:
    rows = model.objects.unscoped("a version holds all that the unit states").filter(
        agency=of.agency_id, area=of.area_id, period_start=of.period_start, period_end=of.period_end
    )
    return rows.values_list("pk", "text")


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
